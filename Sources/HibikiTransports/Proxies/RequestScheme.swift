// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How a client has reached the server, or the first proxy in front of it.
public enum RequestScheme: String, Sendable {
    case http
    case https

    /// Reads a scheme as proxies write it; some have those of WebSocket.
    init?(_ text: String) {
        switch text.lowercased() {
        case "http", "ws": self = .http
        case "https", "wss": self = .https
        default: return nil
        }
    }
}
