// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct PacketWriterTests {
    private let writer = SocketPacketWriter()

    @Test func `a server admits a socket to a namespace`() {
        #expect(self.writer.connect(sessionID: "Fz").parts == [#"0{"sid":"Fz"}"#])
        #expect(self.writer.connect(namespace: "/a", sessionID: "Fz").parts == [#"0/a,{"sid":"Fz"}"#])
        #expect(self.writer.connect(sessionID: "Fz", privateID: "N1").parts == [#"0{"sid":"Fz","pid":"N1"}"#])
    }

    @Test func `a server refuses a socket`() {
        #expect(self.writer.connectError(message: "no \"x\"").parts == [#"4{"message":"no \"x\""}"#])
        let data = ByteBuffer(string: #"{"code":1}"#)
        #expect(
            self.writer.connectError(namespace: "/a", message: "no", data: data).parts
                == [#"4/a,{"message":"no","data":{"code":1}}"#]
        )
    }

    @Test func `a socket leaves a namespace`() {
        #expect(self.writer.disconnect().parts == ["1"])
        #expect(self.writer.disconnect(namespace: "/a").parts == ["1/a,"])
    }

    @Test func `an event has a name and maybe an id and arguments`() {
        #expect(self.writer.event(.string("x")) { _ in }.parts == [#"2["x"]"#])
        #expect(self.writer.event(.number("1"), id: 0) { _ in }.parts == ["20[1]"])
        let event = self.writer.event(.string("a\nb"), namespace: "/a", id: 12) { arguments in
            arguments.append(string: "é\"\u{1F}")
            arguments.append(integer: Int64.min)
            arguments.append(bool: true)
            arguments.appendNull()
            arguments.append(double: 0.5)
            arguments.append(json: ByteBuffer(string: #"{"b":[]}"#))
        }
        #expect(event.parts == [#"2/a,12["a\nb","é\"\u001f",-9223372036854775808,true,null,0.5,{"b":[]}]"#])
    }

    @Test func `an ack has an id and arguments`() {
        #expect(self.writer.ack(id: 0) { _ in }.parts == ["30[]"])
        let ack = self.writer.ack(id: 7, namespace: "/a") { arguments in
            arguments.append(integer: 1)
            arguments.append(integer: 2)
        }
        #expect(ack.parts == ["3/a,7[1,2]"])
    }

    @Test func `attachments make a binary packet`() {
        let event = self.writer.event(.string("x"), namespace: "/a", id: 3) { arguments in
            arguments.append(binary: ByteBuffer(bytes: [1]))
            arguments.append(integer: 5)
            arguments.beginElement()
            arguments.output.writeString(#"{"b":"#)
            arguments.writePlaceholder(for: ByteBuffer(bytes: [2, 3]))
            arguments.output.writeString("}")
        }
        let text = #"52-/a,3["x",{"_placeholder":true,"num":0},5,{"b":{"_placeholder":true,"num":1}}]"#
        #expect(event.parts == [text, "1", "2 3"])
        let ack = self.writer.ack(id: 1) { $0.append(binary: ByteBuffer()) }
        #expect(ack.parts == [#"61-1[{"_placeholder":true,"num":0}]"#, ""])
    }

    @Test func `a place in the log is the last argument`() {
        let plain = self.writer.event(.string("a"), offset: "Q7xZY0E") { $0.append(integer: 1) }
        #expect(plain.parts == [#"2["a",1,"Q7xZY0E"]"#])
        let image = ByteBuffer(bytes: [9])
        let binary = self.writer.event(.string("bin"), offset: "Q7xZY0G.0") { $0.append(binary: image) }
        #expect(binary.parts == [#"51-["bin",{"_placeholder":true,"num":0},"Q7xZY0G.0"]"#, "9"])
    }

    @Test func `the type of Engine.IO stands before the text and not before attachments`() {
        let writer = SocketPacketWriter(writesEngineType: true)
        #expect(writer.connect(sessionID: "Fz").parts == [#"40{"sid":"Fz"}"#])
        #expect(writer.event(.string("x")) { _ in }.parts == [#"42["x"]"#])
        let binary = writer.event(.string("x")) { arguments in
            for byte in 0..<UInt8(10) { arguments.append(binary: ByteBuffer(bytes: [byte])) }
        }
        #expect(binary.parts.first?.hasPrefix(#"4510-["x",{"_placeholder":true,"num":0},"#) == true)
        #expect(binary.attachments.count == 10)
    }

    @Test func `an error of the arguments is passed on`() {
        #expect(throws: SocketViolation.self) {
            try self.writer.event(.string("x")) { _ throws(SocketViolation) in throw SocketViolation(.late, "") }
        }
    }
}
