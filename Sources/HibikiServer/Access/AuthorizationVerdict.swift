// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore

/// What a service answers to a question. Only `true` is yes.
struct AuthorizationVerdict: Equatable {
    /// The longest that an answer may hold, in seconds.
    private static let longest: Int64 = 86_400

    struct Malformed: Error {}

    var isAllowed: Bool
    /// `nil` if it does not say how long it holds.
    var ttl: Duration?

    init(parsing text: ByteBuffer) throws {
        guard text.isValidUTF8 else { throw Malformed() }
        var isAllowed: Bool?
        var ttl: Duration?
        try text.withJSONScanner { scanner in
            try scanner.enterObject()
            while let name = try scanner.nextMember() {
                let value = try scanner.readValue()
                switch name {
                case "allow":
                    guard isAllowed == nil, value.kind == .true || value.kind == .false else { throw Malformed() }
                    isAllowed = value.kind == .true
                case "ttl":
                    guard ttl == nil, let seconds = scanner.integer(of: value), seconds >= 0 else { throw Malformed() }
                    ttl = .seconds(min(seconds, Self.longest))
                default:
                    break
                }
            }
            try scanner.finish()
        }
        guard let isAllowed else { throw Malformed() }
        self.isAllowed = isAllowed
        self.ttl = ttl
    }
}
