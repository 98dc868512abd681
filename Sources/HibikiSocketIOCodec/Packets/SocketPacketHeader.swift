// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What stands before the payload: `<type>[<attachments>-][<namespace>,][<id>]`.
struct SocketPacketHeader {
    let type: SocketPacketType
    let attachmentCount: Int
    let namespace: String
    let id: UInt64?
    /// Where the payload begins; the length of the text when there is none.
    let payloadOffset: Int

    /// - Parameter namespace: a likely one, whose name need not be made again.
    init(
        parsing text: UnsafeRawBufferPointer, limits: SocketPacketLimits, after namespace: String
    ) throws(SocketViolation) {
        var cursor = HeaderCursor(bytes: text)
        self.type = try cursor.readType()
        self.attachmentCount = self.type.hasAttachments ? try cursor.readAttachmentCount(limits.attachments) : 0
        self.namespace = try cursor.readNamespace(limits.namespaceBytes, likely: namespace)
        self.id = try cursor.readDigits()
        self.payloadOffset = cursor.offset
        guard self.id == nil || self.type.mayHaveID else {
            throw SocketViolation(.malformed, "only an event or an ack may have an id")
        }
    }
}

private struct HeaderCursor {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    private var current: UInt8? { self.offset < self.bytes.count ? self.bytes[self.offset] : nil }

    mutating func readType() throws(SocketViolation) -> SocketPacketType {
        guard let type = self.current.flatMap(SocketPacketType.init(rawValue:)) else {
            throw SocketViolation(.malformed, "expected the type of a packet")
        }
        self.offset += 1
        return type
    }

    /// No digits before the hyphen are a zero.
    mutating func readAttachmentCount(_ limit: Int) throws(SocketViolation) -> Int {
        let count = try self.readDigits() ?? 0
        guard self.current == UInt8(ascii: "-") else {
            throw SocketViolation(.malformed, "expected a hyphen after the number of attachments")
        }
        self.offset += 1
        guard let count = Int(exactly: count), count <= limit else {
            throw SocketViolation(.tooLarge, "more than \(limit) attachments")
        }
        return count
    }

    /// A namespace ends at a comma or with the text. A query string is a part of it.
    mutating func readNamespace(_ limit: Int, likely: String) throws(SocketViolation) -> String {
        guard self.current == UInt8(ascii: "/") else { return "/" }
        guard !self.skip(likely, andThen: UInt8(ascii: ",")) else { return likely }
        let start = self.offset
        while let byte = self.current, byte != UInt8(ascii: ",") {
            guard self.offset - start < limit else {
                throw SocketViolation(.tooLarge, "a namespace of more than \(limit) bytes")
            }
            self.offset += 1
        }
        let name = self.bytes[start..<self.offset]
        if self.current != nil { self.offset += 1 }
        return name.count == 1 ? "/" : String(decoding: name, as: UTF8.self)
    }

    /// Goes past a text and the byte that ends it, if they are next.
    private mutating func skip(_ text: String, andThen end: UInt8) -> Bool {
        var text = text
        let length = text.withUTF8 { text -> Int? in
            guard self.bytes.count - self.offset > text.count, self.bytes[self.offset + text.count] == end else {
                return nil
            }
            for index in 0..<text.count where self.bytes[self.offset + index] != text[index] { return nil }
            return text.count + 1
        }
        self.offset += length ?? 0
        return length != nil
    }

    mutating func readDigits() throws(SocketViolation) -> UInt64? {
        let start = self.offset
        var number: UInt64 = 0
        while let byte = self.current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            // Sixteen digits are far from the largest 64-bit integer, so the arithmetic cannot overflow.
            guard self.offset - start < SocketPacketLimits.digits else {
                throw SocketViolation(.tooLarge, "a number of more than \(SocketPacketLimits.digits) digits")
            }
            number = number * 10 + UInt64(byte - UInt8(ascii: "0"))
            self.offset += 1
        }
        return self.offset > start ? number : nil
    }
}
