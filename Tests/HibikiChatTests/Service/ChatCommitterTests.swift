// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChatContract
import HibikiMessaging
import Synchronization
import Testing

@testable import HibikiChat

@Suite struct `A batch of commands that fails` {
    private struct Failure: ChatStoreFailure {
        let fate: ChatStoreFate
    }

    /// Commands of a batch, each `room/text`, and what came of them; with the number of commits that it took.
    private func commit(
        _ texts: [String], failing: @escaping @Sendable (ChatNeeds) -> ChatStoreFate?
    ) async throws -> (texts: [String], told: Int, commits: Int) {
        let rooms = Set(texts.compactMap { $0.split(separator: "/").first.map { String($0) } })
        let commits = Mutex(0)
        let store = FailingStore { needs in
            commits.withLock { $0 += 1 }
            return (before: failing(needs).map { Failure(fate: $0) }, after: nil)
        }
        try await ChatHarness(store.store).run { chat in
            for room in rooms.sorted() {
                try await chat("alice", .createRoom(CreateRoom(room: RoomID(checked: room), kind: .group)))
            }
        }
        let outlet = RecordingOutlet()
        let configuration = ChatService.Configuration()
        let unread = UnreadPusher(
            store: store, outlet: outlet, limits: configuration.limits, pause: configuration.unreadPause)
        let herald = Herald(store: store, outlet: outlet, unread: unread, limits: configuration.limits)
        let committer = ChatCommitter(
            store: store, outlet: outlet, unread: unread, herald: herald, configuration: configuration)
        let results = await committer.commit(
            texts.map { text in
                let parts = text.split(separator: "/").map { String($0) }
                var message = SendMessage(room: RoomID(checked: parts[0]), content: parts[1])
                message.clientID = ClientMessageID(rawValue: parts[1])
                let order = ChatOrder(
                    command: .send(message), person: "alice", now: .ms(1_000), freshRoom: "fresh",
                    freshInvite: InviteToken(checked: "fresh"))
                return ChatWork(.order(order, order.needs ?? ChatNeeds()))
            })
        let answers = results.map { result in
            switch result {
            case .success(.sent(let message, _)): message.content
            case .success: "something else"
            case .failure(let error as Failure): "\(error.fate)"
            case .failure: "another error"
            }
        }
        return (answers, outlet.news.count, commits.withLock { $0 })
    }

    @Test func `fails in the room that somebody is in the way of, and nowhere else`() async throws {
        let outcome = try await self.commit(["a/1", "b/2", "a/3", "c/4", "b/5"]) { needs in
            needs.rooms.contains("b") ? .blocked : nil
        }
        #expect(outcome.texts == ["1", "blocked", "3", "4", "blocked"])
        #expect(outcome.told == 3)
        #expect(outcome.commits == 4)
    }

    @Test func `fails for the command that is refused, and for no other one of its room`() async throws {
        let outcome = try await self.commit(["a/1", "a/2", "a/3", "a/4", "a/5", "b/6"]) { needs in
            needs.clientKeys.contains { $0.id.rawValue == "4" } ? .refused : nil
        }
        #expect(outcome.texts == ["1", "2", "3", "refused", "5", "6"])
        #expect(outcome.told == 5)
    }

    @Test(arguments: [ChatStoreFate.unavailable, .unknown])
    func `fails as a whole where parts would fail as well`(_ fate: ChatStoreFate) async throws {
        let outcome = try await self.commit(["a/1", "b/2"]) { _ in fate }
        #expect(outcome.texts == ["\(fate)", "\(fate)"])
        #expect(outcome.commits == 1)
    }

    @Test func `does not wait for every room of a store in which somebody is in the way of all`() async throws {
        let outcome = try await self.commit((1...50).map { "room\($0)/\($0)" }) { _ in .blocked }
        #expect(outcome.texts == Array(repeating: "blocked", count: 50))
        #expect(outcome.commits == 4)
    }
}
