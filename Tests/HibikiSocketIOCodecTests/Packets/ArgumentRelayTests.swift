// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

/// Arguments that came in one packet and leave in another.
@Suite struct ArgumentRelayTests {
    private func event(_ write: (inout JSONArgumentWriter) -> Void) -> [String] {
        SocketPacketWriter().event(.string("e"), arguments: write).parts
    }

    private func placeholder(_ number: Int) -> String { #"{"_placeholder":true,"num":\#(number)}"# }

    private func relay(
        _ arguments: RawArgument..., after write: (inout JSONArgumentWriter) -> Void = { _ in }
    ) -> [String] {
        self.event { writer in
            write(&writer)
            for argument in arguments { writer.relay(argument) }
        }
    }

    @Test func `text is passed on byte for byte`() {
        #expect(self.relay(.text(#"{ "a" : 1e0 }"#), .text("1.0")) == [#"2["e",{ "a" : 1e0 },1.0]"#])
    }

    @Test func `arguments of one packet share their attachments`() {
        let attachments: [[UInt8]] = [[1], [2]]
        let parts = self.relay(
            .text(self.placeholder(0), attachments),
            .text("[\(self.placeholder(1)),\(self.placeholder(0))]", attachments)
        )
        let text = #"52-["e",\#(self.placeholder(0)),[\#(self.placeholder(1)),\#(self.placeholder(0))]]"#
        #expect(parts == [text, "1", "2"])
    }

    @Test func `attachments that no argument refers to are left out`() {
        #expect(self.relay(.text("1", [[1]])) == [#"2["e",1]"#])
        let second = self.relay(.text(self.placeholder(1), [[1], [2]]))
        #expect(second == [#"51-["e",\#(self.placeholder(0))]"#, "2"])
    }

    @Test func `placeholders are numbered anew after other attachments`() {
        let parts = self.relay(.text(#"{"a": \#(self.placeholder(0)), "b": 2}"#, [[1]])) { writer in
            writer.append(binary: ByteBuffer(bytes: [9]))
        }
        let text = #"52-["e",\#(self.placeholder(0)),{"a": \#(self.placeholder(1)), "b": 2}]"#
        #expect(parts == [text, "9", "1"])
    }

    @Test func `arguments of different packets keep their own attachments`() {
        let parts = self.relay(.text(self.placeholder(0), [[1]]), .text(self.placeholder(0), [[2]]))
        #expect(parts == [#"52-["e",\#(self.placeholder(0)),\#(self.placeholder(1))]"#, "1", "2"])
    }

    @Test func `a placeholder for nothing becomes null`() {
        let parts = self.relay(.text("[\(self.placeholder(0)),\(self.placeholder(7))]", [[1]]))
        #expect(parts == [#"51-["e",[\#(self.placeholder(0)),null]]"#, "1"])
    }

    @Test(arguments: [0, 1, 99])
    func `an object that poses as a placeholder does not get into a packet with attachments`(_ number: Int) {
        let forged = RawArgument.text(#"{"x":[1,\#(self.placeholder(number)),2]}"#)
        let own = ByteBuffer(bytes: [1])
        let after = self.relay(forged) { $0.append(binary: own) }
        #expect(after == [#"51-["e",\#(self.placeholder(0)),{"x":[1,null,2]}]"#, "1"])
        let before = self.event { writer in
            writer.append(json: forged.bytes)
            writer.append(binary: own)
            writer.relay(forged)
        }
        let text = #"51-["e",{"x":[1,null,2]},\#(self.placeholder(0)),{"x":[1,null,2]}]"#
        #expect(before == [text, "1"])
    }

    @Test func `an element that numbers its own attachments keeps them and loses what poses as others`() {
        let parts = self.event { writer in
            writer.append(binary: ByteBuffer(bytes: [1]))
            writer.appendElement { text, attachments in
                let own = attachments.count
                text.writeString("[\(self.placeholder(0)),\(self.placeholder(own)),\(self.placeholder(2))]")
                attachments.append(ByteBuffer(bytes: [2]))
            }
            writer.appendElement { text, _ in text.writeString(self.placeholder(1)) }
            writer.append(integer: 3)
        }
        let text = #"52-["e",\#(self.placeholder(0)),[null,\#(self.placeholder(1)),null],null,3]"#
        #expect(parts == [text, "1", "2"])
    }

    @Test func `without attachments such an object is a value`() {
        #expect(self.relay(.text(self.placeholder(5))) == [#"2["e",\#(self.placeholder(5))]"#])
    }

    @Test func `MessagePack is not passed on as text`() {
        let argument = RawArgument(.messagePack, bytes: ByteBuffer(bytes: [0x01]))
        let parts = self.event { writer in
            let isWritten = writer.append(raw: argument)
            #expect(!isWritten)
            writer.append(integer: 1)
        }
        #expect(parts == [#"2["e",1]"#])
    }

    @Test func `what was relayed is read as it was sent`() throws {
        var reader = SocketPacketReader()
        _ = try reader.read(#"52-["e",{"a":[\#(self.placeholder(1))]},"text",\#(self.placeholder(0))]"#)
        _ = try reader.read([1])
        guard case .event(_, let arguments) = try reader.read([2])?.kind else {
            Issue.record("the packet is an event")
            return
        }
        let parts = self.event { writer in
            for argument in arguments { writer.relay(argument) }
        }
        // The attachments are sent in the order in which the arguments refer to them.
        #expect(parts == [#"52-["e",{"a":[\#(self.placeholder(0))]},"text",\#(self.placeholder(1))]"#, "2", "1"])
    }
}
