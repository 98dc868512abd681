// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import NIOCore

extension EventRow {
    /// What the event is called where it is told: of a message that retention has taken away only that it is gone.
    var name: ChatEventName {
        switch self.event.kind {
        case .message, .messageEdited: self.message == nil ? .messageDeleted : self.event.name
        default: self.event.name
        }
    }

    /// What the event says, to be handed on as the payload of a publication.
    ///
    /// - Parameter room: the room as it is, for ``ChatEvent/Kind/roomUpdated``.
    func payload(room: Room) -> ByteBuffer {
        switch self.event.kind {
        case .message, .messageEdited:
            if let message = self.message { return message.json }
            return self.deletion(.hard)
        case .messageDeleted(_, let deletion): return self.deletion(deletion)
        case .reaction(_, let emoji, let isAdded): return self.reaction(emoji, isAdded: isAdded)
        case .pinned(_, let isPinned): return self.about { $0.put("pinned", isPinned) }
        case .readReceipt: return self.about { $0.put("readAt", self.event.timestamp.milliseconds) }
        case .deliveryReceipt: return self.about { $0.put("deliveredAt", self.event.timestamp.milliseconds) }
        case .userJoined(let user, let role, let name):
            return self.about(user) {
                $0.put("userName", ifAny: name)
                $0.put("role", role.rawValue)
            }
        case .userLeft(let user, let standing): return self.about(user) { $0.put("reason", standing.rawValue) }
        case .roleChanged(let user, let role): return self.about(user) { $0.put("role", role.rawValue) }
        case .muted(let user, let until):
            return self.about(user) {
                $0.put("muted", until != nil)
                if let until, until != .never { $0.put("until", until.milliseconds) }
            }
        case .roomUpdated: return self.about { $0.put("info", room.write) }
        case .personErased(let pseudonym): return self.about(pseudonym) { _ in }
        }
    }

    /// The members that every event has, and some more.
    private func about(_ user: UserID? = nil, _ more: (inout JSONObjectWriter) -> Void) -> ByteBuffer {
        let event = self.event
        return .jsonObject { object in
            object.put("roomId", event.room.rawValue)
            object.put("room", event.room.rawValue)
            object.put("revision", event.revision)
            object.put("timestamp", event.timestamp.milliseconds)
            object.put("userId", (user ?? event.actor).rawValue)
            if let user, user != event.actor { object.put("by", event.actor.rawValue) }
            if let sequence = event.sequence {
                object.put("messageId", MessageID(event.room, sequence).description)
                object.put("sequence", sequence)
            }
            more(&object)
        }
    }

    private func deletion(_ deletion: Message.Deletion) -> ByteBuffer {
        self.about { object in
            object.put("deletedBy", self.event.actor.rawValue)
            object.put("hard", ifTrue: deletion == .hard)
        }
    }

    /// What has changed: all reactions of a message may be a hundred with twenty names each.
    private func reaction(_ emoji: Emoji, isAdded: Bool) -> ByteBuffer {
        self.about { object in
            object.put("emoji", emoji.rawValue)
            object.put("action", isAdded ? "add" : "remove")
            let message = self.message.flatMap { $0.isDeleted ? nil : $0 }
            object.put("count", message?.reactions.first { $0.emoji == emoji }?.count ?? 0)
        }
    }

    /// The event in a list: its name and revision stand beside what it says.
    func write(room: Room, into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("event", self.name.rawValue)
            object.put("revision", self.event.revision)
            object.put("timestamp", self.event.timestamp.milliseconds)
            object.put("payload") { $0.writeImmutableBuffer(self.payload(room: room)) }
        }
    }
}
