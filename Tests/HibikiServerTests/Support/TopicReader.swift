// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire
import NIOCore

/// Reads the events of one topic, from the earliest on; what else a listener is told is left out.
final class TopicReader {
    private var items: HibikiEvents.AsyncIterator

    init(_ server: RunningServer, _ topic: String, via transport: Transport) throws {
        let url = try HibikiURL("http://127.0.0.1:\(server.port)")
        self.items = Hibiki.events(of: [topic], since: .earliest, via: transport, at: url).makeAsyncIterator()
    }

    /// The names and the payloads of the next events.
    func next(_ count: Int) async throws -> [String] {
        var events: [String] = []
        while events.count < count, let item = try await self.items.next() {
            guard case .event(let event) = item else { continue }
            events.append("\(event.event) \(String(buffer: event.payload))")
        }
        return events
    }
}
