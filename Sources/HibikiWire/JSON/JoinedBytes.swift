// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Several pieces on their way into a `ByteBuffer` in one step: each write of its own costs the buffer a check for room and for
/// other owners, which is most of the work where pieces are short.
@usableFromInline
package struct JoinedBytes {
    @usableFromInline let memory: UnsafeMutableRawBufferPointer
    @usableFromInline var count = 0

    @inlinable
    package init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// What does not fit into the length that was announced is left out.
    @inlinable @inline(__always)
    package mutating func append(_ byte: UInt8) {
        guard self.count < self.memory.count else { return }
        self.memory[self.count] = byte
        self.count += 1
    }

    @inlinable
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, let target = self.memory.baseAddress,
            bytes.count <= self.memory.count - self.count
        else { return }
        (target + self.count).copyMemory(from: source, byteCount: bytes.count)
        self.count += bytes.count
    }

    @inlinable
    package mutating func append(_ text: String) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { self.append(UnsafeRawBufferPointer($0)) }
        guard isDone == nil else { return }
        for byte in text.utf8 { self.append(byte) }
    }

    /// What was announced and not written becomes spaces, which JSON allows between values: whoever reads counts on the length.
    @inlinable
    mutating func fill() {
        while self.count < self.memory.count { self.append(UInt8(ascii: " ")) }
    }
}

extension ByteBuffer {
    /// Appends what `body` joins, `length` bytes.
    @inlinable
    package mutating func writeJoined(_ length: Int, _ body: (inout JoinedBytes) -> Void) {
        self.writeWithUnsafeMutableBytes(minimumWritableBytes: length) { memory in
            var joined = JoinedBytes(UnsafeMutableRawBufferPointer(rebasing: memory[..<length]))
            body(&joined)
            joined.fill()
            return length
        }
    }
}
