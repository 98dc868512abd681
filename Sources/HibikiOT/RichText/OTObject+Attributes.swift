// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Attributes of rich text: what becomes of them when operations are composed, transformed and taken back.
extension OTObject {
    /// These attributes with `next` set upon them.
    ///
    /// A null takes an attribute away. On a retain it is kept, for the document may have what it takes away.
    func composed(with next: OTObject, keepsNull: Bool) -> OTObject {
        if next.isEmpty { return self }
        return self.merged(with: next) { mine, theirs in
            guard let theirs else { return mine }
            return theirs == .null && !keepsNull ? nil : theirs
        }
    }

    /// These attributes without those that `other` sets too.
    func without(_ other: OTObject) -> OTObject {
        if other.isEmpty { return self }
        return self.merged(with: other) { mine, theirs in theirs == nil ? mine : nil }
    }

    /// What takes these attributes back from text that had `base`.
    func inverted(on base: OTObject) -> OTObject {
        self.merged(with: base) { mine, had in
            guard let mine else { return nil }
            guard let had else { return .null }
            return had == mine ? nil : had
        }
    }

    func withoutNulls() -> OTObject {
        guard self.members.contains(where: { $0.value == .null }) else { return self }
        return OTObject(ordered: self.members.filter { $0.value != .null })
    }

    /// Walks both in the order of keys and keeps what `choose` gives for each key.
    private func merged(with other: OTObject, _ choose: (OTValue?, OTValue?) -> OTValue?) -> OTObject {
        var result: [Member] = []
        var mine = self.members.makeIterator()
        var theirs = other.members.makeIterator()
        var left = mine.next()
        var right = theirs.next()
        while let key = Self.first(left?.key, right?.key) {
            let isLeft = left?.key == key
            let isRight = right?.key == key
            if let value = choose(isLeft ? left?.value : nil, isRight ? right?.value : nil) {
                result.append(Member(key: key, value: value))
            }
            if isLeft { left = mine.next() }
            if isRight { right = theirs.next() }
        }
        return OTObject(ordered: result)
    }

    private static func first(_ left: UTF16Text?, _ right: UTF16Text?) -> UTF16Text? {
        guard let left else { return right }
        guard let right else { return left }
        return min(left, right)
    }
}
