// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import HibikiTestSupport

/// Editors and a server, joined by a network that delays, reorders, loses and repeats, connections that are cut, a server that starts
/// anew, and a store that fails. Time is a number, and everything follows from the seed.
struct OTWeather<Operation: TypedOperation> {
    /// One message in so many is lost, and one in so many arrives twice.
    static var loss: Int { 8 }
    static var delay: Int { 60 }

    struct Counts {
        var lost = 0
        var cuts = 0
        var restarts = 0
        var storeFailures = 0
    }

    private struct Line {
        let peer: OTFakePeer
        let seat: DocumentSeat
    }

    private enum Event {
        case edit(Int)
        case asks(Int)
        case returns(Int)
        case atServer(Int, connection: Int, OTValue)
        case atEditor(Int, connection: Int, OTValue)
    }

    struct PutOut: Error { let reason: DocumentEnd }

    private(set) var rooms: Rooms
    private(set) var editors: [OTEditor<Operation>] = []
    private(set) var counts = Counts()
    private var lines: [Line?] = []
    /// What was sent over a connection that is cut since does not arrive.
    private var connections: [Int] = []
    private var queue = EventQueue<Event>()
    private var random: SeededGenerator
    private var now = 0
    private var editsLeft: Int
    private let configure: (inout CollaborationConfiguration) -> Void

    init(seed: UInt64, editors: Int, edits: Int, _ configure: @escaping (inout CollaborationConfiguration) -> Void) {
        self.random = SeededGenerator(seed: seed)
        self.editsLeft = edits
        self.configure = configure
        self.rooms = Rooms(GatedStore(), configure)
        for index in 0..<editors {
            self.editors.append(OTEditor("client \(index)"))
            self.lines.append(nil)
            self.connections.append(0)
            self.queue.add(.returns(index), at: self.random.below(50))
            self.queue.add(.edit(index), at: 100 + self.random.below(50))
            self.queue.add(.asks(index), at: 200 + self.random.below(50))
        }
    }

    /// Runs until everybody has everything, or `steps` are over.
    mutating func run(steps: Int) async throws {
        for _ in 0..<steps {
            guard !self.isQuiet, let (time, event) = self.queue.next() else { return }
            self.now = time
            try await self.happen(event)
        }
    }

    /// Whether all have confirmed whatever was written, and are as far as the one who is farthest.
    var isQuiet: Bool {
        self.editsLeft == 0 && self.editors.allSatisfy(\.isQuiet)
            && Set(self.editors.map { $0.client?.revision ?? 0 }).count == 1
    }

    private mutating func happen(_ event: Event) async throws {
        switch event {
        case .edit(let index): try self.edit(index)
        case .asks(let index):
            self.send([self.editors[index].hello], from: index)
            self.queue.add(.asks(index), at: self.now + 200 + self.random.below(50))
        case .returns(let index): try await self.connect(index)
        case .atServer(let index, let connection, let message):
            try await self.atServer(index, connection: connection, message)
        case .atEditor(let index, let connection, let message):
            guard connection == self.connections[index] else { return }
            self.send(try self.editors[index].hear(message), from: index)
        }
    }

    private mutating func edit(_ index: Int) throws {
        guard self.editsLeft > 0 else { return }
        self.queue.add(.edit(index), at: self.now + 1 + self.random.below(40))
        if self.random.chance(15) { self.cut(index) }
        guard self.editors[index].client != nil else { return }
        self.editsLeft -= 1
        let edit = try Operation.typing(on: self.editors[index].document, &self.random)
        self.send(try self.editors[index].edit(edit), from: index)
    }

    // MARK: Connections

    private mutating func cut(_ index: Int) {
        guard let line = self.lines[index] else { return }
        self.counts.cuts += 1
        self.connections[index] += 1
        self.lines[index] = nil
        // Half of the time the server does not see it before the client is back.
        if self.random.chance(2) { line.seat.leave() }
        self.queue.add(.returns(index), at: self.now + self.random.below(400))
    }

    private mutating func connect(_ index: Int) async throws {
        guard self.lines[index] == nil else { return }
        // Or what others did before might be heard or not.
        try await self.settle()
        let (peer, seat) = try self.rooms.come(self.editors[index].name, as: Operation.kind)
        self.lines[index] = Line(peer: peer, seat: seat)
        self.send([self.editors[index].hello], from: index)
        try await self.settle()
    }

    private mutating func atServer(_ index: Int, connection: Int, _ message: OTValue) async throws {
        guard connection == self.connections[index], let line = self.lines[index] else { return }
        if self.random.chance(80) { return await self.restart() }
        let fails = message["type"] == "submit" && self.random.chance(12)
        if fails { self.rooms.store.fails(true) }
        line.seat.say(message)
        try await self.settle()
        if fails { self.rooms.store.fails(false) }
    }

    /// Everything that was told is on its way, and those who were put out come back.
    private mutating func settle() async throws {
        try await self.rooms.settle()
        for index in self.lines.indices {
            guard let line = self.lines[index] else { continue }
            for message in line.peer.take() {
                self.post(.atEditor(index, connection: self.connections[index], message))
            }
            switch line.peer.end {
            case nil: break
            case .unavailable?:
                self.counts.storeFailures += 1
                self.cut(index)
            case let reason?: throw PutOut(reason: reason)
            }
        }
    }

    private mutating func restart() async {
        self.counts.restarts += 1
        await self.rooms.service.stop()
        let store = self.rooms.store
        for index in self.lines.indices { self.cut(index) }
        self.rooms = Rooms(store, self.configure)
    }

    // MARK: The network

    private mutating func send(_ messages: [OTValue], from index: Int) {
        guard self.lines[index] != nil else { return }
        for message in messages { self.post(.atServer(index, connection: self.connections[index], message)) }
    }

    /// Once the edits are over nothing more is lost, so that everybody can come to know everything.
    private mutating func post(_ event: Event) {
        if self.editsLeft > 0, self.random.chance(Self.loss) {
            self.counts.lost += 1
            return
        }
        for _ in 0...(self.random.chance(Self.loss) ? 1 : 0) {
            self.queue.add(event, at: self.now + 1 + self.random.below(Self.delay))
        }
    }
}
