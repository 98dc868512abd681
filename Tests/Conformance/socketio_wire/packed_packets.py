# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The MessagePack parser: every packet is one binary message, a map with `type`, `data`, `nsp` and `id`."""

from __future__ import annotations

from socketio_wire.case import WireCase
from socketio_wire.handshakes import SID
from support.messagepack import UNDEFINED, Raw, pack, unpack
from support.rawengine import SOCKETS, EngineSocket
from support.rows import rows

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR = range(5)

CLOSING = {
    "text closes": '2["message"]',
    "what is no map closes": pack(["message"]),
    "bytes that are no MessagePack close": b"\xc1",
    "a map that is cut short closes": pack({"type": EVENT, "data": ["message"], "nsp": "/"})[:-1],
    "a map with something behind it closes": pack({"type": EVENT, "data": ["message"], "nsp": "/"}) + b"\x00",
    "nothing at all closes": b"",
    "a packet without a type closes": pack({"data": ["message"], "nsp": "/"}),
    "a packet without a namespace closes": pack({"type": EVENT, "data": ["message"]}),
    "a binary event closes": pack({"type": 5, "data": ["message"], "nsp": "/"}),
    "a negative type closes": pack({"type": -1, "data": ["message"], "nsp": "/"}),
    "a type that is a string closes": pack({"type": "2", "data": ["message"], "nsp": "/"}),
    "a namespace that is a number closes": pack({"type": EVENT, "data": ["message"], "nsp": 1}),
    "an event with an object closes": pack({"type": EVENT, "data": {}, "nsp": "/"}),
    "an event without a name closes": pack({"type": EVENT, "data": [], "nsp": "/"}),
    "null as a name closes": pack({"type": EVENT, "data": [None], "nsp": "/"}),
    "an ack without an array closes": pack({"type": ACK, "data": "x", "nsp": "/", "id": 0}),
    "a negative ack id closes": pack({"type": EVENT, "data": ["message-with-ack"], "nsp": "/", "id": -1}),
    "an ack id with a fraction closes": pack({"type": EVENT, "data": ["message-with-ack"], "nsp": "/", "id": 0.5}),
    "a map that announces four thousand million members closes": b"\xdf\xff\xff\xff\xff",
    "an array that announces four thousand million members closes":
        pack({"type": EVENT, "nsp": "/", "data": Raw(b"\xdd\xff\xff\xff\xff")}),
    "a text that announces four thousand million bytes closes":
        pack({"type": EVENT, "nsp": "/", "data": [Raw(b"\xdb\xff\xff\xff\xff")]}),
    "a text that is not UTF-8 closes": pack({"type": EVENT, "nsp": "/", "data": ["message", Raw(b"\xa2\xff\xfe")]}),
    "a hundred thousand nested arrays close":
        pack({"type": EVENT, "nsp": "/", "data": ["message", Raw(b"\x91" * 100_000 + b"\xc0")]}),
    "a hundred thousand nested maps close":
        pack({"type": EVENT, "nsp": "/", "data": ["message", Raw(b"\x81\xa1a" * 100_000 + b"\xc0")]}),
}

VALUES = {
    "numbers": [0, 127, 128, -1, -32, -33, 255, 256, 65535, 65536, 1 << 32, -(1 << 31), (1 << 53) - 1, 1.5],
    "strings": ["", "é😀", "x" * 31, "x" * 32, "x" * 255, "x" * 256, "x" * 70_000],
    "bytes": [b"", b"\x00\xff", b"x" * 255, b"x" * 256, b"x" * 70_000],
    "nested values": [{"a": [{"b": b"\x01"}, None, True, False]}, [], {}, [[[]]]],
    "long arrays and maps": [list(range(20)), {str(number): number for number in range(20)}, [None] * 70_000],
}


class PackedPackets(WireCase):
    flags = ("--parser", "msgpack")

    def joined(self, namespace: str = "/") -> EngineSocket:
        opened = self.websocket(SOCKETS)
        opened.send(pack({"type": CONNECT, "nsp": namespace}))
        reply = unpack(opened.receive())
        self.assertEqual((reply["type"], reply["nsp"]), (CONNECT, namespace))
        self.assertRegex(reply["data"]["sid"], SID)
        if namespace != "/admin":
            self.greeting = unpack(opened.receive())
        return opened

    def assert_joined(self, opened: EngineSocket) -> None:
        opened.send(pack({"type": EVENT, "data": ["message", "still there?"], "nsp": "/"}))
        self.assertEqual(unpack(opened.receive())["data"], ["message-back", "still there?"])

    def test_a_connect_of_the_official_client_is_answered(self):
        opened = self.websocket(SOCKETS)
        opened.send(b"\x83\xa4type\x00\xa4data\x81\xa1t\x01\xa3nsp\xa1/")
        packet = opened.receive()
        self.assertTrue(packet.startswith(b"\x83\xa4type\x00\xa4data"), packet)
        self.assertTrue(packet.endswith(b"\xa3nsp\xa1/"), packet)
        data = unpack(packet)["data"]
        self.assertRegex(data["sid"], SID)
        self.assertIsNone(data.get("pid"))
        self.assertEqual(unpack(opened.receive())["data"], ["auth", {"t": 1}])

    def test_undefined_data_in_a_connect_is_no_data(self):
        opened = self.websocket(SOCKETS)
        opened.send(pack({"type": CONNECT, "data": Raw(UNDEFINED), "nsp": "/"}))
        self.assertEqual(unpack(opened.receive())["type"], CONNECT)
        self.assertEqual(unpack(opened.receive())["data"], ["auth", {}])

    def test_an_event_is_a_map_of_three_members_to_the_byte(self):
        opened = self.joined()
        opened.send(b"\x83\xa4type\x02\xa4data\x92\xa7message\x01\xa3nsp\xa1/")
        self.assertEqual(opened.receive(), b"\x83\xa4type\x02\xa4data\x92\xacmessage-back\x01\xa3nsp\xa1/")

    def test_members_may_come_in_any_order_and_others_are_passed_over(self):
        opened = self.joined()
        opened.send(pack({"nsp": "/", "options": {"compress": True}, "x": [1], "data": ["message", 1], "type": EVENT}))
        self.assertEqual(unpack(opened.receive())["data"], ["message-back", 1])

    @rows({f"{name} come back as they went": values for name, values in VALUES.items()})
    def values(self, values):
        opened = self.joined()
        opened.send(pack({"type": EVENT, "data": ["message", *values], "nsp": "/"}))
        packet = unpack(opened.receive())
        self.assertEqual((packet["type"], packet["data"]), (EVENT, ["message-back", *values]))

    def test_an_ack_comes_with_its_id(self):
        opened = self.joined()
        opened.send(pack({"type": EVENT, "data": ["message-with-ack", b"\x01", 2], "nsp": "/", "id": 300}))
        packet = unpack(opened.receive())
        self.assertEqual((packet["type"], packet["id"], packet["data"]), (ACK, 300, [b"\x01", 2]))
        opened.send(pack({"type": EVENT, "data": ["message-with-ack"], "nsp": "/", "id": 0}))
        self.assertEqual(unpack(opened.receive())["id"], 0)

    def test_a_client_may_answer(self):
        opened = self.joined()
        opened.send(pack({"type": EVENT, "data": ["ask-me", "question", 1], "nsp": "/"}))
        question = unpack(opened.receive())
        self.assertEqual(question["data"], ["question", 1])
        opened.send(pack({"type": ACK, "data": [b"\x02"], "nsp": "/", "id": question["id"]}))
        answer = unpack(opened.receive())
        self.assertEqual((answer["type"], answer["data"]), (EVENT, ["asked", b"\x02"]))

    def test_refusals_have_their_message_and_data(self):
        opened = self.websocket(SOCKETS)
        opened.send(pack({"type": CONNECT, "nsp": "/random"}))
        packet = unpack(opened.receive())
        self.assertEqual(packet, {"type": CONNECT_ERROR, "data": {"message": "Invalid namespace"}, "nsp": "/random"})
        opened.send(pack({"type": CONNECT, "nsp": "/admin", "data": {}}))
        packet = unpack(opened.receive())
        self.assertEqual(packet["data"], {"message": "denied", "data": {"code": 7}})
        self.assertEqual((packet["type"], packet["nsp"]), (CONNECT_ERROR, "/admin"))

    def test_a_namespace_is_joined_and_left(self):
        opened = self.joined("/custom")
        self.assertEqual(self.greeting["nsp"], "/custom")
        opened.send(pack({"type": DISCONNECT, "nsp": "/custom"}), pack({"type": CONNECT, "nsp": "/custom"}))
        self.assertEqual(unpack(opened.receive())["type"], CONNECT)

    def test_a_disconnect_of_the_server_is_a_packet(self):
        opened = self.joined()
        opened.send(pack({"type": EVENT, "data": ["disconnect-me", False], "nsp": "/"}))
        packet = unpack(opened.receive())
        self.assertEqual((packet["type"], packet["nsp"]), (DISCONNECT, "/"))

    def test_packets_travel_over_polling_in_base64(self):
        session = self.polling(SOCKETS)
        session.send(pack({"type": CONNECT, "nsp": "/"}))
        self.assertEqual(unpack(session.receive())["type"], CONNECT)
        self.assertEqual(unpack(session.receive())["data"], ["auth", {}])

    @rows(CLOSING)
    def closes(self, packet):
        opened = self.joined()
        opened.send("4" + packet if isinstance(packet, str) else packet)
        self.assertEqual(self.assert_closes(opened), [])

    def test_an_extension_comes_back_or_closes_and_breaks_nothing(self):
        for extension in (b"\xd7\x00" + bytes(8), b"\xd6\xff" + bytes(4), b"\xc7\x00\x00", b"\xd4\x00\x00"):
            opened = self.joined()
            opened.send(pack({"type": EVENT, "data": ["message", Raw(extension)], "nsp": "/"}))
            message = opened.read_message()
            if isinstance(message, bytes):
                self.assertEqual(unpack(message)["data"][0], "message-back")
                self.assert_joined(opened)
