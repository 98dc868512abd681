// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiOT
import Synchronization

/// A connection in a document of operations, which keeps what it hears.
final class OTFakePeer: HearingPeer {
    struct State {
        var heard: [OTValue] = []
        var handled = 0
        var end: DocumentEnd?
    }

    let state = Mutex(State())

    var heard: [OTValue] { self.state.withLock { $0.heard } }
    var end: DocumentEnd? { self.state.withLock { $0.end } }
    var handled: Int { self.state.withLock { $0.handled } }

    func answer(_ frames: [[UInt8]], handled: Int) {
        self.state.withLock { state in
            state.heard += frames.map { (try? OTValue(json: $0, limits: .document)) ?? "not JSON" }
            state.handled += handled
        }
    }

    func end(_ reason: DocumentEnd) { self.state.withLock { $0.end = reason } }
    func hear(_ frames: [[UInt8]]) { self.answer(frames, handled: 0) }

    /// What it has heard since it was asked last.
    func take() -> [OTValue] {
        self.state.withLock { state in
            defer { state.heard = [] }
            return state.heard
        }
    }

    /// The messages of one type.
    func all(_ type: String) -> [OTValue] { self.heard.filter { $0["type"] == OTValue(type) } }

    func waitForEnd() async {
        while self.end == nil { await Task.yield() }
    }
}

extension DocumentSeat {
    func say(_ message: OTValue) { self.receive(message.json) }

    func hello(since revision: Int? = nil, of incarnation: String = "") {
        guard let revision else { return self.say(["type": "hello"]) }
        self.say(["type": "hello", "revision": OTValue(revision), "incarnation": OTValue(incarnation)])
    }

    func submit(_ operation: OTValue, at revision: Int, _ sequence: Int) {
        self.say([
            "type": "submit", "revision": OTValue(revision), "sequence": OTValue(sequence), "operation": operation,
        ])
    }

    func select(_ cursor: Int, at revision: Int) {
        self.say([
            "type": "select", "revision": OTValue(revision), "selection": OTSelection(cursor: cursor).value,
        ])
    }
}

extension Rooms {
    /// Somebody who has a document of operations open, and hears what is told to all.
    func come(
        _ client: String, as kind: OTKind = .text, _ text: String = "pad", _ access: DocumentAccess = .write
    ) throws -> (OTFakePeer, DocumentSeat) {
        let peer = OTFakePeer()
        self.outlet.peers.withLock { $0.append(peer) }
        return (peer, try self.service.open(DocumentName(text), as: kind, for: peer, called: client, access))
    }

    /// The same, who has said hello from nothing.
    func greet(
        _ client: String, as kind: OTKind = .text, _ text: String = "pad", _ access: DocumentAccess = .write
    ) throws -> (OTFakePeer, DocumentSeat) {
        let (peer, seat) = try self.come(client, as: kind, text, access)
        seat.hello()
        return (peer, seat)
    }

    /// What the document is for somebody who comes now.
    func document(_ text: String = "pad", as kind: OTKind = .text) async throws -> OTValue? {
        let (peer, seat) = try self.greet("reader of all", as: kind, text, .read)
        try await self.settle(text)
        seat.leave()
        return peer.all("document").first?["document"]
    }
}
