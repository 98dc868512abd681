// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import Synchronization

/// What happens to the rooms of a namespace on this node.
package enum RoomEvent: Hashable, Sendable {
    /// The first member has joined.
    case createRoom(String)
    /// The last member has left.
    case deleteRoom(String)
    case joinRoom(String, id: String)
    case leaveRoom(String, id: String)
}

/// Counts the members of each room over all event loops, so that a room begins and ends once.
final class RoomCensus: Sendable {
    private let counts = Mutex<[ExactString: Int]>([:])
    private let report: @Sendable (RoomEvent) -> Void

    init(report: @escaping @Sendable (RoomEvent) -> Void) {
        self.report = report
    }

    func joined(_ room: String, id: String) {
        let isFirst = self.counts.withLock { counts in
            counts[ExactString(room), default: 0] += 1
            return counts[ExactString(room)] == 1
        }
        if isFirst {
            self.report(.createRoom(room))
        }
        self.report(.joinRoom(room, id: id))
    }

    func left(_ room: String, id: String) {
        self.report(.leaveRoom(room, id: id))
        let isLast = self.counts.withLock { counts in
            guard let count = counts[ExactString(room)] else { return false }
            counts[ExactString(room)] = count > 1 ? count - 1 : nil
            return count == 1
        }
        if isLast {
            self.report(.deleteRoom(room))
        }
    }
}
