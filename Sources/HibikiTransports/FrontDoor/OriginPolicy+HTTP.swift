// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiWire

extension OriginPolicy {
    /// What lets a page of another origin read a response (the Fetch standard, §3.3).
    package static func responseFields(
        for origin: String, withCredentials: Bool
    ) -> [(name: String, value: String)] {
        var fields = [
            (name: "Access-Control-Allow-Origin", value: origin),
            (name: "Access-Control-Expose-Headers", value: "Last-Event-ID, Retry-After"),
            (name: "Vary", value: "Origin"),
        ]
        if withCredentials {
            fields.append((name: "Access-Control-Allow-Credentials", value: "true"))
        }
        return fields
    }
}

extension WireError {
    package init(refusedOrigins origins: [String]) {
        let who = origins.joined(separator: ", ")
        self.init(.originNotAllowed, "pages of \(who) may not use this server; allow them with --allowed-origin")
    }
}
