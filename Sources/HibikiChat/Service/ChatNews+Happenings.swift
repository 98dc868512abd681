// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

extension ChatNews {
    /// What is told of what has happened, in its order. How many are in a room is told once, at the end.
    static func of(_ happenings: [Happening]) -> [ChatNews] {
        var news: [ChatNews] = []
        news.reserveCapacity(happenings.count)
        var crowds: [RoomID: Int] = [:]
        for happening in happenings {
            switch happening {
            case .event(let row, let room):
                news.append(.event(.room(room.id), row.event.name, payload: row.payload(room: room)))
                switch row.event.kind {
                case .userJoined, .userLeft, .personErased: crowds[room.id] = room.members
                default: break
                }
            case .admitted(let user, let room):
                news.append(.admitted(user, room.id))
                news.append(.event(.person(user), .roomJoined, payload: .jsonObject { room.put(into: &$0) }))
            case .removed(let user, let room, let standing):
                news.append(.removed(user, room.id))
                news.append(.event(.person(user), .roomLeft, payload: Self.farewell(room, standing)))
            case .invited(let user, let room, let by):
                news.append(.event(.person(user), .invitation, payload: Self.invitation(room, by)))
            case .mentioned(let user, let message):
                news.append(.event(.person(user), .mention, payload: message.json))
            case .listed(let key, let isListed):
                let name: ChatEventName = isListed ? .contactAdded : .contactRemoved
                news.append(.event(.person(key.person), name, payload: Self.contact(key)))
            // These are told by whoever counts, and by whoever takes his time.
            case .marked, .mentionedAll, .reported, .settled, .withdrawn: break
            }
        }
        for (room, members) in crowds.sorted(by: { $0.key < $1.key }) {
            news.append(.event(.room(room), .roomInfo, payload: Self.crowd(room, members)))
        }
        return news
    }

    private static func farewell(_ room: Room, _ standing: Membership.Standing) -> ByteBuffer {
        .jsonObject { object in
            object.put("roomId", room.id.rawValue)
            object.put("reason", standing.rawValue)
        }
    }

    private static func contact(_ key: ContactKey) -> ByteBuffer {
        .jsonObject { $0.put("userId", key.contact.rawValue) }
    }

    /// An invited person is shown what the room is, and not what goes on in it.
    private static func invitation(_ room: Room, _ by: UserID) -> ByteBuffer {
        .jsonObject { object in
            object.put("roomId", room.id.rawValue)
            object.put("name", ifAny: room.name)
            object.put("about", ifAny: room.about)
            object.put("by", by.rawValue)
        }
    }

    private static func crowd(_ room: RoomID, _ members: Int) -> ByteBuffer {
        .jsonObject { object in
            object.put("roomId", room.rawValue)
            object.put("room", room.rawValue)
            object.put("members", members)
        }
    }
}
