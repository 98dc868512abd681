// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import Logging
public import NIOCore
public import ServiceLifecycle
import Synchronization

/// Sends spans to a collector, in batches, as OTLP over HTTP in JSON (the OpenTelemetry protocol, §OTLP/HTTP).
///
/// Work is never held up by it: spans wait in a queue, and what finds no room there is dropped and counted. At the stop of
/// its service group it sends what is there, and is done after ``Configuration/timeToFinish`` at the latest.
public final class SpanExporter: Service {
    public struct Configuration: Sendable {
        /// Spans that may wait. Default 8,192.
        public var queue = 8_192
        /// Spans of one request. Default 512.
        public var batch = 512
        /// How long spans wait for others. Default 1 s.
        public var interval: Duration = .seconds(1)
        /// How long one request may take. Default 10 s.
        public var timeout: Duration = .seconds(10)
        /// How often a batch is sent that the collector could not take just then. Default 3.
        public var attempts = 3
        /// How long the first pause between two attempts is; each further one is twice as long. Default 1 s.
        public var pause: Duration = .seconds(1)
        /// Default 5 s.
        public var timeToFinish: Duration = .seconds(5)

        public init() {}
    }

    /// What a collector says to a batch.
    public enum Answer: Hashable, Sendable {
        /// - Parameter rejected: spans that it did not want after all.
        case taken(rejected: Int)
        /// It is busy, or not there: the batch may be sent again. If it says when, then not earlier.
        case later(after: Duration?)
        /// It will never take this batch.
        case refused
    }

    /// Sends the body of one request, and returns within the time that it is given.
    public typealias Send = @Sendable (ByteBuffer, Duration) async -> Answer

    /// However long a collector asks for.
    private static let longestPause: Duration = .seconds(30)

    private let configuration: Configuration
    private let queue: SpanQueue
    private let writer: TraceWriter
    private let send: Send
    private let logger: Logger
    private let isInTrouble = Mutex(false)

    /// - Parameters:
    ///   - resource: what is said about the program in each request: `service.name` and its like.
    ///   - version: of the program.
    public init(
        _ configuration: Configuration = Configuration(), resource: [String: String], version: String = "",
        logger: Logger, send: @escaping Send
    ) {
        self.configuration = configuration
        self.queue = SpanQueue(limit: configuration.queue)
        self.writer = TraceWriter(resource: resource, version: version)
        self.logger = logger
        self.send = send
    }

    public var counts: SpanCounts { self.queue.counts }

    func add(_ span: SpanRecord) {
        self.queue.add(span)
    }

    public func run() async {
        var goesOn = true
        while goesOn {
            goesOn = await self.waitForSpans()
            await self.sendAll(until: goesOn ? nil : .now + self.configuration.timeToFinish)
        }
    }

    /// - Returns: whether more will come.
    private func waitForSpans() async -> Bool {
        let interval = self.configuration.interval
        return await withTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                try? await gracefulShutdown()
                return false
            }
            tasks.addTask { (try? await Task.sleep(for: interval)) != nil }
            let first = await tasks.next() ?? false
            tasks.cancelAll()
            return first
        }
    }

    /// - Parameter end: when to give up; `nil` for as long as it takes.
    func sendAll(until end: ContinuousClock.Instant?) async {
        while end != nil || !Task.isShuttingDownGracefully {
            let spans = self.queue.take(self.configuration.batch)
            guard !spans.isEmpty else { return }
            let left = end.map { $0 - .now } ?? self.configuration.timeout
            guard left > .zero else {
                self.queue.count(failed: spans.count)
                continue
            }
            await self.deliver(spans, within: min(left, self.configuration.timeout), mayWait: end == nil)
        }
    }

    private func deliver(_ spans: [SpanRecord], within timeout: Duration, mayWait: Bool) async {
        let body = self.writer.body(of: spans)
        var ownPause = self.configuration.pause
        for attempt in 1...max(1, self.configuration.attempts) {
            switch await self.send(body, timeout) {
            case .taken(let rejected):
                let rejected = min(max(0, rejected), spans.count)
                self.queue.count(delivered: spans.count - rejected, failed: rejected)
                return self.tell(isInTrouble: false)
            case .refused:
                self.queue.count(failed: spans.count)
                return self.tell(isInTrouble: true)
            case .later(let asked):
                guard mayWait, attempt < self.configuration.attempts else { break }
                let pause = max(ownPause, min(asked ?? .zero, Self.longestPause))
                guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }) != nil else { break }
                ownPause *= 2
                continue
            }
            break
        }
        self.queue.count(failed: spans.count)
        self.tell(isInTrouble: true)
    }

    /// One line when it begins and one when it is over, however many batches that is.
    private func tell(isInTrouble: Bool) {
        let was = self.isInTrouble.withLock { state in
            defer { state = isInTrouble }
            return state
        }
        guard was != isInTrouble else { return }
        if isInTrouble {
            self.logger.warning("the collector does not take traces", metadata: ["lost": "\(self.counts.failed)"])
        } else {
            self.logger.notice("the collector takes traces again")
        }
    }
}
