// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much of everything there may be. Every bound is checked before a command is queued.
public struct ChatLimits: Hashable, Sendable {
    /// Bytes of a message's text.
    public var content = 16_384
    /// Bytes of a room's name.
    public var name = 100
    /// Bytes of what a room is about, of the reason of a report, and of the note with which it is settled.
    public var about = 1_000
    /// Different emoji on one message.
    public var reactions = 100
    public var attachments = 20
    /// People named in one message.
    public var mentions = 100
    /// Up to how many members anybody may mention all of them; in larger rooms moderators do.
    public var mentionAll = 100
    public var pins = 100
    /// Who is in a room from the beginning.
    public var invited = 100
    /// Members of a room.
    public var members = 100_000
    /// People in one contact list.
    public var contacts = 1_000
    /// Moderators of a room who are told of its reports, by user id.
    public var moderatorsTold = 100
    /// Earlier wordings of one message. Nobody edits it after that.
    public var edits = 100
    /// How long after it was sent somebody may edit his message, in milliseconds; `nil`, the default, for ever.
    public var editable: Int64?
    /// Bytes of a quoted message that the quote holds.
    public var quote = 200
    /// Up to how many members receipts are told to all of them, and stored as events. In larger rooms only the marker is stored.
    public var receipts = 100
    /// Up to how many members unread counts are pushed for every message. In larger rooms only to those whom the message names; others
    /// count the messages that they get.
    public var unreadMembers = 100
    /// Unread messages are counted among so many of the newest of a room.
    public var unread: Int64 = 1_000
    /// Messages of a page of history, before and after the anchor each; larger requests are cut down to it.
    public var history = 200
    /// Messages of a page where nothing was said.
    public var page = 50
    /// Entries of any other page.
    public var entries = 500

    public init() {}
}
