// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Foundation
import HibikiMessaging
import HibikiUploads
import Testing

@testable import HibikiServer

@Suite(.timeLimit(.minutes(1))) struct `A file in a message` {
    private static func with(_ body: (ChatServer) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hibiki-test-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await ChatServer.with {
            $0.uploads.folder = folder
        } _: { chat in
            try await chat.ask(
                "POST", "/v1/rooms", as: "alice", #"{"roomId":"attic","kind":"group","members":["bob"]}"#)
            try await body(chat)
        }
    }

    @Test func `is for those who may read the message, and for nobody else`() async throws {
        try await Self.with { chat in
            let early = try await chat.upload("early", as: "alice")
            let late = try await chat.upload("late", as: "alice")
            #expect(try await chat.download(early, as: "bob").status == 404)
            #expect(try await chat.attach(early, as: "alice").status == 201)
            #expect(try await chat.download(early, as: "bob").text == "early")
            #expect(try await chat.download(early, as: "mallory").status == 404)
            #expect(try await chat.download(early, as: nil).status != 200)

            let kicked = try await chat.ask("DELETE", "/v1/rooms/attic/members/bob", as: "alice")
            #expect(200..<300 ~= kicked.status, "\(kicked.text)")
            #expect(try await chat.attach(late, as: "alice").status == 201)
            #expect(try await chat.download(late, as: "alice").text == "late")
            #expect(try await chat.download(early, as: "bob").text == "early")
            #expect(try await chat.download(late, as: "bob").status == 404)
        }
    }

    @Test func `is the sender's own, and is what its bytes say`() async throws {
        try await Self.with { chat in
            let file = try await chat.upload("text", as: "alice")
            #expect(try await chat.attach(file, as: "bob").status == 404)
            #expect(try await chat.attach(String(repeating: "0", count: 32), as: "alice").status == 404)
            #expect(try await chat.attach("../../etc/passwd", as: "alice").status == 404)
            let sent = try await chat.attach(file, as: "alice")
            #expect(
                sent.text.contains(#""attachments":[{"id":"\#(file)","name":"n","type":"text/plain","size":4}]"#),
                "\(sent.text)")
        }
    }

    @Test func `is called what is left of its name, or as it was uploaded`() async throws {
        try await Self.with { chat in
            let file = try await chat.upload("text", as: "alice", "Upload-Metadata: filename YS50eHQ=")
            for (name, kept) in [("../../b.txt", "b.txt"), ("b\u{202E}gnp.exe", "bgnp.exe"), ("..", "a.txt")] {
                let sent = try await chat.attach(file, as: "alice", called: name)
                #expect(sent.text.contains(#""name":"\#(kept)""#), "\(sent.text)")
            }
        }
    }

    @Test func `is kept as long as one carries it, or it never was in one`() async throws {
        struct Others: UploadReferences {
            let kept: Set<UploadID>
            func referenced(_ uploads: [Upload]) async throws -> Set<UploadID> { self.kept }
        }
        func upload(_ isForMessage: Bool) -> Upload {
            var upload = Upload(id: .random(), owner: "alice", length: 1, created: Timestamp(milliseconds: 0))
            upload.isForMessage = isForMessage
            return upload
        }
        let (carried, forgotten, other, program) = (upload(true), upload(true), upload(false), upload(false))
        let all = [carried, forgotten, other, program]
        let alone = ChatFileReferences(isAttached: { $0 == carried.id.description }, others: nil)
        #expect(try await alone.referenced(all) == [carried.id, other.id, program.id])
        let united = ChatFileReferences(isAttached: alone.isAttached, others: Others(kept: [program.id]))
        #expect(try await united.referenced(all) == [carried.id, program.id])
    }
}

extension ChatServer {
    /// - Returns: the id of the upload.
    fileprivate func upload(_ text: String, as name: String, _ field: String = "X-Nothing: 1") async throws -> String {
        let answer = try await self.ask(
            "POST", "/v1/uploads", as: name, text, "Tus-Resumable: 1.0.0", "Upload-Length: \(text.utf8.count)",
            "Content-Type: application/offset+octet-stream", field)
        #expect(answer.status == 201, "\(answer.text)")
        return String(try #require(answer["Location"]?.split(separator: "/").last))
    }

    /// A message that says of the file what is not so.
    fileprivate func attach(
        _ file: String, as name: String, called fileName: String = "n"
    ) async throws -> HTTPAnswer {
        try await self.ask(
            "POST", "/v1/rooms/attic/messages", as: name,
            #"{"content":"","attachments":[{"id":"\#(file)","name":"\#(fileName)","type":"image/png","size":99}]}"#)
    }

    fileprivate func download(_ file: String, as name: String?) async throws -> HTTPAnswer {
        try await self.ask("GET", "/v1/uploads/\(file)/file", as: name)
    }
}
