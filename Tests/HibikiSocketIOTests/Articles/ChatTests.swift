// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIO
import Testing

@testable import ArticleListings

@Suite struct `The chat of the article` {
    private func join(_ harness: ServerHarness, _ name: String, loop: Int = 0) async throws -> FakeConnection {
        let connection = harness.session(loop: loop)
        try await connection.receive(#"0/chat,{"name":"\#(name)"}"#)
        try await harness.until { connection.sent.count == 1 }
        #expect(connection.sent.first?.hasPrefix(#"0/chat,{"sid":""#) == true)
        return connection
    }

    @Test(arguments: ["0/chat,", #"0/chat,{"name":""}"#, #"0/chat,{"name":5}"#])
    func `keeps out who has no name`(_ connect: String) async throws {
        try await ServerHarness.with(prepare: installChat) { harness in
            let connection = harness.session()
            try await connection.receive(connect)
            try await harness.until { connection.sent.count == 1 }
            #expect(connection.sent == [#"4/chat,{"message":"a name is needed","data":{"code":"no_name"}}"#])
        }
    }

    @Test func `tells the others of a room who comes, speaks, types and goes`() async throws {
        try await ServerHarness.with(prepare: installChat) { harness in
            let ada = try await self.join(harness, "ada")
            let bob = try await self.join(harness, "bob", loop: 1)
            try await ada.receive(#"2/chat,0["join","lobby"]"#)
            try await harness.until { ada.sent.last == #"3/chat,0[["ada"]]"# }
            try await bob.receive(#"2/chat,0["join","lobby"]"#)
            try await harness.until { bob.sent.count == 2 }
            #expect([#"3/chat,0[["ada","bob"]]"#, #"3/chat,0[["bob","ada"]]"#].contains(bob.sent.last))

            try await bob.receive(#"2/chat,1["say","lobby","hello"]"#, #"2/chat,["typing","lobby"]"#)
            try await harness.until { ada.sent.count == 5 }
            try await bob.lose()
            try await harness.until { ada.sent.count == 6 }
            #expect(bob.sent.dropFirst(2) == [#"3/chat,1[{"from":"bob","text":"hello"}]"#])
            #expect(
                ada.sent.dropFirst(2) == [
                    #"2/chat,["joined","lobby","bob"]"#,
                    #"2/chat,["said","lobby",{"from":"bob","text":"hello"}]"#,
                    #"2/chat,["typing","lobby","bob"]"#,
                    #"2/chat,["left","lobby","bob"]"#,
                ])
        }
    }

    @Test func `answers what it refuses and what it cannot read`() async throws {
        try await ServerHarness.with(prepare: installChat) { harness in
            let ada = try await self.join(harness, "ada")
            try await ada.receive(#"2/chat,0["say","lobby","hello"]"#, #"2/chat,1["say","lobby",{"text":"hello"}]"#)
            try await harness.until { ada.sent.count == 3 }
            #expect(
                ada.sent.dropFirst() == [
                    #"3/chat,0[{"error":{"message":"not in the room"}}]"#,
                    #"3/chat,1[{"error":{"message":"arguments[1]: expected a string, found an object","path":"arguments[1]"}}]"#,
                ])
        }
    }
}
