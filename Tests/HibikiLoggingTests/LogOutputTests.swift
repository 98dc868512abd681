// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import Dispatch
import Logging
import Synchronization
import Testing

@testable import HibikiLogging

/// Keeps what is written, and holds the writer up until it is told to go on.
private final class Sink: Sendable {
    private let lines = Mutex<[String]>([])
    private let gate = DispatchSemaphore(value: 0)
    private let arrived = DispatchSemaphore(value: 0)
    private let isHeld: Bool
    private let isTaken: Mutex<Bool>

    init(isHeld: Bool = false, isTaken: Bool = true) {
        self.isHeld = isHeld
        self.isTaken = Mutex(isTaken)
    }

    var destination: LogDestination {
        LogDestination { bytes in
            if self.isHeld {
                self.arrived.signal()
                self.gate.wait()
            }
            guard self.isTaken.withLock({ $0 }) else { return false }
            let text = String(decoding: bytes, as: UTF8.self)
            self.lines.withLock { $0 += text.split(separator: "\n").map(String.init) }
            return true
        }
    }

    func waitForWriter() { self.arrived.wait() }
    func release(_ times: Int = 1) { for _ in 0..<times { self.gate.signal() } }
    func takeFromNowOn() { self.isTaken.withLock { $0 = true } }
    var all: [String] { self.lines.withLock { $0 } }
}

/// A clock that the test sets.
private final class HandClock: Sendable {
    private let start = ContinuousClock.now
    private let passed = Mutex(Duration.zero)

    func advance(by time: Duration) { self.passed.withLock { $0 += time } }

    var clock: LogClock {
        LogClock(wall: { 0 }, now: { self.start + self.passed.withLock { $0 } }, offset: { _ in 0 })
    }
}

@Suite struct `The output of a log` {
    private let clock = HandClock()

    private func output(_ sink: Sink, rate: Int? = nil, buffer: Int = 1 << 20) -> LogOutput {
        LogOutput(
            to: sink.destination, format: .text(isColoured: false), rate: rate, buffer: buffer, clock: self.clock.clock)
    }

    private func logger(_ output: LogOutput, level: Logger.Level = .info) -> Logger {
        Logger(label: "l") { LineLogHandler(label: $0, output: output, level: level) }
    }

    @Test func `has written every line in its order when it is flushed`() {
        let sink = Sink()
        let output = self.output(sink)
        let logger = self.logger(output)
        for number in 0..<1_000 { logger.info("m", metadata: ["n": .stringConvertible(number)]) }
        output.flush()
        #expect(sink.all == (0..<1_000).map { "00:00:00.000 info     m  n=\($0)" })
    }

    @Test func `writes what the logger knows, what the line says, and its error`() {
        struct Fault: Error {}
        let sink = Sink()
        let output = self.output(sink)
        var logger = self.logger(output)
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.error("m", error: Fault(), metadata: ["b": "2"])
        logger.debug("not wanted")
        output.flush()
        #expect(sink.all == ["00:00:00.000 error    m  a=1 b=2 error=Fault()"])
    }

    @Test func `nobody waits for a destination that takes nothing, and what is lost is counted`() {
        let sink = Sink(isHeld: true)
        let output = self.output(sink, buffer: 400)
        let logger = self.logger(output)
        logger.info("first")
        sink.waitForWriter()
        for number in 0..<100 { logger.info("m", metadata: ["n": .stringConvertible(number)]) }
        sink.release(4)
        output.flush()
        let kept = sink.all.count { $0.contains(" m ") }
        #expect(kept > 0 && kept < 100)
        let words = "00:00:00.000 warning  lines were lost, because they came faster than they could be written"
        #expect(sink.all.last == "\(words)  count=\(100 - kept)")
    }

    @Test func `a flush gives up a destination that takes nothing`() {
        let sink = Sink(isHeld: true)
        let output = self.output(sink)
        self.logger(output).info("m")
        output.flush(within: .milliseconds(10))
        #expect(sink.all.isEmpty)
        sink.release(4)
        output.flush()
        #expect(sink.all == ["00:00:00.000 info     m"])
    }

    @Test func `lines that a destination has refused are counted when it takes lines again`() {
        let sink = Sink(isTaken: false)
        let output = self.output(sink)
        let logger = self.logger(output)
        logger.info("one")
        logger.info("two")
        output.flush()
        sink.takeFromNowOn()
        logger.info("three")
        output.flush()
        #expect(sink.all.first == "00:00:00.000 info     three")
        #expect(sink.all.last?.hasSuffix("count=2") == true)
    }

    @Test func `a flood becomes so many lines and one that says how many more there were`() {
        let sink = Sink()
        let output = self.output(sink, rate: 3)
        let logger = self.logger(output)
        for _ in 0..<50 { logger.warning("m") }
        self.clock.advance(by: .seconds(1))
        logger.warning("m")
        output.flush()
        let line = "00:00:00.000 warning  m"
        #expect(
            sink.all == [line, line, line, line.dropLast() + "suppressed 47 more in a second  count=47 like=m", line])
    }

    @Test
    func `what was kept back is said without another line, when the second has ended or at the latest at the end`() {
        let sink = Sink()
        let output = self.output(sink, rate: 1)
        let logger = self.logger(output)
        logger.info("m")
        logger.info("m")
        output.flush()
        #expect(sink.all.last == "00:00:00.000 info     suppressed 1 more in a second  count=1 like=m")
    }

    @Test func `metadata of a line that is kept back is never made`() {
        let sink = Sink()
        let output = self.output(sink, rate: 1)
        var made = 0
        for _ in 0..<10 {
            output.write(.info, label: "l", message: "m") {
                made += 1
                return [:]
            }
        }
        #expect(made == 1)
    }
}
