// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import NIOCore

/// One piece of what a server keeps over a restart.
package struct SavedRecord: Equatable, Sendable {
    /// What it is. Numbers of this version of the format; those that are not known make the whole unreadable.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The last one: how many there were, and the checksum of all before it.
        static let end = Kind(rawValue: 0)
        static let log = Kind(rawValue: 1)
        static let forgotten = Kind(rawValue: 2)
        static let topic = Kind(rawValue: 3)
        static let publication = Kind(rawValue: 4)
        static let key = Kind(rawValue: 5)
        package static let namespace = Kind(rawValue: 16)
        package static let crossing = Kind(rawValue: 17)
        package static let session = Kind(rawValue: 18)
    }

    package var kind: Kind
    package var body: ByteBuffer

    package init(_ kind: Kind, _ write: (inout ByteBuffer) -> Void) {
        self.kind = kind
        self.body = ByteBuffer()
        write(&self.body)
    }

    init(_ kind: Kind, body: ByteBuffer) {
        self.kind = kind
        self.body = body
    }
}

/// What was saved cannot be used: it is cut short, was changed, or comes from another version.
package struct DamagedState: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension ByteBuffer {
    package mutating func writeSaved(_ text: String) {
        self.writeInteger(UInt32(truncatingIfNeeded: text.utf8.count))
        self.writeString(text)
    }

    package mutating func writeSaved(_ text: String?) {
        self.writeInteger(UInt8(text == nil ? 0 : 1))
        if let text { self.writeSaved(text) }
    }

    package mutating func writeSaved(_ bytes: ByteBuffer) {
        self.writeInteger(UInt32(truncatingIfNeeded: bytes.readableBytes))
        self.writeImmutableBuffer(bytes)
    }

    package mutating func writeSaved(_ position: StreamPosition) {
        self.writeInteger(position.epoch.value)
        self.writeInteger(position.offset)
    }

    package mutating func readSaved<Integer: FixedWidthInteger>(
        _ type: Integer.Type = Integer.self
    ) throws(DamagedState) -> Integer {
        guard let value = self.readInteger(as: type) else { throw DamagedState("a record is too short") }
        return value
    }

    package mutating func readSavedBytes() throws(DamagedState) -> ByteBuffer {
        let count = try self.readSaved(UInt32.self)
        guard let count = Int(exactly: count), let bytes = self.readSlice(length: count) else {
            throw DamagedState("a record is too short")
        }
        return bytes
    }

    package mutating func readSavedText() throws(DamagedState) -> String {
        guard let text = String(validating: try self.readSavedBytes().readableBytesView, as: UTF8.self) else {
            throw DamagedState("a text is not UTF-8")
        }
        return text
    }

    package mutating func readSavedOptionalText() throws(DamagedState) -> String? {
        switch try self.readSaved(UInt8.self) {
        case 0: nil
        case 1: try self.readSavedText()
        default: throw DamagedState("a record is none of this version")
        }
    }

    package mutating func readSavedPosition() throws(DamagedState) -> StreamPosition {
        StreamPosition(epoch: Epoch(try self.readSaved()), offset: try self.readSaved())
    }
}
