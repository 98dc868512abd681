// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a client puts on a request to know its answer by: an integer, or a string of 1 to 128 bytes.
///
/// On a publication a string is the idempotency key as well.
public enum RequestID: Hashable, Sendable {
    case number(Int64)
    case string(String)

    /// The lengths that a string may have, in bytes.
    public static let lengths = 1...128
}
