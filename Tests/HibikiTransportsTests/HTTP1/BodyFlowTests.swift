// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import NIOCore
import NIOEmbedded
import Testing

@testable import HibikiTransports

@Suite struct `A body that is taken as it comes` {
    private let loop = EmbeddedEventLoop()

    /// What a taker has got; `nil` if it still waits.
    private func taken(_ future: EventLoopFuture<ByteBuffer?>) -> String? {
        var text: String?
        future.assumeIsolated().whenComplete { result in
            text =
                switch result {
                case .success(let bytes?): String(buffer: bytes)
                case .success(nil): "end"
                case .failure(let error): "\(type(of: error))"
                }
        }
        self.loop.run()
        return text
    }

    @Test func `is handed over in its order, and then its end`() {
        let flow = BodyFlow(eventLoop: self.loop)
        flow.add(ByteBuffer(string: "a"))
        flow.add(ByteBuffer(string: "b"))
        #expect(self.taken(flow.take()) == "ab")
        let waiting = flow.take()
        #expect(self.taken(waiting) == nil)
        flow.add(ByteBuffer(string: "c"))
        #expect(self.taken(waiting) == "c")
        flow.add(ByteBuffer(string: "d"))
        flow.finish()
        #expect(self.taken(flow.take()) == "d")
        #expect(self.taken(flow.take()) == "end")
        #expect(self.taken(flow.take()) == "end")
    }

    @Test func `that is lost ends after what has come`() {
        let flow = BodyFlow(eventLoop: self.loop)
        flow.add(ByteBuffer(string: "a"))
        flow.fail()
        flow.add(ByteBuffer(string: "b"))
        #expect(self.taken(flow.take()) == "a")
        #expect(self.taken(flow.take()) == "HTTPConnectionClosed")
        let other = BodyFlow(eventLoop: self.loop)
        let waiting = other.take()
        other.fail()
        #expect(self.taken(waiting) == "HTTPConnectionClosed")
    }

    @Test func `that nobody takes any more is dropped`() {
        let flow = BodyFlow(eventLoop: self.loop)
        flow.add(ByteBuffer(string: "a"))
        flow.cancel()
        flow.add(ByteBuffer(string: "b"))
        #expect(self.taken(flow.take()) == "CancellationError")
    }

    @Test func `has room for a window, and says when it is wanted`() {
        let flow = BodyFlow(eventLoop: self.loop)
        var wants: [Bool] = []
        flow.wanted = { wants.append($0) }
        #expect(flow.hasRoom)
        flow.add(ByteBuffer(repeating: 0, count: (256 << 10) - 1))
        #expect(flow.hasRoom)
        flow.add(ByteBuffer(repeating: 0, count: 1))
        #expect(!flow.hasRoom)
        _ = flow.take()
        #expect(flow.hasRoom)
        _ = flow.take()
        #expect(wants == [true, false])
        flow.finish()
    }

    @Test func `keeps its pace as long as it comes, or the task is slow`() {
        let flow = BodyFlow(eventLoop: self.loop)
        #expect(!flow.keepsPace(1))
        flow.add(ByteBuffer(repeating: 0, count: 10))
        #expect(flow.keepsPace(11))
        _ = flow.take()
        #expect(!flow.keepsPace(1))
        flow.add(ByteBuffer(repeating: 0, count: 10))
        _ = flow.take()
        #expect(flow.keepsPace(10))
    }
}
