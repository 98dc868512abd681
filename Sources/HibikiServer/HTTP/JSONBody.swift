// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiWire
import NIOCore

/// The body of a request: one JSON object, or nothing, which stands for one without members.
struct JSONBody {
    private(set) var members: JSONObject

    init(_ body: ByteBuffer) throws(WireError) {
        guard body.readableBytes > 0 else {
            self.members = [:]
            return
        }
        try Self.check(body)
        guard let value = try? JSON(RawArgument(.json, bytes: body)), case .object(let members) = value else {
            throw WireError(.invalidMessage, "the body is no JSON object")
        }
        self.members = members
    }

    /// What two readers could understand differently is refused: a member that is given twice.
    private static func check(_ body: ByteBuffer) throws(WireError) {
        guard body.isValidUTF8 else { throw WireError(.invalidMessage, "the body is not UTF-8") }
        try body.withJSONScanner { scanner throws(WireError) in
            do throws(JSONSyntaxError) {
                try scanner.enterObject()
                var names: Set<[UInt8]> = []
                while let name = try scanner.nextMember() {
                    let value = try scanner.readValue()
                    guard names.insert(Array(name.string.utf8)).inserted else {
                        throw JSONSyntaxError(message: "duplicate member", offset: value.range.lowerBound)
                    }
                }
                try scanner.finish()
            } catch {
                throw WireError(.invalidMessage, "\(error.message) at byte \(error.offset)")
            }
        }
    }

    /// `nil` for a text that is not there.
    func text(_ name: String) throws(WireError) -> String? {
        switch self.members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw WireError(.invalidMessage, "\(name): expected a string")
        }
    }
}
