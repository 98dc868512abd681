// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiServer
import HibikiWeb
import NIOCore
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The browser's files` {
    /// The folder Web of the repository, which the tests run from.
    private static func webFolder(from file: String = #filePath) throws -> URL {
        var folder = URL(fileURLWithPath: file).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let web = folder.appendingPathComponent("Web")
            if FileManager.default.fileExists(atPath: web.appendingPathComponent("client").path) { return web }
            folder.deleteLastPathComponent()
        }
        throw NoAnswer()
    }

    private static func filesOnDisk(_ folders: [String] = ["chat", "client", "demo", "documents"]) throws -> [String] {
        try folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: Self.webFolder().appendingPathComponent(folder).path)
                .map { "/\(folder)/\($0)" }
        }
    }

    private static func contentType(_ path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/plain; charset=utf-8"
        }
    }

    @Test func `are exactly those of the folders`() throws {
        #expect(
            Set(WebAssets.paths) == Set(try Self.filesOnDisk(["admin", "api", "chat", "client", "demo", "documents"])))
        #expect(WebAssets.paths.count == Set(WebAssets.paths).count)
    }

    @Test func `are served as they are, with their content type and safe headers`() async throws {
        try await RunningServer.with(.test { $0.documents.isOn = true }) { server in
            for path in try Self.filesOnDisk() {
                let answer = try await server.get(path)
                let bytes = try Data(contentsOf: Self.webFolder().appendingPathComponent(path))
                #expect(answer.status == 200, "\(path)")
                #expect(answer.body == ByteBuffer(bytes: bytes), "\(path)")
                #expect(answer["Content-Type"] == Self.contentType(path), "\(path)")
                #expect(answer["Content-Length"] == "\(bytes.count)", "\(path)")
                #expect(answer["X-Content-Type-Options"] == "nosniff")
                #expect(answer["Content-Security-Policy"]?.contains("default-src 'self'") == true)
                #expect(answer["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
                #expect(answer["Content-Security-Policy"]?.contains("unsafe") == false)
            }
        }
    }

    @Test func `begin with the demo page`() async throws {
        try await RunningServer.with { server in
            let page = try await server.get("/")
            #expect(page.status == 200)
            #expect(page["Content-Type"] == "text/html; charset=utf-8")
            let same = try await server.get("/demo/index.html")
            #expect(page.body == same.body)
        }
    }

    @Test func `have the chat at a folder of its own`() async throws {
        try await RunningServer.with { server in
            let (page, same) = (try await server.get("/chat/"), try await server.get("/chat/chat.html"))
            #expect(page.status == 200)
            #expect(page.body == same.body)
            let short = try await server.get("/chat")
            #expect(short.status == 308)
            #expect(short["Location"] == "/chat/")
        }
    }

    @Test func `have a page for documents where there are documents`() async throws {
        try await RunningServer.with(.test { $0.documents.isOn = true }) { server in
            let (page, same) = (try await server.get("/documents/"), try await server.get("/documents/documents.html"))
            #expect(page.status == 200)
            #expect(page.body == same.body)
            let short = try await server.get("/documents")
            #expect(short["Location"] == "/documents/")
            let none = try await server.get("/documents/yjs.js")
            #expect(none.code == "not_found")
        }
        try await RunningServer.with { server in
            let none = try await server.get("/documents/")
            #expect(none.code == "not_found")
        }
    }

    @Test func `have Yjs, where the operator has brought it`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).js")
        try Data("export const Doc = 1".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var yjs = YjsModule()
        yjs.file = file.path
        try yjs.load()
        try await RunningServer.with(
            .test {
                $0.documents.isOn = true
                $0.documents.yjs = yjs
            }
        ) { server in
            let answer = try await server.get("/documents/yjs.js")
            #expect(answer.body == ByteBuffer(string: "export const Doc = 1"))
            #expect(answer["Content-Type"] == "text/javascript; charset=utf-8")
            let tag = try #require(answer["ETag"])
            let second = try await server.get("/documents/yjs.js", "If-None-Match: \(tag)")
            #expect(second.status == 304)
        }
    }

    @Test func `are refused where that of Yjs is not there`() {
        var yjs = YjsModule()
        yjs.file = "/none/yjs.js"
        #expect(throws: YjsModule.Problem.self) { try yjs.load() }
    }

    @Test func `are not sent again to a browser that has them`() async throws {
        try await RunningServer.with { server in
            let first = try await server.get("/client/index.js")
            let tag = try #require(first["ETag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            let second = try await server.get("/client/index.js", "If-None-Match: \(tag)")
            #expect(second.status == 304)
            #expect(second.body.readableBytes == 0)
            #expect(second["ETag"] == tag)
            #expect(try await server.get("/client/index.js", "If-None-Match: \"other\"").status == 200)
            let tags = try await [server.get("/demo/demo.js")["ETag"], server.get("/demo/demo.css")["ETag"]]
            #expect(Set(tags + [tag]).count == 3)
        }
    }

    @Test func `have the same head for HEAD, and no body`() async throws {
        try await RunningServer.with { server in
            let (get, head) = (try await server.get("/demo/demo.js"), try await server.request("HEAD", "/demo/demo.js"))
            #expect(head.status == 200)
            #expect(head["Content-Length"] == get["Content-Length"])
            #expect(head["ETag"] == get["ETag"])
            #expect(head.body.readableBytes == 0)
        }
    }

    @Test func `have no demo page where it is off, and a client still`() async throws {
        try await RunningServer.with(.test { $0.hasDemo = false }) { server in
            let page = try await server.get("/")
            #expect(page.code == "not_found")
            #expect(try await server.get("/demo/index.html").code == "not_found")
            #expect(try await server.get("/chat/").code == "not_found")
            #expect(try await server.get("/client/index.js").status == 200)
        }
    }
}
