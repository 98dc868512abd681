// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import HibikiWire
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `A connection that the server's people end` {
    private typealias Connections = `The directory of connections`

    private static func only(_ directory: ServerDirectory) async throws -> ConnectionID {
        try await until { await directory.connections().items.contains { !$0.topics.isEmpty } }
        return try #require(await directory.connections().items.first { !$0.topics.isEmpty }?.id)
    }

    @Test func `a WebSocket is closed with the code and the reason`() async throws {
        try await Connections.with { server, directory in
            let client = try await NativeTalker(server)
            try await client.follow("public/a")
            let dismissal = try Dismissal(code: 4321, reason: "back soon")
            #expect(await directory.close(try await Self.only(directory), dismissal))
            let closure = try await client.closure()
            #expect(closure.code == 4321 && closure.reason == "back soon")
        }
    }

    @Test func `an event stream is told, and ends`() async throws {
        try await Connections.with { server, directory in
            let stream = Connections.reading(server, "topic=public/a", "Accept: text/event-stream")
            #expect(await directory.close(try await Self.only(directory)))
            let text = try await stream.value.text
            let data = #"data: {"code":4502,"message":"the server has ended this connection","retry":false}"#
            #expect(text.contains("event: server:disconnect\n\(data)\n\n"))
        }
    }

    @Test(arguments: [(4502, 403), (4100, 204)])
    func `a poll that waits is answered, and its connection ends`(_ code: Int, _ status: Int) async throws {
        try await Connections.with { server, directory in
            let poll = Task {
                try await exchange(
                    port: server.port, "GET /v1/events?topic=public/a&wait=60 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            }
            let dismissal = try Dismissal(code: code, reason: "enough")
            #expect(await directory.close(try await Self.only(directory), dismissal))
            let answer = try await poll.value
            #expect(answer.status == status)
            #expect(answer.code == (status == 403 ? "disconnected" : nil))
            #expect(answer["Connection"] == "close")
        }
    }

    @Test func `a socket of Socket.IO is told why, and put out of its namespaces`() async throws {
        try await Connections.with { server, directory in
            let client = try await SocketTalker(server, "/v1")
            try await client.send(#"42/v1,0["subscribe","public/a"]"#)
            try await client.expect("43/v1,0[")
            #expect(await directory.close(try await Self.only(directory)))
            try await client.expect(#"42/v1,["server:disconnect",{"code":4502,"message":"#)
            try await client.expect("41/v1,")
            try await until { directory.connectionCount == 0 }
        }
    }

    @Test func `one that may come back keeps its namespaces until the connection ends`() async throws {
        try await Connections.with { server, directory in
            let client = try await SocketTalker(server, "/v1")
            try await client.send(#"42/v1,0["subscribe","public/a"]"#)
            try await client.expect("43/v1,0[")
            #expect(await directory.close(try await Self.only(directory), try Dismissal(code: 4000, reason: nil)))
            try await client.expect(#"42/v1,["server:disconnect",{"code":4000,"message":"#)
            await #expect(throws: SocketTalker.Unexpected.self) { try await client.expect("41") }
        }
    }

    @Test func `whoever is disconnected is so on every transport, and all others stay`() async throws {
        try await Connections.with { server, directory in
            let native = try await NativeTalker(server, as: "ann")
            let stream = Connections.reading(
                server, "topic=public/a&access_token=ann", "Accept: text/event-stream")
            let poll = Connections.reading(server, "topic=public/a&wait=60&access_token=ann")
            let socket = try await SocketTalker(server, "/v1", token: "ann")
            let other = try await NativeTalker(server, as: "bob")
            let otherSocket = try await SocketTalker(server, "/v1", token: "bob")
            try await until { await directory.connections().items.count { $0.principal == "ann" } == 4 }
            let tally = await directory.disconnect(principal: "ann")
            #expect(tally == ServerDirectory.Tally(connections: 3, sockets: 1))
            #expect(try await native.closure().code == 4502)
            #expect(try await stream.value.text.contains("event: server:disconnect"))
            #expect(try await poll.value.code == "disconnected")
            try await socket.expect(#"42/v1,["server:disconnect""#)
            try await socket.expect("41/v1,")
            try await until { directory.connectionCount == 2 }
            try await other.send(#"{"type":"ping","id":1}"#)
            #expect(try await other.next() == #"{"type":"reply","id":1}"#)
            try await otherSocket.send(#"42/v1,0["subscribe","public/a"]"#)
            try await otherSocket.expect("43/v1,0[")
            #expect(await directory.disconnect(principal: "ann") == .init(connections: 0, sockets: 0))
        }
    }

    @Test func `a poll of Socket.IO is ended with its session`() async throws {
        try await Connections.with { server, directory in
            let opened = try await server.get("/socket.io/?EIO=4&transport=polling&access_token=ann").text
            let id = try #require(opened.split(separator: "\"").dropFirst(3).first)
            let target = "/socket.io/?EIO=4&transport=polling&sid=\(id)"
            _ = try await server.request("POST", target, body: "40/v1,")
            #expect(try await server.get(target).text.hasPrefix("40/v1,"))
            let poll = Task { try await server.get(target).text }
            try await until { await directory.connections().items.contains { $0.transport == .longPoll } }
            #expect(await directory.disconnect(principal: "ann") == .init(connections: 0, sockets: 1))
            #expect(try await poll.value.contains("server:disconnect"))
        }
    }

    @Test func `whoever is taken out of a topic is told, and hears no more of it`() async throws {
        try await Connections.with { server, directory in
            let topic = try Topic("public/a")
            let native = try await NativeTalker(server, as: "ann")
            try await native.follow("public/a")
            try await native.follow("public/b")
            let stream = Connections.reading(
                server, "topic=public/a&access_token=ann", "Accept: text/event-stream")
            let socket = try await SocketTalker(server, "/v1", token: "ann")
            try await socket.send(#"42/v1,0["subscribe","public/a"]"#)
            try await socket.expect("43/v1,0[")
            try await until { await directory.presence(of: topic).count == 3 }
            let tally = await directory.unsubscribe(.principal("ann"), from: topic)
            #expect(tally == ServerDirectory.Tally(connections: 2, sockets: 1))
            #expect(try await native.next() == #"{"type":"unsubscribed","topic":"public/a"}"#)
            // Of a stream nothing is left.
            #expect(
                try await stream.value.text.contains("event: unsubscribed\ndata: {\"topic\":\"public/a\"}\n\n"))
            try await socket.expect(#"42/v1,["unsubscribed",{"topic":"public/a"}]"#)
            _ = try await server.publish(#"{"topic":"public/a","payload":1}"#)
            _ = try await server.publish(#"{"topic":"public/b","payload":2}"#)
            #expect(try await native.next()?.contains(#""topic":"public/b""#) == true)
            #expect(await directory.presence(of: topic).count == 0)
            let other = try #require(ClientID(native.clientID))
            #expect(await directory.unsubscribe(.client(other), from: try Topic("public/b")).connections == 1)
            #expect(try await native.next() == #"{"type":"unsubscribed","topic":"public/b"}"#)
        }
    }

    @Test(arguments: [Transport.webSocket, .serverSentEvents])
    func `a client of the library does not come back by itself, and says why`(_ transport: Transport) async throws {
        try await Connections.with { server, directory in
            for isUnsubscribed in [true, false] {
                let url = try HibikiURL("http://127.0.0.1:\(server.port)")
                let reading = Task {
                    for try await _ in Hibiki.events(of: ["public/a"], since: .latest, via: transport, at: url) {}
                }
                let id = try await Self.only(directory)
                if isUnsubscribed {
                    let client = try #require(await directory.connection(id)?.client)
                    #expect(await directory.unsubscribe(.client(client), from: try Topic("public/a")).connections == 1)
                } else {
                    #expect(await directory.close(id))
                }
                let error = await #expect(throws: HibikiClientError.self) { try await reading.value }
                #expect(error?.mayRetry == false)
                try await until { directory.connectionCount == 0 }
            }
        }
    }

    @Test(arguments: [(3999, "a"), (5000, "a"), (0, "a"), (-1, "a"), (4000, String(repeating: "x", count: 124))])
    func `a code that is not an application's, or a reason that no frame holds, is refused`(
        _ code: Int, _ reason: String
    ) {
        #expect(throws: WireError.self) { try Dismissal(code: code, reason: reason) }
    }
}
