// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiYjs
import Synchronization

/// A connection in a document, with a document of its own: it does what an editor does with what it hears.
final class FakePeer: HearingPeer {
    struct State {
        var heard: [YMessage] = []
        var handled = 0
        var end: DocumentEnd?
    }

    let state = Mutex(State())

    var heard: [YMessage] { self.state.withLock { $0.heard } }
    var handled: Int { self.state.withLock { $0.handled } }
    var end: DocumentEnd? { self.state.withLock { $0.end } }

    func answer(_ frames: [[UInt8]], handled: Int) {
        self.state.withLock { state in
            state.heard += frames.flatMap { (try? YMessage.messages(in: $0)) ?? [] }
            state.handled += handled
        }
    }

    func end(_ reason: DocumentEnd) { self.state.withLock { $0.end = reason } }

    func hear(_ frames: [[UInt8]]) { self.answer(frames, handled: 0) }

    /// A document that has taken in all that was heard.
    func document() throws -> YDocument {
        let document = YDocument(clientID: 9_999)
        for message in self.heard {
            switch message {
            case .syncStep2(let update), .update(let update): try document.apply(update)
            default: break
            }
        }
        return document
    }

    func text(_ name: String = "t") throws -> String { try self.document().text(name).string }

    /// What the people show whom it has heard of.
    func shown(at now: ContinuousClock.Instant) throws -> [Int: YValue] {
        var awareness = YAwareness(clientID: 9_999)
        for case .awareness(let update) in self.heard { _ = try awareness.apply(update, at: now) }
        return awareness.states
    }
}

/// A connection to which a ``FakeOutlet`` takes what is told to all.
protocol HearingPeer: DocumentPeer {
    func hear(_ frames: [[UInt8]])
}

/// Takes what is told to all peers of it, as the hub would.
final class FakeOutlet: DocumentOutlet {
    let peers = Mutex<[any HearingPeer]>([])

    func send(_ frames: [[UInt8]], to name: DocumentName) {
        for peer in self.peers.withLock({ $0 }) { peer.hear(frames) }
    }
}
