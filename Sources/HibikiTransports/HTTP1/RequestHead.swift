// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// The head of an HTTP/1.x request (RFC 9112 §3): the request line and the fields.
///
/// The fields stay where they were received and are looked up by name, so that a request which the front door answers
/// itself costs one small array.
package struct RequestHead {
    package struct Field {
        var name: Range<Int>
        var value: Range<Int>
    }

    package let method: String
    /// The path and query, without scheme and authority where the request line had them.
    package let target: String
    /// 0 or 1.
    package let minorVersion: Int
    /// Whether the request line brought its own authority (`GET http://host/path`), which then replaces `Host`.
    let authority: String?
    /// The bytes of the fields; the ranges count from its first readable byte.
    let bytes: ByteBuffer
    let fields: [Field]

    package var path: Substring {
        self.target[..<(self.target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? self.target.endIndex)]
    }

    package var query: Substring {
        guard let mark = self.target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return "" }
        return self.target[self.target.utf8.index(after: mark)...]
    }

    package var host: String? { self.authority ?? self.first("host") }

    /// - Parameter name: in lower case.
    package func first(_ name: StaticString) -> String? {
        for field in self.fields where self.isNamed(field, name) {
            return self.text(field.value)
        }
        return nil
    }

    /// All values of a field, in their order.
    package func values(_ name: StaticString) -> [String] {
        var values: [String] = []
        for field in self.fields where self.isNamed(field, name) {
            values.append(self.text(field.value))
        }
        return values
    }

    package func has(_ name: StaticString) -> Bool {
        self.fields.contains { self.isNamed($0, name) }
    }

    func count(_ name: StaticString) -> Int {
        self.fields.count { self.isNamed($0, name) }
    }

    /// Whether a comma-separated list names `token`, which is in lower case, in any case and with whatever parameters.
    package func list(_ name: StaticString, contains token: String) -> Bool {
        self.fields.contains { field in
            guard self.isNamed(field, name) else { return false }
            return self.bytes.withUnsafeReadableBytes { bytes in
                var rest = bytes[field.value]
                while !rest.isEmpty {
                    let element = rest.prefix { $0 != UInt8(ascii: ",") }
                    rest = rest.dropFirst(element.count + 1)
                    let word = element.prefix { $0 != UInt8(ascii: ";") }.trimmingSpaces()
                    if word.lazy.map(\.asciiLowercased).elementsEqual(token.utf8) { return true }
                }
                return false
            }
        }
    }

    /// Whether `Accept-Encoding` names a coding, with a weight other than 0 (RFC 9110 §12.5.3).
    package func accepts(coding: String) -> Bool {
        self.values("accept-encoding").contains { value in
            value.utf8.split(separator: UInt8(ascii: ",")).contains { part in
                let pieces = part.split(separator: UInt8(ascii: ";")).map {
                    Substring($0).trimmingSpaces().lowercased()
                }
                guard pieces.first == coding else { return false }
                let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }
                return weight.map { $0.dropFirst(2).contains { ("1"..."9").contains($0) } } ?? true
            }
        }
    }

    package var allFields: [(name: String, value: String)] {
        self.fields.map { (self.text($0.name), self.text($0.value)) }
    }

    private func text(_ range: Range<Int>) -> String {
        self.bytes.getString(at: self.bytes.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    private func isNamed(_ field: Field, _ name: StaticString) -> Bool {
        guard field.name.count == name.utf8CodeUnitCount else { return false }
        return self.bytes.withUnsafeReadableBytes { bytes in
            for index in 0..<field.name.count
            where bytes[field.name.lowerBound + index].asciiLowercased != name.utf8Start[index] {
                return false
            }
            return true
        }
    }
}

extension UInt8 {
    var isSpaceOrTab: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}

extension Substring {
    /// Without spaces and tabs at its ends.
    func trimmingSpaces() -> Substring { Substring(self.utf8.trimmingSpaces()) }
}

extension BidirectionalCollection<UInt8> {
    /// Without spaces and tabs at its ends.
    func trimmingSpaces() -> SubSequence {
        let text = self.drop(while: \.isSpaceOrTab)
        guard let last = text.lastIndex(where: { !$0.isSpaceOrTab }) else { return text }
        return text[...last]
    }
}
