// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

extension HistoryRequest {
    /// What the store is asked for. Where nothing is said, a page towards where the anchor has neighbours.
    func query(_ key: MemberKey, _ limits: ChatLimits) -> HistoryQuery {
        let isUnsaid = self.before == nil && self.after == nil
        let before = self.before ?? (isUnsaid && self.anchor != .oldest ? limits.page : 0)
        let after = self.after ?? (isUnsaid && self.anchor != .newest ? limits.page : 0)
        return HistoryQuery(
            key: key, anchor: self.anchor, before: max(0, min(before, limits.history)),
            after: max(0, min(after, limits.history)), thread: self.thread?.sequence)
    }
}

extension HistoryPage {
    /// Cuts what was found to what was asked for; the surplus says whether there is more.
    init(_ rows: HistoryRows, of query: HistoryQuery) {
        let foundAnchor = rows.later.first?.sequence == rows.anchor
        let after = query.after + (foundAnchor ? 1 : 0)
        self.init(
            room: rows.access.room.id,
            messages: rows.earlier.prefix(query.before).reversed() + rows.later.prefix(after),
            foundOldest: rows.earlier.count <= query.before, foundNewest: rows.later.count <= after,
            foundAnchor: foundAnchor, anchor: rows.anchor)
    }
}

extension EventPage {
    /// Cuts what was found to what was asked for. All or nothing: after a gap there are no events, and the reader loads the history.
    init(_ rows: EventRows, since: Int64, limit: Int, window: ReadingWindow) {
        let room = rows.access.room
        let last = min(room.revision, window.lastRevision)
        guard since >= room.firstRevision - 1, since <= last else {
            // A revision that was never given belongs to another life of the room.
            self.init(room: room, rows: [], revision: last, hasMore: false, isGap: true)
            return
        }
        let page = rows.rows.prefix(limit)
        let hasMore = rows.rows.count > limit
        self.init(
            room: room, rows: page.filter { $0.isWhole(within: window) },
            revision: hasMore ? page.last?.event.revision ?? since : last, hasMore: hasMore, isGap: false)
    }
}

extension EventRow {
    /// Whether what the event shows was there at the removal of whoever asks: a message or the room may have been changed since.
    fileprivate func isWhole(within window: ReadingWindow) -> Bool {
        switch self.event.kind {
        case .message, .messageEdited, .reaction: self.message.map(window.holds) ?? (window == .open)
        // It is shown as the room is now.
        case .roomUpdated: window == .open
        default: true
        }
    }
}
