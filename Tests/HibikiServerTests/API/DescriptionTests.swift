// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiTransports
import HibikiWire
import Logging
import NIOCore
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `What the server says of its own interfaces` {
    private static func document(_ name: String) async throws -> [String: Any] {
        let text = try await RunningServer.with { try await $0.get("/v1/\(name)") }
        #expect(text.status == 200 && text["Content-Type"] == "application/json")
        return try #require(try JSONSerialization.jsonObject(with: Data(text.text.utf8)) as? [String: Any])
    }

    /// Not files for browsers, and not what is between the dashboard and its page.
    private static func isDescribed(_ path: String) -> Bool {
        path != "/" && path != "/chat" && !path.hasSuffix("**") && !path.hasPrefix("/admin")
            && !path.hasPrefix("/documents")
    }
    /// What `Allow` names beside what a path is for.
    private static let implied: Set<String> = ["HEAD", "OPTIONS"]

    @Test func `OpenAPI has every route with its methods, and no other`() async throws {
        let paths = try #require(try await Self.document("openapi.json")["paths"] as? [String: [String: Any]])
        let described = paths.mapValues { Set($0.keys.filter { $0 != "parameters" }.map { $0.uppercased() }) }
        // Uploads are there where they have a folder, which is not made before the server runs.
        let configuration = ServerConfiguration.test { configuration in
            configuration.chat.isOn = true
            configuration.guests.isOn = true
            configuration.documents.isOn = true
            configuration.uploads.folder = "/nowhere"
        }
        let server = HibikiServer(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var routes: [String: Set<String>] = [:]
        for route in server.routes.routes where Self.isDescribed(route.path) {
            routes[route.path] = Set(route.methods).subtracting(Self.implied)
        }
        #expect(described == routes)
    }

    @Test func `every path says which methods it has, to those who try another`() async throws {
        try await RunningServer.with { server in
            for (path, allowed) in [
                ("/v1/events", "GET, HEAD, POST, OPTIONS"), ("/v1/topics", "GET, HEAD, OPTIONS"),
                ("/v1/topics/a%2Fb/history", "GET, HEAD, OPTIONS"),
                ("/v1/connections/1.2", "GET, HEAD, DELETE, OPTIONS"),
                ("/v1/users/a/disconnect", "POST, OPTIONS"), ("/v1/topics/a/subscribers/b", "DELETE, OPTIONS"),
                ("/health", "GET, HEAD"), ("/", "GET, HEAD"),
            ] {
                let answer = try await server.request("PATCH", path)
                #expect(answer.status == 405 && answer.code == "method_not_allowed", "\(path)")
                #expect(answer["Allow"] == allowed, "\(path)")
                let asked = try await server.request("OPTIONS", path)
                #expect(asked.status == 204 && asked["Allow"] == allowed, "\(path)")
            }
            for path in ["/v1", "/v1/", "/v1/topics/a/b/c", "/v1/users/a", "/client/nothing.js"] {
                #expect(try await server.request("PATCH", path).status != 200, "\(path)")
                #expect(try await server.get(path).code == "not_found", "\(path)")
            }
        }
    }

    @Test func `whatever answers to GET answers to HEAD, without a body`() async throws {
        try await RunningServer.with { server in
            for path in ["/health", "/v1/openapi.json", "/livez", "/client/index.js"] {
                let (get, head) = (try await server.get(path), try await server.request("HEAD", path))
                #expect(head.status == get.status && head.body.readableBytes == 0, "\(path)")
                #expect(head["Content-Type"] == get["Content-Type"], "\(path)")
            }
            #expect(
                try await server.request("HEAD", "/v1/openapi.json")["Content-Length"].flatMap(Int.init) ?? 0 > 1_000)
        }
    }
}
