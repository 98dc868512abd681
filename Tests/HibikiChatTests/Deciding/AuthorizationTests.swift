// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiMessaging
import HibikiWire
import Testing

/// Who may give which command, in a group room.
///
/// The columns: owner, moderator, member, reader, a member who is muted, somebody invited, left, kicked, banned, a stranger, an
/// administrator. The signs: `+` allowed, `d` permission_denied, `u` muted, `n` not_a_member, `x` not_found, `b` banned, `c` conflict.
struct Rule: Sendable, CustomTestStringConvertible {
    static let people: [ChatPerson] = [
        "owner", "moderator", "member", "reader", "muted", "invited", "left", "kicked", "banned", "stranger",
        .operations,
    ]

    let words: String
    let signs: String
    let command: @Sendable (Setting) -> ChatCommand

    init(_ words: String, _ signs: String, _ command: @escaping @Sendable (Setting) -> ChatCommand) {
        self.words = words
        self.signs = signs
        self.command = command
    }

    var testDescription: String { self.words }

    /// What a command may name.
    struct Setting: Sendable {
        var person: UserID
        /// A message of the person's own; the owner's, if the person has none.
        var own: MessageID
        var others: MessageID
        var invite: InviteToken
    }

    static let rules: [Rule] = [
        // MARK:                 O M m r u i l k b s A
        Rule("send", "            + + + d u n n n b x +") { _ in .send(SendMessage(room: "room", content: "x")) },
        Rule("edit one's own", "  + + + d u n n n b x d") { .edit($0.own, content: "changed") },
        Rule("edit another's", "  d d d d u n n n b x d") { .edit($0.others, content: "changed") },
        Rule("delete one's own", "+ + + + + n n n b x +") { .delete($0.own, .soft) },
        Rule("delete another's", "+ + d d d n n n b x +") { .delete($0.others, .hard) },
        Rule("react", "           + + + d u n n n b x +") { .react($0.others, "👍") },
        Rule("unreact", "         + + + d u n n n b x +") { .unreact($0.others, "👍") },
        Rule("pin", "             + + d d d n n n b x +") { .pin($0.others) },
        Rule("unpin", "           + + d d d n n n b x +") { .unpin($0.others) },
        Rule("report", "          + + + + + n n n b x +") { .report($0.others, reason: "x") },
        Rule("markRead", "        + + + + + n n n b x n") { .markRead($0.others) },
        Rule("markDelivered", "   + + + + + n n n b x n") { .markDelivered($0.others) },
        Rule("typing", "          + + + d u n n n b x x") { _ in .typing("room") },
        Rule("stopTyping", "      + + + d u n n n b x x") { _ in .stopTyping("room") },
        Rule("updateRoom", "      + d d d d n n n b x +") { _ in .updateRoom("room", RoomUpdate(name: "x")) },
        Rule("joinRoom", "        + + + + + + x x b x +") { _ in .joinRoom("room", invite: nil, since: nil) },
        Rule("join by a link", "  + + + + + + + + b + +") { .joinRoom("room", invite: $0.invite, since: nil) },
        Rule("leaveRoom", "       c + + + + + + n n x x") { _ in .leaveRoom("room") },
        Rule("invite somebody", " + + d d d n n n b x +") { _ in .invitePerson("room", "eve") },
        Rule("make a link", "     + + d d d n n n b x +") { _ in .createInvite("room", expiresAt: nil, uses: nil) },
        Rule("revoke a link", "   + + d d d n n n b x +") { .revokeInvite("room", $0.invite) },
        Rule("list links", "      + + d d d n n n b x +") { _ in .invites("room") },
        Rule("setRole", "         + d d d d n n n b x +") { _ in .setRole("room", "victim", .moderator) },
        Rule("kick", "            + + d d d n n n b x +") { _ in .kick("room", "victim") },
        Rule("ban", "             + + d d d n n n b x +") { _ in .ban("room", "victim", until: nil) },
        Rule("unban", "           + + d d d n n n b x +") { _ in .unban("room", "outlaw") },
        Rule("mute", "            + + d d d n n n b x +") { _ in .mute("room", "victim", until: nil) },
        Rule("unmute", "          + + d d d n n n b x +") { _ in .unmute("room", "silenced") },
        Rule("room", "            + + + + + n n n b x +") { _ in .room("room") },
        Rule("members", "         + + + + + n n n b x +") { _ in .members("room", after: nil, limit: nil) },
        Rule("history", "         + + + + + x + + b x +") { _ in .history(HistoryRequest(room: "room")) },
        Rule("events", "          + + + + + x + + b x +") { _ in .events("room", since: 0, limit: nil) },
        Rule("message", "         + + + + + x + + b x +") { .message($0.others) },
        Rule("edits", "           + + + + + n n n b x +") { .edits($0.others) },
        Rule("pins", "            + + + + + x + + b x +") { _ in .pins("room") },
        Rule("reports", "         + + d d d n n n b x +") { _ in .reports("room", nil, after: 0, limit: nil) },
        Rule("settle a report", " + + d d d n n n b x +") { _ in
            .settleReport(ReportKey("room", 1), .dismissed, note: "")
        },
        Rule("addContact", "      + + + + + + + + + + +") { _ in .addContact("victim") },
        Rule("removeContact", "   + + + + + + + + + + +") { _ in .removeContact("victim") },
        Rule("contacts", "        + + + + + + + + + + +") { _ in .contacts(after: nil, limit: nil) },
        Rule("search the room", " + + + + + n n n b x +") { _ in .search(SearchRequest(text: "in:room x")) },
        Rule("export", "          + d d d d n n n b x +") { _ in .export("room", from: 1) },
        Rule("search", "          + + + + + + + + + + +") { _ in .search(SearchRequest(text: "x")) },
        Rule("rooms", "           + + + + + + + + + + +") { _ in .rooms(after: nil, limit: nil) },
        Rule("publicRooms", "     + + + + + + + + + + +") { _ in .publicRooms(after: nil, limit: nil) },
        Rule("createRoom", "      + + + + + + + + + + +") { _ in .createRoom(CreateRoom(kind: .public)) },
        Rule("erase oneself", "   + + + + + + + + + + +") { .erase($0.person) },
        Rule("erase another", "   d d d d d d d d d d +") { _ in .erase("victim") },
    ]
}

@Suite struct `Who may do what` {
    @Test(arguments: Rule.rules)
    func `is as the table says`(_ rule: Rule) async throws {
        let (store, invite) = try await Self.setting()
        let signs = rule.signs.utf8.filter { $0 != UInt8(ascii: " ") }
        #expect(signs.count == Rule.people.count)
        for (person, sign) in zip(Rule.people, signs) {
            let own = Self.writers.firstIndex(of: person).map { Int64($0) + 1 } ?? 1
            let setting = Rule.Setting(
                person: person.id, own: MessageID("room", own), others: MessageID("room", 9), invite: invite)
            let refusal = try await ChatHarness(MemoryChatStore(copying: store)).run { chat in
                chat.wait(100_000)
                return try await chat.refusal(person, rule.command(setting))
            }
            #expect(Self.sign(of: refusal) == String(UnicodeScalar(sign)), "\(rule.words) by \(person.id)")
        }
    }

    @Test func `stands in the table for every command`() {
        let setting = Rule.Setting(
            person: "x", own: MessageID("room", 1), others: MessageID("room", 2), invite: InviteToken(checked: "x"))
        let names = Set(Rule.rules.map { $0.command(setting).name })
        #expect(names == Set(ChatCommand.Name.allCases))
    }

    /// Those who were in the room from the beginning, in the order of their messages; the ninth is another's.
    private static let writers: [ChatPerson] = [
        "owner", "moderator", "member", "reader", "muted", "left", "kicked", "banned", "other", "victim", "outlaw",
        "silenced",
    ]

    private static func setting() async throws -> (MemoryChatStore, InviteToken) {
        let store = MemoryChatStore()
        let invite = try await ChatHarness(store).run { chat in
            let others = Array(Self.writers.dropFirst().map(\.id))
            try await chat("owner", .createRoom(CreateRoom(room: "room", kind: .group, members: others)))
            for person in Self.writers { try await chat.say(person, "of \(person.id)") }
            try await chat("owner", .setRole("room", "moderator", .moderator))
            try await chat("owner", .setRole("room", "reader", .reader))
            try await chat("owner", .mute("room", "muted", until: nil))
            try await chat("owner", .mute("room", "silenced", until: nil))
            try await chat("owner", .invitePerson("room", "invited"))
            try await chat("other", .report(MessageID("room", 1), reason: "rude"))
            try await chat("left", .leaveRoom("room"))
            try await chat("owner", .kick("room", "kicked"))
            try await chat("owner", .ban("room", "banned", until: nil))
            try await chat("owner", .ban("room", "outlaw", until: nil))
            guard case .invite(let invite) = try await chat("owner", .createInvite("room", expiresAt: nil, uses: nil))
            else {
                throw WireError(.internalError, "no invite")
            }
            return invite.token
        }
        return (store, invite)
    }

    private static func sign(of refusal: WireErrorCode?) -> String {
        switch refusal {
        case nil: "+"
        case .permissionDenied: "d"
        case .muted: "u"
        case .notAMember: "n"
        case .notFound: "x"
        case .banned: "b"
        case .conflict: "c"
        default: refusal?.rawValue ?? ""
        }
    }
}
