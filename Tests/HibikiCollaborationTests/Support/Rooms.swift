// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiCollaboration
import HibikiMessaging
import HibikiYjs
import Logging
import Synchronization

/// Documents on a store, with a clock that is told what time it is.
struct Rooms {
    private final class Hands: Sendable {
        let start = ContinuousClock.now
        let passed = Mutex(Duration.zero)
    }

    let store: GatedStore
    let outlet = FakeOutlet()
    let service: DocumentService
    private let hands: Hands

    init(_ store: GatedStore = GatedStore(), _ configure: (inout CollaborationConfiguration) -> Void = { _ in }) {
        let hands = Hands()
        var configuration = CollaborationConfiguration()
        configure(&configuration)
        self.store = store
        self.hands = hands
        self.service = DocumentService(
            store: store, outlet: self.outlet, configuration: configuration,
            clock: DocumentClock(
                wall: { Timestamp(milliseconds: 1_000) }, steady: { hands.start + hands.passed.withLock { $0 } }),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    var now: ContinuousClock.Instant { self.hands.start + self.hands.passed.withLock { $0 } }
    func wait(_ time: Duration) { self.hands.passed.withLock { $0 += time } }

    /// Somebody who has the document open, and hears what is told to all.
    func enter(_ text: String = "pad", _ access: DocumentAccess = .write) throws -> (FakePeer, DocumentSeat) {
        let peer = FakePeer()
        self.outlet.peers.withLock { $0.append(peer) }
        return (peer, try self.service.open(DocumentName(text), for: peer, access))
    }

    /// The same, with everything that the document holds.
    func enterAndAsk(_ text: String = "pad", _ access: DocumentAccess = .write) throws -> (FakePeer, DocumentSeat) {
        let (peer, seat) = try self.enter(text, access)
        seat.receive(YMessage.syncStep1(vector: YStateVector().encoded()).frame)
        return (peer, seat)
    }

    /// Returns when everything that was handed in so far is dealt with.
    func settle(_ text: String = "pad") async throws {
        await self.service.settle(try DocumentName(text))
    }
}

/// What an editor sends that has written something into an empty document.
func update(_ string: String, at position: Int = 0, client: Int = 1, in document: YDocument? = nil) throws -> [UInt8] {
    let document = document ?? YDocument(clientID: client)
    let before = document.stateVector
    try document.text("t").insert(string, at: position)
    return document.encodeState(from: before)
}

extension FakePeer {
    func waitForEnd() async {
        while self.end == nil { await Task.yield() }
    }
}
