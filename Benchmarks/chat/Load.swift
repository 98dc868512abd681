// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// Stores one message durably.
protocol Sender: Sendable {
    /// Returns when it is acknowledged.
    func send(_ text: String, by sender: Int) async throws
}

/// So many senders, each with one message on its way.
struct Load {
    private static let warmUp: Duration = .seconds(1)

    let sender: any Sender
    let senders: Int
    let duration: Duration

    func run() async throws -> Measurement {
        let begin = ContinuousClock.now + Self.warmUp
        let end = begin + self.duration
        let latencies = try await withThrowingTaskGroup(of: [Duration].self, returning: [Duration].self) { group in
            for sender in 0..<self.senders {
                group.addTask { try await self.send(by: sender, counting: begin..<end) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return Measurement(latencies: latencies.sorted(), duration: self.duration)
    }

    /// How long each message took whose acknowledgement came within the time.
    private func send(by sender: Int, counting: Range<ContinuousClock.Instant>) async throws -> [Duration] {
        let text = "A message of about a hundred bytes, as people write them: \(sender) is on the way, and brings the cake."
        var latencies: [Duration] = []
        var now = ContinuousClock.now
        while now < counting.upperBound {
            let sent = now
            try await self.sender.send(text, by: sender)
            now = .now
            if counting.contains(now) { latencies.append(sent.duration(to: now)) }
        }
        return latencies
    }
}

struct Measurement {
    /// In order.
    let latencies: [Duration]
    let duration: Duration

    private func percentile(_ part: Double) -> Double {
        guard !self.latencies.isEmpty else { return 0 }
        return self.latencies[Int(part * Double(self.latencies.count - 1))] / .milliseconds(1)
    }

    func json(database: String, way: String, senders: Int, round: Int) -> String {
        let rate = Double(self.latencies.count) / (self.duration / .seconds(1))
        return """
            {"database":"\(database)","way":"\(way)","senders":\(senders),"round":\(round),"perSecond":\(rate),\
            "p50":\(self.percentile(0.5)),"p99":\(self.percentile(0.99))}
            """
    }
}
