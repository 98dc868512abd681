// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import HibikiSocketIOCodec
import Testing

@testable import ArticleListings

private struct TestHistory: History {
    func latest(_ room: String) async throws -> [Message] { [Message(from: "ada", text: room)] }
}

@Suite struct `The listings about recovery` {
    @Test func `turn it on`() {
        #expect(SocketIOServer().configuration.connectionStateRecovery == nil)
        let recovery = RecoveryListings.server().configuration.connectionStateRecovery
        #expect(recovery?.maxDisconnectionDuration == .seconds(120))
        #expect(recovery?.skipMiddlewares == false)
    }

    @Test func `welcome those who are new, and send the others what they missed`() async throws {
        try await ServerHarness.with({ $0.connectionStateRecovery = .init() }) { harness in
            RecoveryListings.welcoming(on: harness.io, history: TestHistory())
            let first = harness.session()
            try await first.receive("0")
            try await harness.until { first.sent.count == 2 }
            #expect(first.sent.last?.hasPrefix(#"2["history",[{"from":"ada","text":"lobby"}],""#) == true)
            let ticket = try Ticket(first)
            try await first.lose()
            RecoveryListings.volatile(harness.io)

            let second = harness.session(loop: 1)
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 2 }
            #expect(second.sent.first?.hasPrefix(#"0{"sid":"\#(ticket.id)""#) == true)
            #expect(second.sent.last?.hasPrefix(#"2["said","kept for those who come back",""#) == true)
            let other = harness.session()
            try await other.receive("0", #"2["say","again"]"#)
            try await harness.until { second.sent.last?.hasPrefix(#"2["said","again",""#) == true }
        }
    }

    @Test func `begin anew when too much was missed, and say so`() async throws {
        try await ServerHarness.with({ $0.connectionStateRecovery = .init() }) { harness in
            RecoveryListings.welcoming(on: harness.io, history: TestHistory())
            let first = harness.session()
            try await first.receive("0")
            try await harness.until { first.sent.count == 2 }
            let ticket = try Ticket(first)
            try await first.lose()
            for number in 0...10_000 { harness.io.emit("many", number) }
            try await harness.settle()
            let second = harness.session()
            try await second.receive(ticket.connect)
            try await harness.until { second.sent.count == 2 }
            #expect(try Ticket(second).id != ticket.id)
            #expect(second.sent.last?.hasPrefix(#"2["history","#) == true)
        }
    }

    @Test func `ask who it is, and for each room`() async throws {
        try await ServerHarness.with({ $0.connectionStateRecovery = RecoveryListings.options() }) { harness in
            let chat = harness.io.of("/chat")
            let recovered = Notes<Set<String>>()
            chat.onConnection { socket in
                if socket.recovered { recovered.add(socket.rooms.subtracting([socket.id])) }
                await socket.join("staff", "lobby")
            }
            for (before, after) in [("ada", "ada"), ("ada", "eve")] {
                let first = harness.session()
                try await first.receive(#"0/chat,{"user":"\#(before)","role":"staff"}"#)
                try await harness.until { first.sent.count == 1 }
                let ticket = try Ticket(first)
                try await first.lose()
                let second = harness.session()
                try await second.receive(#"0/chat,{"pid":"\#(ticket.privateID)","user":"\#(after)","role":"guest"}"#)
                try await harness.until { second.sent.count == 1 }
                #expect((try Ticket(second).id == ticket.id) == (before == after))
            }
            #expect(recovered.all == [["lobby"]])
        }
    }
}
