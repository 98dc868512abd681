// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiOT

/// A document of operations in memory: its log, who has it open, and what they have selected.
final class OTKeeper<Operation: OTOperation>: DocumentKeeper {
    private struct Peer {
        let visitor: DocumentVisitor
        /// Whether it has said what it knows of this very document.
        var isGreeted = false
        /// In the document as it is now.
        var selection: OTSelection?
    }

    /// Since when somebody wants to know what was done; `nil` for the whole document.
    private struct Question {
        let peer: any DocumentPeer
        var since: Int?

        mutating func widen(to other: Int?) {
            guard let since = self.since, let other else {
                self.since = nil
                return
            }
            self.since = min(since, other)
        }
    }

    /// So many positions times components are walked over to keep selections for those who come. Beyond it they are forgotten here: those
    /// who have heard of them move them on themselves.
    private static var selectionSteps: Int { 1_000_000 }

    private let kind: OTKind
    private let configuration: CollaborationConfiguration
    private let incarnation: String
    private var log: RevisionLog<Operation>
    private var peers: [ObjectIdentifier: Peer] = [:]
    private var questions: [ObjectIdentifier: Question] = [:]
    /// The document as JSON, made once for all who come between two changes.
    private var encoded: [UInt8]?
    var size: DocumentSize

    /// - Throws: ``OTError`` if what is stored is no document of this kind.
    init(_ stored: StoredDocument?, _ kind: OTKind, _ configuration: CollaborationConfiguration) throws(OTError) {
        let record = try OTRecord<Operation>(stored, configuration)
        self.kind = kind
        self.configuration = configuration
        self.log = record.log
        self.incarnation = record.incarnation ?? String(UInt64.random(in: .min ... .max), radix: 36)
        self.size = stored?.size ?? DocumentSize()
    }

    var allPeers: [any DocumentPeer] { self.peers.values.map(\.visitor.peer) }

    // MARK: Coming and going

    func join(_ visitor: DocumentVisitor, at now: ContinuousClock.Instant, _ round: inout RoomRound) {
        for old in self.peers.values where old.visitor.client == visitor.client {
            self.leave(old.visitor.peer, at: now, &round)
            round.ends.append((old.visitor.peer, .replaced))
        }
        self.peers[ObjectIdentifier(visitor.peer)] = Peer(visitor: visitor)
    }

    func leave(_ peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound) {
        self.questions[ObjectIdentifier(peer)] = nil
        guard let left = self.peers.removeValue(forKey: ObjectIdentifier(peer)), left.isGreeted else { return }
        self.tell(nil, of: left.visitor.client, &round)
    }

    /// A selection lasts as long as its connection.
    func expire(at now: ContinuousClock.Instant, _ round: inout RoomRound) {}

    // MARK: Messages

    func receive(
        _ frame: [UInt8], from peer: any DocumentPeer, at now: ContinuousClock.Instant, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        let id = ObjectIdentifier(peer)
        guard let sender = self.peers[id] else { return }
        switch try OTMessage<Operation>(json: frame, limits: self.configuration.operations) {
        case .hello(let known): self.greet(sender, known, &round)
        case .submit(let operation, let revision, let sequence):
            let name = OperationID(client: sender.visitor.client, sequence: sequence)
            self.take(Submission(operation, revision: revision, id: name), from: sender, &round)
        case .select(let selection, let revision): try self.show(selection, at: revision, of: sender, &round)
        }
    }

    private func greet(_ sender: Peer, _ known: OTMessage<Operation>.Known?, _ round: inout RoomRound) {
        let peer = sender.visitor.peer
        // Revision 0 is empty in every document.
        if let known, known.revision > 0, known.incarnation != self.incarnation {
            return round.reply(OTFrame.error(.anotherDocument), to: peer)
        }
        let id = ObjectIdentifier(peer)
        self.peers[id]?.isGreeted = true
        var question = Question(peer: peer, since: known?.revision)
        // Who asks twice meanwhile gets one answer, to the question that asks for more.
        if let before = self.questions[id] { question.widen(to: before.since) }
        self.questions[id] = question
    }

    /// Answers those who have asked, with the document as it is behind everything that the round tells to all.
    func finish(_ round: inout RoomRound) {
        for (id, question) in self.questions {
            guard let peer = self.peers[id] else { continue }
            round.reply(self.answer(to: peer, since: question.since), to: question.peer)
        }
        self.questions = [:]
    }

    private func answer(to peer: Peer, since: Int?) -> [UInt8] {
        guard let since else { return self.document(for: peer) }
        do throws(OTError) {
            let operations = try self.log.operations(since: since)
            return OTFrame.make(
                "operations",
                [
                    "operations": .array(operations.map(\.value)), "revision": OTValue(self.log.revision),
                    "selections": self.selections,
                ])
        } catch {
            return OTFrame.error(OTProblem(error))
        }
    }

    private func document(for peer: Peer) -> [UInt8] {
        let client = peer.visitor.client
        let document = self.encoded ?? self.log.document.json
        self.encoded = document
        let head: OTValue = [
            "access": OTValue(peer.visitor.access == .write ? "write" : "read"), "client": OTValue(client),
            "incarnation": OTValue(self.incarnation), "kind": OTValue(self.kind.rawValue),
            "revision": OTValue(self.log.revision), "selections": self.selections,
            "sequence": OTValue(self.log.lastSequence(of: client)),
        ]
        return OTFrame.make("document", head).dropLast() + Array(#","document":"#.utf8) + document + [0x7D]
    }

    // MARK: Operations

    private func take(
        _ submission: Submission<Operation>, from sender: Peer, _ round: inout RoomRound
    ) {
        let peer = sender.visitor.peer
        let sequence = submission.id.sequence
        guard sender.visitor.access == .write else {
            return round.reply(OTFrame.error(.readOnly, sequence: sequence), to: peer)
        }
        guard sender.isGreeted else { return round.reply(OTFrame.error(.notGreeted, sequence: sequence), to: peer) }
        do throws(OTError) {
            let receipt = try self.log.rebase(submission)
            guard case .accepted(let logged) = receipt else {
                return round.reply(OTFrame.make("operation", receipt.operation.value), to: peer)
            }
            let json = logged.value.json
            let update = OTRecord.update(logged, json: json, self.kind, incarnation: self.incarnation)
            guard self.hasRoom(for: update, round) else {
                return round.reply(OTFrame.error(.full, sequence: sequence), to: peer)
            }
            try self.log.append(logged)
            self.encoded = nil
            self.moveSelections(by: logged.operation)
            round.store(update, telling: OTFrame.make("operation", json: json))
        } catch {
            round.reply(OTFrame.error(OTProblem(ofOperation: error), sequence: sequence), to: peer)
        }
    }

    private func hasRoom(for update: [UInt8], _ round: RoomRound) -> Bool {
        self.size.bytes + round.storedBytes + update.count <= self.configuration.documentBytes
    }

    // MARK: Selections

    private var selections: OTValue {
        let shown = self.peers.values.compactMap { peer in peer.selection.map { (peer.visitor.client, $0) } }
        return .array(
            shown.sorted { $0.0 < $1.0 }.map { client, selection in
                ["client": OTValue(client), "selection": selection.value]
            })
    }

    private func show(
        _ selection: OTSelection?, at revision: Int, of sender: Peer, _ round: inout RoomRound
    ) throws(DocumentRefusal) {
        let most = self.configuration.selectionRanges
        guard selection?.ranges.count ?? 0 <= most else { throw .malformed("a selection has at most \(most) ranges") }
        let peer = sender.visitor.peer
        guard sender.isGreeted else { return round.reply(OTFrame.error(.notGreeted), to: peer) }
        do throws(OTError) {
            var moved: OTSelection?
            if let selection {
                moved = try self.log.transform(selection, since: revision).within(self.log.document.length)
            }
            self.peers[ObjectIdentifier(peer)]?.selection = moved
            self.tell(moved, of: sender.visitor.client, &round)
        } catch {
            round.reply(OTFrame.error(OTProblem(error)), to: peer)
        }
    }

    private func tell(_ selection: OTSelection?, of client: String, _ round: inout RoomRound) {
        round.frames.append(
            OTFrame.make(
                "selection",
                [
                    "client": OTValue(client), "revision": OTValue(self.log.revision),
                    "selection": selection?.value ?? .null,
                ]))
    }

    private func moveSelections(by operation: Operation) {
        let ranges = self.peers.values.reduce(0) { $0 + ($1.selection?.ranges.count ?? 0) }
        let isTooMuch = ranges * operation.componentCount > Self.selectionSteps
        for (id, peer) in self.peers where peer.selection != nil {
            self.peers[id]?.selection = isTooMuch ? nil : peer.selection?.transformed(by: operation)
        }
    }
}

extension OTSelection {
    /// The same, without a position behind the end of a document.
    fileprivate func within(_ length: Int) -> OTSelection {
        OTSelection(self.ranges.map { Range(anchor: min($0.anchor, length), head: min($0.head, length)) })
    }
}
