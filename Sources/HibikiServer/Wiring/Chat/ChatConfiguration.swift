// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiChat
public import HibikiMessaging

/// What can be set about the chat.
public struct ChatConfiguration: Sendable {
    /// Whether there is one. Default off; the command has it on. With it the topics `rooms/…` and `users/…` are its own.
    public var isOn = false
    public var limits = ChatLimits()
    /// What people may do with rooms. Default: whoever joins a room that is not there makes a public one.
    public var policy: ChatPolicy = {
        var policy = ChatPolicy()
        policy.joiningCreates = true
        return policy
    }()
    /// Commands that may wait to be stored; one more is refused. Default 10,000.
    public var queue = 10_000
    /// The namespaces of Socket.IO in which sockets may chat. Default `/chat` and `/`.
    public var namespaces = ["/chat", "/"]
    /// After how long messages and events are forgotten; `nil`, the default, for never.
    public var retention: Duration?
    public var presence = PresenceTable.Configuration()
    public var typing = TypingTable.Configuration()
    /// Up to how many members of a public room are told when one of them comes or goes. Default 100.
    public var presenceMembers = 100

    public init() {}
}
