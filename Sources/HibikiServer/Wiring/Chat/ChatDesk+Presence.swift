// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiChat
import HibikiMessaging
import HibikiSocketIOCodec
import HibikiTransports
import HibikiWire
import NIOCore

/// `presence`: `{"status":"away"}` says how one is oneself, `{"userIds":[…]}` asks how others are.
struct PresenceRequest {
    static let command = "presence"
    private static let most = 200

    var isAway: Bool?
    var people: [UserID] = []

    init(_ payload: ByteBuffer) throws(WireError) {
        let body = try JSONBody(payload)
        switch try body.text("status") {
        case nil: self.isAway = nil
        case PresenceStatus.online.rawValue: self.isAway = false
        case PresenceStatus.away.rawValue: self.isAway = true
        default: throw WireError(.invalidMessage, "status: expected online or away")
        }
        guard let list = body.members["userIds"], !list.isNull else { return }
        guard case .array(let elements) = list, elements.count <= Self.most else {
            throw WireError(.invalidMessage, "userIds: expected an array of at most \(Self.most)")
        }
        for element in elements {
            guard let person = element.string.flatMap({ UserID(rawValue: $0) }) else {
                throw WireError(.invalidMessage, "userIds: expected ids of users")
            }
            self.people.append(person)
        }
    }
}

extension ChatDesk {
    func presence(
        _ payload: ByteBuffer, _ person: ChatPerson, _ caller: Caller
    ) async throws(WireError) -> ByteBuffer {
        let request = try PresenceRequest(payload)
        if let isAway = request.isAway {
            self.attendance.set(away: isAway, caller.device, of: person.id.rawValue, at: .now())
        }
        guard !request.people.isEmpty else {
            return JSON(PresenceChange(person.id.rawValue, self.attendance.presence(of: person.id.rawValue))).text
        }
        let known = try await self.known(to: person, among: request.people)
        let people = request.people.filter { known.contains($0) || person.isAdministrator || $0 == person.id }
        let list = people.map {
            JSON(PresenceChange($0.rawValue, self.attendance.presence(of: $0.rawValue)))
        }
        return (["people": .array(list)] as JSON).text
    }

    /// Those who share a direct room or a group with the person, and those who have listed the person as a contact.
    private func known(to person: ChatPerson, among people: [UserID]) async throws(WireError) -> Set<UserID> {
        do {
            let companions = try await self.store.companions(of: person.id, among: people)
            return companions.union(try await self.store.listing(person.id, among: people))
        } catch {
            throw WireError(.overloaded, "the store of the chat does not answer; try again in a moment")
        }
    }

    /// An answer as it goes out: those who have joined are shown with whether they are there.
    func json(_ result: ChatResult) async throws(WireError) -> ByteBuffer {
        guard case .members(let members, _) = result else { return result.json }
        guard var answer = (try? JSONBody(result.json))?.members, case .array(var list) = answer["members"] else {
            return result.json
        }
        for (index, member) in members.enumerated() where member.isJoined && list.indices.contains(index) {
            guard case .object(var object) = list[index] else { continue }
            let presence = self.attendance.presence(of: member.user.rawValue)
            object["status"] = .string(presence.status.rawValue)
            if let seen = presence.lastSeen { object["lastSeen"] = .integer(seen.milliseconds) }
            list[index] = .object(object)
        }
        answer["members"] = .array(list)
        return JSON.object(answer).text
    }
}

extension JSON {
    init(_ change: PresenceChange) {
        var object: JSONObject = [
            "userId": .string(change.person), "status": .string(change.presence.status.rawValue),
        ]
        if let seen = change.presence.lastSeen { object["lastSeen"] = .integer(seen.milliseconds) }
        self = .object(object)
    }
}
