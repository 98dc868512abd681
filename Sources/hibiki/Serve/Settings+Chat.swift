// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiServer

extension Settings {
    static var chat: [Setting] {
        [
            Setting(key: "chat", target: .flag(\.chat.isOn)),
            Setting(key: "guests", target: .flag(\.guests.isOn)),
            Setting(key: "guest-lifetime", target: .duration(\.guests.lifetime)),
            Setting(key: "chat-opens-rooms", target: .flag(\.chat.policy.joiningCreates)),
            Setting(key: "chat-retention", target: .number(\.chatRetentionSeconds, 0...3_153_600_000)),
            Setting(key: "chat-queue", target: .number(\.chat.queue, 1...1_000_000)),
            Setting(key: "chat-message", target: .number(\.chat.limits.content, 1...1_048_576)),
            Setting(key: "chat-members", target: .number(\.chat.limits.members, 2...10_000_000)),
        ]
    }
}

extension ServerConfiguration {
    /// 0 stands for never.
    fileprivate var chatRetentionSeconds: Int {
        get { self.chat.retention.map { Int($0 / .seconds(1)) } ?? 0 }
        set { self.chat.retention = newValue == 0 ? nil : .seconds(newValue) }
    }
}
