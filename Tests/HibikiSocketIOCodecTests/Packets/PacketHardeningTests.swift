// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

/// Input that has broken other servers. What takes more than linear time would not end.
@Suite struct PacketHardeningTests {
    private let limits = SocketPacketLimits(bytes: 10_000_000)

    private func text(_ start: String, _ repeated: String, _ end: String = "") -> String {
        start + String(repeating: repeated, count: 1_000_000) + end
    }

    @Test func `a million digits are refused`() {
        #expect(SocketPacketReader.violation(self.text("5", "9", #"-["x"]"#), limits: self.limits) == .tooLarge)
        #expect(SocketPacketReader.violation(self.text("5", "0", #"-["x"]"#), limits: self.limits) == .tooLarge)
        #expect(SocketPacketReader.violation(self.text("2", "1", #"["x"]"#), limits: self.limits) == .tooLarge)
        #expect(SocketPacketReader.violation(self.text("2/a,", "1"), limits: self.limits) == .tooLarge)
    }

    @Test func `a namespace of a million bytes is refused`() {
        #expect(SocketPacketReader.violation(self.text("0/", "a"), limits: self.limits) == .tooLarge)
    }

    @Test func `a million open brackets are refused`() {
        #expect(SocketPacketReader.violation(self.text("2", "["), limits: self.limits) == .malformed)
        #expect(SocketPacketReader.violation(self.text(#"51-["x","#, #"{"a":"#), limits: self.limits) == .malformed)
    }

    @Test func `a million arguments are refused`() {
        #expect(SocketPacketReader.violation(self.text(#"2["x""#, ",1", "]"), limits: self.limits) == .tooLarge)
        #expect(SocketPacketReader.violation(self.text("31[1", ",1", "]"), limits: self.limits) == .tooLarge)
    }

    @Test func `a million names and values in one argument are read`() throws {
        var reader = SocketPacketReader(limits: self.limits)
        let text = self.text(#"51-["x",{"a":1"#, #","a":1"#, "}]")
        #expect(try reader.read(text) == nil)
        #expect(try reader.read([1]) != nil)
    }

    @Test func `nested placeholders are looked at once each`() throws {
        var reader = SocketPacketReader(limits: self.limits)
        let open = #"{"_placeholder":true,"num":0,"x":"#
        let value = String(repeating: open, count: 60) + "1" + String(repeating: "}", count: 60)
        let list = Array(repeating: value, count: 1_000).joined(separator: ",")
        #expect(try reader.read(#"51-["x",[\#(list)]]"#) == nil)
        #expect(try reader.read([1]) != nil)
    }

    @Test func `binary messages without an end stop at the number that was announced`() throws {
        var reader = SocketPacketReader()
        _ = try reader.read(#"564-["x"]"#)
        for _ in 0..<63 { #expect(try reader.read([0]) == nil) }
        #expect(try reader.read([0]) != nil)
        #expect(packetViolation { try reader.read([0]) } == .outOfOrder)
    }

    @Test func `an argument repeated in a relay does not repeat its attachment`() {
        let argument = RawArgument.text(#"{"_placeholder":true,"num":0}"#, [[1, 2, 3]])
        let packet = SocketPacketWriter().event(.string("x")) { writer in
            for _ in 0..<10_000 { writer.relay(argument) }
        }
        #expect(packet.attachments.count == 1)
    }
}
