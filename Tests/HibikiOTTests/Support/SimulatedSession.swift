// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT
import HibikiTestSupport

/// One server and many clients, joined by a network that delays, loses, repeats and reorders, and cuts connections.
/// Time is a number, and everything follows from the seed.
struct SimulatedSession<Operation: RandomOperation> {
    struct Weather {
        /// One message in so many is lost.
        var loss = 8
        /// One in so many arrives twice.
        var repetition = 8
        /// A message takes up to so long.
        var delay = 60
        /// A client cuts its connection at one edit in so many, and is away for a while.
        var cut = 15
        /// The server starts anew from what it has stored at one message in so many.
        var restart = 60
    }

    struct Peer {
        var client: OTClient<Operation>
        var document: Operation.Document
        var undo = OTUndoManager<Operation>()
        /// What was sent over a connection that was cut since does not arrive.
        var connection = 0
        var isAway = false
    }

    enum Message {
        case submission(Submission<Operation>)
        case since(Int)
        case operation(LoggedOperation<Operation>)
        case operations([LoggedOperation<Operation>])
        case snapshot(RevisionLog<Operation>.Snapshot)
        case error(OTError, about: OperationID)
    }

    enum Event {
        case edit(Int)
        case returns(Int)
        case asks(Int)
        case atServer(Int, Message)
        case atClient(Int, connection: Int, Message)
    }

    private(set) var log: RevisionLog<Operation>
    /// What the server has on disk beside the operations.
    private var stored: RevisionLog<Operation>.Snapshot
    private(set) var peers: [Peer] = []
    /// How often something happened that the test is about.
    private(set) var counts = Counts()
    private var queue = EventQueue<Event>()
    private var random: SeededGenerator
    private var now = 0
    private let weather: Weather
    private let limits: RevisionLimits
    private var editsLeft: Int

    struct Counts {
        var repeated = 0
        var caughtUp = 0
        var reloaded = 0
        var undone = 0
        var rebased = 0
        var lost = 0
        var restarted = 0
    }

    init(seed: UInt64, clients: Int, edits: Int, limits: RevisionLimits = .standard, weather: Weather) throws {
        self.random = SeededGenerator(seed: seed)
        let document = try Operation.randomDocument(&self.random)
        self.stored = .init(document)
        self.log = try RevisionLog(self.stored, limits: limits)
        self.limits = limits
        self.weather = weather
        self.editsLeft = edits
        for index in 0..<clients {
            self.peers.append(Peer(client: OTClient(name: "client \(index)", revision: 0), document: document))
            self.queue.add(.edit(index), at: self.random.below(50))
            self.queue.add(.asks(index), at: 200 + self.random.below(50))
        }
    }

    /// Runs until everybody has everything, or `steps` are over.
    mutating func run(steps: Int) throws {
        for _ in 0..<steps {
            guard !self.isQuiet, let (time, event) = self.queue.next() else { return }
            self.now = time
            try self.happen(event)
        }
    }

    var isQuiet: Bool {
        self.editsLeft == 0
            && self.peers.allSatisfy { $0.client.state == .synchronised && $0.client.revision == self.log.revision }
    }

    private mutating func happen(_ event: Event) throws {
        switch event {
        case .edit(let index): try self.edit(index)
        case .returns(let index):
            self.peers[index].isAway = false
            self.send(.since(self.peers[index].client.revision), from: index)
        case .asks(let index):
            self.send(.since(self.peers[index].client.revision), from: index)
            self.queue.add(.asks(index), at: self.now + 200 + self.random.below(50))
        case .atServer(let index, let message): try self.serve(index, message)
        case .atClient(let index, let connection, let message):
            if connection == self.peers[index].connection { try self.hear(index, message) }
        }
    }
}

// Clients
extension SimulatedSession {
    private mutating func edit(_ index: Int) throws {
        guard self.editsLeft > 0 else { return }
        self.editsLeft -= 1
        self.queue.add(.edit(index), at: self.now + 1 + self.random.below(40))
        if self.random.chance(self.weather.cut), !self.peers[index].isAway { self.cut(index) }
        let document = self.peers[index].document
        let edit: Operation
        switch self.random.below(8) {
        case 0:
            guard let undone = try self.peers[index].undo.undo(document) else { return }
            self.counts.undone += 1
            edit = undone
        case 1:
            guard let redone = try self.peers[index].undo.redo(document) else { return }
            edit = redone
        default:
            edit = try Operation.typing(on: document, &self.random)
            try self.peers[index].undo.record(edit, on: document)
        }
        try self.peers[index].document.apply(edit)
        if let submission = try self.peers[index].client.edit(edit) { self.send(.submission(submission), from: index) }
    }

    private mutating func cut(_ index: Int) {
        self.peers[index].connection += 1
        self.peers[index].isAway = true
        self.queue.add(.returns(index), at: self.now + self.random.below(400))
    }

    private mutating func send(_ message: Message, from index: Int) {
        guard !self.peers[index].isAway else { return }
        self.post(.atServer(index, message))
    }

    private mutating func hear(_ index: Int, _ message: Message) throws {
        switch message {
        case .operation(let logged): try self.hear(index, logged)
        case .operations(let operations):
            // What was asked for before something else arrived is old in part, and older things may be missing.
            guard operations.first.map({ $0.revision <= self.peers[index].client.revision + 1 }) ?? true else { return }
            let (changes, submission) = try self.peers[index].client.catchUp(operations)
            if !changes.isEmpty { self.counts.caughtUp += 1 }
            for change in changes { try self.apply(change, index) }
            if let submission { self.send(.submission(submission), from: index) }
        case .snapshot(let snapshot):
            guard snapshot.revision > self.peers[index].client.revision else { return }
            self.counts.reloaded += 1
            _ = try self.peers[index].client.reload(revision: snapshot.revision)
            self.peers[index].document = snapshot.document
            self.peers[index].undo = OTUndoManager()
        case .error(let error, let id):
            guard id == self.peers[index].client.outstanding?.id else { return }
            guard error.needsReload else { throw error }
            self.send(.since(self.peers[index].client.revision), from: index)
        case .submission, .since: break
        }
    }

    private mutating func hear(_ index: Int, _ logged: LoggedOperation<Operation>) throws {
        switch try self.peers[index].client.receive(logged) {
        case .nothing: break
        case .apply(let operation): try self.apply(operation, index)
        case .send(let submission): self.send(.submission(submission), from: index)
        case .catchUp(let revision): self.send(.since(revision), from: index)
        }
    }

    private mutating func apply(_ operation: Operation, _ index: Int) throws {
        try self.peers[index].document.apply(operation)
        try self.peers[index].undo.receive(operation)
    }
}

// The server and the network
extension SimulatedSession {
    private mutating func serve(_ index: Int, _ message: Message) throws {
        if self.random.chance(self.weather.restart) { try self.restart() }
        switch message {
        case .submission(let submission): self.take(submission, from: index)
        case .since(let revision):
            if let operations = try? self.log.operations(since: revision) {
                self.send(.operations(operations), to: index)
            } else {
                self.send(.snapshot(self.log.snapshot), to: index)
            }
        default: break
        }
    }

    private mutating func restart() throws {
        self.counts.restarted += 1
        let operations = try self.log.operations(since: self.log.oldestRevision)
        if self.stored.revision < self.log.oldestRevision { self.stored = self.log.snapshot }
        self.log = try RevisionLog(self.stored, operations: operations, limits: self.limits)
        if self.random.chance(3) { self.stored = self.log.snapshot }
    }

    private mutating func take(_ submission: Submission<Operation>, from index: Int) {
        do {
            if submission.revision < self.log.revision { self.counts.rebased += 1 }
            switch try self.log.receive(submission) {
            case .accepted(let logged): for peer in self.peers.indices { self.send(.operation(logged), to: peer) }
            case .repeated(let logged):
                self.counts.repeated += 1
                self.send(.operation(logged), to: index)
            }
        } catch {
            self.send(.error(error, about: submission.id), to: index)
        }
    }

    private mutating func send(_ message: Message, to index: Int) {
        let connection = self.peers[index].connection
        self.post(.atClient(index, connection: connection, message))
    }

    /// Once the edits are over the network loses nothing more, so that everybody can come to know everything.
    private mutating func post(_ event: Event) {
        if self.editsLeft > 0, self.random.chance(self.weather.loss) {
            self.counts.lost += 1
            return
        }
        for _ in 0...(self.random.chance(self.weather.repetition) ? 1 : 0) {
            self.queue.add(event, at: self.now + 1 + self.random.below(self.weather.delay))
        }
    }
}
