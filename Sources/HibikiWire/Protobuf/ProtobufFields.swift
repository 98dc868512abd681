// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The fields of one Protocol Buffers message on their way into memory.
///
/// A message must know its length before its first byte. So whoever writes one is run twice over the same fields: first without
/// memory, which only counts, and then with memory of just that size. Neither run allocates.
struct ProtobufFields {
    private let memory: UnsafeMutableRawBufferPointer?
    private(set) var count = 0

    /// Only counts.
    init() {
        self.memory = nil
    }

    /// What does not fit is left out.
    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    // MARK: Fields

    /// A field that may be left out if it is empty, which means the same.
    mutating func write(_ field: Int, _ string: String) {
        if !string.isEmpty { self.writePresent(field, string) }
    }

    mutating func write(_ field: Int, _ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        bytes.withUnsafeReadableBytes { self.writePresent(field, $0) }
    }

    mutating func write(_ field: Int, _ integer: Int64) {
        if integer != 0 { self.writePresent(field, integer) }
    }

    mutating func write(_ field: Int, _ flag: Bool) {
        if flag { self.writePresent(field, 1) }
    }

    /// A field whose presence says something, and elements.
    mutating func writePresent(_ field: Int, _ string: String) {
        var string = string
        string.withUTF8 { self.writePresent(field, UnsafeRawBufferPointer($0)) }
    }

    mutating func writePresent(_ field: Int, _ bytes: UnsafeRawBufferPointer) {
        self.tag(field, .lengthDelimited)
        self.varint(UInt64(bytes.count))
        self.raw(bytes)
    }

    mutating func writePresent(_ field: Int, _ integer: Int64) {
        self.tag(field, .varint)
        self.varint(UInt64(bitPattern: integer))
    }

    mutating func writePresent(_ field: Int, _ flag: Bool) {
        self.writePresent(field, flag ? 1 : 0)
    }

    /// A message in the message. It is run once more to learn its length.
    mutating func writeMessage(_ field: Int, _ body: (inout ProtobufFields) -> Void) {
        var measured = ProtobufFields()
        body(&measured)
        self.tag(field, .lengthDelimited)
        self.varint(UInt64(measured.count))
        if self.memory == nil {
            self.count += measured.count
        } else {
            body(&self)
        }
    }

    // MARK: Bytes

    @inline(__always)
    private mutating func tag(_ field: Int, _ type: ProtobufWireType) {
        self.varint(UInt64(field) << 3 | UInt64(type.rawValue))
    }

    @inline(__always)
    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            self.byte(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        self.byte(UInt8(truncatingIfNeeded: rest))
    }

    @inline(__always)
    private mutating func byte(_ byte: UInt8) {
        if let memory, self.count < memory.count { memory[self.count] = byte }
        self.count += 1
    }

    private mutating func raw(_ bytes: UnsafeRawBufferPointer) {
        if let memory, bytes.count <= memory.count - self.count {
            UnsafeMutableRawBufferPointer(rebasing: memory[self.count...]).copyMemory(from: bytes)
        }
        self.count += bytes.count
    }
}

extension ByteBuffer {
    /// Appends one message.
    mutating func writeProtobuf(_ body: (inout ProtobufFields) -> Void) {
        var measured = ProtobufFields()
        body(&measured)
        let length = measured.count
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { memory in
            var fields = ProtobufFields(UnsafeMutableRawBufferPointer(rebasing: memory[..<length]))
            body(&fields)
            return length
        }
    }
}
