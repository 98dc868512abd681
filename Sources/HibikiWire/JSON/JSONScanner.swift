// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// A cursor over one JSON text (RFC 8259) that checks every byte it passes.
///
/// It goes forward only, in linear time, and allocates nothing while it skips. Nesting is followed without
/// recursion. It assumes UTF-8: who has no such guarantee asks `ByteBuffer.isValidUTF8` first. What it reads
/// from a string is repaired otherwise, never trapped on.
///
/// ```swift
/// try buffer.withJSONScanner { scanner throws(JSONSyntaxError) in
///     try scanner.enterObject()
///     while let name = try scanner.nextMember() {
///         switch name {
///         case "topic": topic = try scanner.readString()
///         default: try scanner.readValue()
///         }
///     }
///     try scanner.finish()
/// }
/// ```
///
/// It borrows its bytes: it must not outlive the closure that lent them.
public struct JSONScanner {
    /// How deep a text may nest; the outermost object or array is the first level. The kinds of the open levels
    /// are kept in one 64-bit word.
    public static let maximumDepth = 64

    let bytes: UnsafeRawBufferPointer
    /// The next byte to be read, counted from the start of the text.
    public internal(set) var offset: Int
    private let depthLimit: Int
    private var depth = 0
    /// Whether the innermost open object or array has not given a member or element yet.
    private var isAtFirst = false

    /// - Parameters:
    ///   - offset: where the text begins in `bytes`.
    ///   - depthLimit: levels of nesting, at most and by default 64.
    public init(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0, depthLimit: Int = JSONScanner.maximumDepth) {
        self.bytes = bytes
        self.offset = max(0, offset)
        self.depthLimit = min(depthLimit, Self.maximumDepth)
    }

    /// Begins inside an array that is no other's element, behind an element of it.
    ///
    /// - Parameter end: where the element ends, which the caller knows from a text that began with the same bytes.
    package init(_ bytes: UnsafeRawBufferPointer, behindElementEndingAt end: Int, depthLimit: Int) {
        self.init(bytes, from: end, depthLimit: depthLimit)
        self.depth = 1
    }

    /// The byte at the cursor, or `nil` at the end of the text.
    @inline(__always)
    var current: UInt8? {
        self.offset < self.bytes.count ? self.bytes[self.offset] : nil
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while let byte = self.current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { self.offset += 1 }
    }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard self.current == byte else { return false }
        self.offset += 1
        return true
    }

    /// Whether an array comes next.
    var isAtArray: Bool {
        mutating get {
            self.skipWhitespace()
            return self.current == UInt8(ascii: "[")
        }
    }

    func expected(_ what: String) -> JSONSyntaxError {
        JSONSyntaxError(message: "expected \(what)", offset: self.offset)
    }

    /// Checks that nothing but whitespace is left.
    public mutating func finish() throws(JSONSyntaxError) {
        self.skipWhitespace()
        guard self.offset >= self.bytes.count else { throw self.expected("the end of the text") }
    }
}

// MARK: Objects and arrays

extension JSONScanner {
    public mutating func enterObject() throws(JSONSyntaxError) {
        try self.enter(UInt8(ascii: "{"), "an object")
    }

    public mutating func enterArray() throws(JSONSyntaxError) {
        try self.enter(UInt8(ascii: "["), "an array")
    }

    private mutating func enter(_ bracket: UInt8, _ what: String) throws(JSONSyntaxError) {
        self.skipWhitespace()
        guard self.current == bracket else { throw self.expected(what) }
        guard self.depth < self.depthLimit else {
            throw JSONSyntaxError(message: "nested deeper than \(self.depthLimit) levels", offset: self.offset)
        }
        self.offset += 1
        self.depth += 1
        self.isAtFirst = true
    }

    /// Reads up to the value of the next member, which the caller then reads; `nil` when the object has ended.
    ///
    /// Repeated names are the caller's to refuse: it knows which ones matter, and remembering all of them would
    /// cost memory.
    public mutating func nextMember() throws(JSONSyntaxError) -> JSONText? {
        guard let name = try self.nextName() else { return nil }
        return self.text(of: name)
    }

    /// Reads up to the next element, which the caller then reads; `false` when the array has ended.
    public mutating func nextElement() throws(JSONSyntaxError) -> Bool {
        try self.advance(until: UInt8(ascii: "]"), "a comma or the end of the array")
    }

    private mutating func nextName() throws(JSONSyntaxError) -> JSONValue? {
        guard try self.advance(until: UInt8(ascii: "}"), "a comma or the end of the object") else { return nil }
        self.skipWhitespace()
        guard self.current == UInt8(ascii: "\"") else { throw self.expected("a member's name") }
        let name = try self.scanString()
        self.skipWhitespace()
        guard self.take(UInt8(ascii: ":")) else { throw self.expected("a colon") }
        return name
    }

    private mutating func advance(until bracket: UInt8, _ what: String) throws(JSONSyntaxError) -> Bool {
        self.skipWhitespace()
        if self.take(bracket) {
            self.depth -= 1
            self.isAtFirst = false
            return false
        }
        guard self.isAtFirst || self.take(UInt8(ascii: ",")) else { throw self.expected(what) }
        self.isAtFirst = false
        return true
    }
}

// MARK: Values

extension JSONScanner {
    /// Checks the next value, passes it, and says what and where it was.
    @discardableResult
    public mutating func readValue() throws(JSONSyntaxError) -> JSONValue {
        self.skipWhitespace()
        switch self.current {
        case UInt8(ascii: "{"): return try self.scanNested(.object)
        case UInt8(ascii: "["): return try self.scanNested(.array)
        default: return try self.scanScalar()
        }
    }

    private mutating func scanScalar() throws(JSONSyntaxError) -> JSONValue {
        switch self.current {
        case UInt8(ascii: "\""): return try self.scanString()
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try self.scanNumber()
        case UInt8(ascii: "t"): return try self.scanWord("true", .true)
        case UInt8(ascii: "f"): return try self.scanWord("false", .false)
        case UInt8(ascii: "n"): return try self.scanWord("null", .null)
        default: throw self.expected("a value")
        }
    }

    private mutating func scanNested(_ kind: JSONValue.Kind) throws(JSONSyntaxError) -> JSONValue {
        let start = self.offset
        let outerDepth = self.depth
        /// One bit for each level that was entered here, the innermost lowest: 1 for an object.
        var objects: UInt64 = 0
        try self.open(kind, &objects)
        while self.depth > outerDepth {
            let goesOn = objects & 1 == 1 ? try self.nextName() != nil : try self.nextElement()
            guard goesOn else {
                objects >>= 1
                continue
            }
            self.skipWhitespace()
            switch self.current {
            case UInt8(ascii: "{"): try self.open(.object, &objects)
            case UInt8(ascii: "["): try self.open(.array, &objects)
            default: _ = try self.scanScalar()
            }
        }
        return JSONValue(kind, start..<self.offset)
    }

    private mutating func open(_ kind: JSONValue.Kind, _ objects: inout UInt64) throws(JSONSyntaxError) {
        objects <<= 1
        if kind == .object {
            objects |= 1
            try self.enterObject()
        } else {
            try self.enterArray()
        }
    }

    private mutating func scanWord(_ word: StaticString, _ kind: JSONValue.Kind) throws(JSONSyntaxError) -> JSONValue {
        let start = self.offset
        let end = start + word.utf8CodeUnitCount
        guard end <= self.bytes.count,
            word ~= JSONText(plain: UnsafeRawBufferPointer(rebasing: self.bytes[start..<end]))
        else {
            throw self.expected("a value")
        }
        self.offset = end
        return JSONValue(kind, start..<end)
    }
}

extension ByteBuffer {
    /// Lends a scanner over the readable bytes.
    public func withJSONScanner<Result, Failure: Error>(
        depthLimit: Int = JSONScanner.maximumDepth,
        _ body: (inout JSONScanner) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.withUnsafeReadableBytes { bytes throws(Failure) in
            var scanner = JSONScanner(bytes, depthLimit: depthLimit)
            return try body(&scanner)
        }
    }
}
