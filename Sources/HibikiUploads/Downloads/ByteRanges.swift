// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a `Range` asks for (RFC 9110 §14.2), of a file whose length is known.
public enum ByteRanges: Equatable, Sendable {
    /// Everything: there is no range, or none that is understood, which a server ignores.
    case whole
    case part(Range<Int>)
    /// Nothing of what is asked for is there: 416.
    case unsatisfiable

    /// - Parameter text: the field; `nil` if there is none.
    ///
    /// One range is answered as such. Several are answered with the whole file, as §14.2 allows: whoever asks for parts that overlap a thousand
    /// times would get more than the file otherwise.
    public init(_ text: String?, length: Int) {
        guard let text, let specification = Self.specification(text) else {
            self = .whole
            return
        }
        guard specification.count == 1, let asked = specification.first else {
            self = specification.contains { $0.resolve(length) != nil } ? .whole : .unsatisfiable
            return
        }
        self = asked.resolve(length).map { .part($0) } ?? .unsatisfiable
    }

    private enum Asked {
        /// Both included; `nil` for the end of the file.
        case from(Int, through: Int?)
        case last(Int)

        func resolve(_ length: Int) -> Range<Int>? {
            switch self {
            case .from(let first, let last):
                guard first < length else { return nil }
                return first..<(min(last ?? .max, length - 1) + 1)
            case .last(let count):
                guard count > 0, length > 0 else { return nil }
                return max(0, length - count)..<length
            }
        }
    }

    /// `nil` for what breaks the grammar, or is in another unit.
    private static func specification(_ text: String) -> [Asked]? {
        let bytes = text.utf8
        guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
            String(bytes[..<equals])?.lowercased() == "bytes"
        else { return nil }
        var asked: [Asked] = []
        for part in bytes[bytes.index(after: equals)...].split(separator: UInt8(ascii: ",")) {
            let words = part.drop(while: Self.isBlank).reversed().drop(while: Self.isBlank).reversed()
            guard !words.isEmpty else { continue }
            guard let one = self.one(Array(words)) else { return nil }
            asked.append(one)
        }
        return asked.isEmpty ? nil : asked
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func one(_ bytes: [UInt8]) -> Asked? {
        guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")) else { return nil }
        let before = bytes[..<dash]
        let after = bytes[(dash + 1)...]
        guard before.allSatisfy(\.isDigit), after.allSatisfy(\.isDigit) else { return nil }
        if before.isEmpty {
            return after.isEmpty ? nil : .last(Self.number(after))
        }
        let first = Self.number(before)
        guard !after.isEmpty else { return .from(first, through: nil) }
        let last = Self.number(after)
        return last < first ? nil : .from(first, through: last)
    }

    /// Saturates: a number with more digits than an integer has is beyond the end of every file.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }
}
