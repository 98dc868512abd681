// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Who speaks, as far as the server knows.
public struct Principal: Hashable, Sendable {
    /// Nobody whom we know.
    public static let anonymous = Principal()

    /// The lengths that an id may have, in bytes.
    public static let idLengths = 1...255

    /// The same for every token of one user; `nil` for nobody whom we know.
    public let id: String?
    /// What rules may name in the place of single users.
    public let roles: Set<String>
    /// When the token runs out; `nil` if it never does.
    public let expiry: Timestamp?
    /// What the token itself allows, beside the rules of the server.
    public let grants: [Grant]

    public init(id: String, roles: Set<String> = [], expiry: Timestamp? = nil, grants: [Grant] = []) {
        self.id = id
        self.roles = roles
        self.expiry = expiry
        self.grants = grants
    }

    private init() {
        self.id = nil
        self.roles = []
        self.expiry = nil
        self.grants = []
    }

    public var isAnonymous: Bool { self.id == nil }
}
