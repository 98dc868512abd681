// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who speaks, as far as the server knows. One word, because every connection has one.
public struct Principal: Sendable {
    /// Nobody whom we know.
    public static let anonymous = Principal(facts: nil)

    /// The lengths that an id may have, in bytes.
    public static let idLengths = 1...255

    private struct Facts: Hashable, Sendable {
        var id: String
        var name: String?
        var roles: Set<String> = []
        var expiry: Timestamp?
        var grants: [Grant] = []
        var key: KeyIdentity?
    }

    private final class Box: Sendable {
        let facts: Facts

        init(_ facts: Facts) {
            self.facts = facts
        }
    }

    /// `nil` for nobody whom we know.
    private let box: Box?

    /// The length that a name may have, in bytes.
    public static let nameLengths = 1...128

    /// - Parameter name: what people call it, as far as it is known.
    public init(
        id: String, name: String? = nil, roles: Set<String> = [], expiry: Timestamp? = nil, grants: [Grant] = []
    ) {
        self.init(facts: Facts(id: id, name: name, roles: roles, expiry: expiry, grants: grants))
    }

    /// A back end that has shown an API key. It may do what the key allows, and nothing else: no rule is about it, and nobody is
    /// asked.
    public init(key: KeyIdentity) {
        self.init(facts: Facts(id: "key:\(key.name)", grants: key.grants, key: key))
    }

    private init(facts: Facts?) {
        self.box = facts.map(Box.init)
    }

    /// The same for every token of one user; `nil` for nobody whom we know.
    public var id: String? { self.box?.facts.id }
    /// What people call it: the claim `name` of its token. It says nothing about who it is. `nil` if it has none.
    public var name: String? { self.box?.facts.name }
    /// What rules may name in the place of single users.
    public var roles: Set<String> { self.box?.facts.roles ?? [] }
    /// When the token runs out; `nil` if it never does.
    public var expiry: Timestamp? { self.box?.facts.expiry }
    /// What the token itself allows, beside the rules of the server.
    public var grants: [Grant] { self.box?.facts.grants ?? [] }
    /// The API key that it has shown; `nil` for everybody else.
    public var key: KeyIdentity? { self.box?.facts.key }

    /// Whether its id is this one, byte for byte.
    package func isCalled(_ id: String) -> Bool {
        self.id.map { $0.utf8.elementsEqual(id.utf8) } ?? false
    }

    public var isAnonymous: Bool { self.box == nil }
}

extension Principal: Hashable {
    public static func == (one: Principal, other: Principal) -> Bool {
        one.box === other.box || one.box?.facts == other.box?.facts
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.box?.facts)
    }
}
