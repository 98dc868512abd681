// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Why a text is not the JSON that was asked for, and where.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// What was expected, in words, without the offset.
    public let message: String
    /// The byte at which the text went wrong, counted from 0.
    public let offset: Int

    public init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }
}
