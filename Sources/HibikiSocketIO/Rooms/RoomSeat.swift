// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Synchronization

/// A member's place in the rooms of one namespace: which event loop keeps it.
///
/// The member holds its seat, the event loop holds both. A seat of a member that was removed does nothing.
package final class RoomSeat: Sendable {
    /// The id of the member, which is the name of its own room.
    package let id: String
    private let number: Mutex<Int>
    /// The same, to be read without the lock.
    private let current: Atomic<Int>

    init(id: String, loop: Int) {
        self.id = id
        self.number = Mutex(loop)
        self.current = Atomic(loop)
    }

    var loop: Int { self.current.load(ordering: .acquiring) }

    /// Calls `post` with the number of the loop, between a move's beginning and end never.
    func posting(_ post: (Int) -> Void) {
        self.number.withLock { post($0) }
    }

    /// Gives the seat to another loop. `post` is called with the old one if that makes a difference.
    func move(to loop: Int, _ post: (Int) -> Void) {
        self.number.withLock { number in
            guard number != loop else { return }
            post(number)
            number = loop
            self.current.store(loop, ordering: .releasing)
        }
    }
}
