// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWebSocketCodec
import NIOCore

/// Many WebSockets that are driven on their event loops.
struct Fleet: Sendable {
    private let channels: [any Channel]

    /// How many connect at the same time: below the backlog of most servers.
    private static let connectingAtOnce = 64

    /// - Parameter target: `nil` for the path of the address itself.
    static func open(
        _ count: Int, _ dialer: Dialer, target: String?, messageBytes: Int,
        makeSink: @escaping @Sendable () -> any WebSocketSink
    ) async throws -> Fleet {
        let configuration = WebSocketClient.Configuration(
            limits: WebSocketLimits(messageBytes: max(messageBytes, 65_536)), compression: nil, keepAlive: nil
        )
        let target = target ?? (dialer.url.path.isEmpty ? "/" : dialer.url.path)
        let channels = try await withThrowingTaskGroup(of: (any Channel).self) { group in
            var channels: [any Channel] = []
            for started in 0..<count {
                if started >= Self.connectingAtOnce, let channel = try await group.next() { channels.append(channel) }
                group.addTask {
                    try await WebSocketClient.open(dialer, target: target, configuration, makeSink: makeSink).channel
                }
            }
            for try await channel in group { channels.append(channel) }
            return channels
        }
        return Fleet(channels: channels)
    }

    func close() {
        for channel in self.channels { channel.close(promise: nil) }
    }
}
