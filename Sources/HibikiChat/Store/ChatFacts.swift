// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// What a store found of what was needed. What is not here is not there.
public struct ChatFacts: Hashable, Sendable {
    /// With those of the pairs.
    public var rooms: [RoomID: Room] = [:]
    /// With those of both people of the pairs.
    public var members: [MemberKey: Membership] = [:]
    /// With those of the client keys.
    public var messages: [MessageID: Message] = [:]
    public var clientKeys: [ClientKey: MessageID] = [:]
    public var reactions: Set<Reaction> = []
    public var invites: [InviteToken: Invite] = [:]
    public var reports: [ReportKey: Report] = [:]
    public var contacts: [ContactKey: Contact] = [:]
    /// How many each of the people has listed whose lists were asked for; nothing stands for nobody.
    public var contactCounts: [UserID: Int] = [:]
    public var pairs: [DirectPair: RoomID] = [:]

    public init() {}
}
