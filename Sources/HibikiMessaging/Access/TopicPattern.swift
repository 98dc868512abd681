// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Which topics a rule is about, by the segments of their names: what stands between slashes.
///
/// | segment | stands for |
/// |---|---|
/// | `orders` | itself |
/// | `*` | any one segment |
/// | `**`, at the end | one segment or more, whatever they are |
/// | `{id}`, `user-{id}` | the id of the principal, perhaps with something before or after it |
/// | `{role}` | any one role of the principal |
///
/// An id or a role counts as it is, and only within one segment: one that has a slash or a star in it opens nothing.
public struct TopicPattern: Hashable, Sendable {
    private enum Segment: Hashable {
        case text([UInt8])
        case any
        case id(before: [UInt8], after: [UInt8])
        case role(before: [UInt8], after: [UInt8])
    }

    /// Why a text is no pattern.
    public struct Problem: Error, CustomStringConvertible {
        public let description: String
    }

    public let text: String
    private let segments: [Segment]
    private let hasRest: Bool

    public init(_ text: String) throws(Problem) {
        guard !text.isEmpty, text.utf8.count <= Topic.maximumBytes else {
            throw Problem(description: "a pattern has 1 to \(Topic.maximumBytes) bytes")
        }
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        self.hasRest = parts.last == Array("**".utf8)
        if self.hasRest { parts.removeLast() }
        var segments: [Segment] = []
        for part in parts { segments.append(try Self.segment(part)) }
        self.segments = segments
        self.text = text
    }

    private static func segment(_ bytes: [UInt8]) throws(Problem) -> Segment {
        guard bytes != [UInt8(ascii: "*")] else { return .any }
        guard !bytes.contains(UInt8(ascii: "*")) else {
            throw Problem(description: "* stands for a whole segment, and ** for the last ones")
        }
        guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else {
            guard !bytes.contains(UInt8(ascii: "}")) else { throw Self.badPlaceholder }
            return .text(bytes)
        }
        guard let close = bytes.firstIndex(of: UInt8(ascii: "}")), open < close else { throw Self.badPlaceholder }
        let before = Array(bytes[..<open])
        let after = Array(bytes[bytes.index(after: close)...])
        guard !after.contains(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }) else {
            throw Self.badPlaceholder
        }
        switch String(decoding: bytes[bytes.index(after: open)..<close], as: UTF8.self) {
        case "id": return .id(before: before, after: after)
        case "role": return .role(before: before, after: after)
        default: throw Self.badPlaceholder
        }
    }

    private static var badPlaceholder: Problem {
        Problem(description: "the placeholders are {id} and {role}, one in a segment")
    }

    /// Takes time in proportion to the name, whatever the pattern is.
    public func matches(_ topic: Topic, for principal: Principal) -> Bool {
        var rest = topic.name.utf8[...]
        for (index, segment) in self.segments.enumerated() {
            let part = rest.prefix { $0 != UInt8(ascii: "/") }
            guard Self.matches(part, segment, principal) else { return false }
            let isLast = part.endIndex == rest.endIndex
            guard !isLast else { return !self.hasRest && index == self.segments.count - 1 }
            rest = rest[rest.index(after: part.endIndex)...]
        }
        return self.hasRest
    }

    private static func matches(_ part: Substring.UTF8View, _ segment: Segment, _ principal: Principal) -> Bool {
        switch segment {
        case .text(let text): part.elementsEqual(text)
        case .any: true
        case .id(let before, let after): principal.id.map { self.matches(part, before, $0, after) } ?? false
        case .role(let before, let after): principal.roles.contains { self.matches(part, before, $0, after) }
        }
    }

    private static func matches(
        _ part: Substring.UTF8View, _ before: [UInt8], _ name: String, _ after: [UInt8]
    ) -> Bool {
        let bytes = name.utf8
        guard !bytes.isEmpty, part.count == before.count + bytes.count + after.count else { return false }
        return part.starts(with: before) && part.dropFirst(before.count).starts(with: bytes)
            && part.dropFirst(before.count + bytes.count).elementsEqual(after)
    }
}
