// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// What a proxy says at the start of a connection about its own client: the PROXY protocol of HAProxy, versions 1 and 2.
enum ProxyHeader: Equatable {
    /// The connection is for a client with that address.
    case client(NetworkAddress)
    /// The proxy speaks for itself, or does not know: the connection's own address counts.
    case unknown
}

/// Why a connection does not begin with a header of the PROXY protocol.
struct ProxyHeaderViolation: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Reads the header, strictly: a receiver that guesses would let clients choose who they are.
struct ProxyHeaderParser {
    /// Bytes after the fixed part of version 2. An address of a Unix socket has 216; what proxies add about TLS fits too.
    static let longestBinary = 4_096
    /// A line of version 1, with its end.
    private static let longestText = 107
    private static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    private static let text = Array("PROXY ".utf8)

    /// Takes the header out of `input`; `nil` while it is not complete.
    static func next(_ input: inout ByteBuffer) throws(ProxyHeaderViolation) -> ProxyHeader? {
        let bytes = input.readableBytesView
        if self.agrees(bytes, with: self.signature) {
            return bytes.count < self.signature.count ? nil : try self.binary(&input)
        }
        if self.agrees(bytes, with: self.text) {
            return bytes.count < self.text.count ? nil : try self.line(&input)
        }
        throw ProxyHeaderViolation("the connection does not begin with a PROXY header")
    }

    /// Whether the bytes begin like `pattern`, as far as they are there.
    private static func agrees(_ bytes: ByteBufferView, with pattern: [UInt8]) -> Bool {
        zip(bytes, pattern).allSatisfy { $0 == $1 }
    }

    // MARK: Version 1

    private static func line(_ input: inout ByteBuffer) throws(ProxyHeaderViolation) -> ProxyHeader? {
        let bytes = input.readableBytesView.prefix(self.longestText)
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count < self.longestText else { throw ProxyHeaderViolation("the PROXY line is too long") }
            return nil
        }
        let line = bytes[..<end]
        guard line.last == UInt8(ascii: "\r"), !line.dropLast().contains(where: { $0 < 0x20 || $0 > 0x7E }) else {
            throw ProxyHeaderViolation("the PROXY line has a character that is not allowed")
        }
        let words = line.dropLast().split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let header = try self.header(words)
        input.moveReaderIndex(to: end + 1)
        return header
    }

    /// `PROXY TCP4 192.0.2.1 192.0.2.2 56324 443`, or `PROXY UNKNOWN` and whatever follows.
    private static func header(_ words: [String]) throws(ProxyHeaderViolation) -> ProxyHeader {
        guard words.count > 1, words[1] != "UNKNOWN" else {
            guard words.count > 1 else { throw ProxyHeaderViolation("the PROXY line has no protocol") }
            return .unknown
        }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else {
            throw ProxyHeaderViolation("the PROXY line is not TCP4 or TCP6, two addresses and two ports")
        }
        let isV6 = words[1] == "TCP6"
        guard words[2...3].allSatisfy({ $0.utf8.contains(UInt8(ascii: ":")) == isV6 }),
            let source = NetworkAddress(words[2]), NetworkAddress(words[3]) != nil
        else { throw ProxyHeaderViolation("the PROXY line has an address that is none of its protocol") }
        guard words[4...5].allSatisfy(self.isPort) else {
            throw ProxyHeaderViolation("the PROXY line has a port that is none")
        }
        return .client(source)
    }

    private static func isPort(_ text: String) -> Bool {
        let digits = text.utf8
        return (1...5).contains(digits.count) && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0 }
            && (digits.count == 1 || digits.first != UInt8(ascii: "0")) && UInt16(text) != nil
    }

    // MARK: Version 2

    private static func binary(_ input: inout ByteBuffer) throws(ProxyHeaderViolation) -> ProxyHeader? {
        let start = input.readerIndex + self.signature.count
        guard let command = input.getInteger(at: start, as: UInt8.self),
            let family = input.getInteger(at: start + 1, as: UInt8.self),
            let length = input.getInteger(at: start + 2, as: UInt16.self)
        else { return nil }
        guard command >> 4 == 2 else { throw ProxyHeaderViolation("the PROXY header has a version that is not 2") }
        guard length <= self.longestBinary else { throw ProxyHeaderViolation("the PROXY header is too long") }
        guard command & 0x0F <= 1 else { throw ProxyHeaderViolation("the PROXY header has an unknown command") }
        guard let body = input.getSlice(at: start + 4, length: Int(length)) else { return nil }
        let header = try self.header(isLocal: command & 0x0F == 0, family: family, body)
        input.moveReaderIndex(to: start + 4 + Int(length))
        return header
    }

    /// Address family in the high half of `family`, transport in the low one. What follows the addresses is not looked at.
    private static func header(
        isLocal: Bool, family: UInt8, _ body: ByteBuffer
    ) throws(ProxyHeaderViolation) -> ProxyHeader {
        var body = body
        switch family {
        case _ where isLocal, 0x00:
            return .unknown
        case 0x11:
            guard body.readableBytes >= 12, let address = body.readInteger(as: UInt32.self) else { throw self.tooShort }
            return .client(NetworkAddress(v4: address))
        case 0x21:
            guard body.readableBytes >= 36, let (high, low) = body.readMultipleIntegers(as: (UInt64, UInt64).self)
            else {
                throw self.tooShort
            }
            return .client(NetworkAddress(high: high, low: low))
        case 0x31:
            guard body.readableBytes >= 216 else { throw self.tooShort }
            return .unknown
        default:
            throw ProxyHeaderViolation("the PROXY header is for another protocol than TCP")
        }
    }

    private static let tooShort = ProxyHeaderViolation("the PROXY header is too short for its addresses")
}
