// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging

extension Report {
    var row: [SQLValue] {
        [
            .name(self.message.room), .integer(self.number), .integer(self.message.sequence), .name(self.reporter),
            .text(self.reason), .time(self.timestamp), .name(self.settlement?.outcome), .name(self.settlement?.by),
            .time(self.settlement?.timestamp), (self.settlement?.note).sqlValue,
        ]
    }

    init(_ reader: inout SQLReader) throws {
        let room: RoomID = try reader.next()
        let number: Int64 = try reader.next()
        self.init(
            number: number, message: MessageID(room, try reader.next()), reporter: try reader.next(),
            reason: try reader.next(), timestamp: try reader.next(), settlement: try Settlement(&reader))
    }
}

extension Report.Settlement {
    /// `nil` for a report that is open.
    fileprivate init?(_ reader: inout SQLReader) throws {
        let outcome: Report.Outcome? = try reader.next()
        let by: UserID? = try reader.next()
        let timestamp: Timestamp? = try reader.next()
        let note: String? = try reader.next()
        guard let outcome, let by, let timestamp else { return nil }
        self.init(by: by, timestamp: timestamp, outcome: outcome, note: note ?? "")
    }
}

extension Contact {
    var row: [SQLValue] { self.key.key + [.time(self.addedAt)] }

    init(_ reader: inout SQLReader) throws {
        self.init(ContactKey(try reader.next(), try reader.next()), addedAt: try reader.next())
    }
}
