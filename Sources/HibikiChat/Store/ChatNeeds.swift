// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a batch of commands must know before it is decided. A store loads each kind in one step.
public struct ChatNeeds: Hashable, Sendable {
    /// The rooms to be locked until the changes are stored, in the order of their ids so that two batches never wait for each other.
    public var rooms: Set<RoomID> = []
    public var members: Set<MemberKey> = []
    public var messages: Set<MessageID> = []
    /// Messages by what their senders call them.
    public var clientKeys: Set<ClientKey> = []
    /// Whether these reactions are there.
    public var reactions: Set<Reaction> = []
    public var invites: Set<InviteToken> = []
    public var reports: Set<ReportKey> = []
    /// Whether these entries of contact lists are there, and how long the lists are.
    public var contacts: Set<ContactKey> = []
    /// The direct rooms of these pairs, which are locked as well.
    public var pairs: Set<DirectPair> = []

    public init() {}

    public mutating func formUnion(_ other: ChatNeeds) {
        self.rooms.formUnion(other.rooms)
        self.members.formUnion(other.members)
        self.messages.formUnion(other.messages)
        self.clientKeys.formUnion(other.clientKeys)
        self.reactions.formUnion(other.reactions)
        self.invites.formUnion(other.invites)
        self.reports.formUnion(other.reports)
        self.contacts.formUnion(other.contacts)
        self.pairs.formUnion(other.pairs)
    }
}
