// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension SearchQuery {
    /// The longest text of a search, in bytes, and the most words of it.
    static let longest = 500
    static let mostWords = 20

    /// Takes a search apart as a person has written it. A word in front of a colon that is no operator is a word.
    ///
    /// - Throws: `invalid_message` for an operator whose value makes no sense, and for a search without anything.
    init(_ request: SearchRequest, by reader: UserID, limit: Int) throws(WireError) {
        guard request.text.utf8.count <= Self.longest else { throw .tooLarge("q: more than \(Self.longest) bytes") }
        self.init(reader: reader, limit: limit)
        if let text = request.cursor {
            guard let cursor = SearchCursor(text) else { throw .invalid("cursor: not one that a search has given") }
            self.cursor = cursor
        }
        for part in Self.parts(of: request.text) {
            if try self.take(operator: part) { continue }
            self.words += SearchWords.words(of: part)
        }
        guard self.words.count <= Self.mostWords else { throw .tooLarge("q: more than \(Self.mostWords) words") }
        let isEmpty = self.words.isEmpty && self.from == nil && self.room == nil && self.features.isEmpty
        guard !isEmpty || self.before != nil || self.after != nil else { throw .invalid("q: nothing to look for") }
    }

    /// Parts between spaces.
    private static func parts(of text: String) -> [String] {
        text.utf8.split { $0 <= 0x20 }.map { String(Substring($0)) }
    }

    /// Whether the part was an operator.
    private mutating func take(operator part: String) throws(WireError) -> Bool {
        guard let colon = part.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let value = String(part.utf8[colon...].dropFirst()) ?? ""
        guard !value.isEmpty else { return false }
        switch String(part[..<colon]).lowercased() {
        case "from":
            guard let user = UserID(rawValue: value) else { throw .invalid("q: from: no user's id") }
            self.from = user
        case "in":
            guard let room = RoomID(rawValue: value) else { throw .invalid("q: in: no room's name") }
            self.room = room
        case "has":
            guard let feature = Feature(rawValue: value.lowercased()) else {
                throw .invalid("q: has: expected image, file, link, reaction or pin")
            }
            self.features.insert(feature)
        case "before":
            self.before = try Self.date(value)
        case "after":
            self.after = try Self.date(value)
        default: return false
        }
        return true
    }

    private static func date(_ text: String) throws(WireError) -> Timestamp {
        guard let milliseconds = CalendarText.milliseconds(text) else {
            throw .invalid("q: expected a date such as 2026-11-21")
        }
        return Timestamp(milliseconds: milliseconds)
    }
}
