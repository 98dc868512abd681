// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct PacketReadingTests {
    static let packets: [(String, SocketPacket)] = [
        ("0", SocketPacket(.connect(nil))),
        ("0{}", SocketPacket(.connect(.text("{}")))),
        (#"0{"token":"x"}"#, SocketPacket(.connect(.text(#"{"token":"x"}"#)))),
        ("0/custom", SocketPacket(namespace: "/custom", .connect(nil))),
        ("0/custom,", SocketPacket(namespace: "/custom", .connect(nil))),
        ("0/,", SocketPacket(.connect(nil))),
        ("0/auth?x=1,", SocketPacket(namespace: "/auth?x=1", .connect(nil))),
        (#"0/é,{"a":[1]} "#, SocketPacket(namespace: "/é", .connect(.text(#"{"a":[1]}"#)))),
        ("1", SocketPacket(.disconnect)),
        ("1/admin,", SocketPacket(namespace: "/admin", .disconnect)),
        ("2", SocketPacket(.nothing)),
        ("2/a,7", SocketPacket(namespace: "/a", id: 7, .nothing)),
        (#"2["x"]"#, .event("x")),
        (#"2[""]"#, .event("")),
        (#"2["error",1]"#, .event("error", [.text("1")])),
        (#"20["ack zero"]"#, .event("ack zero", id: 0)),
        (#"29999999999999999["x"]"#, .event("x", id: 9_999_999_999_999_999)),
        (
            #"2/a,12["x",{"b":[1, 2]} , null]"#,
            .event("x", [.text(#"{"b":[1, 2]}"#), .text("null")], namespace: "/a", id: 12)
        ),
        (#"2["caf\u00e9"]"#, .event("café")),
        ("2[1,2]", SocketPacket(.event(.number("1"), [.text("2")]))),
        ("2[-1.5e3]", SocketPacket(.event(.number("-1.5e3"), []))),
        (#"2["x",{"_placeholder":true,"num":0}]"#, .event("x", [.text(#"{"_placeholder":true,"num":0}"#)])),
        ("3", SocketPacket(.ack([]))),
        ("37", SocketPacket(id: 7, .ack([]))),
        ("37[]", SocketPacket(id: 7, .ack([]))),
        (#"3/a,0["connect",null]"#, SocketPacket(namespace: "/a", id: 0, .ack([.text(#""connect""#), .text("null")]))),
        (#"4"no""#, SocketPacket(.connectError(.text(#""no""#)))),
        (#"4/a,{"message":"no"}"#, SocketPacket(namespace: "/a", .connectError(.text(#"{"message":"no"}"#)))),
    ]

    @Test(arguments: packets)
    func `a well-formed packet is read`(_ text: String, _ packet: SocketPacket) throws {
        #expect(try SocketPacketReader.packet(text) == packet)
    }

    static let malformed = [
        // No type, or one that does not exist.
        "", "7", "9[]", "a", "abc", " ", #"["x"]"#, "-1",
        // The payload of an event.
        "2{}", #"2{"a":1}"#, "2[]", "2[null]", "2[true]", "2[{}]", #"2[["a"]]"#, #"2"x""#, "2 ",
        #"2["x""#, #"2["x"]]"#, #"2["x",]"#, #"2["x" 1]"#, #"2["x"]["y"]"#, "2[01]", "2['x']", #"2["\x"]"#,
        // Reserved names, one of them in disguise.
        #"2["connect"]"#, #"2["connect_error"]"#, #"2["disconnect"]"#, #"2["disconnecting"]"#,
        #"2["newListener"]"#, #"2["removeListener",1]"#, #"2["connec\u0074"]"#, #"51-["connect"]"#,
        // Ids are digits and nothing else; only events and acks have them.
        #"2abc["x"]"#, #"2 ["x"]"#, #"2 1["x"]"#, #"21 ["x"]"#, #"2-1["x"]"#, #"21.5["x"]"#, #"2+1["x"]"#,
        #"20x1["x"]"#,
        "01", "0/a,1{}", "11", #"41"no""#,
        // The payloads of the others.
        "0null", "0[]", #"0"x""#, "0{", "0{}{}", "0 {}", "1{}", "1[]", "1/a,{}", "1x",
        "3{}", "31{}", "31null", #"31"x""#, "31[", "4", "41", "4null", "4[]", "4 {}",
        // A namespace begins with a slash; after its comma comes no other.
        #"2admin,["x"]"#, #"2,["x"]"#, #"2/a,/b,["x"]"#,
        // A number of attachments needs its hyphen.
        #"5["x"]"#, #"51["x"]"#, #"5a-["x"]"#, #"5 1-["x"]"#, #"5-1-["x"]"#, #"51.0-["x"]"#, "5", "51",
        "51-[]", "51-{}", "61-{}", #"21-["x"]"#, #"01-{}"#,
    ]

    @Test(arguments: malformed)
    func `a malformed packet is refused`(_ text: String) {
        #expect(SocketPacketReader.violation(text) == .malformed)
    }

    @Test func `a reader that refused a packet reads the next one`() throws {
        var reader = SocketPacketReader()
        #expect(throws: SocketViolation.self) { try reader.read("2[]") }
        #expect(try reader.read(#"2["x"]"#) == .event("x"))
    }

    @Test func `a violation counts as a connection that the server closed`() {
        #expect(SocketViolation(.malformed, "").disconnectReason == "forced close")
    }

    @Test func `arguments are slices of the text`() throws {
        let text = ByteBuffer(string: #"2["x",["argument"]]"#)
        var reader = SocketPacketReader()
        guard case .event(_, let arguments) = try reader.read(text: text, at: SocketPacketReader.start)?.kind else {
            Issue.record("the packet is an event")
            return
        }
        let argument = try #require(arguments.first)
        let whole = text.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        let slice = argument.bytes.withUnsafeReadableBytes { UInt(bitPattern: $0.baseAddress) }
        #expect(slice == whole + 6)
    }
}
