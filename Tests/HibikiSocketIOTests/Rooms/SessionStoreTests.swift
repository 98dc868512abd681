// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiSocketIO

@Suite struct `The sessions that are kept` {
    private func session(_ name: String, at seconds: Int64) -> StoredSession {
        let position = StreamPosition(epoch: Epoch(7), offset: 0)
        return StoredSession(
            socket: LeavingSession(id: name, privateID: name), memberships: [],
            disconnected: Timestamp(milliseconds: seconds * 1_000),
            history: MemberHistory(connected: position, lastSent: position), handed: position)
    }

    private func take(_ name: String, from store: MemorySessionStore, at seconds: Int64) async -> String? {
        await withCheckedContinuation { taken in
            store.take(name, at: Timestamp(milliseconds: seconds * 1_000)) { taken.resume(returning: $0?.socket.id) }
        }
    }

    @Test func `are taken once, until their time is over`() async {
        let store = MemorySessionStore(window: .seconds(10), limit: 10)
        store.save(self.session("a", at: 0))
        store.save(self.session("b", at: 5))
        #expect(await self.take("a", from: store, at: 10) == "a")
        #expect(await self.take("a", from: store, at: 10) == nil)
        #expect(await self.take("b", from: store, at: 16) == nil)
        store.save(self.session("a", at: 20))
        store.save(self.session("a", at: 25))
        #expect(await self.take("a", from: store, at: 33) == "a")
    }

    @Test func `are bounded in number, the oldest goes first`() async {
        let store = MemorySessionStore(window: .seconds(10), limit: 3)
        for number in 0..<5 { store.save(self.session("\(number)", at: 0)) }
        #expect(store.count == 3)
        #expect(await self.take("1", from: store, at: 1) == nil)
        #expect(await self.take("2", from: store, at: 1) == "2")
        #expect(store.expire(at: Timestamp(milliseconds: 1_000)))
        #expect(!store.expire(at: Timestamp(milliseconds: 11_000)))
        #expect(store.count == 0)
    }
}
