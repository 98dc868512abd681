// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat

/// What can be read from the columns of its table.
protocol SQLRowReadable {
    init(_ reader: inout SQLReader) throws
}

extension SQLRowReadable {
    init(_ row: SQLRow) throws {
        var reader = row.reader
        try self.init(&reader)
    }
}

extension Room: SQLRowReadable {}
extension Membership: SQLRowReadable {}
extension Invite: SQLRowReadable {}
extension Message: SQLRowReadable {}
extension Edit: SQLRowReadable {}
extension Reaction: SQLRowReadable {}
extension Report: SQLRowReadable {}
extension Contact: SQLRowReadable {}
extension ChatEvent: SQLRowReadable {}
