// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

private typealias Ending = EngineTransportMachine.Ending

private let probe = EnginePacket(.ping, payload: ByteBuffer(string: "probe"))
private let upgrade = EnginePacket(.upgrade)

@Suite struct EngineUpgradeTests {
    private var machine = EngineTransportMachine(startingOn: .polling)

    @Test mutating func `a WebSocket takes over after probe and upgrade`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.deadline == at(10_000))
        #expect(self.machine.candidateReceived(probe, at: at(10)) == .answerProbe)
        #expect(self.machine.transport == .polling)
        #expect(self.machine.packetsQueued() == .hold)
        #expect(self.machine.candidateReceived(upgrade, at: at(20)) == .upgrade(answersPoll: false))
        #expect(self.machine.transport == .websocket)
        #expect(self.machine.packetsQueued() == .write)
        #expect(self.machine.deadline == nil)
    }

    @Test mutating func `a waiting poll is set free every hundred milliseconds after the probe`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.tick(at: at(500)) == .wait)
        #expect(self.machine.candidateReceived(probe, at: at(1_000)) == .answerProbe)
        #expect(self.machine.deadline == at(1_100))
        #expect(self.machine.tick(at: at(1_099)) == .wait)
        #expect(self.machine.tick(at: at(1_100)) == .answerPollWithNoop)
        #expect(self.machine.deadline == at(1_200))
        #expect(self.machine.tick(at: at(1_200)) == .wait)
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.deadline == at(1_300))
        #expect(self.machine.tick(at: at(1_300)) == .answerPollWithNoop)
    }

    @Test mutating func `packets go to the poll that is open during the probe`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(0)) == .answerProbe)
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.packetsQueued() == .answerPoll)
        #expect(self.machine.packetsQueued() == .hold)
        #expect(self.machine.candidateReceived(upgrade, at: at(1)) == .upgrade(answersPoll: false))
    }

    @Test mutating func `a poll that still waits at the upgrade is set free`() {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(0)) == .answerProbe)
        #expect(self.machine.candidateReceived(upgrade, at: at(1)) == .upgrade(answersPoll: true))
        #expect(self.machine.pollAborted() == nil)
        #expect(self.machine.isOpen)
    }

    @Test mutating func `polling requests after the upgrade are a mismatch`() {
        self.upgradeNow()
        #expect(self.machine.pollArrived(hasPackets: true) == .refuse(.badRequest(.transportMismatch)))
        #expect(self.machine.postBegan() == .refuse(.badRequest(.transportMismatch)))
        #expect(self.machine.isOpen)
    }

    @Test mutating func `a post that was under way at the upgrade is answered`() {
        #expect(self.machine.postBegan() == .accept)
        self.upgradeNow()
        var aborted = self.machine
        #expect(self.machine.postEnded() == .answer)
        #expect(aborted.postAborted() == nil)
        #expect(aborted.isOpen)
    }

    @Test mutating func `a second WebSocket is closed at once and does no harm`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.upgradeRequested(at: at(1)) == .closeAtOnce)
        #expect(self.machine.candidateReceived(probe, at: at(2)) == .answerProbe)
        #expect(self.machine.upgradeRequested(at: at(3)) == .closeAtOnce)
        #expect(self.machine.candidateReceived(upgrade, at: at(4)) == .upgrade(answersPoll: false))
        #expect(self.machine.upgradeRequested(at: at(5)) == .closeAtOnce)
        #expect(self.machine.packetsQueued() == .write)
    }

    @Test(arguments: [
        EnginePacket(.ping), EnginePacket(.ping, payload: ByteBuffer(string: "prob")),
        EnginePacket(.ping, payload: ByteBuffer(string: "probe2")),
        EnginePacket(.pong, payload: ByteBuffer(string: "probe")),
        EnginePacket(.open), EnginePacket(.close), EnginePacket(.noop), upgrade,
        .message(text: ByteBuffer(string: "a")),
        .message(binary: ByteBuffer(string: "probe")), nil,
    ])
    mutating func `anything but a probe drops the candidate and keeps the session`(_ packet: EnginePacket?) {
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(packet, at: at(1)) == .drop)
        #expect(self.machine.candidateReceived(probe, at: at(2)) == .ignore)
        #expect(self.machine.deadline == nil)
        #expect(self.machine.packetsQueued() == .answerPoll)
        #expect(self.machine.upgradeRequested(at: at(3)) == .probe)
    }

    @Test mutating func `anything but an upgrade after the probe drops the candidate`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(1)) == .answerProbe)
        #expect(self.machine.candidateReceived(probe, at: at(2)) == .answerProbe)
        #expect(self.machine.deadline == at(101))
        #expect(self.machine.candidateReceived(.message(text: ByteBuffer(string: "a")), at: at(3)) == .drop)
        #expect(self.machine.transport == .polling)
        #expect(self.machine.isOpen)
    }

    @Test mutating func `a candidate that does not take over in time is dropped`() {
        #expect(self.machine.upgradeRequested(at: at(0), limit: .milliseconds(250)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(10)) == .answerProbe)
        #expect(self.machine.tick(at: at(110)) == .wait)
        #expect(self.machine.tick(at: at(210)) == .wait)
        #expect(self.machine.deadline == at(250))
        #expect(self.machine.tick(at: at(250)) == .dropCandidate)
        #expect(self.machine.deadline == nil)
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
    }

    @Test mutating func `a candidate that goes away leaves the session on polling`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        self.machine.candidateClosed()
        #expect(self.machine.deadline == nil)
        #expect(self.machine.pollArrived(hasPackets: false) == .wait)
        #expect(self.machine.webSocketClosed() == nil)
        #expect(self.machine.upgradeRequested(at: at(1)) == .probe)
    }

    @Test mutating func `a session that ends takes its candidate along`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.failed(.pingTimeout) == Ending(.pingTimeout, closesCandidate: true))
        #expect(self.machine.candidateReceived(probe, at: at(1)) == .ignore)
        #expect(self.machine.deadline == nil)
    }

    @Test mutating func `a session closed during the probe ends with the upgrade or the next poll`() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(0)) == .answerProbe)
        #expect(self.machine.close(at: at(1)) == .waitForPoll)
        var polled = self.machine
        #expect(
            self.machine.candidateReceived(upgrade, at: at(2))
                == .upgradeAndEnd(Ending(.forcedClose, closesWebSocket: true)))
        #expect(
            polled.pollArrived(hasPackets: false)
                == .end(Ending(.forcedClose, poll: .closePacket, closesCandidate: true)))
    }

    @Test mutating func `a WebSocket that is gone after the upgrade ends the session`() {
        self.upgradeNow()
        #expect(self.machine.webSocketClosed(.transportError) == Ending(.transportError))
        #expect(self.machine.pollArrived(hasPackets: false) == .refuse(.sessionUnknown))
    }

    private mutating func upgradeNow() {
        #expect(self.machine.upgradeRequested(at: at(0)) == .probe)
        #expect(self.machine.candidateReceived(probe, at: at(0)) == .answerProbe)
        #expect(self.machine.candidateReceived(upgrade, at: at(0)) == .upgrade(answersPoll: false))
    }
}

private func at(_ milliseconds: Int64) -> NIODeadline {
    .uptimeNanoseconds(1_000_000) + .milliseconds(milliseconds)
}
