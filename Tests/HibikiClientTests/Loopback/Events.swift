// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Synchronization

@testable import HibikiClient

extension EventFields {
    static func test(_ offset: Int, topic: String = "public/a") -> EventFields {
        EventFields(
            topic: topic, position: "5d41c0a2-\(offset)", event: "message", payload: ByteBuffer(string: "\(offset)"),
            from: nil, timestamp: 1
        )
    }

    func json(type: Bool = false) -> String {
        var text = ByteBuffer()
        text.writeEventMessage(self, type: type)
        return String(buffer: text)
    }
}

extension ReceivedEvent {
    var offset: String? {
        guard case .event(let event) = self else { return nil }
        return String(buffer: event.payload)
    }
}

/// A clock that never makes anybody wait, and remembers what was asked of it.
final class Sleeps: Sendable {
    private let state = Mutex<[Duration]>([])

    var all: [Duration] {
        self.state.withLock { $0 }
    }

    /// Reconnects at once, with the longest delay that chance allows.
    var reconnection: Reconnection {
        Reconnection(random: { 0 }, sleep: { duration in self.state.withLock { $0.append(duration) } })
    }
}

extension HibikiEvents {
    /// The next events' payloads, and what else was told, in short.
    static func take(_ count: Int, from iterator: inout AsyncIterator) async throws -> [String] {
        var items: [String] = []
        while items.count < count, let received = try await iterator.next() {
            switch received {
            case .event(let event): items.append(String(buffer: event.payload))
            case .gap(let topics): items.append("gap " + topics.joined(separator: ","))
            case .connected(let clientID): items.append("connected " + (clientID ?? "-"))
            case .reconnecting: items.append("reconnecting")
            }
        }
        return items
    }
}

/// The error that `body` throws, if it is one of the client's.
func clientError(_ body: () async throws -> Void) async throws -> HibikiClientError? {
    do {
        try await body()
        return nil
    } catch let error as HibikiClientError {
        return error
    }
}
