// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What one connection has prepared: the server parses and plans a text once.
///
/// A text is prepared with the types of its first values. Where one of them is NULL its type is open, and the text is
/// prepared anew once a value with a type stands there, so each text settles after a few uses.
struct PreparedStatements {
    enum Plan: Equatable {
        /// It is prepared under this name.
        case run(name: String)
        /// It is to be prepared under this name with these types.
        case prepare(name: String, types: [UInt32])
    }

    private struct Entry {
        var name: String
        var types: [UInt32]
        var lastUse: UInt64
    }

    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    /// Names that the server may forget.
    private var discarded: [String] = []
    private let limit: Int

    /// - Parameter limit: how many texts are kept; the one that was not used for longest goes first.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var count: Int { self.entries.count }

    /// What to do for a text with values of these types, 0 for NULL.
    mutating func plan(for text: String, types: [UInt32]) -> Plan {
        self.uses += 1
        guard let entry = self.entries[text], entry.types.count == types.count else {
            return self.prepare(text, types)
        }
        guard zip(entry.types, types).allSatisfy({ $1 == PostgresType.unspecified || $0 == $1 }) else {
            let merged = zip(entry.types, types).map { $1 == PostgresType.unspecified ? $0 : $1 }
            return self.prepare(text, merged)
        }
        self.entries[text]?.lastUse = self.uses
        return .run(name: entry.name)
    }

    /// The server did not prepare it after all.
    mutating func forget(name: String) {
        self.discarded.removeAll { $0 == name }
        guard let text = self.entries.first(where: { $0.value.name == name })?.key else { return }
        self.entries[text] = nil
    }

    /// Whether so many are discarded that it is worth a round trip to tell the server.
    var hasManyDiscarded: Bool { self.discarded.count >= max(1, self.limit / 8) }

    /// The names to deallocate now.
    mutating func takeDiscarded() -> [String] {
        defer { self.discarded = [] }
        return self.discarded
    }

    private mutating func prepare(_ text: String, _ types: [UInt32]) -> Plan {
        if let old = self.entries.removeValue(forKey: text) { self.discarded.append(old.name) }
        if self.entries.count >= self.limit, let oldest = self.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            self.entries[oldest.key] = nil
            self.discarded.append(oldest.value.name)
        }
        self.names += 1
        let name = "hibiki_\(self.names)"
        self.entries[text] = Entry(name: name, types: types, lastUse: self.uses)
        return .prepare(name: name, types: types)
    }
}
