// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Testing

@testable import ArticleListings
@testable import HibikiSocketIO

private struct TestOrders: Orders {
    struct Fault: Error {}

    func place(_ order: Order) async throws -> Receipt {
        guard let item = order.items.first, item.count > 0 else { throw Fault() }
        return Receipt(number: item.count)
    }

    func find(_ number: Int, _ completion: @escaping @Sendable (Order?) -> Void) {
        completion(number == 7 ? Order(items: [.init(name: "tea", count: 2)]) : nil)
    }
}

@Suite struct `The listings about acks` {
    private static let path = "arguments[0].items[1].count"

    @Test(
        arguments: [
            (#"["order",{"items":[{"name":"tea","count":2}]}]"#, #"{"number":2}"#),
            (
                #"["order",{"items":[]}]"#,
                #"{"error":{"message":"nothing is ordered","data":{"code":"empty"}}}"#
            ),
            (#"["order",{"items":[{"name":"tea","count":0}]}]"#, #"{"error":{"message":"internal error"}}"#),
            (
                #"["order",{"items":[{"name":"tea","count":2},{"name":"milk","count":"two"}]}]"#,
                #"{"error":{"message":"\#(path): expected an integer, found a string","path":"\#(path)"}}"#
            ),
            (#"["find",7]"#, #"{"items":[{"name":"tea","count":2}]}"#),
            (#"["find",8]"#, "null"),
        ])
    func `answer`(_ event: String, _ answer: String) async throws {
        let prepare = { @Sendable (io: SocketIOServer) in
            AckListings.answering(on: io, orders: TestOrders())
        }
        try await ServerHarness.with(prepare: prepare) { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive("20\(event)", "2\(event)")
            try await harness.until { connection.sent.count == 2 }
            #expect(connection.sent.last == "30[\(answer)]")
        }
    }

    @Test func `declare events once`() async throws {
        try await ServerHarness.with(prepare: { AckListings.typed(on: $0, orders: TestOrders()) }) { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["order",{"items":[{"name":"tea","count":2}]}]"#)
            try await harness.until { connection.sent.count == 3 }
            #expect(connection.sent.dropFirst() == [#"2["price","tea",2.5]"#, #"30[{"number":2}]"#])
        }
    }

    @Test func `ask a client, as long as they say`() async throws {
        try await ServerHarness.with { harness in
            let (connection, socket) = try await harness.client()
            async let version = AckListings.asking(socket)
            try await harness.until { connection.sent.last == #"20["version"]"# }
            try await connection.receive(#"30["4.8.1"]"#)
            #expect(try await version == "4.8.1")
            async let nothing = AckListings.asking(socket)
            try await harness.until { connection.sent.last == #"21["version"]"# }
            try await harness.pass(.seconds(5))
            #expect(try await nothing == nil)
        }
    }

    @Test func `ask the client whose event is being handled`() async throws {
        try await ServerHarness.with(prepare: AckListings.asking(on:)) { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"25["start"]"#)
            try await harness.until { connection.sent.last == #"20["version"]"# }
            try await connection.receive(#"30["4.8.1"]"#)
            try await harness.until { connection.sent.last == #"35["started with 4.8.1"]"# }
        }
    }

    @Test func `ask many, and count those who answer in time`() async throws {
        try await ServerHarness.with { harness in
            var jury: [FakeConnection] = []
            for loop in [0, 1, 1] {
                let (connection, socket) = try await harness.client(loop: loop)
                await socket.join("jury")
                jury.append(connection)
            }
            async let all = AckListings.voting(harness.io)
            for (number, juror) in jury.enumerated() {
                try await harness.until { juror.sent.last == #"20["vote"]"# }
                try await juror.receive(number == 0 ? "30[false]" : "30[true]")
            }
            #expect(try await all == (2, 3))
            async let some = AckListings.voting(harness.io)
            for juror in jury { try await harness.until { juror.sent.last == #"21["vote"]"# } }
            try await jury[2].receive("31[true]")
            try await harness.pass(.seconds(5))
            #expect(try await some == (1, 3))
        }
    }
}

@Suite struct `The listings about errors` {
    @Test func `name the path of what does not fit`() async throws {
        let lines = Notes<String>()
        let prepare = { @Sendable (io: SocketIOServer) in
            ErrorListings.decoding(io) { lines.add($0) }
            AckListings.answering(on: io, orders: TestOrders())
        }
        try await ServerHarness.with(prepare: prepare) { harness in
            let (connection, socket) = try await harness.client()
            try await connection.receive(#"2["order",{"items":[{"name":"tea"}]}]"#)
            try await harness.until { lines.all.count == 1 }
            #expect(lines.all == ["\(socket.id) order arguments[0].items[0].count"])
        }
    }

    @Test func `refuse with data`() async throws {
        try await ServerHarness.with(prepare: ErrorListings.refusing) { harness in
            let connection = harness.session()
            try await connection.receive("0", #"0{"token":"old"}"#, #"0{"token":"ok"}"#)
            try await harness.until { connection.sent.count == 3 }
            #expect(
                connection.sent.prefix(2) == [
                    #"4{"message":"a token is needed","data":{"code":"no_token"}}"#,
                    #"4{"message":"the token has expired","data":{"code":"expired","since":1795257026}}"#,
                ])
            #expect(connection.sent.last?.hasPrefix("0{") == true)
        }
    }

    @Test func `tell of refused events and of the end`() async throws {
        let lines = Notes<String>()
        try await ServerHarness.with(prepare: { ErrorListings.watching(on: $0) { lines.add($0) } }) { harness in
            let (connection, _) = try await harness.client()
            try await connection.receive(#"20["many",1,2,3,4,5]"#, #"2["many",1,2,3,4,5]"#)
            try await connection.lose(.pingTimeout)
            try await harness.until { lines.all.count == 2 }
            #expect(connection.sent.last == #"30[{"error":{"message":"too many arguments"}}]"#)
            #expect(lines.all.first?.contains("too many arguments") == true)
            #expect(lines.all.last == "left: ping timeout ")
        }
    }

    @Test func `decide about connections and hear of refusals`() async throws {
        let lines = Notes<String>()
        let hooks = ErrorListings.engine { lines.add($0) }.engine.hooks
        let request = EngineRequest(url: "/socket.io/?EIO=4&transport=polling", address: "192.0.2.1")
        let refusal = await #expect(throws: EngineRefusal.self) { try await hooks.allowRequest?(request) }
        #expect(refusal?.message == "say who you are")
        hooks.connectionError?(request, try #require(refusal))
        #expect(lines.all == ["192.0.2.1 forbidden FORBIDDEN"])
    }
}
