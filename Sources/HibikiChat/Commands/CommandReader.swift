// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

/// The members of one JSON object, by name. It borrows the bytes of its scanner.
struct CommandReader {
    /// Longer names, and those with other than ASCII letters, mean nothing here.
    private static let longestName = 32

    private var scanner: JSONScanner
    private var members: [String: JSONValue] = [:]

    /// Reads the object that comes next.
    init(_ scanner: consuming JSONScanner) throws(WireError) {
        self.scanner = scanner
        do throws(JSONSyntaxError) {
            try self.scanner.enterObject()
            while let name = try self.scanner.nextMember() {
                let known = name.count <= Self.longestName ? name.string : nil
                let value = try self.scanner.readValue()
                guard let known, known.utf8.allSatisfy({ $0 < 0x80 }) else { continue }
                guard self.members.updateValue(value, forKey: known) == nil else {
                    throw JSONSyntaxError(message: "\(known): duplicate member", offset: value.range.lowerBound)
                }
            }
        } catch {
            throw WireError(.invalidMessage, "\(error.message) at byte \(error.offset)")
        }
    }

    /// Reads a whole text; an empty one is an object without members.
    static func read<Result>(
        _ text: ByteBuffer, _ body: (CommandReader) throws(WireError) -> Result
    ) throws(WireError) -> Result {
        guard text.isValidUTF8 else { throw WireError(.invalidMessage, "the text is not UTF-8") }
        let text = text.readableBytes == 0 ? ByteBuffer(string: "{}") : text
        return try text.withJSONScanner { scanner throws(WireError) in
            var reader = try CommandReader(scanner)
            do throws(JSONSyntaxError) { try reader.scanner.finish() } catch {
                throw WireError(.invalidMessage, "\(error.message) at byte \(error.offset)")
            }
            return try body(reader)
        }
    }

    /// The first of these names that is there and not null.
    private func value(_ names: [String]) -> JSONValue? {
        for name in names {
            if let value = self.members[name], value.kind != .null { return value }
        }
        return nil
    }

    func has(_ name: String) -> Bool { self.value([name]) != nil }

    func invalid(_ name: String, _ problem: String) -> WireError {
        WireError(.invalidMessage, "\(name): \(problem)")
    }
}

// MARK: Plain values

extension CommandReader {
    func optionalString(_ names: String...) throws(WireError) -> String? {
        guard let value = self.value(names) else { return nil }
        guard value.kind == .string else { throw self.invalid(names.first ?? "", "expected a string") }
        return self.scanner.text(of: value).string
    }

    func string(_ names: String...) throws(WireError) -> String {
        guard let value = self.value(names) else { throw self.invalid(names.first ?? "", "missing") }
        guard value.kind == .string else { throw self.invalid(names.first ?? "", "expected a string") }
        return self.scanner.text(of: value).string
    }

    func optionalInteger(_ name: String) throws(WireError) -> Int64? {
        guard let value = self.value([name]) else { return nil }
        guard let integer = self.scanner.integer(of: value) else { throw self.invalid(name, "expected an integer") }
        return integer
    }

    /// A number that counts something: 0 or more.
    func count(_ name: String) throws(WireError) -> Int? {
        guard let integer = try self.optionalInteger(name) else { return nil }
        guard integer >= 0 else { throw self.invalid(name, "expected 0 or more") }
        return Int(clamping: integer)
    }

    func flag(_ name: String) throws(WireError) -> Bool {
        switch self.value([name])?.kind {
        case nil, .false: return false
        case .true: return true
        default: throw self.invalid(name, "expected true or false")
        }
    }

    func timestamp(_ name: String) throws(WireError) -> Timestamp? {
        try self.optionalInteger(name).map(Timestamp.init(milliseconds:))
    }

    func choice<Choice: RawRepresentable<String>>(
        _ name: String, _ type: Choice.Type
    ) throws(WireError) -> Choice? {
        guard let text = try self.optionalString(name) else { return nil }
        guard let choice = Choice(rawValue: text) else { throw self.invalid(name, "no such value") }
        return choice
    }

    /// An array whose elements `read` takes one by one; empty if it is not there.
    func list<Element>(
        _ name: String, limit: Int, _ read: (JSONValue, JSONScanner) throws(WireError) -> Element
    ) throws(WireError) -> [Element] {
        guard let value = self.value([name]) else { return [] }
        guard value.kind == .array else { throw self.invalid(name, "expected an array") }
        var scanner = self.scanner.rewound(to: value)
        var elements: [Element] = []
        do {
            try scanner.enterArray()
            while try scanner.nextElement() {
                guard elements.count < limit else { throw WireError(.tooLarge, "\(name): more than \(limit)") }
                let element = try scanner.readValue()
                elements.append(try read(element, scanner))
            }
        } catch let error as WireError {
            throw error
        } catch {
            throw self.invalid(name, "expected an array")
        }
        return elements
    }
}
