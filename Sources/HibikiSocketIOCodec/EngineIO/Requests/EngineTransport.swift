// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A way in which packets travel. The raw value is its name in queries and handshakes.
public enum EngineTransport: String, CaseIterable, Hashable, Sendable {
    case polling
    case websocket
    case webtransport
}
