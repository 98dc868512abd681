// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging

extension Room {
    var row: [SQLValue] {
        [
            .name(self.id), .name(self.kind), self.name.sqlValue, self.about.sqlValue, .name(self.pair?.first),
            .name(self.pair?.second), .time(self.createdAt), .name(self.createdBy), .integer(self.sequence),
            .integer(self.revision), .integer(self.firstSequence), .integer(self.firstRevision),
            .number(self.members), .number(self.owners), .number(self.pins), .integer(self.reports),
        ]
    }

    init(_ reader: inout SQLReader) throws {
        let id: RoomID = try reader.next()
        let kind: Kind = try reader.next()
        let name: String? = try reader.next()
        let about: String? = try reader.next()
        let first: UserID? = try reader.next()
        let second: UserID? = try reader.next()
        let pair = first.flatMap { first in second.map { DirectPair(first, $0) } }
        self.init(
            id: id, kind: kind, name: name, about: about, pair: pair, createdAt: try reader.next(),
            createdBy: try reader.next())
        self.sequence = try reader.next()
        self.revision = try reader.next()
        self.firstSequence = try reader.next()
        self.firstRevision = try reader.next()
        self.members = try reader.next()
        self.owners = try reader.next()
        self.pins = try reader.next()
        self.reports = try reader.next()
    }
}

extension Membership {
    var row: [SQLValue] {
        [
            .name(self.room), .name(self.user), self.name.sqlValue, .name(self.role), .name(self.standing),
            .time(self.since), .integer(self.lastSequence), .integer(self.lastRevision), .time(self.mutedUntil),
            .time(self.bannedUntil), .integer(self.lastRead), .time(self.readAt), .integer(self.lastDelivered),
        ]
    }

    init(_ reader: inout SQLReader) throws {
        let key = MemberKey(try reader.next(), try reader.next())
        self.init(
            key, name: try reader.next(), role: try reader.next(), standing: try reader.next(), since: try reader.next()
        )
        self.lastSequence = try reader.next()
        self.lastRevision = try reader.next()
        self.mutedUntil = try reader.next()
        self.bannedUntil = try reader.next()
        self.lastRead = try reader.next()
        self.readAt = try reader.next()
        self.lastDelivered = try reader.next()
    }
}

extension Invite {
    var row: [SQLValue] {
        [
            .name(self.token), .name(self.room), .name(self.createdBy), .time(self.createdAt), .time(self.expiresAt),
            self.usesLeft.sqlValue, self.isRevoked.sqlValue,
        ]
    }

    init(_ reader: inout SQLReader) throws {
        self.init(
            token: try reader.next(), room: try reader.next(), createdBy: try reader.next(),
            createdAt: try reader.next(), expiresAt: try reader.next(), usesLeft: try reader.next())
        self.isRevoked = try reader.next()
    }
}
