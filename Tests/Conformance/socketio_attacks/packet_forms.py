# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Packets whose form has broken parsers: endless numbers, placeholders that point elsewhere, names that are none."""

from __future__ import annotations

from socketio_attacks.case import MEGABYTE, TargetAttack, rows
from support.rawclient import Ended
from support.rawsocketio import compact, placeholder
from support.rawwebsocket import Close

DIGITS = "1" * 999_000

NUMBERS = {
    "a megabyte of digits as the count of attachments": ("5" + DIGITS + '-["x"]',),
    "a megabyte of digits without an end": ("5" + DIGITS,),
    "a megabyte of digits as an ack id": ("2" + DIGITS + '["x"]',),
    "a megabyte of digits and nothing else": ("2" + DIGITS,),
    "a megabyte of zeros as an ack id": ("2" + "0" * 999_000 + '1["x"]',),
    "an ack id of 17 digits": ('212345678901234567["x"]',),
    "an ack id beyond 64 bits": ('299999999999999999999["x"]',),
    "a count beyond 64 bits": ('599999999999999999999-["x"]',),
    "digits of another script": ('2\u0663["x"]',),
    "a digit with a combining mark": ('21\u0301["x"]',),
    "a megabyte of a namespace": ("2/" + "a" * 999_000 + ",[]",),
    "a namespace without its end": ("2/custom",),
}

PLACES = {
    "a placeholder whose number is splice": '{"_placeholder":true,"num":"splice"}',
    "a placeholder beyond the attachments": '{"_placeholder":true,"num":10}',
    "a placeholder just beyond the attachments": '{"_placeholder":true,"num":1}',
    "a placeholder below zero": '{"_placeholder":true,"num":-1}',
    "a placeholder with a fraction": '{"_placeholder":true,"num":0.5}',
    "a placeholder of 1e300": '{"_placeholder":true,"num":1e300}',
    "a placeholder of 2^64": '{"_placeholder":true,"num":18446744073709551616}',
    "a placeholder of -2^63": '{"_placeholder":true,"num":-9223372036854775808}',
    "a placeholder of null": '{"_placeholder":true,"num":null}',
    "a placeholder that is true": '{"_placeholder":true,"num":true}',
    "a placeholder with an array": '{"_placeholder":true,"num":[0]}',
}

NAMES = {
    "an event of an empty array": "2[]",
    "an event whose name is null": "2[null]",
    "an event whose name is an object": "2[{}]",
    "an event whose name is an array": '2[["a"]]',
    "an event called connect": '2["connect"]',
    "an event called disconnecting": '2["disconnecting"]',
    "an event called newListener": '2["newListener","x"]',
    "an event of an object": '2{"a":1}',
    "an event with an escaped reserved name": '2["conn\\u0065ct"]',
    "an event whose name is a placeholder": '2[{"_placeholder":true,"num":0}]',
}


class PacketForms(TargetAttack):
    memory = 48 * MEGABYTE

    @rows({f"{name} closes": packets for name, packets in NUMBERS.items()})
    def number(self, *packets):
        client = self.client()
        client.send(*packets)
        self.assertEqual(self.assert_ended(client.engine), [])

    @rows({f"{name} closes": place for name, place in PLACES.items()})
    def place(self, place):
        for kind in ("51-", "51-7"):
            client = self.client()
            client.send(f'{kind}["message",{place}]', b"\x01")
            self.assertEqual(self.assert_ended(client.engine), [])

    def test_a_placeholder_in_an_answer_is_checked_too(self):
        client = self.client()
        client.emit("ask-me", "question")
        client.send(f'61-{client.message().id}[{{"_placeholder":true,"num":3}}]', b"\x01")
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_a_placeholder_that_stands_twice_is_delivered_or_closes(self):
        client = self.client()
        client.send("51-" + compact(["message", placeholder(0), placeholder(0)]), b"\x01")
        try:
            self.assertEqual(client.event(), ["message-back", b"\x01", b"\x01"])
        except Ended:
            pass

    @rows({f"{name} closes": packet for name, packet in NAMES.items()})
    def name(self, packet):
        client = self.client()
        client.send(packet)
        self.assertEqual(self.assert_ended(client.engine), [])

    def test_a_bare_event_is_nothing_or_closes(self):
        client = self.client()
        client.send("2", '2["message",1]')
        message = client.engine.read_message()
        self.assertTrue(isinstance(message, Close) or message == '42["message-back",1]', message)

    @rows({"an event called error without a listener": '2["error","x"]',
           "an event called __proto__": '2["__proto__",{"__proto__":1}]',
           "an event with members called constructor": '2["nobody",{"constructor":{"prototype":1}}]'})
    def odd_name(self, packet):
        client = self.client()
        client.send(packet)
        self.assertTrue(client.answers())
