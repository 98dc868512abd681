// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

/// How much of the past a log keeps. Whatever bound is reached first counts.
public struct LogRetention: Hashable, Sendable {
    /// Events of a topic. Default 1,000.
    public var publications = 1_000
    /// Bytes of a topic, payloads and their overhead. Default 16 MiB.
    public var bytes = 16 << 20
    /// Age of an event. Default 10 minutes.
    public var age: Duration = .seconds(600)
    /// How long an idempotency key is remembered. Default 5 minutes.
    public var idempotencyWindow: Duration = .seconds(300)
    /// Idempotency keys of a topic; the oldest is forgotten early when there are more. Default 100,000.
    public var idempotencyKeys = 100_000
    /// How long the position of a topic is known after its last event. A reader that comes back later is told that there is
    /// a gap, even if there is none. Default 24 hours; shorter while there are more than half of ``topics``.
    public var positionAge: Duration = .seconds(86_400)
    /// Bytes of all topics together. A publication beyond it is refused, because what others were promised would have to go. Default 1 GiB.
    public var totalBytes = 1 << 30
    /// Topics that are known. A publication that would begin one more is refused. Default 1,000,000.
    public var topics = 1_000_000

    public init() {}
}
