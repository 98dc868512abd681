// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiSocketIO
import NIOCore
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `The directory of topics` {
    private typealias Connections = `The directory of connections`

    @Test func `says what the log holds and who follows, of topics with events and of those without`() async throws {
        try await Connections.with { server, directory in
            for payload in ["1", "22"] {
                _ = try await server.publish(#"{"topic":"public/told","payload":\#(payload)}"#)
            }
            let client = try await NativeTalker(server)
            try await client.follow("public/told")
            try await client.follow("public/quiet")
            let page = await directory.topics()
            #expect(page.items.map(\.topic.name) == ["public/quiet", "public/told"])
            #expect(page.next == nil)
            let told = try #require(page.items.last)
            #expect(told.subscribers == 1)
            #expect(told.extent?.first?.offset == 1 && told.extent?.last.offset == 2 && told.extent?.count == 2)
            #expect((told.extent?.bytes ?? 0) > 3)
            #expect(page.items.first?.extent == nil && page.items.first?.subscribers == 1)
            #expect(await directory.topic(try Topic("public/told")) == told)
            #expect(await directory.topic(try Topic("public/nowhere")) == nil)
            #expect(
                await directory.presence(of: try Topic("public/told")).clients.map(\.description) == [client.clientID])
        }
    }

    @Test func `counts every socket of a room, and not the bridge between`() async throws {
        try await Connections.with { server, directory in
            var clients: [SocketTalker] = []
            for _ in 0..<3 {
                let client = try await SocketTalker(server, "/v1")
                try await client.send(#"42/v1,0["subscribe","public/a"]"#)
                try await client.expect("43/v1,0[")
                clients.append(client)
            }
            let topic = try Topic("public/a")
            try await until { await directory.presence(of: topic).count == 3 }
            #expect(await directory.topic(topic)?.subscribers == 3)
            #expect(directory.namespaces().map(\.name) == ["/", "/v1"])
            #expect(directory.namespaces().last?.sockets == 3)
            let rooms = try #require(await directory.rooms(of: "/v1"))
            #expect(rooms.items == [RoomRecord(name: "public/a", sockets: 3)])
            let sockets = try #require(await directory.sockets(of: "/v1", in: "public/a", limit: 2))
            #expect(sockets.items.count == 2 && sockets.next != nil)
            #expect(sockets.items.allSatisfy { $0.rooms == ["public/a"] && $0.transport == "websocket" })
            let rest = try #require(await directory.sockets(of: "/v1", in: "public/a", after: sockets.next))
            #expect(rest.items.count == 1 && rest.next == nil)
            #expect(await directory.rooms(of: "/nowhere") == nil)
            let last = try #require(rest.items.first)
            #expect(await directory.close(socket: last.id, of: "/v1"))
            try await until { await directory.presence(of: topic).count == 2 }
            #expect(await directory.close(socket: last.id, of: "/v1") == false)
        }
    }
}

@Suite struct `A page of topics` {
    private static func pages(of names: [String], limit: Int, prefix: String = "") throws -> [[String]] {
        let topics = try names.map { try Topic($0) }
        var pages: [[String]] = []
        var after: Topic?
        repeat {
            var selection = TopicSelection(limit: limit, prefix: prefix, after: after)
            for topic in topics { selection.consider(topic) }
            let page = selection.page()
            pages.append(page.topics.map(\.name))
            after = page.hasMore ? page.topics.last : nil
        } while after != nil
        return pages
    }

    @Test(arguments: [1, 2, 3, 7, 50, 99, 100, 101])
    func `holds the first by their bytes, and all pages together hold each once`(_ limit: Int) throws {
        let names = (0..<100).map { "t\($0)" } + ["\u{E9}", "e\u{301}", "Z", "a/b"]
        let pages = try Self.pages(of: names.shuffled() + names, limit: limit)
        #expect(pages.dropLast().allSatisfy { $0.count == limit })
        let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        #expect(pages.flatMap(\.self).elementsEqual(sorted) { $0.utf8.elementsEqual($1.utf8) })
    }

    @Test func `holds those alone that begin with the prefix`() throws {
        #expect(try Self.pages(of: ["a", "ab", "abc", "b", "aB"], limit: 10, prefix: "ab") == [["ab", "abc"]])
    }
}
