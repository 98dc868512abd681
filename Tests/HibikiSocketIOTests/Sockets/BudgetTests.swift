// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Testing

@testable import HibikiSocketIO

@Suite(.timeLimit(.minutes(1))) struct `Budgets of Socket.IO` {
    private func budgets(_ change: (inout BudgetConfiguration) -> Void) -> BudgetConfiguration {
        var configuration = BudgetConfiguration.off
        change(&configuration)
        return configuration
    }

    private func refusal(_ words: String, _ milliseconds: Int) -> String {
        #"{"message":"too many \#(words) on one connection; come back in \#(milliseconds) ms","#
            + #""data":{"code":"rate_limited","retry":true,"retryAfter":\#(milliseconds)}}"#
    }

    @Test func `refuse an event in its ack, or with an event of its own, until there is room again`() async throws {
        // One of the three is the packet that joins.
        let budgets = self.budgets { $0.connection.messages = Budget(2, burst: 3) }
        try await ServerHarness.with(budgets: budgets) { harness in
            harness.io.onConnection { socket in socket.on("e") { "ok" } }
            let (connection, _) = try await harness.client()
            let (neighbour, _) = try await harness.client()
            try await connection.receive(#"20["e"]"#, #"21["e"]"#, #"22["e"]"#, #"2["e"]"#)
            let error = self.refusal("messages", 500)
            #expect(
                connection.sent.dropFirst() == [
                    #"30["ok"]"#, #"31["ok"]"#, #"32[{"error":\#(error)}]"#, #"2["error",\#(error)]"#,
                ])
            try await neighbour.receive(#"20["e"]"#)
            #expect(neighbour.sent.last == #"30["ok"]"#)
            harness.time.pass(.milliseconds(500))
            try await connection.receive(#"23["e"]"#)
            #expect(connection.sent.last == #"33["ok"]"#)
            #expect(!connection.isClosed)
        }
    }

    @Test func `take what answers the server, and count it all the same`() async throws {
        let budgets = self.budgets { $0.connection.messages = Budget(1, per: .hour, burst: 1) }
        try await ServerHarness.with(budgets: budgets) { harness in
            let (connection, socket) = try await harness.client()
            async let answer = socket.emitWithAck("question", as: String.self)
            try await harness.until { connection.sent.last == #"20["question"]"# }
            try await connection.receive(#"30["answer"]"#)
            #expect(try await answer == "answer")
            try await connection.receive("1")
            try await harness.until { !socket.connected }
        }
    }

    @Test func `refuse to join a namespace, and the client stays in others`() async throws {
        let budgets = self.budgets { $0.connection.joins = Budget(1, burst: 1) }
        try await ServerHarness.with(budgets: budgets, prepare: { _ = $0.of("/other") }) { harness in
            let (connection, socket) = try await harness.client()
            try await connection.receive("0/other,")
            #expect(connection.sent.last == "4/other," + self.refusal("joins", 1_000))
            #expect(socket.connected)
            harness.time.pass(.seconds(1))
            try await connection.receive("0/other,")
            try await harness.until { connection.sent.last?.hasPrefix("0/other,") == true }
        }
    }

    @Test func `close the connection of who goes on, and no other`() async throws {
        let budgets = self.budgets { budgets in
            budgets.connection.messages = Budget(1, per: .hour, burst: 1)
            budgets.refusals = Budget(1, per: .hour, burst: 3)
        }
        try await ServerHarness.with(budgets: budgets) { harness in
            let (connection, _) = try await harness.client()
            let (neighbour, _) = try await harness.client()
            for _ in 0..<3 { try await connection.receive(#"2["e"]"#) }
            #expect(!connection.isClosed)
            try await connection.receive(#"2["e"]"#)
            try await harness.until { connection.isClosed }
            #expect(connection.sent.count { $0.hasPrefix(#"2["error""#) } == 4)
            #expect(!neighbour.isClosed)
        }
    }
}
