// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import Synchronization

extension MemoryChatStore {
    public func trim(_ retention: ChatRetention, limit: Int) async throws -> TrimCount {
        self.state.withLock { state in
            var count = TrimCount(messages: 0, events: 0)
            for id in state.rooms.keys.sorted() {
                guard var room = state.rooms[id] else { continue }
                let forgotten = room.trim(messagesBefore: retention.messagesBefore, limit: limit - count.messages)
                count.messages += forgotten.count
                for message in forgotten {
                    guard let clientID = message.clientID else { continue }
                    state.clientKeys[ClientKey(room: id, user: message.user, id: clientID)] = nil
                }
                count.events += room.trim(eventsBefore: retention.eventsBefore, limit: limit - count.events)
                state.rooms[id] = room
            }
            return count
        }
    }
}

extension MemoryRoom {
    /// The oldest messages before a time, at most so many.
    fileprivate mutating func trim(messagesBefore time: Timestamp?, limit: Int) -> [Message] {
        guard let time else { return [] }
        let forgotten = Array(self.messages.prefix { $0.timestamp < time }.prefix(max(0, limit)))
        self.messages.removeFirst(forgotten.count)
        self.room.firstSequence += Int64(forgotten.count)
        for message in forgotten {
            self.edits[message.sequence] = nil
            self.reactions[message.sequence] = nil
            if message.pinnedAt != nil { self.room.pins -= 1 }
        }
        self.reports.removeAll { $0.message.sequence < self.room.firstSequence }
        return forgotten
    }

    fileprivate mutating func trim(eventsBefore time: Timestamp?, limit: Int) -> Int {
        guard let time else { return 0 }
        let forgotten = self.events.prefix { $0.timestamp < time }.prefix(max(0, limit)).count
        self.events.removeFirst(forgotten)
        self.room.firstRevision += Int64(forgotten)
        return forgotten
    }
}
