// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWebSocketCodec
import HibikiWire
import NIOCore
import Testing

@testable import HibikiMessaging
@testable import HibikiTransports

@Suite(.everyEncoding) struct `The frames of the native protocol` {
    private static let windows = Array(UInt8(8)...15)

    private func agreement(_ windowBits: UInt8) -> PermessageDeflate.Agreement {
        PermessageDeflate.Agreement(
            serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: windowBits
        )
    }

    private func bytes(
        _ payload: String, _ agreement: PermessageDeflate.Agreement?, _ formats: NativeFormats
    ) throws -> ByteBuffer {
        let draft = Draft(topic: try Topic("public/a"), event: "message", payload: ByteBuffer(string: payload))
        let position = StreamPosition(epoch: Epoch(7), offset: 1)
        return Delivery(Publication(draft, position: position, timestamp: Timestamp(milliseconds: 5)))
            .bytes(in: formats.format(for: agreement, .ofTests))
    }

    private func text(_ frame: ByteBuffer, _ agreement: PermessageDeflate.Agreement?) throws -> String? {
        var frame = frame
        var reader = WebSocketReader(role: .client, compression: agreement)
        guard let event = try reader.next(&frame, deflate: DeflateContexts()),
            case .text(let text) = try NativeTranslator().received(event)
        else { return nil }
        #expect(frame.readableBytes == 0)
        return String(buffer: text)
    }

    @Test func `hold an event as JSON`() throws {
        let frame = try self.bytes("{\"a\":1}", nil, NativeFormats(nil))
        #expect(
            try self.text(frame, nil)
                == "{\"type\":\"event\",\"topic\":\"public/a\",\"position\":\"00000007-1\",\"event\":\"message\","
                + "\"payload\":{\"a\":1},\"from\":null,\"timestamp\":5}")
    }

    @Test(arguments: Self.windows)
    func `inflate to the plain text, whatever the window`(_ windowBits: UInt8) throws {
        let payload = "[" + (0..<3_000).map { "\"item \($0 % 700)\"" }.joined(separator: ",") + "]"
        let formats = NativeFormats(PermessageDeflate.Configuration())
        let agreement = self.agreement(windowBits)
        let plain = try self.bytes(payload, nil, formats)
        let compressed = try self.bytes(payload, agreement, formats)
        #expect(try self.text(compressed, agreement) == self.text(plain, nil))
        // zlib has no window of 8 bits for raw deflate, so such a client gets plain frames.
        #expect((compressed.readableBytes < plain.readableBytes / 2) == (windowBits > 8))
    }

    @Test func `are not compressed below the threshold`() throws {
        let formats = NativeFormats(PermessageDeflate.Configuration(threshold: 1_024))
        let agreement = self.agreement(15)
        let short = try self.bytes("\"" + String(repeating: "a", count: 800) + "\"", agreement, formats)
        let long = try self.bytes("\"" + String(repeating: "a", count: 1_100) + "\"", agreement, formats)
        let first = 0x80 | NativeEncoding.ofTests.opcode.rawValue
        #expect(short.getInteger(at: 0, as: UInt8.self) == first)
        #expect(long.getInteger(at: 0, as: UInt8.self) == first | 0x40)
    }

    @Test func `are made once for all who share a format`() {
        let formats = NativeFormats(PermessageDeflate.Configuration())
        #expect(formats.format(for: self.agreement(12), .ofTests) === formats.format(for: self.agreement(12), .ofTests))
        #expect(formats.format(for: self.agreement(12), .ofTests) !== formats.format(for: self.agreement(13), .ofTests))
        #expect(formats.format(for: nil, .ofTests) === formats.format(for: nil, .ofTests))
        #expect(formats.format(for: nil, .json) !== formats.format(for: nil, .protobuf))
    }
}
