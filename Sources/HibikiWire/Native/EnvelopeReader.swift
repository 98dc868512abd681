// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The members that a kind of message may have, as places in its text.
protocol MemberTable {
    init()
    var id: JSONValue? { get }
    /// Notes where a member's value stands; `false` if that member was there before. A name that means nothing
    /// here is passed over.
    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool
}

extension MemberTable {
    static func fill(_ slot: inout JSONValue?, _ value: JSONValue) -> Bool {
        guard slot == nil else { return false }
        slot = value
        return true
    }
}

/// Reads one object into a table in a single pass, and then its members out of the table.
///
/// An error carries the `id` of the message wherever in the text that stood, as long as the text was JSON up to there.
struct EnvelopeReader<Members: MemberTable> {
    private(set) var scanner: JSONScanner
    private(set) var members = Members()
    /// Where the object ended; a missing member is reported there.
    private var end = 0
    private var isIDRepeated = false

    init(_ scanner: JSONScanner) {
        self.scanner = scanner
    }

    mutating func readObject() throws(WireError) {
        var name: JSONText?
        var firstProblem: WireError?
        do throws(JSONSyntaxError) {
            try self.scanner.enterObject()
            name = try self.scanner.nextMember()
            while let known = name {
                let value = try self.scanner.readValue()
                if !self.members.note(value, for: known) {
                    if "id" ~= known { self.isIDRepeated = true }
                    firstProblem = firstProblem ?? self.invalid(known, "duplicate member", value.range.lowerBound)
                }
                name = nil
                name = try self.scanner.nextMember()
            }
        } catch {
            throw self.invalid(name, error.message, error.offset)
        }
        self.end = self.scanner.offset - 1
        if var firstProblem {
            firstProblem.id = self.readableID
            throw firstProblem
        }
    }

    /// Reads an array of objects, one after the other into a fresh table; one more than `limit` is `too_large`.
    mutating func readList<Element>(
        limit: Int = .max, _ read: (borrowing EnvelopeReader) throws(WireError) -> Element
    ) throws(WireError) -> [Element] {
        var elements: [Element] = []
        try self.scanner.orInvalid { scanner throws(JSONSyntaxError) in try scanner.enterArray() }
        while try self.scanner.orInvalid({ scanner throws(JSONSyntaxError) in try scanner.nextElement() }) {
            guard elements.count < limit else { throw WireError(.tooLarge, "more than \(limit) elements") }
            var element = EnvelopeReader(self.scanner)
            try element.readObject()
            self.scanner = element.scanner
            elements.append(try read(element))
        }
        return elements
    }

    mutating func finish() throws(WireError) {
        do throws(JSONSyntaxError) {
            try self.scanner.finish()
        } catch {
            throw self.invalid(nil, error.message, error.offset)
        }
    }
}

// MARK: Members

extension EnvelopeReader {
    func string(_ value: JSONValue?, _ name: StaticString) throws(WireError) -> String {
        guard let value else { throw self.missing(name) }
        guard value.kind == .string else { throw self.invalid(name, "expected a string", value) }
        return self.scanner.text(of: value).string
    }

    func string(
        _ value: JSONValue?, _ name: StaticString, bytes lengths: ClosedRange<Int>
    ) throws(WireError) -> String {
        let string = try self.string(value, name)
        guard lengths.contains(string.utf8.count) else {
            throw self.invalid(name, "expected \(lengths.lowerBound) to \(lengths.upperBound) bytes", value)
        }
        return string
    }

    func optionalString(_ value: JSONValue?, _ name: StaticString) throws(WireError) -> String? {
        guard value != nil else { return nil }
        return try self.string(value, name)
    }

    /// The name of an event, which may be left out.
    func eventName(_ value: JSONValue?) throws(WireError) -> String {
        guard value != nil else { return EventFields.defaultName }
        return try self.string(value, "event", bytes: EventFields.nameLengths)
    }

    func integer(_ value: JSONValue?, _ name: StaticString) throws(WireError) -> Int64 {
        guard let value else { throw self.missing(name) }
        guard let integer = self.scanner.integer(of: value) else {
            throw self.invalid(name, "expected an integer", value)
        }
        return integer
    }

    /// A flag that may be left out, which means `false`.
    func flag(_ value: JSONValue?, _ name: StaticString) throws(WireError) -> Bool {
        switch value?.kind {
        case nil, .false: return false
        case .true: return true
        default: throw self.invalid(name, "expected true or false", value)
        }
    }

    /// A member of any type, as a slice of the text that it stands in.
    func slice(_ value: JSONValue?, _ name: StaticString, of text: ByteBuffer) throws(WireError) -> ByteBuffer {
        guard let value else { throw self.missing(name) }
        let slice = text.getSlice(at: text.readerIndex + value.range.lowerBound, length: value.range.count)
        guard let slice else { throw self.invalid(name, "expected a value", value) }
        return slice
    }

    /// The `id`, which may be left out but not be of another type.
    func requestID() throws(WireError) -> RequestID? {
        guard let value = self.members.id else { return nil }
        guard let id = self.readableID else {
            throw self.invalid("id", "expected an integer or a string of 1 to 128 bytes", value)
        }
        return id
    }

    private var readableID: RequestID? {
        guard let value = self.members.id, !self.isIDRepeated else { return nil }
        if let number = self.scanner.integer(of: value) { return .number(number) }
        guard value.kind == .string else { return nil }
        let text = self.scanner.text(of: value)
        return RequestID.lengths.contains(text.count) ? .string(text.string) : nil
    }
}

// MARK: Errors

extension EnvelopeReader {
    func missing(_ name: StaticString) -> WireError {
        self.invalid("\(name)", "missing", self.end)
    }

    func invalid(_ name: StaticString, _ problem: String, _ value: JSONValue?) -> WireError {
        self.invalid("\(name)", problem, value?.range.lowerBound ?? self.end)
    }

    /// A name that came from the network is repeated only where it is short.
    private func invalid(_ name: JSONText?, _ problem: String, _ offset: Int) -> WireError {
        guard let name, name.count <= 32 else { return self.invalid("", problem, offset) }
        return self.invalid(name.string, problem, offset)
    }

    private func invalid(_ name: String, _ problem: String, _ offset: Int) -> WireError {
        let prefix = name.isEmpty ? "" : "\(name): "
        return WireError(.invalidMessage, "\(prefix)\(problem) at byte \(offset)", id: self.readableID)
    }
}

extension JSONScanner {
    /// A scanner over the same text that stands before a value that was passed.
    package func rewound(to value: JSONValue) -> JSONScanner {
        JSONScanner(self.bytes, from: value.range.lowerBound)
    }

    /// Runs a step of the scanner and says its error as the wire does.
    mutating func orInvalid<Result>(
        _ step: (inout JSONScanner) throws(JSONSyntaxError) -> Result
    ) throws(WireError) -> Result {
        do throws(JSONSyntaxError) {
            return try step(&self)
        } catch {
            throw WireError(.invalidMessage, "\(error.message) at byte \(error.offset)")
        }
    }
}
