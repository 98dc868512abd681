// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: Hibiki contributors

import HibikiSocketIOCodec
import NIOCore
import Testing

@Suite struct MessagePackPacketTests {
    private func read(_ bytes: String, _ limits: SocketPacketLimits = .init()) throws(SocketViolation) -> SocketPacket {
        try MessagePackPacketReader(limits: limits).read(binary: ByteBuffer(pack: bytes))
    }

    private func violation(_ bytes: String, _ limits: SocketPacketLimits = .init()) -> SocketViolation.Kind? {
        do throws(SocketViolation) {
            _ = try self.read(bytes, limits)
            return nil
        } catch {
            return error.kind
        }
    }

    /// What socket.io-client 4.8 with socket.io-msgpack-parser 3.0 sends.
    static let packets: [(String, SocketPacket)] = [
        ("83 a4 'type' 00 a4 'data' 81 a1 't' 01 a3 'nsp' a1 '/'", SocketPacket(.connect(.pack("81 a1 't' 01")))),
        ("83 a4 'type' 00 a4 'data' d4 00 00 a3 'nsp' a1 '/'", SocketPacket(.connect(nil))),
        (
            "83 a4 'type' 00 a4 'data' 82 a3 'sid' a1 's' a3 'pid' d4 00 00 a3 'nsp' a6 '/admin'",
            SocketPacket(namespace: "/admin", .connect(.pack("82 a3 'sid' a1 's' a3 'pid' d4 00 00")))
        ),
        ("82 a4 'type' 01 a3 'nsp' a1 '/'", SocketPacket(.disconnect)),
        ("83 a4 'type' 01 a4 'data' c0 a3 'nsp' a1 '/'", SocketPacket(.disconnect)),
        (
            "85 a4 'type' 02 a4 'data' 93 a5 'hello' 01 c4 01 ff a7 'options' 81 a8 'compress' c3 "
                + "a2 'id' 0c a3 'nsp' a1 '/'",
            SocketPacket(id: 12, .event(.string("hello"), [.pack("01"), .pack("c4 01 ff")]))
        ),
        (
            "84 a3 'nsp' a1 '/' a4 'data' 92 01 02 a2 'id' d4 00 00 a4 'type' 02",
            SocketPacket(.event(.number("1"), [.pack("02")]))
        ),
        (
            "83 a4 'type' 02 a4 'data' 91 cb 3f f8 00 00 00 00 00 00 a3 'nsp' a1 '/'",
            SocketPacket(.event(.number("1.5"), []))
        ),
        ("84 a4 'type' 03 a4 'data' 91 c0 a2 'id' 00 a3 'nsp' a1 '/'", SocketPacket(id: 0, .ack([.pack("c0")]))),
        (
            "84 a4 'type' 03 a4 'data' 90 a2 'id' ce ff ff ff ff a3 'nsp' a1 '/'",
            SocketPacket(id: 4_294_967_295, .ack([]))
        ),
        (
            "83 a4 'type' 04 a4 'data' 81 a7 'message' a1 'x' a3 'nsp' a1 '/'",
            SocketPacket(.connectError(.pack("81 a7 'message' a1 'x'")))
        ),
        ("83 a4 'type' 04 a4 'data' a1 'x' a3 'nsp' a1 '/'", SocketPacket(.connectError(.pack("a1 'x'")))),
    ]

    @Test(arguments: packets) func `a packet is read`(_ bytes: String, _ expected: SocketPacket) throws {
        #expect(try self.read(bytes) == expected)
    }

    @Test(arguments: [
        "", "c0", "90", "a0", "80", "82 a4 'type' 01 a3 'nsp' a1 '/' 00", "82 a4 'type' 01 a3 'nsp'",
        // The type
        "82 a4 'type' 05 a3 'nsp' a1 '/'", "82 a4 'type' ff a3 'nsp' a1 '/'", "82 a4 'type' a1 '1' a3 'nsp' a1 '/'",
        "81 a3 'nsp' a1 '/'", "82 a4 'type' cf ff ff ff ff ff ff ff ff a3 'nsp' a1 '/'",
        // The namespace
        "81 a4 'type' 01", "82 a4 'type' 01 a3 'nsp' a0", "82 a4 'type' 01 a3 'nsp' a1 'x'",
        "82 a4 'type' 01 a3 'nsp' 01",
        // The id
        "84 a4 'type' 03 a4 'data' 90 a2 'id' ff a3 'nsp' a1 '/'",
        "84 a4 'type' 03 a4 'data' 90 a2 'id' a1 '1' a3 'nsp' a1 '/'",
        "84 a4 'type' 03 a4 'data' 90 a2 'id' cb 3f f8 00 00 00 00 00 00 a3 'nsp' a1 '/'",
        "83 a4 'type' 01 a2 'id' 01 a3 'nsp' a1 '/'",
        // The data
        "83 a4 'type' 00 a4 'data' 90 a3 'nsp' a1 '/'", "83 a4 'type' 00 a4 'data' a1 'x' a3 'nsp' a1 '/'",
        "83 a4 'type' 01 a4 'data' 80 a3 'nsp' a1 '/'",
        "82 a4 'type' 02 a3 'nsp' a1 '/'", "83 a4 'type' 02 a4 'data' 90 a3 'nsp' a1 '/'",
        "83 a4 'type' 02 a4 'data' 91 c0 a3 'nsp' a1 '/'", "83 a4 'type' 02 a4 'data' 91 90 a3 'nsp' a1 '/'",
        "83 a4 'type' 02 a4 'data' 91 c4 01 00 a3 'nsp' a1 '/'", "83 a4 'type' 02 a4 'data' 80 a3 'nsp' a1 '/'",
        "83 a4 'type' 02 a4 'data' 91 cb 7f f8 00 00 00 00 00 00 a3 'nsp' a1 '/'",
        "82 a4 'type' 03 a3 'nsp' a1 '/'", "83 a4 'type' 03 a4 'data' 80 a3 'nsp' a1 '/'",
        "82 a4 'type' 04 a3 'nsp' a1 '/'", "83 a4 'type' 04 a4 'data' 01 a3 'nsp' a1 '/'",
        // What is ignored must be well formed too
        "83 a4 'type' 01 a3 'nsp' a1 '/' a1 'x' c1", "83 a4 'type' 01 a3 'nsp' a1 '/' c0 00",
    ])
    func `what is no packet is refused`(_ bytes: String) {
        #expect(self.violation(bytes) == .malformed)
    }

    @Test(arguments: ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"])
    func `the names of a socket's own events are refused`(_ name: String) {
        let header = String(0xA0 + name.utf8.count, radix: 16)
        #expect(self.violation("83 a4 'type' 02 a4 'data' 91 \(header) '\(name)' a3 'nsp' a1 '/'") == .malformed)
    }

    @Test func `limits hold`() {
        let packet = "82 a4 'type' 01 a3 'nsp' a4 '/abc'"
        #expect(self.violation(packet, .init(bytes: 15)) == .tooLarge)
        #expect(self.violation(packet, .init(bytes: 16)) == nil)
        #expect(self.violation(packet, .init(namespaceBytes: 3)) == .tooLarge)
        #expect(self.violation(packet, .init(namespaceBytes: 4)) == nil)
        // As in JSON text, the list of arguments is the first level.
        let deep = "83 a4 'type' 03 a4 'data' 91 91 90 a3 'nsp' a1 '/'"
        #expect(self.violation(deep, .init(depth: 2)) == .malformed)
        #expect(self.violation(deep, .init(depth: 3)) == nil)
    }

    @Test func `packets are written to the byte`() throws {
        let writer = MessagePackPacketWriter()
        #expect(
            writer.connect(sessionID: "s", privateID: "p").binary
                == ByteBuffer(pack: "83 a4 'type' 00 a4 'data' 82 a3 'sid' a1 's' a3 'pid' a1 'p' a3 'nsp' a1 '/'"))
        #expect(
            writer.connect(namespace: "/a", sessionID: "s").binary
                == ByteBuffer(pack: "83 a4 'type' 00 a4 'data' 81 a3 'sid' a1 's' a3 'nsp' a2 '/a'"))
        #expect(writer.disconnect().binary == ByteBuffer(pack: "82 a4 'type' 01 a3 'nsp' a1 '/'"))
        #expect(
            writer.connectError(message: "m", data: ["code": 7]).binary
                == ByteBuffer(
                    pack: "83 a4 'type' 04 a4 'data' 82 a7 'message' a1 'm' a4 'data' 81 a4 'code' 07 a3 'nsp' a1 '/'"))
        let event = writer.event(.number("1"), id: 300, offset: "o") { arguments in
            arguments.append(double: 1.5)
            arguments.append(binary: ByteBuffer(bytes: [1, 2]))
        }
        #expect(
            event.binary
                == ByteBuffer(
                    pack: """
                        84 a4 'type' 02 a4 'data' 94 01 cb 3f f8 00 00 00 00 00 00 c4 02 01 02 a1 'o' \
                        a2 'id' cd 01 2c a3 'nsp' a1 '/'
                        """))
        let ack = writer.ack(id: 0, namespace: "/a") { $0.appendNull() }
        #expect(ack.binary == ByteBuffer(pack: "84 a4 'type' 03 a4 'data' 91 c0 a2 'id' 00 a3 'nsp' a2 '/a'"))
    }

    @Test func `what is written can be read`() throws {
        let value: JSON = ["a": [1, .bytes(2)], "b": 1.5]
        let packet = MessagePackPacketWriter().event(.string("name"), namespace: "/n", id: 7) { $0.append(value) }
        let read = try MessagePackPacketReader().read(binary: try #require(packet.binary))
        guard case .event(.string("name"), let arguments) = read.kind else {
            Issue.record("no event")
            return
        }
        #expect(read.namespace == "/n" && read.id == 7 && arguments.count == 1)
        #expect(try JSON(try #require(arguments.first)) == value)
    }
}
