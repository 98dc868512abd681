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

    init(parsing text: UnsafeRawBufferPointer, limits: SocketPacketLimits) throws(SocketViolation) {
        var cursor = HeaderCursor(bytes: text)
        self.type = try cursor.readType()
        self.attachmentCount = self.type.hasAttachments ? try cursor.readAttachmentCount(limits.attachments) : 0
        self.namespace = try cursor.readNamespace(limits.namespaceBytes)
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
    mutating func readNamespace(_ limit: Int) throws(SocketViolation) -> String {
        guard self.current == UInt8(ascii: "/") else { return "/" }
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
