// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiMessaging

@Suite struct `Signals and presence` {
    private func signal(_ kind: Signal.Kind, from: ClientID? = nil) -> Signal {
        Signal(kind, from: from, payload: ByteBuffer(string: "{}"), timestamp: .at(0))
    }

    private func listeners(
        _ stepped: SteppedHub, _ count: Int, _ format: CountingFormat = CountingFormat()
    ) -> [Listener] {
        (0..<count).map { _ in
            let listener = Listener(stepped.members, format: format.format)
            listener.clientID = stepped.members.attach(listener)
            return listener
        }
    }

    @Test func `a broadcast reaches everybody but its sender, and is encoded once`() throws {
        let stepped = try SteppedHub()
        let format = CountingFormat()
        let listeners = self.listeners(stepped, 4, format)
        stepped.hub.send(self.signal(.broadcast, from: listeners[1].clientID))
        stepped.turn()
        #expect(listeners.map(\.signals.count) == [1, 0, 1, 1])
        #expect(listeners.map(\.flushes) == [1, 0, 1, 1])
        #expect(format.signals == 1)
    }

    @Test func `a direct message reaches one`() throws {
        let stepped = try SteppedHub()
        let listeners = self.listeners(stepped, 3)
        let target = try #require(listeners[2].clientID)
        stepped.hub.send(self.signal(.direct(target), from: listeners[0].clientID))
        stepped.turn()
        #expect(listeners.map(\.signals) == [[], [], ["{}"]])
    }

    @Test func `a direct message to somebody who has gone or never was reaches nobody`() throws {
        let stepped = try SteppedHub()
        let listeners = self.listeners(stepped, 2)
        let gone = try #require(listeners[0].clientID)
        stepped.members.detach(gone)
        var generator = SeededGenerator(seed: 7)
        for id in [gone] + [0, 1, 63, 64, 255].map({ ClientID(loop: $0, using: &generator) }) {
            stepped.hub.send(self.signal(.direct(id)))
        }
        stepped.turn()
        #expect(listeners.allSatisfy { $0.signals.isEmpty })
    }

    @Test func `presence counts the members on every loop and lists as many ids as were asked for`() async throws {
        try await ThreadedHub.with(loops: 3) { threaded in
            let topic = try Topic("public/a")
            let hub = threaded.hub
            for number in threaded.loopNumbers {
                try await threaded.on(number) { members in
                    for _ in 0..<4 {
                        let listener = Listener(members)
                        listener.clientID = members.attach(listener)
                        _ = listener.join(hub, topic, from: .latest)
                    }
                    _ = Listener(members).join(hub, topic, from: .latest)
                }
            }
            let presence = await withCheckedContinuation { continuation in
                hub.presence(of: topic, limit: 10) { continuation.resume(returning: $0) }
            }
            #expect(presence.count == 15)
            #expect(Set(presence.clients).count == 10)
        }
    }

    @Test func `whether a client is connected is known on whatever loop it lives`() async throws {
        try await ThreadedHub.with(loops: 2) { threaded in
            let hub = threaded.hub
            let id = try await threaded.on(1) { $0.attach(Listener($0)) }
            var generator = SeededGenerator(seed: 8)
            for (asked, expected) in [
                (id, true), (ClientID(loop: 1, using: &generator), false),
                (ClientID(loop: 9, using: &generator), false),
            ] {
                let answer = await withCheckedContinuation { continuation in
                    hub.isConnected(asked) { continuation.resume(returning: $0) }
                }
                #expect(answer == expected)
            }
        }
    }
}
