// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiMessaging
@testable import HibikiTransports

@Suite struct `The format of an event stream` {
    private func publication(_ payload: String = "{\"a\":1}", event: String = "headline") throws -> Publication {
        let draft = Draft(topic: try Topic("public/a"), event: event, payload: ByteBuffer(string: payload))
        return Publication(
            draft, position: StreamPosition(epoch: Epoch(7), offset: 17), timestamp: Timestamp(milliseconds: 5))
    }

    private func text(_ format: EventStreamFormat, _ publication: Publication) -> String {
        let batch = DeliveryBatch([Delivery(publication)], policy: .close)
        return String(buffer: batch.bytes(in: format.wireFormat))
    }

    @Test func `has the position for an id and the payload for data`() throws {
        let text = self.text(EventStreamFormat(isChunked: false), try self.publication())
        #expect(text == "id: 00000007-17\nevent: headline\ndata: {\"a\":1}\n\n")
    }

    @Test func `leaves the id to a stream of several topics`() throws {
        let text = self.text(EventStreamFormat(isChunked: false, hasID: false), try self.publication())
        #expect(text == "event: headline\ndata: {\"a\":1}\n\n")
    }

    @Test func `may have the whole event for data`() throws {
        let text = self.text(EventStreamFormat(isChunked: false, isEnvelope: true), try self.publication())
        #expect(
            text
                == "id: 00000007-17\nevent: event\ndata: {\"topic\":\"public/a\",\"position\":\"00000007-17\",\"event\":\"headline\","
                + "\"payload\":{\"a\":1},\"from\":null,\"timestamp\":5}\n\n")
    }

    @Test func `is one chunk an event`() throws {
        let plain = self.text(EventStreamFormat(isChunked: false), try self.publication())
        let chunked = self.text(EventStreamFormat(), try self.publication())
        #expect(chunked == String(plain.utf8.count, radix: 16) + "\r\n" + plain + "\r\n")
    }

    @Test(arguments: ["{\n\"a\":\r1}\r\n", "\n\n"])
    func `splits a payload of several lines`(_ payload: String) throws {
        var parser = ServerSentEventParser()
        let text = self.text(EventStreamFormat(isChunked: false), try self.publication(payload))
        let events = try parser.parse(ByteBuffer(string: text))
        #expect(events.count == 1)
        #expect(events.first?.id == "00000007-17")
        let expected = payload.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        #expect(events.first.map { String(buffer: $0.data) } == expected)
    }

    @Test(arguments: ["a\nid: evil", "a\r\n\r\ndata: evil", "a\u{0}b"])
    func `has no event whose name begins another line`(_ event: String) throws {
        var parser = ServerSentEventParser()
        let events = try parser.parse(
            ByteBuffer(string: self.text(EventStreamFormat(isChunked: false), try self.publication(event: event))))
        #expect(events.count == 1)
        #expect(events.first?.id == "00000007-17")
        #expect(events.first.map { String(buffer: $0.data) } == "{\"a\":1}")
    }

    @Test func `is the same object for the same choice, so that the hub encodes once`() {
        #expect(EventStreamFormat().wireFormat === EventStreamFormat().wireFormat)
        #expect(EventStreamFormat().wireFormat !== EventStreamFormat(isChunked: false).wireFormat)
    }
}
