// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging

/// A socket, as the rooms of its namespace see it.
package protocol RoomMember: AnyObject, Sendable {
    /// Its own room.
    var id: String { get }

    /// Queues messages; they are flushed at the end of the turn.
    ///
    /// Called on the event loop that the member is with. While it moves to another one (``NamespaceRooms/move(_:to:)``),
    /// what was sent before the move still comes on the old one, all of it before anything comes on the new one.
    func deliver(_ batch: EngineBatch)

    /// Whether it is a socket of somebody, by the id of the principal.
    func isOf(_ principal: String) -> Bool

    /// It was taken out of a room because somebody may follow the room's topic no longer. Called on its event loop.
    func evicted(from room: String, of topic: Topic)
}

extension RoomMember {
    package func isOf(_ principal: String) -> Bool { false }
    package func evicted(from room: String, of topic: Topic) {}
}
