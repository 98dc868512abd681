// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The body of a request that ends connections. It may be empty, and all of its members may be left out.
public struct DisconnectRequest: Equatable, Sendable {
    /// The close code of WebSockets, which is not checked here.
    public var code: Int?
    public var reason: String?

    public init(code: Int? = nil, reason: String? = nil) {
        self.code = code
        self.reason = reason
    }

    public static func parse(_ body: ByteBuffer) throws(WireError) -> DisconnectRequest {
        guard body.readableBytes > 0 else { return DisconnectRequest() }
        guard body.isValidUTF8 else { throw WireError(.invalidMessage, "the body is not UTF-8") }
        return try body.withJSONScanner { scanner throws(WireError) in
            var reader = EnvelopeReader<DisconnectMembers>(scanner)
            try reader.readObject()
            try reader.finish()
            return try reader.request()
        }
    }
}

private struct DisconnectMembers: MemberTable {
    var code, reason: JSONValue?
    var id: JSONValue? { nil }

    mutating func note(_ value: JSONValue, for name: JSONText) -> Bool {
        switch name {
        case "code": Self.fill(&self.code, value)
        case "reason": Self.fill(&self.reason, value)
        default: true
        }
    }
}

extension EnvelopeReader<DisconnectMembers> {
    fileprivate func request() throws(WireError) -> DisconnectRequest {
        var request = DisconnectRequest(reason: try self.optionalString(self.members.reason, "reason"))
        if let code = self.members.code {
            // Elsewhere `4100.0` is a whole number, and many programs write it.
            let whole = self.scanner.integer(of: code).flatMap { Int(exactly: $0) }
            guard let number = whole ?? self.scanner.double(of: code).flatMap({ Int(exactly: $0) }) else {
                throw self.invalid("code", "expected an integer", code)
            }
            request.code = number
        }
        return request
    }
}
