// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire

/// What whoever runs the server sees of a session, and does to it.
extension NativeSession {
    func describe(in record: inout ConnectionRecord) {
        record.principal = self.principal.id
        record.topics = self.follower.topics
    }

    func unsubscribe(from topic: Topic) -> Bool {
        guard self.follower.follows(topic) else { return false }
        self.follower.unfollow(topic, loop: self.loop)
        self.gate.forget(topic)
        self.send { self.encoding.writeUnsubscribed(topic: topic.name, to: &$0) }
        return true
    }
}
