// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
public import NIOCore

/// Writes the arguments of one event or ack: an array of JSON text, and the attachments that placeholders in it
/// stand for.
///
/// ```swift
/// writer.append(string: "avatar")
/// writer.append(binary: image)  // {"_placeholder":true,"num":0}
/// ```
///
/// A receiver cannot tell an object that merely looks like a placeholder from a real one. In a packet with
/// attachments such objects are therefore replaced by `null`: they would show somebody a wrong attachment, or end
/// the connection of everybody who receives the packet.
public struct JSONArgumentWriter: Sendable {
    /// The text so far. What is written here directly belongs to the element that `beginElement()` began.
    public var output: ByteBuffer
    /// Their number has no limit here, but clients in JavaScript refuse packets with more than ten.
    public var attachments: [ByteBuffer] { self.binary?.attachments ?? [] }

    /// What only a packet with attachments needs; most have none, and are written without it.
    private var binary: BinaryParts?
    /// Where the array begins, counted in readable bytes.
    private var start = 0
    private var isAtFirst = true
    private var mayHoldForeignPlaceholders = false

    /// - Parameter output: what the array is appended to.
    public init(output: ByteBuffer = ByteBuffer()) {
        self.output = output
    }

    /// Opens the array.
    ///
    /// - Parameter name: of an event, its name; a number is written as it is. `nil` for an ack.
    public mutating func begin(name: EventName? = nil) {
        self.start = self.output.readableBytes
        self.output.writeInteger(UInt8(ascii: "["))
        switch name {
        case .string(let name): self.append(string: name)
        case .number(let digits):
            self.separate()
            self.output.writeString(digits)
        case nil: break
        }
    }

    /// Closes the array.
    ///
    /// - Parameter offset: where the packet stands in the log from which a client recovers; it becomes the last
    ///   element.
    public mutating func end(offset: String? = nil) {
        if let offset { self.append(string: offset) }
        self.output.writeInteger(UInt8(ascii: "]"))
        self.eraseForeignPlaceholders()
    }

    /// Begins an element, which the caller then writes to `output` as one JSON value.
    public mutating func beginElement() {
        self.separate()
        self.mayHoldForeignPlaceholders = true
    }

    private mutating func separate() {
        if !self.isAtFirst { self.output.writeInteger(UInt8(ascii: ",")) }
        self.isAtFirst = false
    }
}

// MARK: Elements

extension JSONArgumentWriter {
    public mutating func append(string: String) {
        self.separate()
        self.output.writeJSONString(string)
    }

    public mutating func append(integer: some FixedWidthInteger) {
        self.separate()
        self.output.writeJSONInteger(integer)
    }

    /// Writes the number as `JSON.stringify` does: `1.0` as `1`, infinities and what is not a number as `null`.
    public mutating func append(double: Double) {
        self.separate()
        self.output.writeJSONDouble(double)
    }

    public mutating func append(bool: Bool) {
        self.separate()
        self.output.writeJSONBoolean(bool)
    }

    public mutating func appendNull() {
        self.separate()
        self.output.writeStaticString("null")
    }

    public mutating func append(binary: ByteBuffer) {
        self.separate()
        self.writePlaceholder(for: binary)
    }

    /// - Parameter json: one value as JSON text, which is not checked.
    public mutating func append(json: ByteBuffer) {
        self.mayHoldForeignPlaceholders = true
        guard !self.isAtFirst else {
            self.isAtFirst = false
            self.output.writeImmutableBuffer(json)
            return
        }
        json.withUnsafeReadableBytes { bytes in
            self.output.writeJoined(bytes.count + 1) { text in
                text.append(UInt8(ascii: ","))
                text.append(bytes)
            }
        }
    }

    /// Writes an element by a function that appends one JSON value to a text, and to a list of attachments those
    /// that the value has; their numbers are their places in that list.
    public mutating func appendElement(_ write: (inout ByteBuffer, inout [ByteBuffer]) -> Void) {
        self.beginElement()
        let start = self.output.readableBytes
        var parts = self.binary.take() ?? BinaryParts()
        let known = parts.attachments.count
        write(&self.output, &parts.attachments)
        defer { self.binary = parts.attachments.isEmpty ? nil : parts }
        guard parts.attachments.count > known,
            let placeholders = try? self.output.suffix(from: start)?.placeholders()
        else { return }
        for placeholder in placeholders {
            guard let number = placeholder.number, number >= known, number < parts.attachments.count else { continue }
            parts.placeholderOffsets.append(start + placeholder.range.lowerBound)
        }
    }

    /// Passes an argument on as it came, with those attachments that it refers to. Arguments of one packet that
    /// are passed on one after the other share their attachments.
    ///
    /// - Returns: `false` for MessagePack, which must be decoded first; nothing is written then.
    public mutating func append(raw: RawArgument) -> Bool {
        guard raw.encoding == .json else { return false }
        guard !raw.attachments.isEmpty, let placeholders = try? raw.bytes.placeholders() else {
            self.append(json: raw.bytes)
            return true
        }
        self.separate()
        var parts = self.binary.take() ?? BinaryParts()
        parts.splice(raw, placeholders, to: &self.output)
        self.binary = parts
        return true
    }

    /// Writes what stands for an attachment anywhere inside an element.
    public mutating func writePlaceholder(for attachment: ByteBuffer) {
        var parts = self.binary.take() ?? BinaryParts()
        parts.writePlaceholder(for: attachment, to: &self.output)
        self.binary = parts
    }
}

// MARK: Placeholders of others

extension JSONArgumentWriter {
    private mutating func eraseForeignPlaceholders() {
        guard let binary = self.binary, self.mayHoldForeignPlaceholders,
            let array = self.output.suffix(from: self.start), let placeholders = try? array.placeholders()
        else { return }
        let foreign = binary.foreign(among: placeholders, from: self.start)
        guard !foreign.isEmpty else { return }
        self.output.moveWriterIndex(to: self.output.readerIndex + self.start)
        var copied = 0
        for range in foreign {
            self.output.write(array, copied..<range.lowerBound)
            self.output.writeStaticString("null")
            copied = range.upperBound
        }
        self.output.write(array, copied..<array.readableBytes)
    }
}

/// The attachments of a packet that is being written, and the placeholders for them.
private struct BinaryParts: Sendable {
    var attachments: [ByteBuffer] = []
    /// Where the placeholders stand that were made here, counted in readable bytes of the output.
    var placeholderOffsets: [Int] = []
    private var lastSpliced = SplicedAttachments()

    mutating func writePlaceholder(for attachment: ByteBuffer, to output: inout ByteBuffer) {
        self.attachments.append(attachment)
        self.writePlaceholder(number: self.attachments.count - 1, to: &output)
    }

    private mutating func writePlaceholder(number: Int, to output: inout ByteBuffer) {
        self.placeholderOffsets.append(output.readableBytes)
        output.writePlaceholder(number)
    }

    mutating func splice(_ raw: RawArgument, _ placeholders: [Placeholder], to output: inout ByteBuffer) {
        if self.lastSpliced.source != raw.attachments { self.lastSpliced = SplicedAttachments(of: raw.attachments) }
        var copied = 0
        for placeholder in placeholders {
            output.write(raw.bytes, copied..<placeholder.range.lowerBound)
            self.writePlaceholder(splicing: placeholder.number, to: &output)
            copied = placeholder.range.upperBound
        }
        output.write(raw.bytes, copied..<raw.bytes.readableBytes)
    }

    private mutating func writePlaceholder(splicing number: Int?, to output: inout ByteBuffer) {
        guard let number, self.lastSpliced.source.indices.contains(number) else {
            output.writeStaticString("null")
            return
        }
        if let known = self.lastSpliced.numbers[number] {
            self.writePlaceholder(number: known, to: &output)
        } else {
            self.lastSpliced.numbers[number] = self.attachments.count
            self.writePlaceholder(for: self.lastSpliced.source[number], to: &output)
        }
    }

    /// The placeholders that were not made here. Both lists are in the order of the text.
    ///
    /// - Parameter start: where the text begins in which `placeholders` were found.
    func foreign(among placeholders: [Placeholder], from start: Int) -> [Range<Int>] {
        var own = self.placeholderOffsets[...]
        return placeholders.map(\.range).filter { range in
            let offset = range.lowerBound + start
            own = own.drop { $0 < offset }
            return own.first != offset
        }
    }
}

/// The attachments of a packet that arguments are being passed on from, and which number each has got.
private struct SplicedAttachments: Sendable {
    var source: [ByteBuffer] = []
    var numbers: [Int: Int] = [:]

    init(of source: [ByteBuffer] = []) {
        self.source = source
    }
}

extension ByteBuffer {
    fileprivate func suffix(from offset: Int) -> ByteBuffer? {
        self.getSlice(at: self.readerIndex + offset, length: self.readableBytes - offset)
    }

    fileprivate mutating func write(_ other: ByteBuffer, _ range: Range<Int>) {
        guard let slice = other.getSlice(at: other.readerIndex + range.lowerBound, length: range.count) else { return }
        self.writeImmutableBuffer(slice)
    }
}
