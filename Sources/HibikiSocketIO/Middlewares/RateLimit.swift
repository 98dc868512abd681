// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
public import HibikiSocketIOCodec
public import NIOCore
import Synchronization

/// Limits how many events a socket may send, with a token bucket.
///
/// An event too many is not handled. If it wants an ack, that is answered with the message `rate limit exceeded` and
/// the data `{"code":"rate_limited","retryAfter":<milliseconds>}`; otherwise the client gets an event `error` with the
/// same, once until an event is handled again. Who goes on is disconnected.
public struct RateLimit: SocketMiddleware {
    private let pace: TokenBucket.Pace
    private let patience: Int
    private let now: @Sendable () -> NIODeadline

    /// - Parameters:
    ///   - burst: events that may come at once. By default 100.
    ///   - perSecond: how many come back in a second. By default 50.
    ///   - patience: events in a row that are refused before the connection is closed. By default 200.
    ///   - now: the clock.
    public init(
        burst: Int = 100, perSecond: Double = 50, patience: Int = 200,
        now: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        self.pace = TokenBucket.Pace(burst: burst, perSecond: max(0.001, perSecond))
        self.patience = max(1, patience)
        self.now = now
    }

    public func join(_ socket: Socket) async throws {
        let allowance = Allowance(self.pace, patience: self.patience)
        let now = self.now
        // The socket keeps the closure: it must not keep the socket.
        socket.use { [weak socket] event in
            switch allowance.ask(at: now()) {
            case .granted: return
            case .refused(let error, let isFirst):
                if isFirst, !event.ack.isWanted { socket?.emit("error", error.json) }
                throw error
            case .exhausted(let error):
                socket?.disconnect(close: true)
                throw error
            }
        }
    }
}

/// What a client gets that sends too much.
public struct RateLimitError: ClientVisibleError, Hashable {
    /// When the next event may come.
    public var retryAfter: Duration

    public var message: String { "rate limit exceeded" }

    public var data: JSON? {
        let (seconds, attoseconds) = self.retryAfter.components
        // Rounded up: who comes a moment too early is refused again.
        let milliseconds = seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return ["code": "rate_limited", "retryAfter": .integer(milliseconds)]
    }

    fileprivate var json: JSON {
        ["message": .string(self.message), "data": self.data ?? .null]
    }
}

/// What one socket may still send.
private final class Allowance: Sendable {
    enum Answer {
        case granted
        case refused(RateLimitError, isFirst: Bool)
        case exhausted(RateLimitError)
    }

    private let state = Mutex((bucket: TokenBucket(), refusals: 0))
    private let pace: TokenBucket.Pace
    private let patience: Int

    init(_ pace: TokenBucket.Pace, patience: Int) {
        self.pace = pace
        self.patience = patience
    }

    func ask(at now: NIODeadline) -> Answer {
        self.state.withLock { state in
            guard let wait = state.bucket.take(1, self.pace, at: now) else {
                state.refusals = 0
                return .granted
            }
            state.refusals += 1
            let error = RateLimitError(retryAfter: wait)
            return state.refusals >= self.patience ? .exhausted(error) : .refused(error, isFirst: state.refusals == 1)
        }
    }
}

extension Socket {
    /// A middleware that sees whether an ack is wanted.
    fileprivate func use(_ middleware: @escaping @Sendable (IncomingEvent) throws -> Void) {
        self.addMiddleware(.immediate(middleware))
    }
}
