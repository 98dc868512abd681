// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a client is told when the server is about to stop.
package struct Farewell: Hashable, Sendable {
    /// For people.
    package static let message = "The server is about to restart. Please reconnect."

    /// How long the client is asked to stay away.
    package let reconnectDelay: Duration

    package init(reconnectDelay: Duration) {
        self.reconnectDelay = reconnectDelay
    }

    package var milliseconds: Int64 { self.reconnectDelay.milliseconds }

    /// `Retry-After` (RFC 9110 §10.2.3), which has whole seconds: never earlier than asked for.
    var retryAfter: (name: String, value: String) {
        ("Retry-After", String((max(0, self.milliseconds) + 999) / 1_000))
    }
}
