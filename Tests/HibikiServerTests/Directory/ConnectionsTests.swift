// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import HibikiTransports
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `The directory of connections` {
    /// A server that takes every token for a name, and its directory.
    static func with(
        socketIO: SocketIOServer? = SocketIOServer(), _ body: (RunningServer, ServerDirectory) async throws -> Void
    ) async throws {
        var directory: ServerDirectory?
        try await RunningServer.with(
            .test { $0.authenticator = NameAuthenticator() }, socketIO: socketIO, prepare: { directory = $0.directory }
        ) { server in
            try await body(server, try #require(directory))
        }
    }

    /// An event stream or a poll, until the server has ended it.
    static func reading(_ server: RunningServer, _ query: String, _ fields: String...) -> Task<HTTPAnswer, any Error> {
        Task { try await server.request("GET", "/v1/events?\(query)", fields) }
    }

    static func filter(_ change: (inout ConnectionFilter) -> Void) -> ConnectionFilter {
        var filter = ConnectionFilter()
        change(&filter)
        return filter
    }

    @Test func `describes every transport by what it speaks, who is there and what is followed`() async throws {
        try await Self.with { server, directory in
            let native = try await NativeTalker(server, as: "ann")
            try await native.follow("public/a")
            let stream = Self.reading(
                server, "topic=public/a&topic=public/b&access_token=bob", "Accept: text/event-stream")
            let poll = Self.reading(server, "topic=public/c&wait=60&access_token=cid")
            let socket = try await SocketTalker(server, "/v1", token: "dan")
            try await socket.send(#"42/v1,0["subscribe","public/d"]"#)
            try await socket.expect("43/v1,0[")
            try await until { await directory.connections().items.count { !$0.topics.isEmpty } == 4 }

            let records = await directory.connections().items
            let byPrincipal = Dictionary(grouping: records) { $0.principal ?? "" }.compactMapValues(\.first)
            let ann = try #require(byPrincipal["ann"])
            #expect(ann.transport == .webSocket && ann.route == "/ws" && ann.address == "127.0.0.1")
            #expect(ann.client?.description == native.clientID)
            #expect(ann.topics.map(\.name) == ["public/a"])
            #expect(ann.messagesIn == 2 && ann.messagesOut == 2 && ann.bytesIn > 100 && ann.bytesOut > 100)
            let bob = try #require(byPrincipal["bob"])
            #expect(bob.transport == .eventStream && bob.route == "/v1/events" && bob.client != nil)
            #expect(bob.topics.map(\.name) == ["public/a", "public/b"])
            let cid = try #require(byPrincipal["cid"])
            #expect(cid.transport == .longPoll && cid.topics.map(\.name) == ["public/c"])
            let dan = try #require(byPrincipal["dan"])
            #expect(dan.transport == .webSocket && dan.route == "/socket.io/")
            #expect(dan.sockets.map(\.namespace) == ["/v1"] && dan.sockets.first?.rooms == ["public/d"])
            #expect(dan.topics.map(\.name) == ["public/d"])
            #expect(await directory.connection(dan.id)?.principal == "dan")
            #expect(directory.connectionCount == 4)
            for record in records { #expect(await directory.close(record.id)) }
            _ = try await (stream.value, poll.value)
        }
    }

    @Test func `finds those that are meant, and nobody else`() async throws {
        try await Self.with { server, directory in
            let ann = try await NativeTalker(server, as: "ann")
            try await ann.follow("public/a")
            let bob = try await NativeTalker(server, as: "bob")
            func names(_ change: (inout ConnectionFilter) -> Void) async -> [String] {
                await directory.connections(Self.filter(change)).items.map { $0.principal ?? "" }
            }
            #expect(await names { $0.principal = "ann" } == ["ann"])
            #expect(await names { $0.client = ClientID(bob.clientID) } == ["bob"])
            let topic = try Topic("public/a")
            #expect(await names { $0.topic = topic } == ["ann"])
            #expect(await names { $0.transport = .eventStream } == [])
            #expect(await names { $0.route = "/ws" }.sorted() == ["ann", "bob"])
            #expect(await names { $0.address = "127.0.0.2" } == [])
            #expect(await names { $0.text = "blic/" } == ["ann"])
            #expect(await names { $0.text = "bo" }.contains("bob"))
        }
    }

    @Test(arguments: [1, 2, 3, 100])
    func `a list comes page by page, each connection once and in order`(_ limit: Int) async throws {
        try await Self.with { server, directory in
            var clients: [NativeTalker] = []
            for _ in 0..<7 { clients.append(try await NativeTalker(server)) }
            var ids: [ConnectionID] = []
            var after: ConnectionID?
            repeat {
                let page = await directory.connections(after: after, limit: limit)
                #expect(page.items.count <= limit)
                ids += page.items.map(\.id)
                after = page.next
            } while after != nil
            #expect(ids.count == 7 && Set(ids).count == 7)
            #expect(ids == (await directory.connections().items.map(\.id)))
            _ = clients
        }
    }

    @Test func `an id that no connection has is nobody's`() async throws {
        try await Self.with { _, directory in
            for id in ["0.99", "9.1", "1.18446744073709551615"].compactMap({ ConnectionID($0) }) {
                #expect(await directory.connection(id) == nil)
                #expect(await directory.close(id) == false)
            }
        }
    }

    @Test(arguments: ["", "1", ".", "1.", ".1", "1.1.1", "01.1", "1.-1", "+1.1", "1.99999999999999999999", "a.b"])
    func `what was not written by the server is no id`(_ text: String) {
        #expect(ConnectionID(text) == nil)
    }
}
