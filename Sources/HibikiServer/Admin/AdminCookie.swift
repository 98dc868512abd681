// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The cookie with the id of a session (RFC 6265): no script reads it, no other site's request carries it, and no path but the
/// dashboard's gets it.
enum AdminCookie {
    private static let name = "hibiki-admin"
    private static let attributes = "Path=\(AdminRoutes.path); HttpOnly; SameSite=Strict"
    /// An id is shorter.
    private static let mostBytes = 128

    /// The session that the values of `Cookie` name.
    static func session(in values: [String]) -> String? {
        for value in values {
            for pair in value.split(separator: ";") {
                let text = pair.drop { $0 == " " }
                guard text.hasPrefix(Self.name + "=") else { continue }
                let id = text.dropFirst(Self.name.utf8.count + 1)
                return id.utf8.count <= Self.mostBytes ? String(id) : nil
            }
        }
        return nil
    }

    /// The value of `Set-Cookie`.
    ///
    /// - Parameter isSecure: whether the browser has come over TLS, and is to send it over nothing else.
    static func setting(_ session: String, for lifetime: Duration, isSecure: Bool) -> String {
        let seconds = max(1, lifetime.components.seconds)
        return "\(Self.name)=\(session); Max-Age=\(seconds); \(Self.attributes)\(isSecure ? "; Secure" : "")"
    }

    static func removing(isSecure: Bool) -> String {
        "\(Self.name)=; Max-Age=0; \(Self.attributes)\(isSecure ? "; Secure" : "")"
    }
}
