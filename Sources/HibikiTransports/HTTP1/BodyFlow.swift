// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

public import NIOCore

/// The body of a request between the connection, which brings it, and a task that takes it: as much of it as fits into the window, and no more.
final class BodyFlow {
    /// Bytes that wait for the task, above which the connection is not read any more.
    private static let window = 256 << 10

    private let eventLoop: any EventLoop
    private var waiting = ByteBuffer()
    private var taker: EventLoopPromise<ByteBuffer?>?
    private var end: Result<Void, any Error>?
    private var isWanted = false
    /// Whether nothing follows what the connection holds; of a stream, whose end is no byte.
    var isLastHeld = false
    /// Bytes that have come, and how many it were when that was asked last.
    private var received = 0
    private var receivedBefore = 0
    /// Told that the task wants bytes: whether for the first time.
    var wanted: ((_ isFirst: Bool) -> Void)?

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    var hasRoom: Bool { self.waiting.readableBytes < Self.window }

    /// Whether the sender has kept a pace since this was asked last. It has if it is the task that is slow.
    func keepsPace(_ bytes: Int) -> Bool {
        defer { self.receivedBefore = self.received }
        return self.waiting.readableBytes > 0 || self.received - self.receivedBefore >= bytes
    }

    // MARK: The connection's side

    func add(_ part: ByteBuffer) {
        guard part.readableBytes > 0, self.end == nil else { return }
        self.received += part.readableBytes
        self.waiting.writeImmutableBuffer(part)
        guard let taker else { return }
        self.taker = nil
        taker.succeed(self.takeWaiting())
    }

    func finish() { self.finish(.success(())) }

    /// The rest does not come.
    func fail() { self.finish(.failure(HTTPConnectionClosed())) }

    private func finish(_ end: Result<Void, any Error>) {
        guard self.end == nil else { return }
        self.end = end
        self.wanted = nil
        guard let taker else { return }
        self.taker = nil
        taker.completeWith(end.map { nil })
    }

    // MARK: The task's side

    private func takeWaiting() -> ByteBuffer {
        defer { self.waiting = ByteBuffer() }
        return self.waiting
    }

    /// What has come; nothing after the end.
    func take() -> EventLoopFuture<ByteBuffer?> {
        let isFirst = !self.isWanted
        self.isWanted = true
        if self.waiting.readableBytes > 0 {
            let part = self.takeWaiting()
            self.wanted?(isFirst)
            return self.eventLoop.makeSucceededFuture(part)
        }
        if let end {
            return self.eventLoop.makeCompletedFuture(end.map { nil })
        }
        let taker = self.eventLoop.makePromise(of: ByteBuffer?.self)
        self.taker?.fail(HTTPConnectionClosed())
        self.taker = taker
        self.wanted?(isFirst)
        return taker.futureResult
    }

    /// Nobody takes the rest.
    func cancel() {
        self.waiting = ByteBuffer()
        self.finish(.failure(CancellationError()))
    }
}

@available(*, unavailable)
extension BodyFlow: Sendable {}

/// The body of a request that is handed over as it comes. It can be read once.
///
/// The client may send more when the part before was taken. An error is thrown when the rest does not come, after all that has come; a task that is cancelled gets
/// `CancellationError`.
public struct HTTPRequestBody: AsyncSequence, Sendable {
    private let flow: NIOLoopBound<BodyFlow>
    private let eventLoop: any EventLoop

    init(_ flow: BodyFlow, eventLoop: any EventLoop) {
        self.flow = NIOLoopBound(flow, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(flow: self.flow, eventLoop: self.eventLoop) }

    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let flow: NIOLoopBound<BodyFlow>
        fileprivate let eventLoop: any EventLoop

        public mutating func next() async throws -> ByteBuffer? {
            let flow = self.flow
            let eventLoop = self.eventLoop
            return try await withTaskCancellationHandler {
                try Task.checkCancellation()
                return try await eventLoop.flatSubmit { flow.value.take() }.get()
            } onCancel: {
                eventLoop.execute { flow.value.cancel() }
            }
        }
    }
}
