// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

private typealias Ending = EngineTransportMachine.Ending

@Suite struct EnginePollingTests {
    private var machine = EngineTransportMachine(startingOn: .polling)

    @Test mutating func `a poll waits for packets`() {
        #expect(self.machine.packetsQueued() == .hold)
        #expect(self.machine.pollArrived(hasPackets: true) == .answer)
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.packetsQueued() == .answerPoll)
        #expect(self.machine.packetsQueued() == .hold)
        #expect(self.machine.pollArrived(hasPackets: true) == .answer)
        #expect(self.machine.isOpen)
        #expect(self.machine.deadline == nil)
    }

    @Test mutating func `two polls at once end the session`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(
            self.machine.pollArrived(hasPackets: false) == .refuseAndEnd(Ending(.transportError, poll: .closePacket)))
        #expect(self.machine.isClosed)
        #expect(self.machine.pollArrived(hasPackets: false) == .refuse(.sessionUnknown))
    }

    @Test mutating func `two posts at once end the session`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.postBegan() == .accept)
        let ending = Ending(.transportError, poll: .closePacket, refusesPost: true)
        #expect(self.machine.postBegan() == .refuseAndEnd(ending))
        #expect(self.machine.postEnded() == .ignore)
        #expect(self.machine.postBegan() == .refuse(.sessionUnknown))
    }

    @Test mutating func `a poll and a post at once are as it should be`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        for _ in 0..<3 {
            #expect(self.machine.postBegan() == .accept)
            #expect(self.machine.postEnded() == .answer)
        }
        #expect(self.machine.packetsQueued() == .answerPoll)
        #expect(self.machine.postEnded() == .ignore)
    }

    @Test mutating func `a poll that is given up ends the session`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.pollAborted() == Ending(.transportError))
        #expect(self.machine.isClosed)
    }

    @Test mutating func `a poll that was answered may go`() {
        #expect(self.machine.pollArrived(hasPackets: true) == .answer)
        #expect(self.machine.pollAborted() == nil)
        #expect(self.machine.isOpen)
    }

    @Test mutating func `a post that is given up ends the session`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.postBegan() == .accept)
        #expect(self.machine.postAborted() == Ending(.transportError, poll: .closePacket))
        #expect(self.machine.postAborted() == nil)
        #expect(self.machine.postEnded() == .ignore)
    }

    @Test mutating func `a close packet in a post sets the poll free with a noop and is answered itself`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.postBegan() == .accept)
        #expect(self.machine.clientClosed() == Ending(.transportClose, poll: .noop))
        #expect(self.machine.postEnded() == .answer)
        #expect(self.machine.pollArrived(hasPackets: false) == .refuse(.sessionUnknown))
        #expect(self.machine.clientClosed() == nil)
    }

    @Test(arguments: [EngineCloseReason.parseError, .pingTimeout, .transportError])
    mutating func `a failure refuses the post and closes the poll`(_ reason: EngineCloseReason) {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.postBegan() == .accept)
        #expect(self.machine.failed(reason) == Ending(reason, poll: .closePacket, refusesPost: true))
        #expect(self.machine.postEnded() == .ignore)
        #expect(self.machine.failed(reason) == nil)
        #expect(self.machine.packetsQueued() == .drop)
    }
}

@Suite struct EngineClosingTests {
    private var machine = EngineTransportMachine(startingOn: .polling)

    @Test mutating func `a waiting poll gets the close packet of the server`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.close(at: at(0)) == .end(Ending(.forcedClose, poll: .closePacket)))
        #expect(self.machine.close(at: at(0)) == .ignore)
        #expect(self.machine.deadline == nil)
    }

    @Test mutating func `the next poll gets the close packet if none waits`() {
        #expect(self.machine.close(at: at(0)) == .waitForPoll)
        #expect(!self.machine.isOpen)
        #expect(!self.machine.isClosed)
        #expect(self.machine.close(at: at(1)) == .ignore)
        #expect(self.machine.packetsQueued() == .drop)
        #expect(self.machine.postBegan() == .discard)
        #expect(self.machine.pollArrived(hasPackets: true) == .end(Ending(.forcedClose, poll: .closePacket)))
        #expect(self.machine.isClosed)
    }

    @Test mutating func `a session that is closed waits thirty seconds for that poll`() {
        #expect(self.machine.close(at: at(0)) == .waitForPoll)
        #expect(self.machine.deadline == at(30_000))
        #expect(self.machine.tick(at: at(29_999)) == .wait)
        #expect(self.machine.tick(at: at(30_000)) == .end(Ending(.forcedClose)))
        #expect(self.machine.tick(at: at(30_000)) == .wait)
        #expect(self.machine.pollArrived(hasPackets: true) == .refuse(.sessionUnknown))
    }

    @Test mutating func `a session that is discarded waits for nothing`() {
        var closing = self.machine
        #expect(self.machine.close(at: at(0), discarding: true) == .end(Ending(.forcedClose)))
        #expect(closing.close(at: at(0)) == .waitForPoll)
        #expect(closing.close(at: at(1), discarding: true) == .end(Ending(.forcedClose)))
        #expect(closing.close(at: at(2), discarding: true) == .ignore)
    }

    @Test mutating func `a handler that closes the session does not spoil the answer to its post`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.postBegan() == .accept)
        #expect(self.machine.close(at: at(0)) == .end(Ending(.forcedClose, poll: .closePacket)))
        #expect(self.machine.postEnded() == .answer)
    }

    @Test mutating func `a post that is given up does not leave a closing session behind`() {
        #expect(self.machine.postBegan() == .accept)
        #expect(self.machine.close(at: at(0)) == .waitForPoll)
        #expect(self.machine.postAborted() == Ending(.transportError))
        #expect(self.machine.isClosed)
    }

    @Test func `a session on a WebSocket closes at once`() {
        var machine = EngineTransportMachine(startingOn: .websocket)
        #expect(machine.transport == .websocket)
        #expect(machine.packetsQueued() == .write)
        #expect(machine.close(at: at(0)) == .end(Ending(.forcedClose, closesWebSocket: true)))
        #expect(machine.webSocketClosed() == nil)
    }

    @Test func `a close packet on a WebSocket closes it`() {
        var machine = EngineTransportMachine(startingOn: .websocket)
        #expect(machine.clientClosed() == Ending(.transportClose, closesWebSocket: true))
    }

    @Test(arguments: [EngineCloseReason.transportClose, .transportError])
    func `a WebSocket that is gone ends its session`(_ reason: EngineCloseReason) {
        var machine = EngineTransportMachine(startingOn: .websocket)
        #expect(machine.webSocketClosed(reason) == Ending(reason))
        #expect(machine.webSocketClosed(reason) == nil)
        #expect(machine.upgradeRequested(at: at(0)) == .closeAtOnce)
    }
}

private func at(_ milliseconds: Int64) -> NIODeadline {
    .uptimeNanoseconds(1_000_000) + .milliseconds(milliseconds)
}
