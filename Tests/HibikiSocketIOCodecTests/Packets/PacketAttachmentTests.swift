// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct PacketAttachmentTests {
    private var reader = SocketPacketReader()

    @Test mutating func `a packet is complete with its last attachment`() throws {
        let image = #"{"_placeholder":true,"num":1}"#
        let thumbnail = #"{"nested":[{"num":0,"_placeholder":true}]}"#
        #expect(try self.reader.read(#"52-/a,7["images",\#(image),\#(thumbnail),3]"#) == nil)
        #expect(try self.reader.read([1]) == nil)
        let attachments: [[UInt8]] = [[1], [2, 3]]
        let arguments = [image, thumbnail, "3"].map { RawArgument.text($0, attachments) }
        #expect(try self.reader.read([2, 3]) == .event("images", arguments, namespace: "/a", id: 7))
        #expect(self.reader.deadline == nil)
    }

    @Test mutating func `an ack may have attachments`() throws {
        #expect(try self.reader.read(#"61-12[{"_placeholder":true,"num":0}]"#) == nil)
        let argument = RawArgument.text(#"{"_placeholder":true,"num":0}"#, [[]])
        #expect(try self.reader.read([]) == SocketPacket(id: 12, .ack([argument])))
    }

    @Test(arguments: [#"50-["x",1]"#, #"5-["x",1]"#, #"500-["x",1]"#])
    func `a packet with no attachments is complete at once and leaves nothing behind`(_ text: String) throws {
        var reader = SocketPacketReader()
        #expect(try reader.read(text) == .event("x", [.text("1")]))
        #expect(reader.deadline == nil)
        #expect(try reader.read(#"2["y"]"#) == .event("y"))
        #expect(packetViolation { try reader.read([1]) } == .outOfOrder)
    }

    @Test func `events without a payload may announce attachments`() throws {
        #expect(try SocketPacketReader.packet("50-") == SocketPacket(.nothing))
        #expect(try SocketPacketReader.packet("6-1") == SocketPacket(id: 1, .ack([])))
    }

    @Test mutating func `an attachment may have several placeholders or none`() throws {
        let twice = #"[{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}]"#
        #expect(try self.reader.read(#"52-["x",\#(twice)]"#) == nil)
        #expect(try self.reader.read([1]) == nil)
        #expect(try self.reader.read([2]) == .event("x", [.text(twice, [[1], [2]])]))
    }

    @Test(arguments: [
        #"{"_placeholder":true,"num":1}"#, #"{"_placeholder":true,"num":10}"#, #"{"_placeholder":true,"num":-1}"#,
        #"{"_placeholder":true,"num":0.5}"#, #"{"_placeholder":true,"num":1e300}"#,
        #"{"_placeholder":true,"num":99999999999999999999}"#, #"{"_placeholder":true,"num":9223372036854775807}"#,
        #"{"_placeholder":true,"num":"splice"}"#, #"{"_placeholder":true,"num":"0"}"#,
        #"{"_placeholder":true,"num":null}"#, #"{"_placeholder":true,"num":[0]}"#, #"{"_placeholder":true}"#,
        #"{"_placeholder":true,"num":0,"num":1}"#, #"{"_placeholder":false,"_placeholder":true,"num":1}"#,
        #"{"\u005fplaceholder":true,"n\u0075m":1}"#, #" { "num" : 1 , "_placeholder" : true , "x" : {} } "#,
        #"[[[{"a":[1,{"_placeholder":true,"num":1}]}]]]"#,
    ])
    func `a placeholder for no attachment is refused when the packet is complete`(_ value: String) throws {
        var reader = SocketPacketReader()
        #expect(try reader.read(#"51-["hello",\#(value)]"#) == nil)
        #expect(packetViolation { try reader.read([1]) } == .illegalAttachment)
        #expect(reader.deadline == nil)
        #expect(try reader.read(#"2["x"]"#) == .event("x"))
        #expect(SocketPacketReader.violation(#"50-["hello",\#(value)]"#) == .illegalAttachment)
    }

    @Test(arguments: [
        #"{"_placeholder":false,"num":9}"#, #"{"_placeholder":1,"num":9}"#, #"{"_placeholder":"true","num":9}"#,
        #"{"_placeholder":[true],"num":9}"#, #"{"num":9}"#, #"{"_placeholder":true,"_placeholder":false,"num":9}"#,
        #""{\"_placeholder\":true,\"num\":9}""#, #"{"_placeholder":{"_placeholder":true,"num":0},"num":9}"#,
    ])
    func `what merely resembles a placeholder is a value`(_ value: String) throws {
        var reader = SocketPacketReader()
        #expect(try reader.read(#"51-["x",\#(value)]"#) == nil)
        #expect(try reader.read([1]) == .event("x", [.text(value, [[1]])]))
    }

    @Test mutating func `what a placeholder holds besides its number does not count`() throws {
        let value = #"{"_placeholder":true,"num":0,"x":[{"_placeholder":true,"num":9}]}"#
        #expect(try self.reader.read(#"51-["x",\#(value)]"#) == nil)
        #expect(try self.reader.read([1]) == .event("x", [.text(value, [[1]])]))
    }

    @Test mutating func `nothing may come between the attachments`() throws {
        _ = try self.reader.read(#"52-["x"]"#)
        _ = try self.reader.read([1])
        #expect(packetViolation { try self.reader.read(#"2["y"]"#) } == .outOfOrder)
        #expect(self.reader.deadline == nil)
        #expect(packetViolation { try self.reader.read([2]) } == .outOfOrder)
    }

    @Test mutating func `a binary message that nobody announced is refused`() {
        #expect(packetViolation { try self.reader.read([1]) } == .outOfOrder)
    }
}
