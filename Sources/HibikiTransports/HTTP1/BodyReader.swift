// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// How long the body of a request is (RFC 9112 §6).
enum BodyFraming: Equatable {
    case none
    case length(Int)
    case chunked
    /// As long as the stream goes on that it comes in.
    case stream

    /// - Parameter hasBody: whether a body follows, where that is known without what the head says of it; its length may still
    ///   be announced there.
    init(_ head: RequestHead, limit: Int, hasBody: Bool? = nil) throws(RequestRefusal) {
        let announced = try BodyFraming(announcedBy: head, limit: limit)
        self =
            switch hasBody {
            case nil: announced
            case true?: .stream
            case false?: .none
            }
    }

    private init(announcedBy head: RequestHead, limit: Int) throws(RequestRefusal) {
        let lengths = head.values("content-length")
        let codings = head.values("transfer-encoding")
        guard codings.isEmpty else {
            guard lengths.isEmpty else { throw .badRequest("Content-Length and Transfer-Encoding exclude each other") }
            guard codings.count == 1, codings[0].lowercased() == "chunked", head.minorVersion == 1 else {
                throw .badRequest("the only Transfer-Encoding that is understood is chunked")
            }
            self = .chunked
            return
        }
        guard let text = lengths.first else {
            self = .none
            return
        }
        guard lengths.count == 1, !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 })
        else { throw .badRequest("Content-Length is not one number") }
        guard let length = Int(text), length <= limit else { throw .bodyTooLarge }
        self = length == 0 ? .none : .length(length)
    }
}

/// Collects the body of a request.
struct BodyReader {
    private enum State {
        case length(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailer(bytes: Int)
        case stream
        case end
    }

    /// A size in hexadecimal, and extensions that nobody reads.
    private static let longestChunkLine = 256
    private static let longestTrailer = 8 << 10

    private var state: State
    private let limit: Int
    private(set) var body = ByteBuffer()

    init(_ framing: BodyFraming, limit: Int) {
        self.limit = limit
        self.state =
            switch framing {
            case .none: .end
            case .length(let length): .length(remaining: length)
            case .chunked: .chunkSize
            case .stream: .stream
            }
    }

    /// Gives away what it has collected, to collect what follows.
    mutating func takeBody() -> ByteBuffer {
        defer { self.body = ByteBuffer() }
        return self.body
    }

    /// - Returns: whether the body is complete. What follows it stays in `input`.
    mutating func read(_ input: inout ByteBuffer) throws(RequestRefusal) -> Bool {
        while true {
            switch self.state {
            case .end:
                return true
            case .length(let remaining):
                guard let left = self.take(remaining, from: &input) else { return false }
                self.state = left == 0 ? .end : .length(remaining: left)
            case .stream:
                guard input.readableBytes <= self.limit - self.body.readableBytes else { throw .bodyTooLarge }
                self.body.writeBuffer(&input)
                return false
            case .chunkSize:
                guard let line = try Self.line(&input, limit: Self.longestChunkLine) else { return false }
                let size = try Self.size(line)
                guard size <= self.limit - self.body.readableBytes else { throw .bodyTooLarge }
                self.state = size == 0 ? .trailer(bytes: 0) : .chunk(remaining: size)
            case .chunk(let remaining):
                guard let left = self.take(remaining, from: &input) else { return false }
                self.state = left == 0 ? .chunkEnd : .chunk(remaining: left)
            case .chunkEnd:
                guard let line = try Self.line(&input, limit: 2) else { return false }
                guard line.readableBytes == 0 else { throw .badRequest("a chunk is longer than it said") }
                self.state = .chunkSize
            case .trailer(let bytes):
                guard let line = try Self.line(&input, limit: Self.longestTrailer - bytes) else { return false }
                self.state = line.readableBytes == 0 ? .end : .trailer(bytes: bytes + line.readableBytes + 2)
            }
        }
    }

    /// - Returns: how much is left after that; `nil` if nothing was there.
    private mutating func take(_ remaining: Int, from input: inout ByteBuffer) -> Int? {
        guard var part = input.readSlice(length: min(remaining, input.readableBytes)), part.readableBytes > 0 else {
            return nil
        }
        return remaining - self.body.writeBuffer(&part)
    }

    private static func line(_ input: inout ByteBuffer, limit: Int) throws(RequestRefusal) -> ByteBuffer? {
        guard let end = input.readableBytesView.prefix(limit + 1).firstIndex(of: UInt8(ascii: "\n")) else {
            guard input.readableBytes <= limit else { throw .badRequest("a line of the body is too long") }
            return nil
        }
        guard var line = input.readSlice(length: end - input.readerIndex + 1) else { return nil }
        line.moveWriterIndex(to: line.writerIndex - 1)
        guard line.readableBytesView.last == UInt8(ascii: "\r") else {
            throw .badRequest("a line of the body does not end with CR LF")
        }
        line.moveWriterIndex(to: line.writerIndex - 1)
        // A CR alone ends a line for some readers and not for others.
        guard line.readableBytesView.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
            throw .badRequest("a line of the body has a control character")
        }
        return line
    }

    private static func size(_ line: ByteBuffer) throws(RequestRefusal) -> Int {
        let digits = line.readableBytesView.prefix { $0 != UInt8(ascii: ";") }
        guard (1...8) ~= digits.count, digits.allSatisfy(\.isHexDigit),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .badRequest("a chunk has no size") }
        return size
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self.asciiLowercased {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
