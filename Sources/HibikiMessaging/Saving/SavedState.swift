// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// The form in which records stand in a file: a mark with the version, the records, and an end with a checksum.
///
/// A record is one byte for its kind, four for its length (big-endian), and its body. The checksum is FNV-1a in 64 bits: each of
/// its steps is a bijection, so that it finds every change of a single byte, and misses any other with a chance of one in 2^64.
enum SavedForm {
    /// The last byte is the version.
    static let mark: [UInt8] = Array("HIBIKI STATE".utf8) + [1]
    static let headBytes = 5
    /// What no record is longer than: the largest message that can be configured would be written in pieces.
    static let longest = 1 << 30
}

/// Turns records into the bytes of a file.
package struct SavedStateWriter {
    private var checksum = Checksum()
    private var count: UInt64 = 0
    private var hasBegun = false

    package init() {}

    package mutating func write(_ record: SavedRecord, to bytes: inout ByteBuffer) {
        let start = bytes.writerIndex
        self.begin(&bytes)
        bytes.writeInteger(record.kind.rawValue)
        bytes.writeInteger(UInt32(truncatingIfNeeded: record.body.readableBytes))
        bytes.writeImmutableBuffer(record.body)
        self.count += 1
        self.add(bytes, from: start)
    }

    /// Writes what stands at the end of a whole file.
    package mutating func end(to bytes: inout ByteBuffer) {
        let start = bytes.writerIndex
        self.begin(&bytes)
        self.add(bytes, from: start)
        let end = SavedRecord(.end) {
            $0.writeInteger(self.count)
            $0.writeInteger(self.checksum.value)
        }
        bytes.writeInteger(end.kind.rawValue)
        bytes.writeInteger(UInt32(truncatingIfNeeded: end.body.readableBytes))
        bytes.writeImmutableBuffer(end.body)
    }

    private mutating func begin(_ bytes: inout ByteBuffer) {
        guard !self.hasBegun else { return }
        self.hasBegun = true
        bytes.writeBytes(SavedForm.mark)
    }

    private mutating func add(_ bytes: ByteBuffer, from start: Int) {
        self.checksum.add(bytes.viewBytes(at: start, length: bytes.writerIndex - start))
    }
}

/// Turns the bytes of a file, as they come, into records.
///
/// Nothing of what it has given may be used before ``finish()`` has returned: only then is it known that all of it is what
/// was written.
package struct SavedStateReader {
    private var checksum = Checksum()
    private var bytes = ByteBuffer()
    private var count: UInt64 = 0
    private var hasBegun = false
    private var hasEnded = false

    package init() {}

    package mutating func append(_ bytes: ByteBuffer) {
        self.bytes.discardReadBytes()
        self.bytes.writeImmutableBuffer(bytes)
    }

    /// The next record; `nil` if more bytes are needed, or the end has come.
    package mutating func next() throws(DamagedState) -> SavedRecord? {
        guard try self.begin() else { return nil }
        guard !self.hasEnded, let head = self.head() else { return nil }
        guard head.length <= SavedForm.longest else { throw DamagedState("a record is too long") }
        let whole = SavedForm.headBytes + head.length
        guard self.bytes.readableBytes >= whole else { return nil }
        if head.kind != .end {
            self.checksum.add(self.bytes.viewBytes(at: self.bytes.readerIndex, length: whole))
        }
        self.bytes.moveReaderIndex(forwardBy: SavedForm.headBytes)
        guard let body = self.bytes.readSlice(length: head.length) else { return nil }
        guard head.kind != .end else {
            try self.end(body)
            return nil
        }
        self.count += 1
        return SavedRecord(head.kind, body: body)
    }

    /// To be called when there are no more bytes.
    package func finish() throws(DamagedState) {
        guard self.hasEnded else { throw DamagedState("it is cut short") }
        guard self.bytes.readableBytes == 0 else { throw DamagedState("something follows its end") }
    }

    /// - Returns: whether the mark has been read.
    private mutating func begin() throws(DamagedState) -> Bool {
        guard !self.hasBegun else { return true }
        let mark = SavedForm.mark
        let found = self.bytes.readableBytesView.prefix(mark.count)
        guard mark.starts(with: found) else {
            let isOther = mark.dropLast().elementsEqual(found.dropLast())
            throw DamagedState(isOther ? "it was written by another version" : "it is no saved state")
        }
        guard found.count == mark.count else { return false }
        self.checksum.add(found)
        self.bytes.moveReaderIndex(forwardBy: mark.count)
        self.hasBegun = true
        return true
    }

    private func head() -> (kind: SavedRecord.Kind, length: Int)? {
        let start = self.bytes.readerIndex
        guard let kind = self.bytes.getInteger(at: start, as: UInt8.self),
            let length = self.bytes.getInteger(at: start + 1, as: UInt32.self)
        else { return nil }
        return (SavedRecord.Kind(rawValue: kind), Int(length))
    }

    private mutating func end(_ body: ByteBuffer) throws(DamagedState) {
        var body = body
        guard try body.readSaved() == self.count, try body.readSaved() == self.checksum.value, body.readableBytes == 0
        else { throw DamagedState("its checksum is another one") }
        self.hasEnded = true
    }
}

private struct Checksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: ByteBufferView?) {
        guard let bytes else { return }
        bytes.withUnsafeBytes { bytes in
            var value = self.value
            for byte in bytes {
                value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
            self.value = value
        }
    }
}
