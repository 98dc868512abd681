// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import NIOCore

extension Message {
    /// The message as clients are shown it. Of a deleted one they see that it was there.
    public var json: ByteBuffer {
        var buffer = ByteBuffer()
        self.write(into: &buffer)
        return buffer
    }

    /// - Parameter withContent: also if it is soft-deleted, as the export has it.
    func write(into buffer: inout ByteBuffer, withContent: Bool = false, isDuplicate: Bool = false) {
        buffer.writeJSONObject { object in
            self.putHead(into: &object, isShown: withContent || !self.isDeleted)
            self.putChanges(into: &object)
            if withContent || !self.isDeleted { self.putBody(into: &object) }
            object.put("duplicate", ifTrue: isDuplicate)
        }
    }

    private func putHead(into object: inout JSONObjectWriter, isShown: Bool) {
        object.put("id", self.id.description)
        object.put("sequence", self.sequence)
        object.put("revision", self.revision)
        object.put("roomId", self.room.rawValue)
        object.put("userId", self.user.rawValue)
        object.put("userName", ifAny: self.userName)
        object.put("content", isShown ? self.content : "")
        object.put("timestamp", self.timestamp.milliseconds)
        object.put("status", "sent")
        object.put("type", self.kind.rawValue)
        object.put("clientId", ifAny: self.clientID?.rawValue)
        object.put("threadId", ifAny: self.thread.map { MessageID(self.room, $0).description })
        if self.replies > 0 { object.put("replies", self.replies) }
    }

    private func putChanges(into object: inout JSONObjectWriter) {
        object.put("editedAt", ifAny: self.editedAt?.milliseconds)
        if self.edits > 0 { object.put("edits", self.edits) }
        object.put("deletedAt", ifAny: self.deletedAt?.milliseconds)
        object.put("deletedBy", ifAny: self.deletedBy?.rawValue)
    }

    private func putBody(into object: inout JSONObjectWriter) {
        if let quote = self.quote {
            object.put("replyTo") { quote.write(in: self.room, into: &$0) }
        }
        if !self.mentions.isEmpty { object.put("mentions", texts: self.mentions.map(\.text)) }
        if !self.reactions.isEmpty { object.put("reactions", list: self.reactions) { $0.write(into: &$1) } }
        object.put("pinned", ifTrue: self.pinnedAt != nil)
        object.put("pinnedBy", ifAny: self.pinnedBy?.rawValue)
        if !self.attachments.isEmpty { object.put("attachments", list: self.attachments) { $0.write(into: &$1) } }
    }
}

extension Quote {
    func write(in room: RoomID, into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("id", MessageID(room, self.sequence).description)
            object.put("userId", self.user.rawValue)
            object.put("content", self.content ?? "")
            object.put("deleted", ifTrue: self.content == nil)
        }
    }
}

extension ReactionCount {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("emoji", self.emoji.rawValue)
            object.put("count", self.count)
            object.put("users", texts: self.users.map(\.rawValue))
            object.put("mine", ifTrue: self.isMine)
        }
    }
}

extension Attachment {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("id", self.id)
            object.put("name", self.name)
            object.put("type", self.type)
            object.put("size", self.size)
            object.put("width", ifAny: self.width)
            object.put("height", ifAny: self.height)
        }
    }
}

extension Edit {
    func write(into buffer: inout ByteBuffer) {
        buffer.writeJSONObject { object in
            object.put("number", self.number)
            object.put("content", self.content)
            object.put("writtenAt", self.writtenAt.milliseconds)
            object.put("replacedBy", self.replacedBy.rawValue)
        }
    }
}
