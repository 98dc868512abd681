// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import NIOCore
import Testing

@Suite struct `The closing handshake` {
    private let now = NIODeadline.uptimeNanoseconds(1_000_000_000)
    private let bye = WebSocketCloseFrame(code: .goingAway, reason: "bye")

    @Test func `a server echoes the code and closes the transport`() {
        var handshake = ClosingHandshake(role: .server)
        #expect(
            handshake.received(self.bye, at: self.now) == .echoAndCloseTransport(WebSocketCloseFrame(code: .goingAway)))
        #expect(!handshake.isOpen)
        #expect(handshake.transportGone() == .goingAway)
    }

    @Test func `a client echoes the code and leaves the transport to the server until the deadline`() {
        var handshake = ClosingHandshake(role: .client)
        #expect(
            handshake.received(self.bye, at: self.now, limit: .seconds(3))
                == .echo(WebSocketCloseFrame(code: .goingAway)))
        #expect(handshake.deadline == self.now + .seconds(3))
    }

    @Test func `a frame without a code is echoed without one and told as 1005`() {
        var handshake = ClosingHandshake(role: .server)
        #expect(
            handshake.received(WebSocketCloseFrame(), at: self.now) == .echoAndCloseTransport(WebSocketCloseFrame()))
        #expect(handshake.transportGone() == .noStatusReceived)
    }

    @Test func `who starts waits for the answer until the deadline`() {
        var handshake = ClosingHandshake(role: .server)
        #expect(handshake.deadline == nil)
        #expect(handshake.start(self.bye, at: self.now, limit: .seconds(10)) == .send(self.bye))
        #expect(handshake.deadline == self.now + .seconds(10))
        #expect(!handshake.isOpen)
        let answer = WebSocketCloseFrame(code: .normalClosure)
        #expect(handshake.received(answer, at: self.now + .seconds(1)) == .closeTransport)
        #expect(handshake.deadline == self.now + .seconds(10))
        #expect(handshake.transportGone() == .normalClosure)
        #expect(handshake.deadline == nil)
    }

    @Test func `a second start changes nothing`() {
        var handshake = ClosingHandshake(role: .server)
        _ = handshake.start(self.bye, at: self.now, limit: .seconds(10))
        let later = self.now + .seconds(5)
        #expect(handshake.start(WebSocketCloseFrame(code: .internalError), at: later) == .ignore)
        #expect(handshake.deadline == self.now + .seconds(10))
    }

    @Test func `a second close frame is ignored`() {
        var handshake = ClosingHandshake(role: .server)
        _ = handshake.received(self.bye, at: self.now)
        #expect(handshake.received(WebSocketCloseFrame(code: .normalClosure), at: self.now) == .ignore)
        #expect(handshake.start(self.bye, at: self.now) == .ignore)
        #expect(handshake.transportGone() == .goingAway)
    }

    @Test func `a violation is answered by its code and the transport ends within the limit`() {
        var handshake = ClosingHandshake(role: .server)
        let frame = WebSocketCloseFrame(code: .protocolError, reason: ProtocolViolation.missingMask.reason)
        #expect(handshake.failed(.missingMask, at: self.now, limit: .seconds(2)) == .sendAndEndTransport(frame))
        #expect(handshake.deadline == self.now + .seconds(2))
        #expect(handshake.failed(.missingMask, at: self.now) == .ignore)
        #expect(handshake.transportGone() == .abnormalClosure)
    }

    @Test func `a violation after our close frame closes the transport`() {
        var handshake = ClosingHandshake(role: .server)
        _ = handshake.start(self.bye, at: self.now)
        #expect(handshake.failed(.invalidUTF8, at: self.now) == .closeTransport)
    }

    @Test func `a transport that ends without a close frame is told as 1006`() {
        var handshake = ClosingHandshake(role: .client)
        #expect(handshake.isOpen)
        #expect(handshake.transportGone() == .abnormalClosure)
        #expect(handshake.start(self.bye, at: self.now) == .ignore)
    }
}
