// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiServer
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A download from a bucket` {
    @Test func `is sent to the store for GET, and answered for HEAD, for which the address is not signed`() async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hibiki-test-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let id = String(repeating: "ab", count: 16)
        let shelf = folder.appending(path: "index/ab")
        try FileManager.default.createDirectory(at: shelf, withIntermediateDirectories: true)
        let record = """
            {"version":1,"id":"\(id)","owner":"","length":4,"created":1,"touched":1,"state":"ready","type":"text/plain"}
            """
        try Data(record.utf8).write(to: shelf.appending(path: "\(id).json"))
        let secret = folder.appending(path: "secret")
        try Data("secret".utf8).write(to: secret)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
        let configuration = ServerConfiguration.test {
            $0.uploads.folder = folder.path
            $0.uploads.bucket.name = "box"
            $0.uploads.bucket.endpoint = "http://store.invalid"
            $0.uploads.bucket.accessKey = "key"
            $0.uploads.bucket.secretFile = secret.path
            $0.uploads.bucket.redirects = true
        }
        try await RunningServer.with(configuration) { server in
            let whole = try await server.request("GET", "/v1/uploads/\(id)/file")
            #expect(whole.status == 302, "\(whole.text)")
            #expect(whole["Location"]?.hasPrefix("http://store.invalid/box/") == true)
            let head = try await server.request("HEAD", "/v1/uploads/\(id)/file")
            #expect(head.status == 200)
            #expect(head["Content-Length"] == "4")
        }
    }
}
