// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

/// A reader knows how the latest event began, and must not take anything else for it.
@Suite struct `A packet after another one` {
    static let relatives = [
        #"2["x","y"]"#, #"2["x" ,1]"#, #"2["x"1]"#, #"2["xy"]"#, #"2["x"#, #"2["x","#, #"2["x",]"#, #"2["x"]]"#,
        #"2["x",1,2]"#,
        #"2["x\u0079"]"#, #"2["x\"",1]"#, #"2["x\"","y"]"#, #"2/a,["x",1]"#, #"2/a,["x"]"#, #"2/ab,["x",1]"#,
        #"2/a,1["x",1]"#, #"21["x",1]"#, #"51-["x",1]"#, #"50-["x",1]"#, #"2[1,"x"]"#, #"2[1]"#, #"2[11]"#,
        #"2["\#(String(repeating: "n", count: 60))"]"#, #"2["\#(String(repeating: "n", count: 61))"]"#,
        #"2["\#(String(repeating: "n", count: 61))",1]"#,
    ]

    private static let texts = PacketReadingTests.packets.map(\.0) + PacketReadingTests.malformed + relatives

    private enum Outcome: Equatable {
        case packet(SocketPacket?)
        case violation(SocketViolation.Kind?)

        init(_ reader: inout SocketPacketReader, _ text: String) {
            do throws(SocketViolation) {
                self = .packet(try reader.read(text))
            } catch {
                self = .violation(error.kind)
            }
        }
    }

    @Test func `is read as a reader reads it that has seen nothing before`() {
        for first in Self.texts {
            var experienced = SocketPacketReader()
            guard case .packet(.some) = Outcome(&experienced, first) else { continue }
            for second in Self.texts {
                var reader = experienced
                var fresh = SocketPacketReader()
                #expect(Outcome(&reader, second) == Outcome(&fresh, second), "\(second) after \(first)")
            }
        }
    }

    @Test func `counts against the same limits`() throws {
        var reader = SocketPacketReader(limits: SocketPacketLimits(bytes: 64, arguments: 2, depth: 2))
        _ = try reader.read(#"2["x",1]"#)
        #expect(try reader.read(#"2["x",1,2]"#) == .event("x", [.text("1"), .text("2")]))
        #expect(packetViolation { try reader.read(#"2["x",1,2,3]"#) } == .tooLarge)
        #expect(packetViolation { try reader.read(#"2["x",[[]]]"#) } == .malformed)
        #expect(packetViolation { try reader.read(#"2["x","\#(String(repeating: "y", count: 64))"]"#) } == .tooLarge)
    }
}
