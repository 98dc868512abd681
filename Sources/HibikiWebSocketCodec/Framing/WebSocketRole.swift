// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Which end of a connection this is. Masks and parts of the closing handshake differ (RFC 6455 §5.1, §7.1.1).
public enum WebSocketRole: Sendable, Equatable {
    /// Takes masked frames only and sends frames without a mask.
    case server
    /// Takes unmasked frames only and sends frames with a mask.
    case client
}
