// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiMessaging

@Suite struct `A pattern of topics` {
    private static let alice = Principal(id: "alice", roles: ["staff", "admin"])

    private static func matches(
        _ pattern: String, _ topic: String, _ principal: Principal = alice
    ) throws -> Bool {
        try TopicPattern(pattern).matches(Topic(topic), for: principal)
    }

    @Test(arguments: [
        ("orders", "orders", true), ("orders", "orders/1", false), ("orders", "order", false),
        ("orders/1", "orders", false),
        ("orders/*", "orders/1", true), ("orders/*", "orders/", true), ("orders/*", "orders/1/2", false),
        ("orders/*", "orders", false), ("*", "orders", true), ("*", "a/b", false), ("*/*", "a/b", true),
        ("a/*/c", "a/b/c", true), ("a/*/c", "a/b/d", false), ("a/*/c", "a//c", true),
        ("public/**", "public/a", true), ("public/**", "public/a/b/c", true), ("public/**", "public/", true),
        ("public/**", "public", false), ("public/**", "publicity/a", false), ("**", "anything/at/all", true),
        ("a/*/**", "a/b/c", true), ("a/*/**", "a/b", false), ("a/", "a/", true), ("a/", "a", false),
    ]) func `stands for what its segments stand for`(_ pattern: String, _ topic: String, _ isMatch: Bool) throws {
        #expect(try Self.matches(pattern, topic) == isMatch)
    }

    @Test(arguments: [
        ("users/{id}", "users/alice", true), ("users/{id}", "users/bob", false), ("users/{id}", "users/alic", false),
        ("users/{id}/**", "users/alice/inbox", true), ("u-{id}.x", "u-alice.x", true), ("u-{id}.x", "u-.x", false),
        ("u-{id}.x", "u-alice", false), ("teams/{role}", "teams/staff", true), ("teams/{role}", "teams/admin", true),
        ("teams/{role}", "teams/boss", false), ("{role}/{id}", "admin/alice", true), ("{id}", "{id}", false),
    ]) func `knows the principal`(_ pattern: String, _ topic: String, _ isMatch: Bool) throws {
        #expect(try Self.matches(pattern, topic) == isMatch)
        #expect(try !Self.matches(pattern, topic, .anonymous))
    }

    @Test(arguments: ["*", "**", "{id}", "a/b", "../x", "alice/**", "{role}"])
    func `is opened by no id or role, whatever that one is`(_ name: String) throws {
        let principal = Principal(id: name, roles: [name])
        for topic in ["users/alice", "users/a/b", "users/x", "users/{id}/x"] {
            #expect(try !Self.matches("users/{id}", topic, principal))
            #expect(try !Self.matches("users/{role}", topic, principal))
        }
    }

    @Test func `compares bytes, not what looks the same`() throws {
        let composed = Principal(id: "caf\u{E9}")
        #expect(try Self.matches("users/{id}", "users/caf\u{E9}", composed))
        #expect(try !Self.matches("users/{id}", "users/cafe\u{301}", composed))
    }

    @Test(arguments: [
        "", "a*", "*a", "a/**/b", "**/a", "***", "{", "}", "{name}", "{id", "id}", "{id}{id}", "{id}{role}", "}{",
    ])
    func `with no meaning is none`(_ text: String) {
        #expect(throws: TopicPattern.Problem.self) { try TopicPattern(text) }
    }

    @Test func `takes no longer for a topic that almost matches often`() throws {
        let pattern = try TopicPattern(Array(repeating: "*", count: 100).joined(separator: "/"))
        let topic = try Topic(Array(repeating: "a", count: 101).joined(separator: "/"))
        #expect(!pattern.matches(topic, for: .anonymous))
    }
}
