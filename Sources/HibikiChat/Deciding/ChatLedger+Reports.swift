// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

extension ChatLedger {
    mutating func report(_ id: MessageID, _ reason: String, _ order: ChatOrder) throws(WireError) -> ChatResult {
        var (room, _, message) = try self.enter(id, order)
        guard !message.isDeleted else { throw .noSuchMessage }
        room.reports += 1
        let report = Report(
            number: room.reports, message: id, reporter: order.person.id, reason: reason, timestamp: order.now)
        self.put(report)
        self.put(room)
        self.tell(.reported(report))
        return .done
    }

    /// The first word counts: whoever says the same again is answered with it, and whoever says something else learns that it is
    /// too late.
    mutating func settle(
        _ key: ReportKey, _ outcome: Report.Outcome, _ note: String, _ order: ChatOrder
    ) throws(WireError) -> ChatResult {
        _ = try self.enter(key.room, order)
        guard var report = self.facts.reports[key] else { throw WireError(.notFound, "no such report") }
        if let settlement = report.settlement {
            guard settlement.outcome == outcome else { throw .conflict("the report was settled in another way") }
            return .report(report)
        }
        report.settlement = Report.Settlement(by: order.person.id, timestamp: order.now, outcome: outcome, note: note)
        self.put(report)
        self.tell(.settled(report))
        return .report(report)
    }
}
