// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import Synchronization

/// Answers an event that the client wants acknowledged.
///
/// The first answer counts; later ones, and those to an event that wants none, are ignored.
///
/// ```swift
/// socket.on("find") { (name: String, ack: Ack) in
///     directory.find(name) { person in ack(person) }
/// }
/// ```
public struct Ack: Sendable {
    final class Pending: Sendable {
        let id: UInt64
        let socket: Socket
        let isAnswered = Atomic(false)

        init(id: UInt64, socket: Socket) {
            self.id = id
            self.socket = socket
        }
    }

    private let pending: Pending?

    init(_ pending: Pending?) {
        self.pending = pending
    }

    /// Whether the client asked for an answer that it has not got.
    public var isWanted: Bool {
        self.pending.map { !$0.isAnswered.load(ordering: .relaxed) } ?? false
    }

    public func callAsFunction<each Argument: Encodable & Sendable>(_ arguments: repeat each Argument) {
        self.answer(ArgumentList(repeat each arguments))
    }

    public func callAsFunction(_ arguments: Arguments) {
        self.answer(arguments)
    }

    /// Answers with `{"error":{"message":…,"data":…}}`.
    ///
    /// Only a ``ClientVisibleError`` shows its words to the client; others become `internal error`.
    public func fail(_ error: any Error) {
        self.answer(ArgumentList(error.ackValue))
    }

    private func answer(_ arguments: some WritableArguments) {
        guard let pending = self.pending, !pending.isAnswered.exchange(true, ordering: .relaxed) else { return }
        pending.socket.sendAck(pending.id, arguments)
    }
}

/// So that a handler may take it among the arguments, of which it takes up none. Read from anything else it is one that
/// nobody waits for.
extension Ack: Decodable {
    public init(from decoder: any Decoder) throws {
        self.init(nil)
    }
}
