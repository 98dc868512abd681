// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Logging
import Synchronization

/// One document that is in memory: takes what its connections send, in the order in which it came.
///
/// Whatever has come while something was being stored is dealt with, stored and told together: the more is written, the fewer
/// transactions it takes for each update. Nothing is told before it is stored. If it cannot be stored, everybody is put out, and the
/// document is read anew when they come back with what they have.
actor DocumentRoom {
    enum Command {
        case join(DocumentVisitor)
        case frame([UInt8], any DocumentPeer)
        case leave(any DocumentPeer)
        case expire
        /// Takes in what nobody of the room has sent.
        case apply(
            @Sendable (any DocumentKeeper, inout RoomRound) throws(DocumentRefusal) -> Void,
            @Sendable (Result<Void, any Error>) -> Void)
        case look(@Sendable (Result<any DocumentKeeper, any Error>) -> Void)
        /// Puts everybody out, for good.
        case close(DocumentEnd, @Sendable () -> Void)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isBusy = false
    }

    private enum State {
        case new
        case open(any DocumentKeeper)
        /// Whoever comes is put out at once.
        case closed(DocumentEnd)
    }

    nonisolated let name: DocumentName
    nonisolated let kind: DocumentKind
    private nonisolated let inbox = Mutex(Inbox())
    private let store: any DocumentStore
    private let outlet: any DocumentOutlet
    private let configuration: CollaborationConfiguration
    private let clock: DocumentClock
    private let meter: DocumentMeter
    private let logger: Logger
    private var state = State.new
    private var compaction: Task<Void, Never>?
    /// Called when the room is of no more use: what it holds may not be what is stored, or is of another kind.
    private let failed: @Sendable (DocumentRoom) -> Void

    init(
        _ name: DocumentName, as kind: DocumentKind, store: any DocumentStore, outlet: any DocumentOutlet,
        configuration: CollaborationConfiguration, clock: DocumentClock, meter: DocumentMeter, logger: Logger,
        failed: @escaping @Sendable (DocumentRoom) -> Void
    ) {
        self.name = name
        self.kind = kind
        self.store = store
        self.outlet = outlet
        self.configuration = configuration
        self.clock = clock
        self.meter = meter
        self.logger = logger
        self.failed = failed
    }

    // MARK: Commands

    /// Returns when everything that was handed in so far is dealt with: stored, and told.
    nonisolated func settle() async {
        await withCheckedContinuation { continuation in self.post(.look { _ in continuation.resume() }) }
    }

    nonisolated func post(_ command: Command) {
        let begins = self.inbox.withLock { inbox in
            inbox.commands.append(command)
            defer { inbox.isBusy = true }
            return !inbox.isBusy
        }
        if begins { Task { await self.work() } }
    }

    /// Whether nothing waits and nothing is being done.
    nonisolated var isQuiet: Bool { self.inbox.withLock { !$0.isBusy } }

    private func work() async {
        while let commands = self.take() { await self.carryOut(commands) }
    }

    private func take() -> [Command]? {
        self.inbox.withLock { inbox in
            guard !inbox.commands.isEmpty else {
                inbox.isBusy = false
                return nil
            }
            defer { inbox.commands = [] }
            return inbox.commands
        }
    }

    private func carryOut(_ commands: [Command]) async {
        await self.load()
        var round = RoomRound()
        for command in commands { self.carryOut(command, &round) }
        if case .open(let keeper) = self.state { keeper.finish(&round) }
        guard await self.store(round) else { return }
        round.complete(self.name, self.outlet)
        self.compactIfNeeded()
    }

    private func carryOut(_ command: Command, _ round: inout RoomRound) {
        guard case .open(let keeper) = self.state else { return self.turnAway(command, &round) }
        let now = self.clock.steady()
        switch command {
        case .join(let visitor): keeper.join(visitor, at: now, &round)
        case .frame(let frame, let peer):
            round.handledFrame(of: peer)
            do throws(DocumentRefusal) {
                try keeper.receive(frame, from: peer, at: now, &round)
            } catch {
                keeper.leave(peer, at: now, &round)
                round.ends.append((peer, error.end))
            }
        case .leave(let peer): keeper.leave(peer, at: now, &round)
        case .expire: keeper.expire(at: now, &round)
        case .apply(let change, let completion):
            do throws(DocumentRefusal) {
                try change(keeper, &round)
                round.completions.append(completion)
            } catch {
                completion(.failure(error.wireError))
            }
        // What it sees is stored, as what anybody sees.
        case .look(let look): round.completions.append { stored in look(stored.map { keeper }) }
        case .close(let reason, let completion):
            round.ends += keeper.allPeers.map { ($0, reason) }
            round.completions.append { _ in completion() }
            self.state = .closed(reason)
        }
    }

    private func turnAway(_ command: Command, _ round: inout RoomRound) {
        guard case .closed(let reason) = self.state else { return }
        switch command {
        case .join(let visitor): round.ends.append((visitor.peer, reason))
        case .frame, .leave, .expire: break
        case .apply(_, let completion): completion(.failure(reason.wireError))
        case .look(let look): round.completions.append { _ in look(.failure(reason.wireError)) }
        case .close(_, let completion): completion()
        }
    }

    // MARK: The store

    private func load() async {
        guard case .new = self.state else { return }
        do {
            let stored = try await self.store.load(self.name)
            if let kind = stored?.kind, kind != self.kind { return self.turnAllAway(kind) }
            self.state = .open(try self.kind.keeper(of: stored, self.configuration))
        } catch {
            self.fail(error, "a document cannot be read")
        }
    }

    private func turnAllAway(_ kind: DocumentKind) {
        self.state = .closed(.otherKind(kind))
        self.failed(self)
    }

    /// - Returns: whether what has come of the round may be told.
    private func store(_ round: RoomRound) async -> Bool {
        guard !round.updates.isEmpty else { return true }
        do {
            let size = try await self.store.append(round.updates, to: self.name, at: self.clock.wall())
            self.meter.stored(round.updates.count, bytes: round.storedBytes)
            if case .open(let keeper) = self.state { keeper.size = size }
            return true
        } catch {
            self.fail(error, "what was written into a document cannot be stored")
            round.fail(DocumentEnd.unavailable.wireError)
            return false
        }
    }

    private func fail(_ error: any Error, _ what: Logger.Message) {
        self.meter.failed()
        self.logger.error(what, metadata: ["document": "\(self.name)", "error": "\(error)"])
        var peers: [any DocumentPeer] = []
        if case .open(let keeper) = self.state { peers = keeper.allPeers }
        self.state = .closed(.unavailable)
        for peer in peers { peer.end(.unavailable) }
        self.failed(self)
    }

    // MARK: Snapshots

    /// Returns when no snapshot is being made any more.
    func finishSnapshot() async { await self.compaction?.value }

    private func compactIfNeeded() {
        guard case .open(let keeper) = self.state, self.compaction == nil else { return }
        let size = keeper.size
        let isMuch =
            size.updateBytes >= self.configuration.bytesBehindSnapshot && size.updateBytes > size.snapshotBytes
        guard size.updates >= self.configuration.updatesBehindSnapshot || isMuch else { return }
        self.compaction = Task {
            await self.compact()
            self.compaction = nil
        }
    }

    private func compact() async {
        let compaction = DocumentCompaction(store: self.store, configuration: self.configuration)
        do {
            guard let size = try await compaction.run(self.name) else { return }
            self.meter.compacted()
            if case .open(let keeper) = self.state { keeper.size = size }
        } catch {
            // What is stored is whole without a snapshot. The next update tries again.
            self.logger.warning(
                "no snapshot of a document can be made",
                metadata: ["document": "\(self.name)", "error": "\(error)"])
        }
    }
}
