// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// One statement of SQL with the values of its parameters.
///
/// The text is the same for both databases. Parameters are `$1`, `$2` …, each may stand several times, and all of
/// `1…values.count` stand somewhere. Values never become part of the text, so a driver may keep what it prepared for a
/// text and use it again.
///
/// ```swift
/// SQLStatement("SELECT name FROM room WHERE id = $1 AND kind = $2", ["general", "public"])
/// ```
public struct SQLStatement: Hashable, Sendable {
    public let text: String
    public let values: [SQLValue]

    public init(_ text: String, _ values: [SQLValue] = []) {
        self.text = text
        self.values = values
    }
}
