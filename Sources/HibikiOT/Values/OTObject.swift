// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The members of an object of JSON, in the order of their keys, each key once: an embed, or the attributes of a run.
///
/// A null in the attributes of a retain takes the attribute away.
public struct OTObject: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        public let key: UTF16Text
        public let value: OTValue
    }

    public private(set) var members: [Member] = []

    public init() {}

    /// Of two members with one key the later counts.
    public init(_ members: [(UTF16Text, OTValue)]) {
        let inOrder = members.enumerated().sorted { left, right in
            (left.element.0, left.offset) < (right.element.0, right.offset)
        }
        for (_, member) in inOrder {
            if self.members.last?.key == member.0 { self.members.removeLast() }
            self.members.append(Member(key: member.0, value: member.1))
        }
    }

    /// For members that are in order.
    init(ordered members: [Member]) { self.members = members }

    public var isEmpty: Bool { self.members.isEmpty }
    public var count: Int { self.members.count }

    public subscript(key: UTF16Text) -> OTValue? { self.members.first { $0.key == key }?.value }

    /// About how many bytes it holds in memory.
    var weight: Int { self.members.reduce(self.isEmpty ? 0 : 48) { $0 + $1.key.weight + $1.value.weight } }
}

extension OTObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (UTF16Text, OTValue)...) { self.init(members) }
}
