// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A value of JSON: an operation as it is written, an attribute, an embed.
public enum OTValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(UTF16Text)
    case array([OTValue])
    case object(OTObject)

    public init(_ string: String) { self = .string(UTF16Text(string)) }
    public init(_ number: Int) { self = .number(Double(number)) }

    /// The number, if it is whole and one that every reader of JSON holds exactly.
    public var integer: Int? {
        guard case .number(let number) = self, let whole = number.whole else { return nil }
        return Int(exactly: whole)
    }

    /// The text of a string.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text.string
    }

    /// What an object holds under a key.
    public subscript(key: String) -> OTValue? {
        guard case .object(let object) = self else { return nil }
        return object[UTF16Text(key)]
    }

    /// About how many bytes it holds in memory.
    var weight: Int {
        switch self {
        case .null, .bool, .number: 16
        case .string(let text): text.weight
        case .array(let values): values.reduce(48) { $0 + $1.weight }
        case .object(let object): object.weight
        }
    }
}

extension OTValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral bool: Bool) { self = .bool(bool) }
    public init(integerLiteral number: Int) { self = .number(Double(number)) }
    public init(floatLiteral number: Double) { self = .number(number) }
    public init(stringLiteral string: String) { self = .string(UTF16Text(string)) }
    public init(arrayLiteral values: OTValue...) { self = .array(values) }
    public init(dictionaryLiteral members: (UTF16Text, OTValue)...) { self = .object(OTObject(members)) }
}

extension OTValue {
    /// Reads one value from bytes of JSON; anything but space after it is refused.
    public init(json: [UInt8], limits: OTLimits = .standard) throws(OTError) {
        self = try JSONReader.value(json, limits: limits)
    }

    /// The value as JSON, without space, members in the order of their keys. A number that JSON cannot say is `null`.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }
}

extension Double {
    /// The number, if it is whole and below 2^53.
    ///
    /// `Int64(exactly:)` would need the C library's mathematics, which a program that links this target alone lacks on
    /// Linux.
    var whole: Int64? {
        guard self.magnitude < 0x1p53 else { return nil }
        let whole = Int64(self)
        return Double(whole) == self ? whole : nil
    }
}
