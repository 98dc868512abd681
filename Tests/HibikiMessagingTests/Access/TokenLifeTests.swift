// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Testing

@testable import HibikiMessaging

@Suite struct `The life of a token on a connection` {
    private static let now = Timestamp(milliseconds: 1_000_000)

    private static func access(requiresToken: Bool = false) -> AccessControl {
        var access = AccessControl(permissions: .development)
        access.requiresToken = requiresToken
        return access
    }

    private static func after(_ seconds: Double) -> Timestamp {
        Self.now.advanced(by: .milliseconds(Int64(seconds * 1_000)))
    }

    private static func life(_ seconds: Double, mayRefresh: Bool = true) -> TokenLife? {
        let principal = Principal(id: "alice", expiry: Self.after(seconds))
        return TokenLife(of: principal, from: Self.now, Self.access(), mayRefresh: mayRefresh)
    }

    @Test func `the client is asked 25 seconds before the end, and the end is the token's`() throws {
        var life = try #require(Self.life(100))
        #expect(life.due == Self.after(75))
        #expect(life.step(at: Self.after(74)) == .wait)
        #expect(life.step(at: Self.after(75)) == .askForToken(within: .seconds(25)))
        #expect(life.step(at: Self.after(99)) == .wait)
        #expect(life.step(at: Self.after(100)) == .end)
    }

    @Test func `a token that runs out sooner is asked for at once, and the client has its 25 seconds`() throws {
        var life = try #require(Self.life(3))
        #expect(life.step(at: Self.now) == .askForToken(within: .seconds(25)))
        #expect(life.step(at: Self.after(24.9)) == .wait)
        #expect(life.step(at: Self.after(25)) == .end)
    }

    @Test func `what cannot take another token ends with the one that it has`() throws {
        var life = try #require(Self.life(3, mayRefresh: false))
        #expect(life.step(at: Self.now) == .askForToken(within: .seconds(3)))
        #expect(life.due == Self.after(3))
        #expect(life.step(at: Self.after(3)) == .end)
    }

    @Test func `a token without an end, and nobody where nobody has to be known, may stay`() {
        #expect(TokenLife(of: Principal(id: "alice"), from: Self.now, Self.access(requiresToken: true)) == nil)
        #expect(TokenLife(of: .anonymous, from: Self.now, Self.access()) == nil)
    }

    @Test func `whoever has to show a token has 10 seconds for it`() throws {
        var life = try #require(TokenLife(of: .anonymous, from: Self.now, Self.access(requiresToken: true)))
        #expect(life.step(at: Self.after(9.9)) == .wait)
        #expect(life.step(at: Self.after(10)) == .neverShown)
    }

    @Test func `times at the end of what can be written are no trouble`() throws {
        let principal = Principal(id: "alice", expiry: Timestamp(milliseconds: .max))
        var life = try #require(TokenLife(of: principal, from: Self.now, Self.access()))
        #expect(life.step(at: Self.after(1e9)) == .wait)
        #expect(Timestamp(milliseconds: .max).advanced(by: .seconds(1)).milliseconds == .max)
        #expect(Timestamp(milliseconds: 0).advanced(by: .seconds(Int64.max)).milliseconds == .max)
        #expect(Timestamp(milliseconds: 5).advanced(by: .milliseconds(-7)).milliseconds == -2)
    }
}
