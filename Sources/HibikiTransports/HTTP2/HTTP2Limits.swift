// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOHTTP2

extension NIOHTTP2Handler.ConnectionConfiguration {
    /// What the library does not bound well enough for us by itself, or bounds by numbers that are settings here.
    ///
    /// Beyond these it answers with GOAWAY, ENHANCE_YOUR_CALM where a peer misbehaves: streams that are reset as soon as they are opened
    /// (CVE-2023-44487), CONTINUATION frames without end, PING and SETTINGS that want nothing but their answers.
    static func limited(by http: TransportConfiguration.HTTP) -> Self {
        var configuration = Self()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: http.streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: http.headBytes),
            // RFC 8441 §3.
            HTTP2Setting(parameter: .enableConnectProtocol, value: 1),
        ]
        configuration.maximumBufferedControlFrames = 1_000
        return configuration
    }
}

extension NIOHTTP2Handler.StreamConfiguration {
    /// A stream has a part of what a connection may keep waiting, because a connection has many.
    private static let share = 16
    private static let smallestQueue = 64 << 10

    static func limited(by transport: TransportConfiguration) -> Self {
        var configuration = Self()
        let queue = min(transport.outboundQueue, max(self.smallestQueue, transport.outboundQueue / self.share))
        configuration.outboundBufferSizeHighWatermark = max(1, queue)
        configuration.outboundBufferSizeLowWatermark = max(1, queue / 2)
        // Pages leave, and polls are given up: as many in half a minute as there may be streams at once, twice.
        configuration.streamResetFrameRateLimit.maximumCount = max(200, transport.http.streams * 2)
        return configuration
    }
}
