// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire
import Histogram
import NIOCore

/// The figures of all transports, one column each.
struct ComparisonTable {
    private let figures: [TransportFigures]
    private let options: ComparisonOptions

    init(_ figures: [TransportFigures], _ options: ComparisonOptions) {
        self.figures = figures
        self.options = options
    }

    var markdown: String {
        var lines = [self.row("", \.title), self.row("---", { _ in "---" })]
        lines.append(self.row("Direction", { $0.transport.direction }))
        lines.append(self.row("Protocol", { $0.transport == .webSocket ? "ws:// / wss://" : "HTTP" }))
        lines.append(self.row("Connection", { $0.transport.connection }))
        lines.append(self.row("Latency, p50", { LatencyReport.duration($0.latencies.valueAtPercentile(50)) }))
        lines.append(self.row("Latency, p99", { LatencyReport.duration($0.latencies.valueAtPercentile(99)) }))
        lines.append(self.row("Requests per event", { LatencyReport.fixed($0.perEvent($0.traffic.requests), 2) }))
        lines.append(self.row("Bytes sent per event", { LatencyReport.fixed($0.perEvent($0.traffic.bytesSent), 0) }))
        lines.append(
            self.row("Bytes received per event", { LatencyReport.fixed($0.perEvent($0.traffic.bytesReceived), 0) }))
        lines.append(self.row("Reconnecting", { $0.transport.reconnecting }))
        lines.append(self.row("Binary data", { $0.transport.binary }))
        let rate = LatencyReport.fixed(self.options.rate, 1)
        let interval = LatencyReport.fixed(self.options.pollInterval, 1)
        lines.append("")
        lines.append(
            "\(self.options.events) events of \(self.options.size) bytes at \(rate) a second for each; "
                + "a short poll every \(interval) s. Measured at the listener, "
                + "from before the publication until the event was read."
        )
        return lines.joined(separator: "\n")
    }

    var json: String {
        var text = ByteBuffer(string: "{\"events\":\(self.options.events),\"bytes\":\(self.options.size)")
        text.writeString(",\"rate\":\(self.options.rate),\"pollIntervalSeconds\":\(self.options.pollInterval)")
        text.writeString(",\"transports\":{")
        for (index, figure) in self.figures.enumerated() {
            if index > 0 { text.writeString(",") }
            text.writeJSONString(figure.transport.rawValue)
            text.writeString(":{\"p50\":\(figure.latencies.valueAtPercentile(50))")
            text.writeString(",\"p99\":\(figure.latencies.valueAtPercentile(99))")
            text.writeString(
                ",\"requestsPerEvent\":\(LatencyReport.fixed(figure.perEvent(figure.traffic.requests), 4))")
            text.writeString(
                ",\"bytesSentPerEvent\":\(LatencyReport.fixed(figure.perEvent(figure.traffic.bytesSent), 1))")
            let received = LatencyReport.fixed(figure.perEvent(figure.traffic.bytesReceived), 1)
            text.writeString(",\"bytesReceivedPerEvent\":\(received)}")
        }
        text.writeString("}}")
        return String(buffer: text)
    }

    private func row(_ name: String, _ cell: (TransportFigures) -> String) -> String {
        "| " + ([name] + self.figures.map(cell)).joined(separator: " | ") + " |"
    }
}

extension TransportFigures {
    fileprivate var title: String {
        switch self.transport {
        case .shortPolling: "Short polling"
        case .longPolling: "Long polling"
        case .serverSentEvents: "SSE"
        case .webSocket: "WebSocket"
        }
    }
}

/// What is not measured but given by each transport's nature.
extension Transport {
    fileprivate var direction: String {
        switch self {
        case .shortPolling, .longPolling: "client to server"
        case .serverSentEvents: "server to client"
        case .webSocket: "both ways"
        }
    }

    fileprivate var connection: String {
        switch self {
        case .shortPolling: "a request each interval"
        case .longPolling: "until the answer"
        case .serverSentEvents, .webSocket: "stays open"
        }
    }

    fileprivate var reconnecting: String {
        self == .serverSentEvents ? "by the browser" : "by the client library"
    }

    fileprivate var binary: String {
        switch self {
        case .shortPolling, .longPolling: "inefficient"
        case .serverSentEvents: "no"
        case .webSocket: "yes"
        }
    }
}
