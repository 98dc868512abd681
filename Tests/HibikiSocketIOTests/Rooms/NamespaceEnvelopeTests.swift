// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import HibikiTestSupport
import NIOCore
import Testing

@testable import HibikiSocketIO

@Suite struct `An envelope` {
    static let samples: [NamespaceEnvelope] = [
        NamespaceEnvelope(audience: Audience(), packet: .text(""), takesOffset: false, node: nil),
        NamespaceEnvelope(
            audience: Audience(rooms: ["a", "", "部屋"], except: ["b"], leftOut: "me", isVolatile: true),
            packet: .text(#"2["x"]"#), takesOffset: true, node: nil),
        NamespaceEnvelope(
            audience: Audience(rooms: ["a"], isLocal: true, isCompressible: false),
            packet: EncodedPacket(
                .binary(ByteBuffer(bytes: [0, 255])), attachments: [ByteBuffer(), ByteBuffer(bytes: [1])]),
            takesOffset: false, node: .max),
    ]

    @Test(arguments: samples)
    func `comes out as it went in`(_ envelope: NamespaceEnvelope) throws {
        let bytes = try #require(envelope.encoded())
        #expect(NamespaceEnvelope(bytes) == envelope)
    }

    @Test(arguments: samples)
    func `is refused if a byte is missing or one too many`(_ envelope: NamespaceEnvelope) throws {
        var bytes = try #require(envelope.encoded())
        for length in 0..<bytes.readableBytes {
            #expect(NamespaceEnvelope(try #require(bytes.getSlice(at: 0, length: length))) == nil)
        }
        bytes.writeInteger(UInt8(0))
        #expect(NamespaceEnvelope(bytes) == nil)
    }

    @Test func `has one version and no unknown flags`() throws {
        var bytes = try #require(Self.samples[0].encoded())
        bytes.setInteger(UInt8(2), at: 0)
        #expect(NamespaceEnvelope(bytes) == nil)
        bytes.setInteger(UInt8(1), at: 0)
        bytes.setInteger(UInt8(0x40), at: 1)
        #expect(NamespaceEnvelope(bytes) == nil)
    }

    @Test(arguments: ["", "{}", #"{"rooms":[]}"#, "1", "null"])
    func `is no JSON`(_ text: String) {
        #expect(NamespaceEnvelope(ByteBuffer(string: text)) == nil)
    }

    @Test func `believes no count`() {
        // 65,535 rooms, an attachment of four gigabytes, 65,535 attachments.
        for hex: [UInt8] in [
            [1, 0, 0xFF, 0xFF, 0, 0], [1, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0],
        ] {
            #expect(NamespaceEnvelope(ByteBuffer(bytes: hex)) == nil)
        }
    }

    @Test func `refuses names that are no UTF-8`() {
        #expect(NamespaceEnvelope(ByteBuffer(bytes: [1, 0, 0, 1, 0, 1, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])) == nil)
        #expect(NamespaceEnvelope(ByteBuffer(bytes: [1, 0, 0, 1, 0, 1, 0x61, 0, 0, 0, 0, 0, 0, 0, 0])) != nil)
    }

    @Test func `holds no name and no list that is too long`() {
        let long = String(repeating: "x", count: 65_536)
        let many = Array(repeating: "x", count: 65_536)
        for audience in [
            Audience(rooms: [long]), Audience(except: [long]), Audience(leftOut: long), Audience(rooms: many),
        ] {
            let envelope = NamespaceEnvelope(audience: audience, packet: .text(""), takesOffset: true, node: nil)
            #expect(envelope.encoded() == nil)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `never traps on bytes that were changed`(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for sample in Self.samples {
            let bytes = try #require(sample.encoded())
            for _ in 0..<2_000 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<changed.readableBytes, using: &generator)
                    changed.setInteger(UInt8.random(in: 0...255, using: &generator), at: place)
                }
                if let read = NamespaceEnvelope(changed) {
                    #expect(read.encoded() == changed)
                }
            }
        }
    }
}
