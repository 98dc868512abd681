// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiClient
import HibikiWire
import NIOCore

/// One connection that listens.
final class SubscriberSink: WebSocketSink {
    private let fanout: Fanout
    private let board: StatisticsBoard
    private var statistics: LoopStatistics?
    private var isSubscribed = false

    init(_ fanout: Fanout, _ board: StatisticsBoard) {
        self.fanout = fanout
        self.board = board
    }

    func opened(_ link: WebSocketHandler) {
        guard let loop = link.eventLoop else { return }
        self.statistics = self.board.statistics(on: loop)
        var message = ByteBuffer()
        message.writeSubscribe(topic: self.fanout.topic, id: .number(1))
        link.send(.text(message))
    }

    func received(_ message: WebSocketMessage, on link: WebSocketHandler) {
        guard case .text(let text) = message else { return }
        guard self.isSubscribed else { return self.expectReply(text) }
        guard let sent = Fanout.sent(in: text) else { return }
        self.statistics?.record(since: sent)
        self.fanout.didDeliver()
    }

    let wantsMore = true

    func closed(_ closure: WebSocketClosure) {
        self.statistics?.failUnlessNormal(closure)
    }

    private func expectReply(_ text: ByteBuffer) {
        switch try? ServerMessage(parsing: text) {
        case .reply?:
            self.isSubscribed = true
            self.fanout.didSubscribe()
        case .error(let error, _)?:
            self.statistics?.fail(error, refusing: "subscribe")
        case nil:
            self.statistics?.fail("The server does not speak the native protocol on /ws.")
        default:
            break
        }
    }
}
