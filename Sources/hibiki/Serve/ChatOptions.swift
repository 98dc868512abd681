// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import ArgumentParser
import Configuration

/// The flags of `serve` that are about the chat.
struct ChatOptions: ParsableArguments {
    @Flag(inversion: .prefixedNo, help: "A chat: rooms, messages, presence. (default: --chat)") var chat: Bool?
    @Flag(inversion: .prefixedNo, help: "Ids for people without a token. (default: --guests, without --production)")
    var guests: Bool?
    @Option(help: "Seconds that a guest's token counts. (default: 3600)") var guestLifetime: Double?
    @Flag(inversion: .prefixedNo, help: "Joining a room that is not there makes it. (default: --chat-opens-rooms)")
    var chatOpensRooms: Bool?
    @Option(help: "Seconds after which messages are forgotten; 0 for never. (default: 0)") var chatRetention: Int?
    @Option(help: "Commands of the chat that may wait to be stored. (default: 10000)") var chatQueue: Int?
    @Option(help: "Bytes of a message's text. (default: 16384)") var chatMessage: Int?
    @Option(help: "Members of a room. (default: 100000)") var chatMembers: Int?

    var values: [(String, ConfigContent?)] {
        [
            ("chat", self.chat.map(ConfigContent.bool)), ("guests", self.guests.map(ConfigContent.bool)),
            ("guest-lifetime", self.guestLifetime.map(ConfigContent.double)),
            ("chat-opens-rooms", self.chatOpensRooms.map(ConfigContent.bool)),
            ("chat-retention", self.chatRetention.map(ConfigContent.int)),
            ("chat-queue", self.chatQueue.map(ConfigContent.int)),
            ("chat-message", self.chatMessage.map(ConfigContent.int)),
            ("chat-members", self.chatMembers.map(ConfigContent.int)),
        ]
    }
}
