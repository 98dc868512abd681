// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiWire
import NIOCore
import Testing

extension ChatStoreContract {
    static let reading = [
        Clause("turns pages both ways from every kind of anchor") { chat in
            try await chat.room("alice", "bob")
            var times: [Int64] = []
            for number in 1...9 { times.append(try await chat.say("alice", "\(number)").timestamp.milliseconds) }
            try await chat("bob", .markRead(MessageID("room", 4)))
            let cases: [(HistoryAnchor, [Int64], Bool, Bool)] = [
                (.newest, [7, 8, 9], false, true), (.oldest, [1, 2, 3], true, false),
                (.firstUnread, [3, 4, 5, 6, 7], false, false), (.sequence(2), [1, 2, 3, 4], true, false),
                (.date(.ms(times[5])), [4, 5, 6, 7, 8], false, false),
                (.date(.ms(times[5] + 1)), [5, 6, 7, 8, 9], false, true),
                (.date(.never), [7, 8, 9], false, true),
            ]
            for (anchor, sequences, foundOldest, foundNewest) in cases {
                let page = try await chat.history("bob", anchor, before: 2, after: 2)
                #expect(page.sequences == sequences, "\(anchor)")
                #expect(page.foundOldest == foundOldest, "\(anchor)")
                #expect(page.foundNewest == foundNewest, "\(anchor)")
                #expect(page.foundAnchor, "\(anchor)")
            }
        },
        Clause("says where an anchor would be that is not there") { chat in
            try await chat.room("alice")
            for number in 1...5 { try await chat.say("alice", "\(number)") }
            try await chat("alice", .delete(MessageID("room", 3), .hard))
            let page = try await chat.history("alice", .sequence(3), before: 1, after: 1)
            #expect(page.sequences == [2, 4])
            #expect(!page.foundAnchor && !page.foundOldest && !page.foundNewest)
            let beyond = try await chat.history("alice", .sequence(100), before: 2, after: 2)
            #expect(beyond.sequences == [4, 5])
            #expect(!beyond.foundAnchor && !beyond.foundOldest && beyond.foundNewest)
            let below = try await chat.history("alice", .sequence(-5), before: 2, after: 2)
            #expect(below.sequences == [1, 2])
            #expect(!below.foundAnchor && below.foundOldest && !below.foundNewest)
        },
        Clause("gives an empty page of a room without messages") { chat in
            try await chat.room("alice")
            for anchor in [HistoryAnchor.newest, .oldest, .firstUnread, .sequence(1), .date(.ms(0))] {
                let page = try await chat.history("alice", anchor, before: 5, after: 5)
                #expect(page.messages.isEmpty, "\(anchor)")
                #expect(page.foundOldest && page.foundNewest && !page.foundAnchor, "\(anchor)")
            }
        },
        Clause("takes the newest for the first unread one when all are read") { chat in
            try await chat.room("alice", "bob")
            for number in 1...3 { try await chat.say("alice", "\(number)") }
            try await chat("bob", .markRead(MessageID("room", 3)))
            #expect(try await chat.history("bob", .firstUnread, before: 1, after: 1).sequences == [2, 3])
        },
        Clause("exports a room as lines, part by part") { chat in
            try await chat.room("alice")
            for number in 1...250 { try await chat.say("alice", "\(number)") }
            try await chat("alice", .delete(MessageID("room", 7), .soft))
            var lines: [Substring] = []
            var next: Int64? = 1
            while let from = next {
                guard case .exported(let part, let following) = try await chat("alice", .export("room", from: from))
                else {
                    return
                }
                lines += String(buffer: part).split(separator: "\n")
                next = following
            }
            #expect(lines.count == 251)
            #expect(lines.first?.contains(#""kind":"group""#) == true)
            #expect(lines.dropFirst(7).first?.contains(#""content":"7""#) == true)
            #expect(lines.last?.contains(#""content":"250""#) == true)
        },
    ]
}
