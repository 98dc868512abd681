// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The members of a JSON object, in the order in which their names first came.
///
/// A name occurs once; setting it again replaces its value where it stands, as in JavaScript. Names are compared
/// byte by byte, not by canonical equivalence. Two objects are equal when they have the same members in
/// whatever order.
public struct JSONObject: Sendable {
    public typealias Element = (name: String, value: JSON)

    private var members: [Element] = []
    /// Where each name stands, once there are too many to look through one by one.
    private var positions: [Name: Int] = [:]

    private static let indexedCount = 12

    public init() {}

    /// Of members with the same name the last wins.
    public init(_ members: some Sequence<(String, JSON)>) {
        for (name, value) in members { self[name] = value }
    }

    /// The value of a member. Setting `nil` removes it; `.null` is a value.
    public subscript(name: String) -> JSON? {
        get { self.position(of: name).map { self.members[$0].value } }
        set {
            switch (self.position(of: name), newValue) {
            case (let position?, let value?): self.members[position].value = value
            case (let position?, nil): self.remove(at: position)
            case (nil, let value?): self.append(name, value)
            case (nil, nil): break
            }
        }
    }

    public var names: [String] { self.members.map(\.name) }

    mutating func reserveCapacity(_ count: Int) {
        self.members.reserveCapacity(count)
    }

    private func position(of name: String) -> Int? {
        guard self.positions.isEmpty else { return self.positions[Name(name)] }
        return self.members.firstIndex { $0.name.hasSameBytes(as: name) }
    }

    private mutating func append(_ name: String, _ value: JSON) {
        self.members.append((name, value))
        if !self.positions.isEmpty {
            self.positions[Name(name)] = self.members.count - 1
        } else if self.members.count > Self.indexedCount {
            self.indexNames()
        }
    }

    private mutating func remove(at position: Int) {
        self.members.remove(at: position)
        if !self.positions.isEmpty { self.indexNames() }
    }

    private mutating func indexNames() {
        self.positions.removeAll(keepingCapacity: true)
        for (position, member) in self.members.enumerated() { self.positions[Name(member.name)] = position }
    }
}

extension JSONObject: RandomAccessCollection {
    public var startIndex: Int { 0 }

    public var endIndex: Int { self.members.count }

    public subscript(position: Int) -> Element { self.members[position] }
}

extension JSONObject: Hashable {
    public static func == (one: JSONObject, other: JSONObject) -> Bool {
        guard one.count == other.count else { return false }
        return one.allSatisfy { other[$0.name] == $0.value }
    }

    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for member in self.members {
            var own = Hasher()
            own.combine(Name(member.name))
            own.combine(member.value)
            sum ^= own.finalize()
        }
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (String, JSON)...) {
        self.init(members)
    }
}

/// A name that equals another only if its bytes do. Its hash is made of the bytes too: otherwise many names that
/// are canonically equivalent would all fall into one place.
private struct Name: Hashable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (one: Name, other: Name) -> Bool {
        one.text.hasSameBytes(as: other.text)
    }

    func hash(into hasher: inout Hasher) {
        var text = self.text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(UInt8(0xFF))
    }
}
