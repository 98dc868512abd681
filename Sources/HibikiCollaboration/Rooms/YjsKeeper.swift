// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiYjs

/// A document of Yjs in memory: what it holds, who has it open, and what they show.
final class YjsKeeper: DocumentKeeper {
    private struct Peer {
        let peer: any DocumentPeer
        let access: DocumentAccess
        /// The clients for which it speaks in awareness.
        var clients: Set<Int> = []
        var wasToldReadOnly = false
    }

    private let configuration: CollaborationConfiguration
    let document: YDocument
    private var awareness: YAwareness
    private var peers: [ObjectIdentifier: Peer] = [:]
    private var encoded = EncodedState()
    /// Whether the update that was applied last brought something new.
    private var hasNews = false
    var size: DocumentSize

    /// - Throws: ``YError`` if what is stored is no document.
    init(_ stored: StoredDocument?, _ configuration: CollaborationConfiguration) throws(YError) {
        self.configuration = configuration
        self.document = try YDocument(stored, limits: configuration.updates)
        self.awareness = YAwareness(clientID: self.document.clientID)
        self.size = stored?.size ?? DocumentSize()
        self.document.observeUpdates { [unowned self] _, _ in self.hasNews = true }
    }

    var allPeers: [any DocumentPeer] { self.peers.values.map(\.peer) }

    /// A keeper that is one of Yjs.
    static func of(_ keeper: any DocumentKeeper) throws(DocumentRefusal) -> YjsKeeper {
        guard let keeper = keeper as? YjsKeeper else { throw .malformed("this is not a document of Yjs") }
        return keeper
    }

    // MARK: Coming and going

    func join(_ visitor: DocumentVisitor, at now: ContinuousClock.Instant, _ round: inout RoomRound) {
        let peer = visitor.peer
        self.peers[ObjectIdentifier(peer)] = Peer(peer: peer, access: visitor.access)
        round.reply(.syncStep1(vector: self.document.stateVector.encoded()), to: peer)
        self.showAll(to: peer, &round)
    }

    private func showAll(to peer: any DocumentPeer, _ round: inout RoomRound) {
        guard !self.awareness.states.isEmpty else { return }
        round.reply(.awareness(self.awareness.encodeAll()), to: peer)
    }

    func leave(_ peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound) {
        guard let left = self.peers.removeValue(forKey: ObjectIdentifier(peer)) else { return }
        self.tell(self.awareness.remove(left.clients.sorted(), at: now), &round)
    }

    /// Takes away what those show who were not heard of for too long.
    func expire(at now: ContinuousClock.Instant, _ round: inout RoomRound) {
        self.tell(self.awareness.expire(at: now), &round)
    }

    // MARK: Messages

    func receive(
        _ frame: [UInt8], from peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        guard self.peers[ObjectIdentifier(peer)] != nil else { return }
        for message in try DocumentRefusal.reading({ () throws(YError) in try YMessage.messages(in: frame) }) {
            try self.receive(message, from: peer, at: now, &round)
        }
    }

    private func receive(
        _ message: YMessage, from peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        switch message {
        case .syncStep1(let vector):
            let known = try DocumentRefusal.reading { () throws(YError) in try YStateVector(encoded: vector) }
            round.reply(.syncStep2(update: self.encoded.update(for: known, of: self.document)), to: peer)
        case .syncStep2(let update):
            try self.take(update, from: peer, isEcho: false, &round)
        case .update(let update):
            try self.take(update, from: peer, isEcho: true, &round)
        case .awareness(let update):
            try self.show(update, from: peer, at: now, &round)
        case .queryAwareness:
            self.showAll(to: peer, &round)
        case .permissionDenied:
            break
        }
    }

    // MARK: Updates

    /// - Parameter isEcho: whether the client waits for its update to come back.
    private func take(
        _ update: [UInt8], from peer: any DocumentPeer, isEcho: Bool, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        guard update != YUpdate.empty else { return }
        guard self.peers[ObjectIdentifier(peer)]?.access == .write else {
            return try self.refuse(update, from: peer, &round)
        }
        let isNew = try self.apply(update, &round)
        if isEcho, !isNew { round.reply(.update(update), to: peer) }
    }

    /// Takes an update in, and has it stored and told if it brings something new.
    ///
    /// - Returns: whether it does.
    func apply(_ update: [UInt8], _ round: inout RoomRound) throws(DocumentRefusal) -> Bool {
        guard self.size.bytes + round.storedBytes + update.count <= self.configuration.documentBytes else {
            throw .full
        }
        self.hasNews = false
        try DocumentRefusal.reading { () throws(YError) in try self.document.apply(update) }
        // What waits for something else may be new, and nobody can tell.
        guard self.hasNews || self.document.hasPendingUpdates || self.document.hasPendingDeletions else { return false }
        self.encoded = EncodedState()
        round.store(update, telling: YMessage.update(update).frame)
        return true
    }

    /// Somebody who may not write has sent an update: after a reconnect mostly one that holds nothing new.
    private func refuse(
        _ update: [UInt8], from peer: any DocumentPeer, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        let limits = self.configuration.updates
        let range = try DocumentRefusal.reading { () throws(YError) in try YUpdate.range(of: update, limits: limits) }
        let known = self.document.stateVector
        guard range.to.clients.contains(where: { range.to[$0] > known[$0] }),
            self.peers[ObjectIdentifier(peer)]?.wasToldReadOnly == false
        else { return }
        self.peers[ObjectIdentifier(peer)]?.wasToldReadOnly = true
        round.reply(.permissionDenied(reason: "you may read this document, and not write it"), to: peer)
    }

    // MARK: Awareness

    private func show(
        _ update: [UInt8], from peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        guard update.count <= self.configuration.awarenessBytes else {
            throw .malformed("an awareness message has at most \(self.configuration.awarenessBytes) bytes")
        }
        var change = YAwarenessChange()
        // Only whoever has said nothing yet: clients pass on what they hear of others, who may have gone meanwhile.
        let isNew = self.peers[ObjectIdentifier(peer)]?.clients.isEmpty ?? false
        try DocumentRefusal.reading { () throws(YError) in
            change = try self.awareness.apply(update, at: now, welcomingBack: isNew)
        }
        self.speaks(peer, for: change.added + change.updated)
        self.tell(change, &round)
        let count = self.peers[ObjectIdentifier(peer)]?.clients.count ?? 0
        guard count <= self.configuration.clientsOfPeer else {
            throw .malformed("a connection speaks for at most \(self.configuration.clientsOfPeer) clients")
        }
    }

    /// A client that comes back on another connection belongs to that one.
    private func speaks(_ peer: any DocumentPeer, for clients: [Int]) {
        for client in clients where self.peers[ObjectIdentifier(peer)]?.clients.contains(client) == false {
            for id in self.peers.keys { self.peers[id]?.clients.remove(client) }
            self.peers[ObjectIdentifier(peer)]?.clients.insert(client)
        }
    }

    private func tell(_ change: YAwarenessChange, _ round: inout RoomRound) {
        guard !change.isEmpty else { return }
        round.frames.append(YMessage.awareness(self.awareness.encode(change.clients)).frame)
    }
}

extension RoomRound {
    fileprivate mutating func reply(_ message: YMessage, to peer: any DocumentPeer) {
        self.reply(message.frame, to: peer)
    }
}

extension YDocument {
    /// The document that was stored.
    ///
    /// - Parameter limits: of what comes later. What is stored was held to them when it came.
    convenience init(_ stored: StoredDocument?, limits: YLimits) throws(YError) {
        self.init(limits: .trusted)
        if let snapshot = stored?.snapshot { try self.apply(snapshot) }
        for update in stored?.updates ?? [] { try self.apply(update) }
        self.limits = limits
    }
}

/// What is sent to those who come, made once for all who come between two changes.
private struct EncodedState {
    private var whole: [UInt8]?
    /// For those who have everything: the deletions.
    private var rest: [UInt8]?

    mutating func update(for known: YStateVector, of document: YDocument) -> [UInt8] {
        if known.isEmpty {
            let bytes = self.whole ?? document.encodeState()
            self.whole = bytes
            return bytes
        }
        guard known == document.stateVector else { return document.encodeState(from: known) }
        let bytes = self.rest ?? document.encodeState(from: known)
        self.rest = bytes
        return bytes
    }
}
