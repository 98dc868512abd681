// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

/// Events at random, as a hostile client and a careless server would have them.
@Suite struct EngineTransportMachineFuzzTests {
    @Test(arguments: [EngineTransport.polling, .websocket])
    func `a session ends once, answers each poll once, and is silent afterwards`(_ transport: EngineTransport) {
        var random = SeededGenerator(seed: 17)
        var ended = 0
        for _ in 0..<2_000 {
            var trial = Trial(machine: EngineTransportMachine(startingOn: transport))
            for _ in 0..<40 { trial.step(&random) }
            #expect(trial.faults.isEmpty)
            #expect(trial.machine.isClosed == (trial.endings == 1))
            ended += trial.endings
        }
        #expect(ended > 1_000)
    }
}

/// Keeps the books that a driver would keep, and notes where the machine contradicts them.
private struct Trial {
    var machine: EngineTransportMachine
    var now = NIODeadline.uptimeNanoseconds(0)
    var isPollOpen = false
    var isCandidateOpen = false
    var endings = 0
    var faults: [String] = []

    mutating func step(_ random: inout SeededGenerator) {
        let time = Int64.random(in: 0...200, using: &random)
        self.now = self.now + .milliseconds(Int.random(in: 0..<20, using: &random) == 0 ? time * 200 : time)
        switch Int.random(in: 0..<16, using: &random) {
        case 0...3: self.poll(hasPackets: Bool.random(using: &random))
        case 4: self.send()
        case 5...6: self.post(&random)
        case 7...8: if self.machine.upgradeRequested(at: self.now) == .probe { self.isCandidateOpen = true }
        case 9...12: self.candidate(&random)
        case 13: self.tick()
        case 14: self.disturb(&random)
        default: self.close(&random)
        }
        if let deadline = self.machine.deadline, self.machine.isClosed { self.note("deadline \(deadline)") }
    }

    private mutating func poll(hasPackets: Bool) {
        switch self.machine.pollArrived(hasPackets: hasPackets) {
        case .wait: self.openPoll()
        case .answer: if self.isPollOpen { self.note("two polls") }
        case .end(let ending):
            self.openPoll()
            self.end(ending)
        case .refuseAndEnd(let ending): self.end(ending)
        case .refuse: break
        }
    }

    private mutating func send() {
        if self.machine.packetsQueued() == .answerPoll { self.answerPoll() }
    }

    private mutating func post(_ random: inout SeededGenerator) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4: if case .refuseAndEnd(let ending) = self.machine.postBegan() { self.end(ending) }
        case 4..<7: _ = self.machine.postEnded()
        default: if let ending = self.machine.postAborted() { self.end(ending) }
        }
    }

    private mutating func candidate(_ random: inout SeededGenerator) {
        let packets: [EnginePacket?] = [
            EnginePacket(.ping, payload: ByteBuffer(string: "probe")), EnginePacket(.upgrade), EnginePacket(.noop), nil,
        ]
        let weighted = packets[[0, 0, 0, 1, 1, 1, 2, 3].randomElement(using: &random) ?? 0]
        switch self.machine.candidateReceived(weighted, at: self.now) {
        case .answerProbe: if !self.isCandidateOpen { self.note("a probe of nobody") }
        case .upgrade(let answersPoll):
            self.closeCandidate()
            if answersPoll { self.answerPoll() }
        case .upgradeAndEnd(let ending):
            self.closeCandidate()
            self.end(ending)
        case .drop: self.closeCandidate()
        case .ignore: if self.isCandidateOpen { self.note("a candidate forgotten") }
        }
    }

    private mutating func tick() {
        switch self.machine.tick(at: self.now) {
        case .wait: break
        case .answerPollWithNoop: self.answerPoll()
        case .dropCandidate: self.closeCandidate()
        case .end(let ending): self.end(ending)
        }
        if let deadline = self.machine.deadline, deadline <= self.now { self.note("a deadline in the past") }
    }

    private mutating func disturb(_ random: inout SeededGenerator) {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            if self.isPollOpen { self.isPollOpen = false }
            if let ending = self.machine.pollAborted() { self.end(ending) }
        case 1:
            self.isCandidateOpen = false
            self.machine.candidateClosed()
        case 2: if let ending = self.machine.webSocketClosed() { self.end(ending) }
        default: if let ending = self.machine.clientClosed() { self.end(ending) }
        }
    }

    private mutating func close(_ random: inout SeededGenerator) {
        if Bool.random(using: &random) {
            if case .end(let ending) = self.machine.close(at: self.now) { self.end(ending) }
        } else if Int.random(in: 0..<4, using: &random) == 0, let ending = self.machine.failed(.parseError) {
            self.end(ending)
        }
    }

    private mutating func openPoll() {
        if self.isPollOpen { self.note("two polls") }
        self.isPollOpen = true
    }

    private mutating func answerPoll() {
        if !self.isPollOpen { self.note("an answer to no poll") }
        self.isPollOpen = false
    }

    private mutating func closeCandidate() {
        if !self.isCandidateOpen { self.note("no candidate to close") }
        self.isCandidateOpen = false
    }

    private mutating func end(_ ending: EngineTransportMachine.Ending) {
        self.endings += 1
        if ending.poll != nil { self.answerPoll() }
        if ending.closesCandidate { self.closeCandidate() }
        if self.isPollOpen { self.note("a poll left open") }
        if self.isCandidateOpen { self.note("a candidate left open") }
        if !self.machine.isClosed || self.machine.isOpen { self.note("an end that is none") }
    }

    private mutating func note(_ fault: String) {
        self.faults.append(fault)
    }
}
