// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

@testable import HibikiClient

/// The server's end of one connection.
///
/// `@unchecked`: only one task of a test plays it at a time.
final class Peer: @unchecked Sendable {
    private let channel: any Channel
    private let inbox: Inbox<ByteBuffer>
    /// What came and was not asked for yet.
    var input = ByteBuffer()

    init(_ channel: any Channel, _ inbox: Inbox<ByteBuffer>) {
        self.channel = channel
        self.inbox = inbox
    }

    struct Request {
        var line: String
        var headers: [String: String]
        var body: String

        /// The value of a parameter of the query, as it was encoded.
        func parameter(_ name: String) -> String? {
            guard let target = self.line.split(separator: " ").dropFirst().first,
                let query = target.split(separator: "?", maxSplits: 1).dropFirst().first
            else { return nil }
            return query.split(separator: "&").first { $0.hasPrefix("\(name)=") }.map {
                String($0.dropFirst(name.count + 1))
            }
        }
    }

    /// Reads one request, with its body.
    func request() async throws -> Request {
        var head = ""
        while !head.hasSuffix("\r\n\r\n") { head += try await self.string(1) }
        let lines = head.split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let name = parts.first, let value = parts.dropFirst().first else { continue }
            headers[name.lowercased()] = String(value.drop { $0 == " " })
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        return Request(line: String(lines.first ?? ""), headers: headers, body: try await self.string(length))
    }

    func write(_ text: String) async throws {
        try await self.write(ByteBuffer(string: text))
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await self.channel.writeAndFlush(bytes)
    }

    func answer(_ status: String = "200 OK", _ headers: [String] = [], body: String = "") async throws {
        let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)", "", body]
        try await self.write(lines.joined(separator: "\r\n"))
    }

    /// Begins an answer that ends with the connection.
    func beginEventStream() async throws {
        try await self.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    }

    func close() {
        self.channel.close(promise: nil)
    }

    /// Waits until the client has closed its end.
    func ended() async throws {
        while try await self.inbox.next() != nil {}
    }

    /// Adds what came next to `input`.
    func receive() async throws {
        guard var bytes = try await self.inbox.next() else { throw PeerGone() }
        self.input.writeBuffer(&bytes)
    }

    private func string(_ length: Int) async throws -> String {
        while self.input.readableBytes < length { try await self.receive() }
        return self.input.readString(length: length) ?? ""
    }
}
