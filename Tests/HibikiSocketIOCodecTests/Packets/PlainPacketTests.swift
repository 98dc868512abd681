// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiWire
import NIOCore
import Testing

@testable import HibikiSocketIOCodec

/// Packets without attachments, which are written in one step.
@Suite struct PlainPacketTests {
    private func text(
        _ packet: PlainPacket, after before: String = "", _ arguments: (inout PlainArgumentWriter) -> Void
    ) -> String {
        var buffer = ByteBuffer(string: before)
        buffer.writeJoined(packet.length) { packet.write(to: &$0, arguments: arguments) }
        return String(buffer: buffer)
    }

    private func lengths(_ lengths: Int...) -> PlainArguments {
        var arguments = PlainArguments()
        for length in lengths { arguments.add(length: length) }
        return arguments
    }

    @Test func `an event has as many bytes as it says, and stands behind what was there`() {
        let none = PlainPacket.event(.string("y"), namespace: "/", self.lengths())
        #expect(self.text(none, after: "before ") { _ in } == #"before 2["y"]"#)
        let several = PlainPacket.event(.string("x"), namespace: "/a", id: 120, self.lengths(1, 4, 5, 2, 7))
        let text = self.text(several) { arguments in
            arguments.append(integer: 2)
            arguments.append(bool: true)
            arguments.append(bool: false)
            arguments.append(string: "")
            [UInt8](#"{"a":1}"#.utf8).withUnsafeBytes { arguments.append(json: $0) }
        }
        #expect(text == #"2/a,120["x",2,true,false,"",{"a":1}]"#)
    }

    @Test func `an ack has its id and its arguments`() {
        let none = PlainPacket.ack(0, namespace: "/", self.lengths())
        #expect(self.text(none) { _ in } == "30[]")
        let two = PlainPacket.ack(7, namespace: "/a", self.lengths(2, 3))
        let text = self.text(two) { arguments in
            arguments.append(integer: -1)
            arguments.append(string: "b")
        }
        #expect(text == #"3/a,7[-1,"b"]"#)
    }

    @Test(arguments: ["", "plain", "\"", "a\\b\n\r\t\u{8}\u{c}", "\u{0}\u{1f}", "é 響 👋🏽", "\u{2028}"])
    func `a string has the length that it says, whatever has to be escaped`(value: String) throws {
        let packet = PlainPacket.event(.string(value), namespace: "/", self.lengths(value.jsonLength))
        let text = self.text(packet) { $0.append(string: value) }
        var reader = SocketPacketReader()
        let read = try reader.read(text: ByteBuffer(string: text), at: .uptimeNanoseconds(0))
        guard case .event(.string(let name), let arguments) = read?.kind else {
            Issue.record("\(text) is no event")
            return
        }
        #expect(name == value)
        #expect(try arguments.map { try JSON($0) } == [.string(value)])
        #expect(!text.hasSuffix(" "))
    }

    @Test(arguments: [0, 9, 10, -1, -10, 99, 100, Int.max, Int.min])
    func `an integer has the length that it says`(value: Int) {
        let packet = PlainPacket.event(.number("1"), namespace: "/", self.lengths(value.jsonLength))
        #expect(self.text(packet) { $0.append(integer: value) } == "2[1,\(value)]")
    }

    @Test func `what is announced and not written becomes spaces, and what is too much is left out`() {
        let short = PlainPacket.event(.string("x"), namespace: "/", self.lengths(3))
        #expect(self.text(short) { $0.append(integer: 1) } == #"2["x",1]  "#)
        let long = PlainPacket.event(.string("x"), namespace: "/", self.lengths(1))
        #expect(self.text(long) { $0.append(string: "long") }.utf8.count == 8)
    }
}
