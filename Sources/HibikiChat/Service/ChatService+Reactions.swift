// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

extension ChatService {
    /// The same, where each reaction says whether it is one of the reader's.
    ///
    /// Most messages name all who have reacted; only for the others the store is asked.
    func mark(_ result: ChatResult, for reader: UserID) async throws -> ChatResult {
        let unsure = result.messages.filter { $0.hasUnnamedReactions(of: reader) }.map(\.id)
        let found = unsure.isEmpty ? [] : try await self.store.reactions(of: reader, to: unsure)
        return result.mapMessages { $0.marked(for: reader, found) }
    }
}

extension Message {
    fileprivate func hasUnnamedReactions(of reader: UserID) -> Bool {
        self.reactions.contains { $0.count > $0.users.count && !$0.users.contains(reader) }
    }

    fileprivate func marked(for reader: UserID, _ found: Set<Reaction>) -> Message {
        guard !self.reactions.isEmpty else { return self }
        var message = self
        for index in message.reactions.indices {
            let reaction = message.reactions[index]
            message.reactions[index].isMine =
                reaction.users.contains(reader)
                || found.contains(Reaction(message: self.id, emoji: reaction.emoji, user: reader))
        }
        return message
    }
}

extension ChatResult {
    /// The messages that a reader is shown with their reactions.
    fileprivate var messages: [Message] {
        var messages: [Message] = []
        _ = self.mapMessages { message in
            messages.append(message)
            return message
        }
        return messages
    }

    fileprivate func mapMessages(_ change: (Message) -> Message) -> ChatResult {
        switch self {
        case .message(let message): return .message(change(message))
        case .pins(let messages): return .pins(messages.map(change))
        case .found(let messages, let cursor): return .found(messages.map(change), cursor: cursor)
        case .history(var page):
            page.messages = page.messages.map(change)
            return .history(page)
        case .events(let page): return .events(page.mapMessages(change))
        case .joined(let access, let events): return .joined(access, events: events?.mapMessages(change))
        case .rooms(var rooms, let hasMore):
            for index in rooms.indices { rooms[index].last = rooms[index].last.map(change) }
            return .rooms(rooms, hasMore: hasMore)
        case .done, .changed, .room, .invite, .sent, .marked, .publicRooms, .members, .edits, .report, .reports,
            .contacts,
            .invites, .exported, .erased, .erasing:
            return self
        }
    }
}

extension EventPage {
    fileprivate func mapMessages(_ change: (Message) -> Message) -> EventPage {
        var page = self
        for index in page.rows.indices { page.rows[index].message = page.rows[index].message.map(change) }
        return page
    }
}
