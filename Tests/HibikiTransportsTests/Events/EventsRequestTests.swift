// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiMessaging
import HibikiTestSupport
import HibikiWire
import NIOCore
import Testing

@testable import HibikiTransports

@Suite struct `A request for events` {
    private static func request(_ query: String, _ fields: String = "") throws -> EventsRequest {
        var parser = RequestHeadParser(maximumBytes: 1 << 20, maximumFields: 100)
        var input = ByteBuffer(string: "GET /v1/events\(query) HTTP/1.1\r\n\(fields)\r\n")
        let head = try #require(try parser.next(&input))
        return try EventsRequest(head, configuration: TransportConfiguration.Events())
    }

    private static func code(_ query: String) -> WireErrorCode? {
        do {
            _ = try Self.request(query)
            return nil
        } catch {
            return (error as? WireError)?.code
        }
    }

    @Test func `reads now, with a wait, or without end`() throws {
        #expect(try Self.request("?topic=a").style == .shortPoll)
        #expect(try Self.request("?topic=a&wait=0").style == .shortPoll)
        #expect(try Self.request("?topic=a&wait=1.5").style == .longPoll(wait: .milliseconds(1_500)))
        #expect(try Self.request("?topic=a&wait=9999").style == .longPoll(wait: .seconds(60)))
        #expect(try Self.request("?topic=a", "Accept: text/event-stream\r\n").style == .stream(isEnvelope: false))
        #expect(
            try Self.request("?topic=a&wait=1&envelope=1", "Accept: x/y, Text/Event-Stream\r\n").style
                == .stream(isEnvelope: true))
        #expect(try Self.request("?topic=a", "Accept: */*\r\n").style == .shortPoll)
    }

    @Test func `names topics, percent-encoded, each once`() throws {
        #expect(
            try Self.request("?topic=public/a&topic=public%2Fb&topic=c+d&topic=public/a").topics.map(\.name) == [
                "public/a", "public/b", "c d",
            ])
        let many = (0..<128).map { "topic=\($0)" }.joined(separator: "&")
        #expect(try Self.request("?" + many).topics.count == 128)
        #expect(Self.code("?\(many)&topic=0") == nil)
        #expect(Self.code("?\(many)&topic=more") == .limitExceeded)
    }

    @Test func `says where to begin`() throws {
        let topic = try Topic("a")
        #expect(try Self.request("?topic=a").start(for: topic) == .earliest)
        #expect(try Self.request("?topic=a&wait=1").start(for: topic) == .latest)
        #expect(try Self.request("?topic=a", "Accept: text/event-stream\r\n").start(for: topic) == .latest)
        #expect(try Self.request("?topic=a&since=earliest&wait=1").start(for: topic) == .earliest)
        #expect(try Self.request("?topic=a&since=").start(for: topic) == .gone)
        let position = StreamPosition(epoch: Epoch(7), offset: 3)
        #expect(try Self.request("?topic=a&since=\(position)").start(for: topic) == .after(position))
        #expect(try Self.request("?topic=a&topic=b&since=\(position)").start(for: topic) == .gone)
    }

    @Test func `believes the header of an event stream before its query, and no other's`() throws {
        let topic = try Topic("a")
        let fields = "Accept: text/event-stream\r\nLast-Event-ID: 00000007-9\r\n"
        let nine = LogStart.after(StreamPosition(epoch: Epoch(7), offset: 9))
        #expect(try Self.request("?topic=a&since=00000007-3", fields).start(for: topic) == nine)
        #expect(
            try Self.request("?topic=a&since=earliest", "Accept: text/event-stream\r\nLast-Event-ID:\r\n").start(
                for: topic) == .earliest)
    }

    @Test(arguments: [
        ("", WireErrorCode.invalidTopic), ("?", .invalidTopic), ("?since=earliest", .invalidTopic),
        ("?topic=", .invalidTopic), ("?topic", .invalidTopic),
        ("?topic=$SYS", .invalidTopic), ("?topic=%00", .invalidTopic), ("?topic=a%0a", .invalidTopic),
        ("?topic=%FF", .invalidMessage),
        ("?topic=%", .invalidMessage), ("?topic=a&wait=x", .invalidMessage), ("?topic=a&wait=-1", .invalidMessage),
        ("?topic=a&wait=nan", .invalidMessage),
        ("?topic=a&wait=inf", .invalidMessage), ("?topic=a&wait=1e300", .invalidMessage),
        ("?topic=a&wait=", .invalidMessage),
        ("?topic=a&limit=0", .invalidMessage), ("?topic=a&limit=1001", .invalidMessage),
        ("?topic=a&limit=-1", .invalidMessage),
        ("?topic=a&limit=99999999999999999999", .invalidMessage), ("?topic=a&limit=1.5", .invalidMessage),
        ("?topic=a&%zz=1", .invalidMessage),
    ])
    func `is refused where it makes no sense`(_ query: String, _ code: WireErrorCode) {
        #expect(Self.code(query) == code)
    }

    @Test func `passes over what it does not know`() throws {
        #expect(try Self.request("?topic=a&_=123&x&=&&limit=1000").limit == 1_000)
    }

    @Test func `never stops the process`() {
        var generator = SeededGenerator(seed: 31)
        let parts = [
            "topic=", "since=", "wait=", "limit=", "&", "=", "a", "%", "%41", "1", "1e9", "-", "+", ",", "00000007-1",
            "v1.", "?", "/",
        ]
        for _ in 0..<10_000 {
            let query = (0..<Int.random(in: 0...12, using: &generator)).compactMap { _ in
                parts.randomElement(using: &generator)
            }.joined()
            _ = Self.code("?" + query)
        }
    }
}
