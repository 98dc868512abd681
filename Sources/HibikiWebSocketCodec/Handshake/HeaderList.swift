// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The elements of a comma-separated header value (RFC 9110 §5.6.1) as bytes, without the white space around them and
/// without the empty ones. A comma inside a quoted string separates nothing. Linear in the length of the value.
struct HeaderList: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var index = 0

    init(_ value: String) {
        self.bytes = Array(value.utf8)
    }

    mutating func next() -> ArraySlice<UInt8>? {
        while self.index < self.bytes.count {
            let start = self.index
            let end = self.endOfElement()
            self.index = end + 1
            let element = Self.trim(self.bytes[start..<end])
            if !element.isEmpty { return element }
        }
        return nil
    }

    private func endOfElement() -> Int {
        var index = self.index
        var isQuoted = false
        while index < self.bytes.count {
            switch self.bytes[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: ",") where !isQuoted: return index
            default: break
            }
            index += 1
        }
        return self.bytes.count
    }

    private static func trim(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop(while: \.isHeaderSpace)
        while let last = bytes.last, last.isHeaderSpace { bytes = bytes.dropLast() }
        return bytes
    }
}

extension HeaderList {
    /// `value` without the white space around it.
    static func trimmed(_ value: String) -> String {
        let isTrimmed = value.utf8.first?.isHeaderSpace != true && value.utf8.last?.isHeaderSpace != true
        return isTrimmed ? value : String(decoding: self.trim(Array(value.utf8)[...]), as: UTF8.self)
    }

    /// Whether an element of one of `values` is `word`, which is in lower case, in any case.
    static func contains(_ word: String, in values: [String]) -> Bool {
        values.contains { value in
            // Most lists have one element.
            self.isWord(value.utf8, word) || HeaderList(value).contains { self.isWord($0, word) }
        }
    }

    private static func isWord(_ element: some Sequence<UInt8>, _ word: String) -> Bool {
        element.lazy.map(\.asciiLowercased).elementsEqual(word.utf8)
    }
}

/// Reads tokens and quoted strings (RFC 9110 §5.6.2, §5.6.4) with white space between them.
struct HeaderCursor {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.rest = bytes
    }

    var isAtEnd: Bool {
        self.rest.isEmpty
    }

    mutating func takes(_ byte: UInt8) -> Bool {
        guard self.rest.first == byte else { return false }
        self.rest.removeFirst()
        self.skipSpace()
        return true
    }

    mutating func token() -> ArraySlice<UInt8>? {
        let token = self.rest.prefix(while: \.isHeaderTokenByte)
        guard !token.isEmpty else { return nil }
        self.rest = self.rest.dropFirst(token.count)
        self.skipSpace()
        return token
    }

    /// A token, or a quoted string without its quotes.
    mutating func value() -> [UInt8]? {
        guard self.rest.first == UInt8(ascii: "\"") else { return self.token().map(Array.init) }
        var value: [UInt8] = []
        var index = self.rest.startIndex + 1
        while index < self.rest.endIndex {
            switch self.rest[index] {
            case UInt8(ascii: "\""):
                self.rest = self.rest[(index + 1)...]
                self.skipSpace()
                return value
            case UInt8(ascii: "\\"):
                index += 1
                guard index < self.rest.endIndex else { return nil }
                value.append(self.rest[index])
            case let byte:
                value.append(byte)
            }
            index += 1
        }
        return nil
    }

    private mutating func skipSpace() {
        self.rest = self.rest.drop(while: \.isHeaderSpace)
    }
}

extension UInt8 {
    /// Space and tab (RFC 9110 §5.6.3).
    var isHeaderSpace: Bool {
        self == 0x20 || self == 0x09
    }

    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    /// `tchar` of RFC 9110 §5.6.2.
    var isHeaderTokenByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }
}
