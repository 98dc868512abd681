// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import NIOCore

extension ChatService {
    /// Tells the room that somebody types. Nothing is stored; who is told is who has joined.
    func type(_ event: ChatEventName, in room: RoomID, _ order: ChatOrder) async throws -> ChatResult {
        guard let access = try await self.store.access(order.own(room)) else { throw WireError.noSuchRoom }
        try access.allow(.write, at: order.now)
        let payload = ByteBuffer.jsonObject { object in
            object.put("roomId", room.rawValue)
            object.put("room", room.rawValue)
            object.put("userId", order.person.id.rawValue)
            object.put("userName", ifAny: order.person.name ?? access.membership?.name)
        }
        self.outlet.publish([.event(.room(room), event, payload: payload)])
        return .done
    }
}
