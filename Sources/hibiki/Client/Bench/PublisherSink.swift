// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire
import NIOCore
import Synchronization

/// The connection that publishes.
final class PublisherSink: WebSocketSink {
    enum Pace {
        case inFlight(Int)
        case rate(Int)
    }

    private let fanout: Fanout
    private let pace: Pace
    private let board: StatisticsBoard
    private var statistics: LoopStatistics?
    private var published = 0
    private var start = NIODeadline.now()

    init(_ fanout: Fanout, _ pace: Pace, _ board: StatisticsBoard) {
        self.fanout = fanout
        self.pace = pace
        self.board = board
    }

    func opened(_ link: WebSocketHandler) {
        guard let loop = link.eventLoop else { return }
        self.statistics = self.board.statistics(on: loop)
        self.start = .now()
        let bound = NIOLoopBound((self, link), eventLoop: loop)
        switch self.pace {
        case .inFlight(let limit):
            self.fanout.onEachRound { loop.execute { bound.value.0.refill(limit, bound.value.1) } }
            self.refill(limit, link)
        case .rate(let rate):
            loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { task in
                if !bound.value.0.publishDue(rate, bound.value.1) { task.cancel() }
            }
        }
    }

    func received(_ message: WebSocketMessage, on link: WebSocketHandler) {
        guard case .text(let text) = message, case .error(let error, _)? = try? ServerMessage(parsing: text) else {
            return
        }
        self.statistics?.fail(error, refusing: "publish")
    }

    let wantsMore = true

    func closed(_ closure: WebSocketClosure) {
        self.statistics?.failUnlessNormal(closure)
    }

    private func refill(_ limit: Int, _ link: WebSocketHandler) {
        let complete = self.fanout.delivered.load(ordering: .relaxed) / self.fanout.subscribers
        while self.published - complete < limit { guard self.publish(link) else { return } }
    }

    private func publishDue(_ rate: Int, _ link: WebSocketHandler) -> Bool {
        let elapsed = Double((NIODeadline.now() - self.start).nanoseconds) / 1e9
        while Double(self.published) < elapsed * Double(rate) { guard self.publish(link) else { return false } }
        return link.isOpen
    }

    private func publish(_ link: WebSocketHandler) -> Bool {
        self.published += 1
        var message = ByteBuffer()
        message.writePublish(topic: self.fanout.topic, payload: self.fanout.payload(sent: .now()))
        return link.send(.text(message))
    }
}
