// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiWire
public import HibikiYjs
public import Logging
import Synchronization

/// The documents of a server: read when somebody opens them, in memory while they are used.
public final class DocumentService: Sendable {
    /// How often it looks who was not heard of, and which documents nobody has open.
    private static let interval: Duration = .seconds(3)

    private struct Entry {
        let room: DocumentRoom
        /// Who has it open, and who looks at it.
        var users = 0
        /// When the last of them left.
        var idleSince: ContinuousClock.Instant?
    }

    private struct State {
        var entries: [DocumentName: Entry] = [:]
        var deleting: Set<DocumentName> = []
        var isStopped = false
    }

    public let store: any DocumentStore
    public let meter = DocumentMeter()
    let configuration: CollaborationConfiguration
    private let outlet: any DocumentOutlet
    private let clock: DocumentClock
    private let logger: Logger
    private let state = Mutex(State())

    public init(
        store: any DocumentStore, outlet: any DocumentOutlet,
        configuration: CollaborationConfiguration = CollaborationConfiguration(), clock: DocumentClock, logger: Logger
    ) {
        self.store = store
        self.outlet = outlet
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
    }

    /// Documents in memory.
    public var openDocuments: Int { self.state.withLock { $0.entries.count } }
    /// Connections in all of them, and requests that look at one.
    public var users: Int { self.state.withLock { $0.entries.values.reduce(0) { $0 + $1.users } } }

    // MARK: Opening

    /// Opens a document for a connection. What it is to know is sent to it: the document's state vector, and what others show.
    ///
    /// To be called after the connection hears what goes through the ``DocumentOutlet``, or it would miss what comes in between.
    ///
    /// - Throws: `limit_exceeded` if too many have it open, `overloaded` if too many documents are open, `shutting_down`.
    public func open(
        _ name: DocumentName, for peer: any DocumentPeer, _ access: DocumentAccess
    ) throws(WireError) -> DocumentSeat {
        try self.open(name, as: .yjs, for: DocumentVisitor(peer: peer, access: access))
    }

    /// Opens a document of operations. What comes to the connection are text frames, see `Documentation/ot.md`.
    ///
    /// - Parameter client: the name under which it writes. Whoever comes back under the same name takes the place of the connection that
    ///   has it; so only the client itself may be able to claim it.
    /// - Throws: what ``open(_:for:_:)`` throws, and `conflict` if others have it open as a document of another kind.
    public func open(
        _ name: DocumentName, as kind: OTKind, for peer: any DocumentPeer, called client: String,
        _ access: DocumentAccess
    ) throws(WireError) -> DocumentSeat {
        try self.open(name, as: kind.documents, for: DocumentVisitor(peer: peer, access: access, client: client))
    }

    private func open(
        _ name: DocumentName, as kind: DocumentKind, for visitor: DocumentVisitor
    ) throws(WireError) -> DocumentSeat {
        let room = try self.enter(name, as: kind, limit: self.configuration.peers)
        room.post(.join(visitor))
        return DocumentSeat(room: room, peer: visitor.peer) { [weak self] in self?.leave(room) }
    }

    private func enter(_ name: DocumentName, as kind: DocumentKind, limit: Int) throws(WireError) -> DocumentRoom {
        let result = self.state.withLock { state -> Result<DocumentRoom, WireError> in
            guard !state.isStopped else {
                return .failure(WireError(.shuttingDown, "the server is about to stop; try again in a moment"))
            }
            guard !state.deleting.contains(name) else { return .failure(DocumentEnd.deleted.wireError) }
            if var entry = self.entry(name, as: kind, &state) {
                guard entry.room.kind == kind else {
                    return .failure(DocumentEnd.otherKind(entry.room.kind).wireError)
                }
                guard entry.users < limit else {
                    return .failure(WireError(.limitExceeded, "too many have this document open"))
                }
                entry.users += 1
                entry.idleSince = nil
                state.entries[name] = entry
                return .success(entry.room)
            }
            guard self.makeSpace(&state) else {
                return .failure(WireError(.overloaded, "too many documents are open; try again in a moment"))
            }
            let room = self.makeRoom(name, as: kind)
            state.entries[name] = Entry(room: room, users: 1)
            return .success(room)
        }
        return try result.get()
    }

    /// Where there is no space for another document, those go at once that nobody has open.
    private func makeSpace(_ state: inout State) -> Bool {
        guard state.entries.count >= self.configuration.documents else { return true }
        for (name, entry) in state.entries where entry.users == 0 && entry.room.isQuiet { state.entries[name] = nil }
        return state.entries.count < self.configuration.documents
    }

    /// The document as it is in memory. One of another kind in which nobody is goes at once: what is stored decides what it is, and
    /// there may be nothing stored.
    private func entry(_ name: DocumentName, as kind: DocumentKind, _ state: inout State) -> Entry? {
        guard let entry = state.entries[name] else { return nil }
        guard entry.room.kind != kind, entry.users == 0, entry.room.isQuiet else { return entry }
        state.entries[name] = nil
        return nil
    }

    private func makeRoom(_ name: DocumentName, as kind: DocumentKind) -> DocumentRoom {
        DocumentRoom(
            name, as: kind, store: self.store, outlet: self.outlet, configuration: self.configuration,
            clock: self.clock,
            meter: self.meter, logger: self.logger
        ) { [weak self] in self?.forget($0) }
    }

    /// A room that has failed is not found any more: the document is read anew for whoever comes next.
    private func forget(_ room: DocumentRoom) {
        self.state.withLock { state in
            if state.entries[room.name]?.room === room { state.entries[room.name] = nil }
        }
    }

    private func leave(_ room: DocumentRoom) {
        let now = self.clock.steady()
        self.state.withLock { state in
            guard var entry = state.entries[room.name], entry.room === room else { return }
            entry.users -= 1
            if entry.users == 0 { entry.idleSince = now }
            state.entries[room.name] = entry
        }
    }

    // MARK: Looking and writing

    /// Looks at a document as it is now; at an empty one if there is none of this name.
    public func look<Value: Sendable>(
        at name: DocumentName, _ body: @escaping @Sendable (YDocument) throws -> Value
    ) async throws -> Value {
        let room = try self.enter(name, as: .yjs, limit: .max)
        defer { self.leave(room) }
        return try await withCheckedThrowingContinuation { continuation in
            room.post(
                .look { keeper in
                    continuation.resume(
                        with: keeper.flatMap { keeper in Result { try body(YjsKeeper.of(keeper).document) } })
                })
        }
    }

    /// Takes an update into a document, and makes it if it is not there. It is stored when this returns.
    ///
    /// - Throws: `invalid_message` for bytes that are no update, `limit_exceeded` if the document is full.
    public func apply(_ update: [UInt8], format: YUpdateFormat = .v1, to name: DocumentName) async throws {
        let update = try self.asStored(update, format)
        let room = try self.enter(name, as: .yjs, limit: .max)
        defer { self.leave(room) }
        try await withCheckedThrowingContinuation { continuation in
            room.post(
                .apply { keeper, round throws(DocumentRefusal) in
                    _ = try YjsKeeper.of(keeper).apply(update, &round)
                } _: {
                    continuation.resume(with: $0)
                })
        }
    }

    private func asStored(_ update: [UInt8], _ format: YUpdateFormat) throws(WireError) -> [UInt8] {
        guard format != .v1 else { return update }
        do throws(YError) {
            return try YUpdate.convert(update, from: format, to: .v1, limits: self.configuration.updates)
        } catch {
            throw WireError(.invalidMessage, error.description)
        }
    }

    /// Puts everybody out of a document and deletes it.
    ///
    /// - Returns: whether there was one.
    public func delete(_ name: DocumentName) async throws -> Bool {
        let (begins, room) = self.state.withLock { state -> (Bool, DocumentRoom?) in
            guard state.deleting.insert(name).inserted else { return (false, nil) }
            return (true, state.entries.removeValue(forKey: name)?.room)
        }
        guard begins else { return false }
        defer { self.state.withLock { _ = $0.deleting.remove(name) } }
        if let room {
            await withCheckedContinuation { continuation in
                room.post(.close(.deleted) { continuation.resume() })
            }
        }
        return try await self.store.delete(name)
    }

    // MARK: Running

    /// Looks after the documents until its task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            self.sweep()
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Takes away what those show who were not heard of, and lets go of documents that nobody has open.
    package func sweep() {
        let now = self.clock.steady()
        let rooms = self.state.withLock { state in
            for (name, entry) in state.entries where self.isForgettable(entry, at: now) { state.entries[name] = nil }
            return state.entries.values.filter { $0.users > 0 }.map(\.room)
        }
        for room in rooms { room.post(.expire) }
    }

    private func isForgettable(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        guard entry.users == 0, let idleSince = entry.idleSince else { return false }
        return now - idleSince >= self.configuration.idleTime && entry.room.isQuiet
    }

    /// Returns when everything that was handed in for a document so far is dealt with, and no snapshot is being made.
    package func settle(_ name: DocumentName) async {
        guard let room = self.state.withLock({ $0.entries[name]?.room }) else { return }
        await room.settle()
        await room.finishSnapshot()
    }

    /// Takes nobody in any more. Returns when what has come is stored.
    public func stop() async {
        let rooms = self.state.withLock { state in
            state.isStopped = true
            return state.entries.values.map(\.room)
        }
        for room in rooms {
            await room.settle()
            await room.finishSnapshot()
        }
    }
}
