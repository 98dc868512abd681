// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Reads request heads (RFC 9112 §2 to §5), strictly: what two readers could understand differently is refused, because
/// that is how requests are smuggled past a proxy.
struct RequestHeadParser {
    let maximumBytes: Int
    let maximumFields: Int
    /// How many bytes of the input have been searched for the end of the head already.
    private var searched = 0

    init(maximumBytes: Int, maximumFields: Int) {
        self.maximumBytes = maximumBytes
        self.maximumFields = maximumFields
    }

    /// Takes one whole head out of `input`, and empty lines before it; `nil` while its end is not there.
    mutating func next(_ input: inout ByteBuffer) throws(RequestRefusal) -> RequestHead? {
        self.skipEmptyLines(&input)
        guard let length = try self.lengthOfHead(in: input) else { return nil }
        self.searched = 0
        guard let head = input.readSlice(length: length) else { return nil }
        return try HeadReader(head, maximumFields: self.maximumFields).read()
    }

    /// A client may send an empty line after the body of the request before (RFC 9112 §2.2).
    mutating func skipEmptyLines(_ input: inout ByteBuffer) {
        while input.readableBytesView.starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]) {
            input.moveReaderIndex(forwardBy: 2)
            self.searched = 0
        }
    }

    /// The end is an empty line. A line that ends with LF alone is found too, and refused where it is read.
    private mutating func lengthOfHead(in input: ByteBuffer) throws(RequestRefusal) -> Int? {
        let start = max(0, self.searched - 3)
        let length = input.withUnsafeReadableBytes { bytes -> Int? in
            var index = start
            while index < bytes.count {
                guard bytes[index] == UInt8(ascii: "\n") else {
                    index += 1
                    continue
                }
                if index >= 1, bytes[index - 1] == UInt8(ascii: "\n") {
                    return index + 1
                }
                if index >= 3, bytes[index - 1] == UInt8(ascii: "\r"), bytes[index - 2] == UInt8(ascii: "\n") {
                    return index + 1
                }
                index += 1
            }
            return nil
        }
        guard (length ?? input.readableBytes) <= self.maximumBytes else { throw .headTooLarge }
        if length == nil {
            self.searched = input.readableBytes
        }
        return length
    }
}

/// Reads the bytes of one whole head.
private struct HeadReader {
    private let bytes: ByteBuffer
    private let maximumFields: Int

    init(_ bytes: ByteBuffer, maximumFields: Int) {
        self.bytes = bytes
        self.maximumFields = maximumFields
    }

    func read() throws(RequestRefusal) -> RequestHead {
        var lines = Lines(self.bytes)
        guard let first = try lines.next() else { throw .badRequest("the request line is missing") }
        let line = try RequestLine(self.bytes, first)
        var fields: [RequestHead.Field] = []
        fields.reserveCapacity(16)
        while let range = try lines.next(), !range.isEmpty {
            guard fields.count < self.maximumFields else { throw .tooManyFields }
            fields.append(try self.field(range))
        }
        return RequestHead(
            method: line.method, target: line.target, minorVersion: line.minorVersion, authority: line.authority,
            bytes: self.bytes, fields: fields
        )
    }

    private func field(_ line: Range<Int>) throws(RequestRefusal) -> RequestHead.Field {
        let problem: RequestRefusal?
        let found: RequestHead.Field?
        (found, problem) = self.bytes.withUnsafeReadableBytes { bytes in
            guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")) else {
                return (nil, .badRequest("a header line has no colon"))
            }
            let name = line.lowerBound..<colon
            guard !name.isEmpty, bytes[name].allSatisfy(\.isTokenCharacter) else {
                return (nil, .badRequest("a header name has a character that is not allowed"))
            }
            let value = bytes[(colon + 1)..<line.upperBound].trimmingSpaces()
            guard value.allSatisfy(\.isFieldCharacter) else {
                return (nil, .badRequest("a header value has a control character"))
            }
            return (RequestHead.Field(name: name, value: value.startIndex..<value.endIndex), nil)
        }
        guard let found else { throw problem ?? .badRequest("a header line cannot be read") }
        return found
    }
}

/// The lines of a head, without their ends.
private struct Lines {
    private let bytes: ByteBuffer
    private var position = 0

    init(_ bytes: ByteBuffer) {
        self.bytes = bytes
    }

    mutating func next() throws(RequestRefusal) -> Range<Int>? {
        let start = self.position
        let end = self.bytes.withUnsafeReadableBytes { $0[start...].firstIndex(of: UInt8(ascii: "\n")) }
        guard let end else { return nil }
        let last = self.bytes.withUnsafeReadableBytes { end > start ? $0[end - 1] : 0 }
        guard last == UInt8(ascii: "\r") else { throw .badRequest("a line of the head does not end with CR LF") }
        self.position = end + 1
        return start..<(end - 1)
    }
}

/// `method SP request-target SP HTTP-version` (RFC 9112 §3).
private struct RequestLine {
    let method: String
    let target: String
    let authority: String?
    let minorVersion: Int

    init(_ bytes: ByteBuffer, _ line: Range<Int>) throws(RequestRefusal) {
        var rest = bytes.readableBytesView[line.shifted(by: bytes.readerIndex)]
        guard let method = rest.takePart(), let target = rest.takePart(), !rest.contains(UInt8(ascii: " ")) else {
            throw .badRequest("the request line is not METHOD TARGET VERSION")
        }
        guard !method.isEmpty, method.allSatisfy(\.isTokenCharacter) else {
            throw .badRequest("the method has a character that is not allowed")
        }
        guard !target.isEmpty, target.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badRequest("the target has a character that is not allowed")
        }
        self.minorVersion = try Self.minorVersion(rest)
        self.method = String(decoding: method, as: UTF8.self)
        (self.target, self.authority) = Self.split(String(decoding: target, as: UTF8.self))
        guard self.authority != "" else { throw .badRequest("the target names no host") }
    }

    /// The last digit of `HTTP/1.0` or `HTTP/1.1`.
    private static func minorVersion(_ version: ByteBufferView) throws(RequestRefusal) -> Int {
        let digits = version.dropFirst(5)
        guard version.count == 8, version.starts(with: "HTTP/".utf8), digits.dropFirst().first == UInt8(ascii: "."),
            let major = digits.first, let minor = digits.last
        else { throw .badRequest("the request line has no HTTP version") }
        guard major == UInt8(ascii: "1"), minor == UInt8(ascii: "0") || minor == UInt8(ascii: "1") else {
            throw .version
        }
        return Int(minor - UInt8(ascii: "0"))
    }

    /// Takes scheme and authority off a target in absolute form (RFC 9112 §3.2.2).
    private static func split(_ target: String) -> (String, String?) {
        guard target.utf8.first != UInt8(ascii: "/") else { return (target, nil) }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
            let path = rest[end...]
            return (path.hasPrefix("/") ? String(path) : "/" + path, String(rest[..<end]))
        }
        return (target, nil)
    }
}

extension ByteBufferView {
    /// Takes what stands before the next space, and the space; `nil` if there is none.
    fileprivate mutating func takePart() -> ByteBufferView? {
        guard let space = self.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        defer { self = self[(space + 1)...] }
        return self[..<space]
    }
}

extension Range<Int> {
    fileprivate func shifted(by offset: Int) -> Range<Int> {
        (self.lowerBound + offset)..<(self.upperBound + offset)
    }
}

extension UInt8 {
    /// RFC 9110 §5.6.2.
    var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// RFC 9110 §5.5: visible characters, space, tab and bytes above 127.
    var isFieldCharacter: Bool { self >= 0x20 && self != 0x7F || self == UInt8(ascii: "\t") }
}
