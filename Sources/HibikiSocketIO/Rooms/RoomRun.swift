// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging

/// Where an event stands in a log.
struct LogPlace {
    let log: Topic
    let position: StreamPosition
}

/// Which events of a log a member has already: those of that life before ``next``.
struct LogMark: Sendable {
    let log: Topic
    let epoch: Epoch
    let next: UInt64

    func covers(_ place: LogPlace) -> Bool {
        place.log == self.log && place.position.epoch == self.epoch && place.position.offset < self.next
    }
}

/// A message as it has come to an event loop.
struct RoomItem {
    let audience: Audience
    let message: EngineMessage
    /// `nil` of what no log keeps.
    let place: LogPlace?
}

/// Messages for the same audience, one after the other.
struct RoomRun {
    private(set) var audience = Audience()
    private(set) var messages: [EngineMessage] = []
    private var places: [LogPlace?] = []

    var isEmpty: Bool { self.messages.isEmpty }
    var batch: EngineBatch { EngineBatch(self.messages, isVolatile: self.audience.isVolatile) }

    /// The last event of a log.
    func last(of log: Topic) -> StreamPosition? {
        self.places.last { $0?.log == log }??.position
    }

    /// - Returns: whether the item is for the same audience; if not, it has not been added.
    mutating func append(_ item: RoomItem) -> Bool {
        if self.messages.isEmpty {
            self.audience = item.audience
        } else if self.audience != item.audience {
            return false
        }
        self.messages.append(item.message)
        self.places.append(item.place)
        return true
    }

    mutating func removeAll() {
        self.messages.removeAll(keepingCapacity: true)
        self.places.removeAll(keepingCapacity: true)
    }

    /// What is new to a member that has some of it already. Its marks are done with once something beyond them comes.
    func batch(beyond marks: inout [LogMark]) -> EngineBatch? {
        var fresh: [EngineMessage] = []
        for (message, place) in zip(self.messages, self.places) {
            if let place {
                guard !marks.contains(where: { $0.covers(place) }) else { continue }
                marks.removeAll { $0.log == place.log }
            }
            fresh.append(message)
        }
        return fresh.isEmpty ? nil : EngineBatch(fresh, isVolatile: self.audience.isVolatile)
    }
}
