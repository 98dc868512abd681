// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// Cross-origin rules of the Socket.IO path (the Fetch standard, §3.3).
public struct CORS: Sendable, Hashable {
    public enum Origins: Sendable, Hashable {
        /// Any page, without cookies.
        case any
        /// These, as browsers write them: `https://app.example.com`.
        case only(Set<String>)
    }

    public var origins: Origins
    /// Whether pages of other origins are refused, by polling and by WebSocket. Default on. The original only keeps browsers
    /// from reading the answers of polls, and lets any page open a WebSocket with the cookies of its visitor.
    public var refusesOthers = true
    /// Whether pages may send cookies. Not with ``Origins/any``: every page could act as the visitor.
    public var allowsCredentials = false
    public var methods = "GET,HEAD,PUT,PATCH,POST,DELETE"
    /// `nil` allows what a page asks for.
    public var allowedHeaders: String?
    public var exposedHeaders: String?
    /// How long a browser may remember the answer to its question.
    public var maxAge: TimeAmount?

    public init(origins: Origins) {
        self.origins = origins
    }

    func allows(_ origin: String) -> Bool {
        switch self.origins {
        case .any: true
        case .only(let origins): origins.contains(origin)
        }
    }

    /// The fields of any response to a page of that origin.
    func fields(for origin: String?) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        switch self.origins {
        case .any:
            fields.append(("Access-Control-Allow-Origin", "*"))
        case .only(let origins):
            // As the original: one origin is always named, of several the one that asks.
            if let named = origins.count == 1 ? origins.first : origin.flatMap({ origins.contains($0) ? $0 : nil }) {
                fields.append(("Access-Control-Allow-Origin", named))
            }
            fields.append(("Vary", "Origin"))
            if self.allowsCredentials {
                fields.append(("Access-Control-Allow-Credentials", "true"))
            }
        }
        if let exposed = self.exposedHeaders {
            fields.append(("Access-Control-Expose-Headers", exposed))
        }
        return fields
    }

    /// The fields of the answer to a preflight.
    func preflightFields(for origin: String, asking headers: String?) -> [(name: String, value: String)] {
        var fields = self.fields(for: origin).filter { $0.name != "Vary" }
        fields.append(("Access-Control-Allow-Methods", self.methods))
        if let allowed = self.allowedHeaders ?? headers {
            fields.append(("Access-Control-Allow-Headers", allowed))
        }
        if let maxAge = self.maxAge {
            fields.append(("Access-Control-Max-Age", "\(maxAge.nanoseconds / 1_000_000_000)"))
        }
        let varies = [
            self.origins == .any ? nil : "Origin", self.allowedHeaders == nil ? "Access-Control-Request-Headers" : nil,
        ]
        let vary = varies.compactMap { $0 }.joined(separator: ", ")
        return vary.isEmpty ? fields : fields + [("Vary", vary)]
    }
}
