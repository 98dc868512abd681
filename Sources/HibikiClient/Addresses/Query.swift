// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire

/// The query of a request, each value percent-encoded (RFC 3986 §2.1).
struct Query {
    private(set) var text = ""

    mutating func add(_ name: String, _ value: String) {
        self.text += self.text.isEmpty ? "?" : "&"
        self.text += name
        self.text += "="
        self.text += PercentEncoding.encode(value)
    }
}
