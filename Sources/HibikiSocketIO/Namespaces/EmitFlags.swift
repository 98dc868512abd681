// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How an event travels.
struct EmitFlags: Hashable, Sendable {
    var isVolatile = false
    var isLocal = false
    var isCompressible = true
    /// How long to wait for acks.
    var timeout: Duration?
}
