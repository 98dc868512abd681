// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIOCodec
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `A guest` {
    private static let now = Timestamp(milliseconds: 1_700_000_000_000)

    @Test func `is known again by the token, until that runs out`() throws {
        let guests = Guests(secret: Array("a secret of thirty-two bytes or so".utf8), lifetime: .seconds(60))
        let pass = guests.pass(for: "guest-1", named: "Zoë \"Z\"", at: Self.now)
        let known = try guests.principal(of: pass.token, at: Self.now)
        #expect(known.id == "guest-1")
        #expect(known.name == "Zoë \"Z\"")
        #expect(known.roles == ["guest"])
        #expect(known.expiry == pass.expiry)
        #expect(throws: AuthenticationFailure.expired) { try guests.principal(of: pass.token, at: pass.expiry) }
    }

    @Test func `cannot be made by anybody else, nor changed`() throws {
        let guests = Guests(secret: Array("a secret of thirty-two bytes or so".utf8), lifetime: .seconds(60))
        let others = Guests(secret: Array("another secret of thirty-two bytes".utf8), lifetime: .seconds(60))
        let token = guests.pass(for: "guest-1", named: "Zoe", at: Self.now).token
        for index in token.indices.dropFirst(3) {
            var changed = token
            changed.replaceSubrange(index...index, with: token[index] == "A" ? "B" : "A")
            #expect(throws: AuthenticationFailure.self, "\(changed)") {
                try guests.principal(of: changed, at: Self.now)
            }
        }
        for token in [
            others.pass(for: "guest-1", named: "Zoe", at: Self.now).token, "hg_", "hg_.", "hg_a.b.c", "hg_e30.",
            guests.pass(for: "admin", named: "Zoe", at: Self.now).token,
        ] {
            #expect(throws: AuthenticationFailure.self) { try guests.principal(of: token, at: Self.now) }
        }
    }

    @Test func `gets an id and a token, and another token for the same id`() async throws {
        try await ChatServer.with {
            $0.guests.isOn = true
        } _: { chat in
            let first = try await chat.ask("POST", "/v1/guests", as: nil, #"{"name":"Zoe"}"#)
            #expect(first.status == 201, "\(first.text)")
            let token = try #require(first.json["token"].string)
            #expect(first.json["userId"].string?.hasPrefix("guest-") == true)
            let again = try await chat.ask("POST", "/v1/guests", as: token)
            #expect(again.status == 200)
            #expect(again.json["userId"].string == first.json["userId"].string)
            #expect(again.json["name"].string == "Zoe")
            try await chat.join("attic", token)
            let sent = try await chat.ask("POST", "/v1/rooms/attic/messages", as: token, #"{"content":"hi"}"#)
            #expect(sent.json["userName"].string == "Zoe", "\(sent.text)")
            for name in ["", "\\n", "a\\u007F", "a\\u0080", "\\u009Fa", String(repeating: "x", count: 65)] {
                let refused = try await chat.ask("POST", "/v1/guests", as: nil, #"{"name":"\#(name)"}"#)
                #expect(refused.code == "invalid_message")
            }
            #expect(try await chat.ask("POST", "/v1/guests", as: "alice").code == "permission_denied")
        }
    }

    @Test func `is not there where there are to be none`() async throws {
        try await ChatServer.with { chat in
            let answer = try await chat.ask("POST", "/v1/guests", as: nil)
            #expect(answer.status == 404)
        }
    }

    @Test func `costs its address, so that nobody is a crowd`() async throws {
        let budget = try Budget("1/m burst 50")
        try await ChatServer.with {
            $0.guests.isOn = true
            $0.hasBudgets = true
            $0.budgets.address.messages = budget
        } _: { chat in
            var statuses: [Int] = []
            for _ in 0..<7 { statuses.append(try await chat.ask("POST", "/v1/guests", as: nil).status) }
            #expect(statuses == [201, 201, 201, 201, 201, 429, 429])
        }
    }
}
