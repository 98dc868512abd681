// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// The revision of the Engine.IO protocol that a client speaks: the `EIO` parameter of its requests.
public enum EngineVersion: Int, Hashable, Sendable {
    /// Clients of Socket.IO 2 and before; served only where the server allows it.
    case v3 = 3
    case v4 = 4
}
