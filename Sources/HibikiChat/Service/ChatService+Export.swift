// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension ChatService {
    /// A part of a room as JSON lines: the room first, then its messages from `from` on, the soft-deleted with what they said.
    ///
    /// Who asks again from `next` until there is none has the whole room.
    func export(_ room: RoomID, from: Int64, _ order: ChatOrder) async throws -> ChatResult {
        let limit = self.configuration.limits.history
        let query = HistoryQuery(
            key: order.own(room), anchor: .sequence(max(1, from)), before: 0, after: limit)
        guard let rows = try await self.store.history(query) else { throw WireError.noSuchRoom }
        if !order.person.isAdministrator { try rows.access.allow(.govern, at: order.now) }
        var lines = ByteBuffer()
        if from <= 1 {
            lines.writeJSONObject { object in
                object.put("room") { rows.access.room.write(into: &$0) }
            }
            lines.writeStaticString("\n")
        }
        for message in rows.later.prefix(limit) {
            message.write(into: &lines, withContent: true)
            lines.writeStaticString("\n")
        }
        return .exported(lines, next: rows.later.count > limit ? rows.later[limit].sequence : nil)
    }
}
