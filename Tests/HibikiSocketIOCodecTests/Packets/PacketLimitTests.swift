// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

/// Bounds on what an incomplete packet may cost.
@Suite struct PacketLimitTests {
    private let start = SocketPacketReader.start

    @Test func `more attachments than the limit are refused before they come`() throws {
        #expect(try SocketPacketReader.packet(#"564-["x"]"#) == nil)
        #expect(SocketPacketReader.violation(#"565-["x"]"#) == .tooLarge)
        #expect(SocketPacketReader.violation(#"59999999-["x"]"#) == .tooLarge)
        #expect(SocketPacketReader.violation(#"59999999999999999-["x"]"#) == .tooLarge)
        #expect(SocketPacketReader.violation(#"51-["x"]"#, limits: SocketPacketLimits(attachments: 0)) == .tooLarge)
    }

    @Test func `text and attachments share one budget of bytes`() throws {
        let text = #"52-["x"]"#
        var reader = SocketPacketReader(limits: SocketPacketLimits(bytes: text.utf8.count + 5))
        _ = try reader.read(text)
        _ = try reader.read([1, 2, 3])
        #expect(try reader.read([4, 5]) == .event("x"))
        _ = try reader.read(text)
        _ = try reader.read([1, 2, 3])
        #expect(packetViolation { try reader.read([4, 5, 6]) } == .tooLarge)
        #expect(reader.deadline == nil)
        #expect(packetViolation { try reader.read([]) } == .outOfOrder)
    }

    @Test func `a text longer than the budget is refused`() {
        #expect(SocketPacketReader.violation(#"2["x"]"#, limits: SocketPacketLimits(bytes: 6)) == nil)
        #expect(SocketPacketReader.violation(#"2["x"]"#, limits: SocketPacketLimits(bytes: 5)) == .tooLarge)
    }

    @Test func `the time for attachments counts from the text`() throws {
        var reader = SocketPacketReader()
        #expect(reader.deadline == nil)
        _ = try reader.read(#"53-["x"]"#, at: self.start)
        let deadline = self.start + .seconds(30)
        #expect(reader.deadline == deadline)
        _ = try reader.read([1], at: deadline - .nanoseconds(1))
        #expect(reader.deadline == deadline)
        try reader.checkDeadline(at: deadline - .nanoseconds(1))
        #expect(packetViolation { try reader.read([2], at: deadline) } == .late)
        #expect(reader.deadline == nil)
    }

    @Test func `an incomplete packet is given up at its deadline`() throws {
        var reader = SocketPacketReader(limits: SocketPacketLimits(completionTime: .seconds(5)))
        try reader.checkDeadline(at: .distantFuture)
        _ = try reader.read(#"51-["x"]"#, at: self.start)
        #expect(packetViolation { try reader.checkDeadline(at: self.start + .seconds(5)) } == .late)
        try reader.checkDeadline(at: .distantFuture)
        #expect(try reader.read(#"2["x"]"#) == .event("x"))
    }

    @Test func `a deadline beyond the end of time is the end of time`() throws {
        var reader = SocketPacketReader(limits: SocketPacketLimits(completionTime: .nanoseconds(.max)))
        _ = try reader.read(#"51-["x"]"#, at: .distantFuture)
        #expect(reader.deadline != nil)
    }

    @Test func `a namespace has a longest length`() throws {
        let longest = "/" + String(repeating: "n", count: 1_023)
        #expect(try SocketPacketReader.packet("0\(longest),")?.namespace == longest)
        #expect(try SocketPacketReader.packet("0\(longest)")?.namespace == longest)
        #expect(SocketPacketReader.violation("0\(longest)n,") == .tooLarge)
    }

    @Test func `ids have at most sixteen digits`() {
        #expect(SocketPacketReader.violation(#"21234567890123456["x"]"#) == nil)
        #expect(SocketPacketReader.violation(#"212345678901234567["x"]"#) == .tooLarge)
        #expect(SocketPacketReader.violation(#"300000000000000001[]"#) == .tooLarge)
    }

    @Test func `an event or ack has a greatest number of arguments`() {
        let limits = SocketPacketLimits(arguments: 2)
        #expect(SocketPacketReader.violation(#"2["x",1,2]"#, limits: limits) == nil)
        #expect(SocketPacketReader.violation(#"2["x",1,2,3]"#, limits: limits) == .tooLarge)
        #expect(SocketPacketReader.violation("31[1,2]", limits: limits) == nil)
        #expect(SocketPacketReader.violation("31[1,2,3]", limits: limits) == .tooLarge)
    }

    @Test func `arguments have a greatest depth`() {
        let deepest = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
        #expect(SocketPacketReader.violation(#"2["x",\#(deepest)]"#) == nil)
        #expect(SocketPacketReader.violation(#"2["x",[\#(deepest)]]"#) == .malformed)
        #expect(SocketPacketReader.violation("2[[[1]]]", limits: SocketPacketLimits(depth: 2)) == .malformed)
        #expect(SocketPacketReader.violation("3[[1]]", limits: SocketPacketLimits(depth: 2)) == nil)
    }
}
