// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

package import HibikiMessaging
import HibikiWire
package import NIOCore

/// An event stream of the server's own: it carries signals of a topic that no client can name and that no log keeps.
///
/// The payload of such a signal is the text of an event as it stands in the stream. A reader that is too slow does not get what
/// came meanwhile: what is sent here is worth something only while it is new.
package final class SignalStreamRole: ConnectionRole {
    /// What a stream carries, and for how long.
    package struct Program {
        package var topic: Topic
        /// What a reader gets first, made when it has joined the topic, so that nothing falls between.
        package var opening: () -> ByteBuffer
        /// Asked before anything more is sent. Once it says no, the stream ends with ``ending``.
        package var mayGoOn: () -> Bool
        package var ending: ByteBuffer

        package init(
            topic: Topic, opening: @escaping () -> ByteBuffer, mayGoOn: @escaping () -> Bool, ending: ByteBuffer
        ) {
            self.topic = topic
            self.opening = opening
            self.mayGoOn = mayGoOn
            self.ending = ending
        }
    }

    private static let headFields = [
        (name: "Content-Type", value: "text/event-stream"), (name: "Cache-Control", value: "no-store"),
        (name: "X-Content-Type-Options", value: "nosniff"), (name: "X-Accel-Buffering", value: "no"),
    ]
    /// How long a reader waits before it comes back, in milliseconds.
    private static let retry = 2_000

    private static let chunked = WireFormat { _, _ in
    } signal: { signal, bytes in
        bytes.writeChunk(signal.payload)
    }
    private static let plain = WireFormat { _, _ in
    } signal: { signal, bytes in
        bytes.writeImmutableBuffer(signal.payload)
    }

    private let program: Program
    private let isChunked: Bool
    private let connection: Connection
    private var subscription: Subscription?

    var kind: ConnectionKind? { .eventStream }

    private init(_ program: Program, isChunked: Bool, connection: Connection) {
        self.program = program
        self.isChunked = isChunked
        self.connection = connection
    }

    /// Answers a request with a stream.
    package static func begin(_ program: Program, _ exchange: HTTPExchange, on connection: Connection) {
        let framing = exchange.openFraming
        let role = SignalStreamRole(program, isChunked: framing == .chunked, connection: connection)
        connection.write(
            ResponseHead(
                status: 200, fields: Self.headFields, extraFields: exchange.extraFields, framing: framing,
                persistence: framing == .end ? .close : .keepAlive))
        connection.become(role)
        role.join()
    }

    private func join() {
        let loop = self.connection.loop
        self.connection.setDeadline(after: loop.configuration.events.heartbeat)
        let (subscription, _) = loop.members.subscribe(
            self, to: self.program.topic, from: .latest, limit: 0, at: loop.timestamp)
        self.subscription = subscription
        self.write { $0.writeServerSentRetry(milliseconds: Self.retry) }
        self.write(self.program.opening())
    }

    // MARK: Writing

    private func write(_ body: (inout ByteBuffer) -> Void) {
        var bytes = ByteBuffer()
        body(&bytes)
        self.write(bytes)
    }

    private func write(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        self.connection.write { output in
            if self.isChunked {
                output.writeChunk(bytes)
            } else {
                output.writeImmutableBuffer(bytes)
            }
        }
    }

    private func end() {
        if self.isChunked {
            self.connection.write { $0.writeStaticString("0\r\n\r\n") }
        }
        self.connection.closeGracefully()
    }

    /// - Returns: whether the stream goes on.
    private func goesOn() -> Bool {
        guard !self.program.mayGoOn() else { return true }
        self.write(self.program.ending)
        self.end()
        return false
    }

    // MARK: The connection's events

    /// A client has nothing to say on an event stream.
    func receive(_ input: inout ByteBuffer, on connection: Connection) {
        input.moveReaderIndex(to: input.writerIndex)
    }

    func inputClosed(on connection: Connection) {
        connection.close()
    }

    func deadlinePassed(on connection: Connection) {
        guard connection.hasProgressed() else {
            connection.close()
            return
        }
        guard self.goesOn() else { return }
        if connection.isWritable {
            self.write { $0.writeServerSentComment() }
        }
        connection.setDeadline(after: connection.loop.configuration.events.heartbeat)
    }

    func becameWritable(on connection: Connection) {}

    func shutDown(_ farewell: Farewell, on connection: Connection) {
        self.write { bytes in
            var data = ByteBuffer()
            data.writeShutdown(message: Farewell.message, reconnectDelay: farewell.milliseconds, type: false)
            bytes.writeServerSentEvent(event: "server:shutdown", data: data)
        }
        self.end()
    }

    func left(_ connection: Connection) {
        guard let subscription = self.subscription else { return }
        self.subscription = nil
        connection.loop.members.unsubscribe(subscription)
    }
}

extension SignalStreamRole: Subscriber {
    /// It has no name by which a client could reach it.
    package var clientID: ClientID? { nil }

    package func deliver(_ batch: DeliveryBatch, of subscription: Subscription) {}

    package func receive(_ delivery: SignalDelivery) {
        guard self.goesOn() else { return }
        guard self.connection.isWritable else {
            self.connection.loop.counters.drops.signals += 1
            return
        }
        self.connection.life.messagesOut &+= 1
        self.connection.write(shared: delivery.bytes(in: self.isChunked ? Self.chunked : Self.plain))
    }
}

@available(*, unavailable)
extension SignalStreamRole: Sendable {}
