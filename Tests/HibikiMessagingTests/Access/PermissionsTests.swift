// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Synchronization
import Testing

@testable import HibikiMessaging

@Suite struct `What somebody may do` {
    private static func allowed(_ rules: [String], _ principal: Principal, _ topic: String) throws -> [String] {
        let permissions = Permissions(try rules.map { try PermissionRule($0) })
        let topic = try Topic(topic)
        let actions: [Action] = [.subscribe(topic), .publish(topic), .presence(topic), .history(topic), .signal]
        return actions.filter { permissions.allows(principal, $0) }.map(\.kind.rawValue)
    }

    private static let alice = Principal(id: "alice", roles: ["staff"])

    @Test func `are denied unless a rule gives them`() throws {
        #expect(try Self.allowed([], Self.alice, "public/a").isEmpty)
        #expect(try Self.allowed(["anyone subscribe a"], .anonymous, "a") == ["subscribe"])
        #expect(try Self.allowed(["anyone subscribe+history a"], .anonymous, "a") == ["subscribe", "history"])
        #expect(try Self.allowed(["anyone all a"], .anonymous, "a") == ["subscribe", "publish", "presence", "history"])
        #expect(try Self.allowed(["anyone signal"], .anonymous, "a") == ["signal"])
    }

    @Test func `are for whom the rule is`() throws {
        for (rule, whom) in [
            ("anyone publish a b", ["", "alice", "bob"]), ("users publish a b", ["alice", "bob"]),
            ("role:staff publish a b", ["alice"]), ("user:bob publish a b", ["bob"]), ("user:al publish a b", []),
        ] {
            let all = [.anonymous, Self.alice, Principal(id: "bob")]
            let found = try all.filter { try Self.allowed([rule], $0, "a b") == ["publish"] }
            #expect(found.map { $0.id ?? "" } == whom, "\(rule)")
        }
    }

    @Test func `may stand in the token, beside the rules`() throws {
        let principal = Principal(id: "bob", grants: [try Grant("subscribe teams/{id}/*"), try Grant("signal")])
        #expect(try Self.allowed([], principal, "teams/bob/x") == ["subscribe", "signal"])
        #expect(try Self.allowed(["users publish **"], principal, "teams/bob/x") == ["subscribe", "publish", "signal"])
    }

    @Test
    func `of a server without rules are for topics under public alone, and in production for those who are known`()
        throws
    {
        let development = PermissionRule.development.map(\.text)
        let production = PermissionRule.production.map(\.text)
        #expect(try Self.allowed(development, .anonymous, "public/a").count == 5)
        #expect(try Self.allowed(development, Self.alice, "private") == ["signal"])
        #expect(try Self.allowed(production, .anonymous, "public/a").isEmpty)
        #expect(
            try Self.allowed(production, Self.alice, "public/a") == ["subscribe", "publish", "presence", "history"])
        #expect(try Self.allowed(production, Self.alice, "private").isEmpty)
    }

    @Test(arguments: [
        "", "anyone", "anyone all", "anyone all ", "everyone all a", "role: all a", "role all a", "group:x all a",
        "anyone read a", "anyone subscribe, a", "anyone subscribe+ a", "anyone signal a", "anyone signal+publish a",
        "anyone all a/**/b", "subscribe a",
    ]) func `that say nothing clear are refused`(_ text: String) {
        #expect(throws: PermissionRule.Problem.self) { try PermissionRule(text) }
    }

    @Test func `that somebody else decides are asked for after the rules, and no answer is no`() async throws {
        var access = AccessControl(permissions: Permissions([try PermissionRule("anyone all public/**")]))
        access.authorizer = NamedAnswers()
        let now = Timestamp(milliseconds: 0)
        func code(_ action: (Topic) -> Action, _ topic: String) async throws -> WireErrorCode? {
            do {
                try await access.authorize(action(Topic(topic)), by: .anonymous, at: now)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(try await code(Action.publish, "public/no") == nil)
        #expect(try await code(Action.publish, "yes") == nil)
        #expect(try await code(Action.history, "yes") == nil)
        #expect(try await code(Action.publish, "no") == .permissionDenied)
        #expect(try await code(Action.subscribe, "silence") == .authorizationUnavailable)
        #expect(try await code({ _ in .signal }, "yes") == .permissionDenied)
        #expect(access.verdict(on: .subscribe(try Topic("yes")), by: .anonymous, at: now) == .undecided)
        #expect(access.verdict(on: .subscribe(try Topic("known")), by: .anonymous, at: now) == .allowed)
    }

    @Test func `open no topic that belongs to a feature, which is asked who may follow it`() async throws {
        var access = AccessControl(permissions: Permissions { _, _ in true })
        access.owners = [RoomKeeper()]
        let now = Timestamp(milliseconds: 0)
        let alice = Principal(id: "alice", grants: [try Grant("all **")])
        let backEnd = Principal(key: try KeyIdentity(name: "k", scopes: [.publish, .read], patterns: ["rooms/**"]))
        let room = try Topic("rooms/attic")
        #expect(access.verdict(on: .publish(room), by: alice, at: now) == .denied)
        #expect(access.verdict(on: .publish(room), by: backEnd, at: now) == .denied)
        #expect(access.verdict(on: .history(room), by: backEnd, at: now) == .allowed)
        #expect(access.verdict(on: .publish(try Topic("roomsX")), by: alice, at: now) == .allowed)
        for action in [Action.subscribe(room), .presence(room), .history(room)] {
            #expect(access.verdict(on: action, by: alice, at: now) == .undecided)
            try await access.authorize(action, by: alice, at: now)
            await #expect(throws: WireError.self) {
                try await access.authorize(action, by: Principal(id: "mallory"), at: now)
            }
            // Was put out while the question was under way.
            await #expect(throws: WireError.self) {
                try await access.authorize(.subscribe(try Topic("rooms/late")), by: alice, at: now)
            }
        }
    }
}

/// Lets only Alice follow rooms.
private struct RoomKeeper: TopicOwner {
    private let asked = Counter()

    private final class Counter: Sendable {
        let late = Mutex(0)
    }

    func owns(_ topic: Topic) -> Bool { topic.name.hasPrefix("rooms/") }

    func known(_ topic: Topic, of principal: Principal, at now: Timestamp) -> Bool? {
        guard topic.name == "rooms/late" else { return nil }
        return self.asked.late.withLock { $0 } > 0 ? false : nil
    }

    func ask(_ topic: Topic, of principal: Principal, at now: Timestamp) async -> AuthorizationAnswer {
        if topic.name == "rooms/late" { self.asked.late.withLock { $0 += 1 } }
        return principal.id == "alice" ? .allowed : .denied
    }
}

/// Answers what the topic is called.
private struct NamedAnswers: Authorizer {
    func known(_ question: AuthorizationQuestion, at now: Timestamp) -> Bool? {
        question.topic?.name == "known" ? true : nil
    }

    func ask(_ question: AuthorizationQuestion, at now: Timestamp) async -> AuthorizationAnswer {
        switch question.topic?.name {
        case "yes": .allowed
        case "no": .denied
        default: .unavailable
        }
    }
}
