// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who is here and what they show: a small JSON state for each client, such as a name, a colour and a cursor.
///
/// Not part of the document and never stored. Each state has a clock; the higher clock wins. Time comes in as an
/// argument: renew the own state every 15 s and call ``expire(at:)`` every 3 s, as other implementations do.
public struct YAwareness: Sendable {
    /// Others are taken for gone after so long without a word.
    public static let timeout = Duration.seconds(30)

    struct Client: Sendable {
        var clock: Int
        var lastHeard: ContinuousClock.Instant
        /// JSON, as it came, so that what we do not know is passed on.
        var state: (text: String, value: YValue)?
    }

    /// The own client. A server gives itself no state.
    public let clientID: Int
    /// How many clients are kept. When they are so many, those that are gone are forgotten; further ones are ignored.
    /// Default 10,000.
    public var clientLimit = 10_000
    /// Bytes of the states of all clients. A state that would pass it is ignored. Default 4 MiB.
    public var byteLimit = 4 << 20

    private(set) var clients: [Int: Client] = [:]
    private var shownCount = 0
    private var shownBytes = 0

    public init(clientID: Int) { self.clientID = clientID }

    /// How far a clock may move on at once. A clock counts what a client showed; a higher one would use the client up.
    private static let clockStep = 1 << 32

    private mutating func set(_ client: Client?, for id: Int) {
        for (state, sign) in [(self.clients[id]?.state, -1), (client?.state, 1)] {
            guard let state else { continue }
            self.shownCount += sign
            self.shownBytes += sign * state.text.utf8.count
        }
        self.clients[id] = client
    }

    /// The states that are shown, by client.
    public var states: [Int: YValue] { self.clients.compactMapValues { $0.state?.value } }

    /// The clock of a client, nil if nothing was ever heard of it.
    public func clock(of client: Int) -> Int? { self.clients[client]?.clock }

    /// When a client was last heard of.
    public func lastHeard(of client: Int) -> ContinuousClock.Instant? { self.clients[client]?.lastHeard }
}

/// What changed: the clients by what happened to them.
public struct YAwarenessChange: Hashable, Sendable {
    public var added: [Int] = []
    /// Clients that spoke, also those who said the same again.
    public var updated: [Int] = []
    public var removed: [Int] = []
    /// Those of ``updated`` whose state is another than before.
    public var altered: [Int] = []

    public init() {}

    /// Whether there is nothing to pass on.
    public var isEmpty: Bool { self.added.isEmpty && self.updated.isEmpty && self.removed.isEmpty }
    /// Whether nothing is shown that was not shown before.
    public var isUnaltered: Bool { self.added.isEmpty && self.altered.isEmpty && self.removed.isEmpty }
    /// All that are to be passed on.
    public var clients: [Int] { self.added + self.updated + self.removed }
}

extension YAwareness {
    /// Shows a state of one's own, or nothing.
    @discardableResult
    public mutating func setLocalState(_ state: YValue?, at now: ContinuousClock.Instant) -> YAwarenessChange {
        var change = YAwarenessChange()
        let known = self.clients[self.clientID]
        let text = state.flatMap(JSONPrinter.text)
        let shown = state.flatMap { state in text.map { (text: $0, value: state) } }
        let clock = known.map { min($0.clock + 1, ByteReader.maximum) } ?? 0
        self.set(Client(clock: clock, lastHeard: now, state: shown), for: self.clientID)
        if let state, text != nil {
            if let old = known?.state {
                change.updated = [self.clientID]
                if old.value != state { change.altered = [self.clientID] }
            } else {
                change.added = [self.clientID]
            }
        } else {
            change.removed = [self.clientID]
        }
        return change
    }

    /// Takes in what others show. A malformed update is refused whole.
    ///
    /// - Parameter welcomingBack: whether clients that were taken out may show again what they have shown, which others would ignore as
    ///   old: they get a clock above the one that is remembered. For the first message of a connection that was lost and made again.
    public mutating func apply(
        _ update: [UInt8], at now: ContinuousClock.Instant, welcomingBack: Bool = false
    ) throws(YError) -> YAwarenessChange {
        let entries = try Self.decode(update)
        var change = YAwarenessChange()
        for entry in entries {
            self.apply(welcomingBack ? self.renewed(entry) : entry, at: now, to: &change)
        }
        return change
    }

    private func renewed(_ entry: Entry) -> Entry {
        guard let known = self.clients[entry.client], known.state == nil, entry.value != .null,
            entry.clock <= known.clock, known.clock < ByteReader.maximum
        else { return entry }
        var entry = entry
        entry.clock = known.clock + 1
        return entry
    }

    typealias Entry = (client: Int, clock: Int, text: String, value: YValue)

    static func decode(_ update: [UInt8]) throws(YError) -> [Entry] {
        var reader = ByteReader(update)
        let count = try reader.varUint()
        guard count <= reader.remaining / 3 else { throw .unexpectedEnd }
        var entries: [Entry] = []
        for _ in 0..<count {
            let client = try reader.varUint()
            let clock = try reader.varUint()
            let text = try reader.string()
            entries.append((client, clock, text, try JSONScanner.value(text, depth: YLimits.standard.depth)))
        }
        return entries
    }

    private mutating func apply(
        _ entry: Entry, at now: ContinuousClock.Instant, to change: inout YAwarenessChange
    ) {
        let known = self.clients[entry.client]
        let clock = known?.clock ?? 0
        let isNull = entry.value == .null
        guard clock < entry.clock || (clock == entry.clock && isNull && known?.state != nil) else { return }
        guard entry.clock - clock <= Self.clockStep, self.hasRoom(for: entry) else { return }
        var client = Client(clock: entry.clock, lastHeard: now, state: nil)
        if isNull {
            // Nobody else takes one's own state away: it is to be shown again, under a clock above theirs.
            if entry.client == self.clientID, let own = known?.state {
                client.clock = min(entry.clock + 1, ByteReader.maximum)
                client.state = own
            }
        } else {
            client.state = (entry.text, entry.value)
        }
        self.set(client, for: entry.client)
        if isNull {
            if known != nil { change.removed.append(entry.client) }
        } else if known == nil {
            change.added.append(entry.client)
        } else {
            if known?.state?.value != entry.value { change.altered.append(entry.client) }
            change.updated.append(entry.client)
        }
    }

    private mutating func hasRoom(for entry: Entry) -> Bool {
        let known = self.clients[entry.client]
        let bytes = self.shownBytes - (known?.state?.text.utf8.count ?? 0)
        guard entry.value == .null || bytes + entry.text.utf8.count <= self.byteLimit else { return false }
        if known == nil, self.clients.count >= self.clientLimit, self.clients.count > self.shownCount {
            self.clients = self.clients.filter { $0.key == self.clientID || $0.value.state != nil }
        }
        return known != nil || self.clients.count < self.clientLimit
    }

    /// Takes clients out, as when their connection ends. Their clocks are remembered.
    @discardableResult
    public mutating func remove(_ clients: [Int], at now: ContinuousClock.Instant) -> YAwarenessChange {
        var change = YAwarenessChange()
        for id in clients {
            guard var client = self.clients[id], client.state != nil else { continue }
            client.state = nil
            if id == self.clientID {
                client.clock = min(client.clock + 1, ByteReader.maximum)
                client.lastHeard = now
            }
            self.set(client, for: id)
            change.removed.append(id)
        }
        return change
    }

    /// Takes out those not heard of for ``timeout``; forgets after ten times as long that they were ever here.
    public mutating func expire(at now: ContinuousClock.Instant) -> YAwarenessChange {
        let silent = self.clients.filter { id, client in
            id != self.clientID && client.state != nil && now - client.lastHeard >= Self.timeout
        }
        let change = self.remove(silent.keys.sorted(), at: now)
        self.clients = self.clients.filter { id, client in
            id == self.clientID || client.state != nil || now - client.lastHeard < Self.timeout * 10
        }
        return change
    }

    /// What others are to know of some clients: their states, and null for those that are gone.
    public func encode(_ clients: [Int]) -> [UInt8] {
        let known = clients.compactMap { id in self.clients[id].map { (id, $0) } }
        var writer = ByteWriter()
        writer.varUint(known.count)
        for (id, client) in known {
            writer.varUint(id)
            writer.varUint(client.clock)
            writer.string(client.state?.text ?? "null")
        }
        return writer.bytes
    }

    /// All that are shown, for one who has just come.
    public func encodeAll() -> [UInt8] {
        self.encode(self.clients.filter { $0.value.state != nil }.keys.sorted())
    }
}
