# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The packets of Socket.IO: which are taken as they are, which close the connection, and how attachments travel."""

from __future__ import annotations

import threading

from socketio_wire.case import WireCase
from support.rawclient import Ended
from support.rawengine import SOCKETS
from support.rawsocketio import SocketClient, compact, placeholder
from support.rows import rows

RESERVED = ("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")
ONE = '["message",{"_placeholder":true,"num":0}]'

# What closes the connection of a socket on `/` at once.
CLOSING = {
    "a type that is no digit closes": ("abc",),
    "a type beyond the types closes": ("7",),
    "no type closes": ("",),
    "an object instead of an array closes": ("2{}",),
    "a string instead of an array closes": ('2"x"',),
    "an array without a name closes": ("2[]",),
    "null as a name closes": ("2[null]",),
    "true as a name closes": ("2[true]",),
    "an object as a name closes": ("2[{}]",),
    "an array as a name closes": ('2[["a"]]',),
    "an ack id with letters closes": ('2abc["message"]',),
    "an ack id with a sign closes": ('2-1["message"]',),
    "an ack id with a fraction closes": ('21.5["message"]',),
    "an ack id after a space closes": ('2 1["message"]',),
    "an ack id of 17 digits closes": ("2" + "9" * 17 + '["message"]',),
    "JSON that does not end closes": ('2["message"',),
    "JSON with something behind it closes": ('2["message"]x',),
    "JSON with a comma too many closes": ('2["message",]',),
    "JSON with a raw line break in a string closes": ('2["mes\nsage"]',),
    "a second connect closes": ("0",),
    "a connect with a string closes": ('0/custom,"x"',),
    "a connect with an array closes": ("0/custom,[]",),
    "a connect with true closes": ("0/custom,true",),
    "a disconnect with data closes": ('1"x"',),
    "an ack with an object closes": ("30{}",),
    "an ack with a string closes": ('30"x"',),
    "a connect error of the client closes": ('4{"message":"no"}',),
    "an event for a namespace that was never joined closes": ('2/custom,["x"]',),
    "an ack for a namespace that was never joined closes": ("3/custom,1[]",),
    "a disconnect from a namespace that was never joined closes": ("1/custom,",),
    "binary that nobody announced closes": (b"\x01",),
    "text while an attachment is due closes": ("51-" + ONE, '2["message"]'),
    "text after the first of two attachments closes": ("52-" + ONE, b"\x01", '2["message"]'),
    "a count without its dash closes": ('51["message"]',),
    "a count that is no number closes": ("5x-" + ONE,),
    "a count with a sign closes": ("5-1-" + ONE,),
    "a count with a fraction closes": ("51.0-" + ONE,),
    "eleven attachments close": ('511-["message"]',),
    "a placeholder beyond the attachments closes": ('51-["message",{"_placeholder":true,"num":1}]', b"\x01"),
    "a placeholder below zero closes": ('51-["message",{"_placeholder":true,"num":-1}]', b"\x01"),
    "a placeholder that is no number closes": ('51-["message",{"_placeholder":true,"num":"0"}]', b"\x01"),
    "a placeholder with a fraction closes": ('51-["message",{"_placeholder":true,"num":0.5}]', b"\x01"),
    "a placeholder without a number closes": ('51-["message",{"_placeholder":true}]', b"\x01"),
    **{f"the reserved name {name} closes": (f'2["{name}"]',) for name in RESERVED},
    **{f"the reserved name {name} with an attachment closes": (f'51-["{name}",{compact(placeholder(0))}]', b"\x01")
       for name in RESERVED[:2]},
}

# What changes nothing.
HARMLESS = {
    "an event without a payload is taken": ("2",),
    "an ack without a payload is taken": ("3",),
    "a number as a name is taken": ("2[1,2]",),
    "a name that nobody listens to is taken": ('2["nobody",1]',),
    "an event called error is an event like others": ('2["error","x"]',),
    "an ack that nobody waits for is passed over": ("3123[]",),
    "the same unknown ack twice is passed over": ("30[1]", "30[1]"),
    "a binary ack that nobody waits for is passed over": ('61-7[{"_placeholder":true,"num":0}]', b"\x01"),
    "an ack with the largest exact number is passed over": ("39007199254740991[]",),
    "spaces in the JSON are taken": ('2[ "nobody" , 1 ] ',),
    "an empty name is taken": ('2[""]',),
}

# (what the client sends, what comes back): text to the byte
ANSWERS = {
    "plain arguments come back": (['2["message",1,"2",{"3":[true]}]'], ['2["message-back",1,"2",{"3":[true]}]']),
    "an event without arguments comes back": (['2["message"]'], ['2["message-back"]']),
    "an ack has the arguments": (['2456["message-with-ack",1,"2",{"3":[false]}]'], ['3456[1,"2",{"3":[false]}]']),
    "an ack with the id 0 is an ack": (['20["message-with-ack"]'], ["30[]"]),
    "the main namespace may be named": (['2/,["message",1]'], ['2["message-back",1]']),
    "attachments come back behind their packet": (
        ['52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', b"\x01\x02\x03", b"\x04\x05"],
        ['52-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
         b"\x01\x02\x03", b"\x04\x05"]),
    "an ack has attachments": (
        ['52-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', b"\x01", b""],
        ['62-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', b"\x01", b""]),
    "attachments may stand at any depth": (
        ['51-["message",{"a":[{"b":{"_placeholder":true,"num":0}}]}]', b"\xff"],
        ['51-["message-back",{"a":[{"b":{"_placeholder":true,"num":0}}]}]', b"\xff"]),
    "a count of no attachments is taken": (['50-["message","e"]'], ['2["message-back","e"]']),
    "an empty count is no attachments": (['5-["message","e"]'], ['2["message-back","e"]']),
    "a placeholder in a plain event is an object like others": (
        ['2["message",{"_placeholder":true,"num":0}]'], ['2["message-back",{"_placeholder":true,"num":0}]']),
}

VALUES = {
    "numbers": [0, -1, 1.5, 1e21, -2.5e-7, 9007199254740991],
    "strings": ["", "\"\\/\b\f\n\r\t", "é€😀", "\u0000\u001f", "\u2028\u2029", "a\u0301"],
    "nested values": [[[[[]]]], {"": {"a": [{}, None]}}, True, False, None],
    "keys in their order": [{"z": 1, "a": 2, "10": 3, "2": 4}],
}


class Packets(WireCase):
    @rows(CLOSING)
    def closes(self, *packets):
        client = self.client()
        client.send(*packets)
        self.assertEqual(self.assert_closes(client.engine), [])

    @rows(HARMLESS)
    def harmless(self, *packets):
        client = self.client()
        client.send(*packets)
        self.assertTrue(client.answers())

    @rows(ANSWERS)
    def answered(self, sent, expected):
        client = self.client()
        client.send(*sent)
        self.assertEqual([client.read() for _ in expected], expected)
        self.assertTrue(client.answers())

    @rows({f"{name} come back as they went": values for name, values in VALUES.items()})
    def values(self, values):
        client = self.client()
        client.emit("message", *values)
        self.assertEqual(compact(client.event()), compact(["message-back", *values]))

    def test_one_attachment_too_many_closes(self):
        client = self.client()
        client.send("51-" + ONE, b"\x01", b"\x02")
        answer = ['451-["message-back",{"_placeholder":true,"num":0}]', b"\x01"]
        self.assertIn(self.assert_closes(client.engine), ([], answer))

    def test_ten_attachments_pass(self):
        client = self.client()
        parts = [bytes([number]) * number for number in range(10)]
        client.send("510-" + compact(["message", *(placeholder(number) for number in range(10))]), *parts)
        self.assertEqual(client.event(), ["message-back", *parts])

    def test_attachments_in_another_order_find_their_places(self):
        client = self.client()
        client.send("52-" + compact(["message", placeholder(1), placeholder(0)]), b"zero", b"one")
        self.assertEqual(client.event(), ["message-back", b"one", b"zero"])

    def test_attachments_travel_over_polling(self):
        client = self.opened(SocketClient.polling(self.port))
        client.connect()
        client.send("51-" + ONE, b"\x00\xff")
        self.assertEqual(client.event(), ["message-back", b"\x00\xff"])

    def test_attachments_may_come_in_a_later_post(self):
        client = self.opened(SocketClient.polling(self.port))
        client.connect()
        client.send("51-" + ONE)
        client.send(b"\x00\xff")
        self.assertEqual(client.event(), ["message-back", b"\x00\xff"])

    def test_a_megabyte_less_a_little_comes_back(self):
        client = self.client()
        text = "x" * 999_900
        client.emit("message", text)
        self.assertEqual(client.event(), ["message-back", text])

    def test_nothing_comes_between_a_packet_and_its_attachments(self):
        listener = self.client()
        listener.connect("/custom")
        listener.ask("join", "packed")
        count = 100
        senders = [self.client() for _ in range(3)]
        threads = [threading.Thread(target=self.flood, args=(sender, count)) for sender in senders]
        for thread in threads:
            thread.start()
        for number in range(count):
            listener.emit("message", number)
        heard, echoed = 0, 0
        while heard < len(senders) * count or echoed < count:
            name, *arguments = listener.event()     # Malformed where something stands between
            if name == "said":
                heard += 1
                self.assertEqual(arguments[0][:1] * 3, arguments[1])
            else:
                self.assertEqual([name, *arguments], ["message-back", echoed])
                echoed += 1
        for thread in threads:
            thread.join()

    def flood(self, sender, count):
        packet = "52-" + compact(["say", "packed", placeholder(0), placeholder(1)])
        try:
            for number in range(count):
                byte = bytes([number])
                sender.send(packet, byte * 20, byte * 3)
        except Ended:
            pass    # the listener will miss them


class BeforeConnect(WireCase):
    @rows({
        "an event before the connect closes": ('2["message"]',),
        "an ack before the connect closes": ("31[]",),
        "a disconnect before the connect closes": ("1",),
        "a binary event before the connect closes": ("51-" + ONE, b"\x01"),
        "binary before the connect closes": (b"\x01",),
        "a broken packet before the connect closes": ("abc",),
    })
    def closes(self, *packets):
        client = SocketClient(self.websocket(SOCKETS))
        client.send(*packets)
        self.assertEqual(self.assert_closes(client.engine), [])
