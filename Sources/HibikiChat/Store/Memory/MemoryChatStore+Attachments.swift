// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

extension MemoryChatStore: ChatAttachmentIndex {
    public func messages(carrying attachment: String, limit: Int) async throws -> [MessageID] {
        self.state.withLock { state in
            let carriers = state.rooms.values.flatMap { room in
                room.messages.filter { !$0.isDeleted && $0.carries(attachment) }
            }
            return carriers.sorted { ($0.timestamp, $0.id) < ($1.timestamp, $1.id) }.prefix(limit).map(\.id)
        }
    }
}

extension Message {
    fileprivate func carries(_ attachment: String) -> Bool {
        self.attachments.contains { $0.id.utf8.elementsEqual(attachment.utf8) }
    }
}
