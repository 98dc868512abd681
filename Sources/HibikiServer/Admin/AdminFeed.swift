// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import DequeModule
import HibikiLogging
import HibikiMessaging
import HibikiMetrics
import HibikiTransports
import HibikiWire
import NIOCore
import Synchronization

/// What the dashboard shows, made by the server and sent through its own hub: to a topic that no client can name, as signals, which
/// no log keeps. So the dashboard goes on when the log is full, and nothing of it is saved or counted as a publication.
///
/// While somebody watches there is a sample each second and the log's lines as they come; otherwise a sample every five, so that a page
/// that is opened has a past to show.
final class AdminFeed: Sendable {
    static let topic = Topic(own: "$admin/feed")
    /// What a stream ends with when its session is over.
    static let over = AdminFeed.event("session", ByteBuffer(string: #"{"over":true}"#))

    private static let turn: Duration = .milliseconds(250)
    private static let idleTurn: Duration = .seconds(1)
    private static let sampleInterval: Duration = .seconds(1)
    private static let idleSampleInterval: Duration = .seconds(5)
    /// The past of a page that is opened.
    private static let past: Duration = .seconds(300)

    private struct Sample {
        var time: Timestamp
        var json: ByteBuffer
    }

    private struct State {
        var samples: Deque<Sample> = []
        /// The newest line that watchers were sent.
        var lastLine: UInt64 = 0
    }

    /// Where samples come from.
    struct Source: Sendable {
        var families: @Sendable () async -> [MetricFamily]
        /// Returns when every event loop has had a turn.
        var turns: @Sendable () async -> Void
    }

    private let hub: Hub
    private let log: RecentLog?
    private let access: AdminAccess
    private let state = Mutex(State())

    init(hub: Hub, log: RecentLog?, access: AdminAccess) {
        self.hub = hub
        self.log = log
        self.access = access
    }

    // MARK: Making

    /// Returns when its task is cancelled.
    func run(from source: Source) async {
        let clock = ContinuousClock()
        var next = clock.now
        while !Task.isCancelled {
            let isWatched = self.hub.hasMembers(Self.topic)
            if isWatched { self.sendLines() } else { self.skipLines() }
            if self.access.isOn, clock.now >= next - (isWatched ? Self.idleSampleInterval - Self.sampleInterval : .zero)
            {
                let sampled = clock.now
                self.keep(await Self.sample(source), isWatched: isWatched)
                next = sampled + Self.idleSampleInterval
            }
            try? await clock.sleep(for: isWatched ? Self.turn : Self.idleTurn)
        }
    }

    static func sample(_ source: Source) async -> AdminSample {
        let start = ContinuousClock.now
        await source.turns()
        let delay = start.duration(to: .now)
        return AdminSample(time: .now(), loopDelay: delay, families: await source.families())
    }

    func keep(_ sample: AdminSample, isWatched: Bool) {
        let json = sample.json
        self.state.withLock { state in
            while let first = state.samples.first, sample.time.since(first.time) > Self.past {
                state.samples.removeFirst()
            }
            state.samples.append(Sample(time: sample.time, json: json))
        }
        if isWatched { self.send(Self.event("sample", json)) }
    }

    private func sendLines() {
        guard let log = self.log else { return }
        let last = self.state.withLock { $0.lastLine }
        let lines = log.lines(after: last)
        guard let newest = lines.last else { return }
        self.state.withLock { $0.lastLine = newest.number }
        self.send(Self.event("log", Self.json(of: lines)))
    }

    /// A watcher gets the lines that are there when it comes, and those from then on.
    private func skipLines() {
        guard let last = self.log?.last else { return }
        self.state.withLock { $0.lastLine = last }
    }

    private func send(_ event: ByteBuffer) {
        self.hub.deliver(Signal(.topic(Self.topic), from: nil, payload: event, timestamp: .now()))
    }

    // MARK: A new watcher

    /// The past, as the events that begin a stream. What comes meanwhile may follow once more; samples are known by their time,
    /// and lines by their number.
    func opening() -> ByteBuffer {
        let samples = self.state.withLock { $0.samples }
        var bytes = Self.event("samples", JSONWriter.bytes { $0.array(samples) { $0.raw($1.json) } })
        bytes.writeImmutableBuffer(Self.event("lines", Self.json(of: self.log?.lines() ?? [])))
        return bytes
    }

    private static func json(of lines: [RecentLog.Line]) -> ByteBuffer {
        JSONWriter.bytes { writer in
            writer.array(lines) { writer, line in
                writer.object {
                    $0.member("number", line.number)
                    $0.member("line", json: ByteBuffer(bytes: line.json))
                }
            }
        }
    }

    private static func event(_ name: String, _ data: ByteBuffer) -> ByteBuffer {
        var bytes = ByteBuffer()
        bytes.writeServerSentEvent(event: name, data: data)
        return bytes
    }
}
