// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import HibikiMessaging
import HibikiWire

extension ChatService {
    /// Erasures that are gone on with at a time, after they were interrupted.
    private static let resumed = 100

    func erase(_ user: UserID, _ order: ChatOrder) async throws -> ChatResult {
        guard order.person.isAdministrator || order.person.id == user else {
            throw WireError.denied("everybody erases himself, and administrators anybody")
        }
        guard let pseudonym = UserID(rawValue: "erased-\(self.freshRoom())") else {
            throw WireError(.internalError, "no name for somebody who is erased")
        }
        return try await self.goOn(
            with: try await self.store.begin(Erasure(user: user, pseudonym: pseudonym, at: order.now)))
    }

    /// Goes on with erasures that a stop or a failure of the store has interrupted. To be called at the start, and now and then.
    ///
    /// - Returns: how many it has brought to their end.
    public func resumeErasures() async throws -> Int {
        let erasures = try await self.store.erasures(limit: Self.resumed)
        for erasure in erasures { _ = try await self.goOn(with: erasure) }
        return erasures.count
    }

    /// Each part waits in the queue of the writer behind what others have asked for meanwhile.
    private func goOn(with erasure: Erasure) async throws -> ChatResult {
        var rooms: Set<RoomID> = []
        var step: ErasureStep? = .rooms(after: nil)
        while let current = step {
            let work = ChatWork(.erasure(erasure, current, limit: max(1, self.configuration.erasurePortion)))
            guard case .erasing(let room, let next) = try await self.writer.submit(work) else {
                throw WireError(.internalError, "a part of an erasure was answered as something else")
            }
            if let room { rooms.insert(room) }
            step = next
        }
        return .erased(pseudonym: erasure.pseudonym, rooms: rooms.count)
    }
}
