// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiChatContract
import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@Suite struct `A command in JSON` {
    static let commands: [(String, String, ChatCommand)] = [
        ("send", #"{"roomId":"r","content":"hi"}"#, .send(SendMessage(room: "r", content: "hi"))),
        ("send", #"{"room":"r","text":"hi"}"#, .send(SendMessage(room: "r", content: "hi"))),
        (
            "send",
            #"""
            {"roomId":"r","content":"\u00e9","clientId":"c","type":"image","replyTo":"r-1","threadId":"r-2","mentions":["bob","@all"],
            "attachments":[{"id":"a","name":"n","type":"t/t","size":3,"width":4,"height":5}],"unknown":{"a":[1,{}]}}
            """#,
            .send(
                SendMessage(
                    room: "r", content: "é", clientID: "c", kind: .image, replyTo: MessageID("r", 1),
                    thread: MessageID("r", 2),
                    mentions: [.person("bob"), .everybody],
                    attachments: [Attachment(id: "a", name: "n", type: "t/t", size: 3, width: 4, height: 5)]))
        ),
        ("createRoom", "{}", .createRoom(CreateRoom(kind: .group))),
        (
            "createRoom", #"{"roomId":"r","kind":"public","name":"N","about":"A","members":["bob"]}"#,
            .createRoom(CreateRoom(room: "r", kind: .public, name: "N", about: "A", members: ["bob"]))
        ),
        ("updateRoom", #"{"roomId":"r","name":""}"#, .updateRoom("r", RoomUpdate(name: ""))),
        ("joinRoom", #"{"roomId":"r"}"#, .joinRoom("r", invite: nil, since: nil)),
        (
            "joinRoom", #"{"roomId":"r","invite":"0123456789abcdef","since":4}"#,
            .joinRoom("r", invite: InviteToken(checked: "0123456789abcdef"), since: 4)
        ),
        ("leaveRoom", #"{"roomId":"r"}"#, .leaveRoom("r")),
        ("invite", #"{"roomId":"r","userId":"bob"}"#, .invitePerson("r", "bob")),
        ("invite", #"{"roomId":"r","userId":"bob","expiresAt":null,"uses":null}"#, .invitePerson("r", "bob")),
        ("invite", #"{"roomId":"r","expiresAt":5,"uses":6}"#, .createInvite("r", expiresAt: .ms(5), uses: 6)),
        (
            "revokeInvite", #"{"roomId":"r","invite":"0123456789abcdef"}"#,
            .revokeInvite("r", InviteToken(checked: "0123456789abcdef"))
        ),
        ("setRole", #"{"roomId":"r","userId":"bob","role":"moderator"}"#, .setRole("r", "bob", .moderator)),
        ("kick", #"{"roomId":"r","userId":"bob"}"#, .kick("r", "bob")),
        ("ban", #"{"roomId":"r","userId":"bob","until":7}"#, .ban("r", "bob", until: .ms(7))),
        ("unban", #"{"roomId":"r","userId":"bob"}"#, .unban("r", "bob")),
        ("mute", #"{"roomId":"r","userId":"bob","until":null}"#, .mute("r", "bob", until: nil)),
        ("unmute", #"{"roomId":"r","userId":"bob"}"#, .unmute("r", "bob")),
        ("edit", #"{"messageId":"r-1","content":"x"}"#, .edit(MessageID("r", 1), content: "x")),
        ("delete", #"{"messageId":"r-1"}"#, .delete(MessageID("r", 1), .soft)),
        ("delete", #"{"roomId":"r","messageId":"r-1","hard":true}"#, .delete(MessageID("r", 1), .hard)),
        ("react", #"{"messageId":"r-1","emoji":"👍"}"#, .react(MessageID("r", 1), "👍")),
        ("unreact", #"{"messageId":"r-1","emoji":"👍"}"#, .unreact(MessageID("r", 1), "👍")),
        ("pin", #"{"messageId":"r-1"}"#, .pin(MessageID("r", 1))),
        ("unpin", #"{"messageId":"r-1"}"#, .unpin(MessageID("r", 1))),
        ("report", #"{"messageId":"r-1"}"#, .report(MessageID("r", 1), reason: "")),
        ("markRead", #"{"roomId":"r","messageId":"r-1","userId":"ignored"}"#, .markRead(MessageID("r", 1))),
        ("markDelivered", #"{"messageId":"r-1"}"#, .markDelivered(MessageID("r", 1))),
        ("typing", #"{"room":"r"}"#, .typing("r")),
        ("stopTyping", #"{"room":"r"}"#, .stopTyping("r")), ("room", #"{"roomId":"r"}"#, .room("r")),
        ("rooms", "", .rooms(after: nil, limit: nil)),
        ("rooms", #"{"after":"r","limit":3}"#, .rooms(after: "r", limit: 3)),
        ("publicRooms", "{}", .publicRooms(after: nil, limit: nil)),
        ("members", #"{"roomId":"r","after":"bob"}"#, .members("r", after: "bob", limit: nil)),
        ("history", #"{"roomId":"r"}"#, .history(HistoryRequest(room: "r"))),
        (
            "history", #"{"roomId":"r","anchor":"firstUnread","before":1,"after":2,"threadId":"r-9"}"#,
            .history(HistoryRequest(room: "r", anchor: .firstUnread, before: 1, after: 2, thread: MessageID("r", 9)))
        ),
        ("history", #"{"roomId":"r","anchor":12}"#, .history(HistoryRequest(room: "r", anchor: .sequence(12)))),
        ("history", #"{"roomId":"r","anchor":"r-12"}"#, .history(HistoryRequest(room: "r", anchor: .sequence(12)))),
        (
            "history", #"{"roomId":"r","anchor":"1970-01-02"}"#,
            .history(HistoryRequest(room: "r", anchor: .date(.ms(86_400_000))))
        ),
        (
            "history", #"{"roomId":"r","anchor":"1970-01-01T00:00:01.5Z"}"#,
            .history(HistoryRequest(room: "r", anchor: .date(.ms(1_500))))
        ),
        ("events", #"{"roomId":"r","since":5,"limit":6}"#, .events("r", since: 5, limit: 6)),
        ("message", #"{"messageId":"r-1"}"#, .message(MessageID("r", 1))),
        ("edits", #"{"messageId":"r-1"}"#, .edits(MessageID("r", 1))),
        ("pins", #"{"roomId":"r"}"#, .pins("r")),
        ("reports", #"{"roomId":"r"}"#, .reports("r", nil, after: 0, limit: nil)),
        ("reports", #"{"roomId":"r","state":"open","after":3}"#, .reports("r", .open, after: 3, limit: nil)),
        (
            "settleReport", #"{"roomId":"r","number":2,"outcome":"acted","note":"n"}"#,
            .settleReport(ReportKey("r", 2), .acted, note: "n")
        ),
        ("addContact", #"{"userId":"bob"}"#, .addContact("bob")),
        ("removeContact", #"{"userId":"bob"}"#, .removeContact("bob")),
        ("contacts", #"{"after":"bob","limit":2}"#, .contacts(after: "bob", limit: 2)),
        ("invites", #"{"roomId":"r"}"#, .invites("r")),
        ("search", #"{"q":"x","cursor":"c","limit":7}"#, .search(SearchRequest(text: "x", cursor: "c", limit: 7))),
        ("export", #"{"roomId":"r"}"#, .export("r", from: 1)), ("erase", #"{"userId":"bob"}"#, .erase("bob")),
    ]

    @Test(arguments: Self.commands.indices)
    func `is read as it is meant`(_ index: Int) throws {
        let (name, text, command) = Self.commands[index]
        #expect(try ChatCommand.parse(name, ByteBuffer(string: text)) == command)
        #expect(command.name.rawValue == name)
    }

    @Test func `is shown here for every name`() {
        #expect(Set(Self.commands.map(\.0)) == Set(ChatCommand.Name.allCases.map(\.rawValue)))
    }

    @Test(arguments: [
        ("send", #"{"roomId":"r","content":1}"#), ("send", #"{"content":"x"}"#),
        ("send", #"{"roomId":"a b","content":"x"}"#),
        ("send", #"{"roomId":"r","content":"x","content":"y"}"#),
        ("send", #"{"roomId":"r","content":"x","type":"video"}"#),
        ("send", #"{"roomId":"r","content":"x","replyTo":"s-1"}"#),
        ("send", #"{"roomId":"r","content":"x","mentions":"bob"}"#),
        ("send", #"{"roomId":"r","content":"x","mentions":[1]}"#),
        ("send", #"{"roomId":"r","content":"x","attachments":[{}]}"#),
        ("send", #"{"roomId":"r","content":"x","clientId":""}"#), ("edit", #"{"messageId":"r","content":"x"}"#),
        ("edit", #"{"roomId":"s","messageId":"r-1","content":"x"}"#), ("delete", #"{"messageId":"r-1","hard":1}"#),
        ("settleReport", #"{"roomId":"r","number":2,"outcome":"forgotten"}"#),
        ("settleReport", #"{"roomId":"r","outcome":"acted"}"#), ("reports", #"{"roomId":"r","state":"new"}"#),
        ("addContact", #"{"userId":"@all"}"#),
        ("history", #"{"roomId":"r","anchor":"nowhere"}"#), ("history", #"{"roomId":"r","before":-1}"#),
        ("history", #"{"roomId":"r","anchor":"2026-13-01"}"#), ("rooms", "[]"), ("rooms", "{} {}"), ("rooms", "{"),
        ("rooms", "null"), ("invite", #"{"roomId":"r","uses":0}"#),
        ("invite", #"{"roomId":"r","userId":"bob","uses":1}"#),
        ("invite", #"{"roomId":"r","userId":"bob","expiresAt":5}"#),
    ])
    func `that makes no sense is refused`(_ name: String, _ text: String) {
        #expect(throws: WireError.self) { try ChatCommand.parse(name, ByteBuffer(string: text)) }
    }

    @Test func `that nobody knows is refused as such`() {
        let error = #expect(throws: WireError.self) { try ChatCommand.parse("drop", ByteBuffer(string: "{}")) }
        #expect(error?.code == .unknownType)
    }

    @Test func `with too many parts is too large`() {
        let mentions = Array(repeating: #""a""#, count: 101).joined(separator: ",")
        let text = #"{"roomId":"r","content":"x","mentions":[\#(mentions)]}"#
        let error = #expect(throws: WireError.self) { try ChatCommand.parse("send", ByteBuffer(string: text)) }
        #expect(error?.code == .tooLarge)
    }

    @Test(arguments: UInt64(1)...20)
    func `is never more than refused, whatever its bytes`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            guard let (name, text, _) = Self.commands.randomElement(using: &generator) else { return }
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: .min ... .max, using: &generator)
            }
            do {
                _ = try ChatCommand.parse(name, ByteBuffer(bytes: bytes))
            } catch {
                #expect([.invalidMessage, .tooLarge].contains(error.code))
            }
        }
    }
}
