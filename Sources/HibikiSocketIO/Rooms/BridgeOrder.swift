// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiWire
import Synchronization

/// Takes the events of bridged topics into the log of a namespace, in their order, for all event loops of this node.
///
/// Every loop sees the events of a topic in order, but one loop is ahead of another. Whichever comes first takes an event over,
/// with those before it that nobody has taken yet.
final class BridgeOrder: Sendable {
    private struct Crossing {
        /// The last event that was taken over.
        var last: StreamPosition
        var bridges: Int
    }

    /// By room.
    private let crossings = Mutex<[ExactString: Crossing]>([:])

    /// A loop begins to see events of a room's topic, those after `position`.
    func open(_ room: String, after position: StreamPosition) {
        self.crossings.withLock { $0[ExactString(room), default: Crossing(last: position, bridges: 0)].bridges += 1 }
    }

    /// How far each topic has been taken over.
    var positions: [ExactString: StreamPosition] { self.crossings.withLock { $0.mapValues(\.last) } }

    func close(_ room: String) {
        self.crossings.withLock { crossings in
            guard let crossing = crossings[ExactString(room)] else { return }
            crossings[ExactString(room)]?.bridges -= 1
            if crossing.bridges <= 1 { crossings[ExactString(room)] = nil }
        }
    }

    /// Takes over what lies between the last event that was, and `end`.
    func catchUp(
        _ room: String, to end: StreamPosition, _ missed: (StreamPosition) -> [Publication], take: (Publication) -> Void
    ) {
        self.crossings.withLock { crossings in
            guard let last = crossings[ExactString(room)]?.last, last.epoch == end.epoch, last.offset < end.offset
            else { return }
            missed(last).forEach(take)
            crossings[ExactString(room)]?.last = end
        }
    }

    /// Calls `take` for an event, and before it for earlier ones that were not taken yet; for none a second time.
    ///
    /// - Parameters:
    ///   - earlier: reads what lies between two positions.
    ///   - take: called one after the other; it must not call this object.
    func cross(
        _ room: String, _ publication: Publication, earlier: (StreamPosition, StreamPosition) -> [Publication],
        take: (Publication) -> Void
    ) {
        self.crossings.withLock { crossings in
            guard let last = crossings[ExactString(room)]?.last else { return }
            let position = publication.position
            if last.epoch == position.epoch {
                guard position.offset > last.offset else { return }
                if position.offset - last.offset > 1 {
                    earlier(last, position).forEach(take)
                }
            }
            take(publication)
            crossings[ExactString(room)]?.last = position
        }
    }
}
