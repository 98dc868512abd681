// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore

/// Bodies that are handed over as they come.
extension HTTPRole {
    /// Lets the service answer a request whose body has not come yet.
    func beginFlow(_ head: RequestHead, _ exchange: HTTPExchange, _ framing: BodyFraming, on connection: Connection) {
        let flow = BodyFlow(eventLoop: connection.loop.eventLoop)
        exchange.hasUnreadBody = true
        self.state = .flow(exchange, flow, BodyReader(framing, limit: .max))
        connection.setDeadline(after: connection.loop.configuration.http.headTimeout)
        flow.wanted = { isFirst in
            if isFirst, head.has("expect") {
                self.sendContinue(head, on: connection)
                connection.flushNow()
            }
            connection.proceed()
        }
        self.launch(
            head, exchange, body: ByteBuffer(), flow: HTTPRequestBody(flow, eventLoop: connection.loop.eventLoop),
            on: connection)
    }

    /// - Returns: whether the body has ended, and there may be more to do with the input.
    func advance(
        _ exchange: HTTPExchange, _ flow: BodyFlow, _ reader: BodyReader, _ input: inout ByteBuffer,
        on connection: Connection
    ) throws(RequestRefusal) -> Bool {
        guard flow.hasRoom else { return false }
        var reader = reader
        let isComplete = try reader.read(&input)
        let part = reader.takeBody()
        self.state = .flow(exchange, flow, reader)
        flow.add(part)
        guard isComplete || flow.isLastHeld && input.readableBytes == 0 else { return false }
        self.endFlow(exchange, flow, on: connection)
        return true
    }

    func endFlow(_ exchange: HTTPExchange, _ flow: BodyFlow, on connection: Connection) {
        self.state = .responding(exchange)
        exchange.hasUnreadBody = false
        connection.setDeadline(after: connection.loop.configuration.http.idleTimeout)
        flow.finish()
    }

    /// A body may take as long as it comes, and a sender as long as it is the task that is slow.
    func checkPace(of exchange: HTTPExchange, _ flow: BodyFlow, on connection: Connection) {
        let configuration = connection.loop.configuration.http
        let seconds = configuration.headTimeout.nanoseconds / 1_000_000_000
        guard !flow.keepsPace(max(1, Int(seconds) * configuration.streamedBytesPerSecond)) else {
            connection.setDeadline(after: configuration.headTimeout)
            return
        }
        if exchange.hasBegun {
            connection.close()
        } else {
            self.refuse(.timeout, on: connection)
        }
    }

    /// Tells the task that the rest of the body does not come.
    func giveUp(_ exchange: HTTPExchange, _ flow: BodyFlow) {
        exchange.cancel()
        flow.fail()
    }
}
