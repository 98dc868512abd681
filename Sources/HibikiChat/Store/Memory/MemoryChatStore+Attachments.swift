// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

extension MemoryChatStore: ChatAttachmentIndex {
    public func messages(carrying attachment: String, for reader: UserID?, limit: Int) async throws -> [MessageID] {
        self.state.withLock { state in
            let carriers = state.rooms.values.flatMap { room in
                let isElsewhere = reader.flatMap { room.members[$0] } == nil
                return room.messages.filter { !$0.isDeleted && $0.carries(attachment) }.map { message in
                    (distance: isElsewhere ? 1 : 0, message: message)
                }
            }
            let sorted = carriers.sorted {
                ($0.distance, $0.message.timestamp, $0.message.id) < ($1.distance, $1.message.timestamp, $1.message.id)
            }
            return sorted.prefix(limit).map(\.message.id)
        }
    }
}

extension Message {
    fileprivate func carries(_ attachment: String) -> Bool {
        self.attachments.contains { $0.id.utf8.elementsEqual(attachment.utf8) }
    }
}
