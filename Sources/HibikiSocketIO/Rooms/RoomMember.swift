// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// A socket, as the rooms of its namespace see it.
package protocol RoomMember: AnyObject, Sendable {
    /// Its own room.
    var id: String { get }

    /// Queues messages; they are flushed at the end of the turn.
    ///
    /// Called on the event loop that the member is with. While it moves to another one (``NamespaceRooms/move(_:to:)``),
    /// what was sent before the move still comes on the old one, all of it before anything comes on the new one.
    func deliver(_ batch: EngineBatch)
}
