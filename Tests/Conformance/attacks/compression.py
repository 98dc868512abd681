# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""permessage-deflate (RFC 7692): offers that must be declined, states that must be refused, and bombs."""

from __future__ import annotations

import time

from attacks.case import TOPIC, AttackCase, rows
from support.rawclient import Ended
from support.rawwebsocket import CONTINUATION, DEFLATE, PING, RSV1, TEXT
from support.rawwebsocket import WebSocket, deflate, frame, text, upgrade_request

PING_MESSAGE = b'{"type":"ping","id":7}'
LIMIT = 65536


def extension(offer: str) -> tuple:
    return (("Sec-WebSocket-Extensions", offer),)


DECLINED = {
    "client_max_window_bits of 7": "permessage-deflate; client_max_window_bits=7",
    "client_max_window_bits of 16": "permessage-deflate; client_max_window_bits=16",
    "client_max_window_bits with a leading zero": "permessage-deflate; client_max_window_bits=09",
    "server_max_window_bits of 7": "permessage-deflate; server_max_window_bits=7",
    "server_max_window_bits without a value": "permessage-deflate; server_max_window_bits",
    "server_max_window_bits of 2^64": "permessage-deflate; server_max_window_bits=18446744073709551616",
    "a negative server_max_window_bits": "permessage-deflate; server_max_window_bits=-9",
    "server_max_window_bits twice": "permessage-deflate; server_max_window_bits=10; server_max_window_bits=10",
    "an unknown parameter": "permessage-deflate; shiny=1",
    "a value for server_no_context_takeover": "permessage-deflate; server_no_context_takeover=1",
    "a value for client_no_context_takeover": "permessage-deflate; client_no_context_takeover=true",
    "an extension called constructor": "constructor",
    "an extension called hasOwnProperty": "hasOwnProperty",
    "a parameter called __proto__": "permessage-deflate; __proto__=1",
    "the old x-webkit-deflate-frame": "x-webkit-deflate-frame",
}

BROKEN_OFFERS = {
    "nothing but a semicolon": ";",
    "an equals sign without a name": "permessage-deflate; =9",
    "an open quote": 'permessage-deflate; client_max_window_bits="15',
    "two semicolons": "permessage-deflate;; client_max_window_bits",
    "only commas": ",,,,",
    "an empty value": "permessage-deflate; server_max_window_bits=",
    "four thousand semicolons": "permessage-deflate" + ";" * 4000,
    "four thousand spaces": "permessage-deflate" + " " * 4000 + "; foo",
}

AGREED = {
    "a plain offer": "permessage-deflate",
    "client_max_window_bits without a value": "permessage-deflate; client_max_window_bits",
    "a quoted value": 'permessage-deflate; client_max_window_bits="15"',
    "the second of two offers": "permessage-deflate; shiny=1, permessage-deflate",
    "the last of sixteen offers": ", ".join(["permessage-deflate; shiny=1"] * 15 + ["permessage-deflate"]),
    "an unknown extension before it": "shiny, permessage-deflate",
}


class CompressionNegotiation(AttackCase):
    @rows({f"{what} is declined, not obeyed": offer for what, offer in DECLINED.items()})
    def declined(self, offer: str) -> None:
        opened = self.open(headers=extension(offer))
        self.assertIsNone(opened.response.header("sec-websocket-extensions"))
        self.assert_still_open(opened)

    @rows({f"{what} as an offer is declined or answered with 400": offer for what, offer in BROKEN_OFFERS.items()})
    def broken(self, offer: str) -> None:
        connection = self.connect()
        started = time.monotonic()
        connection.send(upgrade_request(self.host, extra=extension(offer)))
        response = connection.read_response()
        self.assertLess(time.monotonic() - started, 0.5)
        self.assertIn(response.status, (101, 400))
        if response.status == 101:
            self.assertIsNone(response.header("sec-websocket-extensions"))

    @rows({f"{what} is agreed to": offer for what, offer in AGREED.items()})
    def agreed(self, offer: str) -> None:
        opened = self.open(headers=extension(offer))
        answer = opened.response.header("sec-websocket-extensions") or ""
        self.assertTrue(answer.startswith("permessage-deflate"), answer)
        self.assertNotIn(",", answer)
        opened.send(frame(TEXT, deflate(PING_MESSAGE), rsv=RSV1))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})


class CompressionAttacks(AttackCase):
    flags = ("--close-timeout", "1")

    def open_deflated(self) -> WebSocket:
        opened = self.open(headers=DEFLATE)
        self.assertTrue(opened.deflated, "permessage-deflate was not agreed to")
        return opened

    @rows({
        "RSV1 on a continuation is a protocol error": (
            frame(TEXT, deflate(b"{}")[:2], rsv=RSV1, fin=False) + frame(CONTINUATION, b"a", rsv=RSV1), {1002}),
        "RSV1 on a ping is a protocol error though compression is agreed": (frame(PING, rsv=RSV1), {1002}),
        "bytes that do not inflate are refused with 1007": (frame(TEXT, b"\xff\xff\xff\xff", rsv=RSV1), {1007}),
        "a stored block whose length does not fit is refused with 1007": (
            frame(TEXT, b"\x00\x05\x00\x00\x00hello", rsv=RSV1), {1007}),
        "a distance before the beginning is refused with 1007": (frame(TEXT, b"\x02\x00\x02\xff", rsv=RSV1), {1007}),
        "inflated bytes that are not UTF-8 are refused with 1007": (
            frame(TEXT, deflate(b"abc\xff"), rsv=RSV1), {1007}),
        "an inflated character cut short is refused with 1007": (
            frame(TEXT, deflate(b"\xe2\x82"), rsv=RSV1), {1007}),
    })
    def refused(self, data: bytes, codes: set) -> None:
        opened = self.open_deflated()
        opened.connection.try_send(data)
        self.assert_closes(opened, codes)

    def test_a_message_of_bytes_cut_short_inside_a_block_is_refused_with_1007(self):
        opened = self.open_deflated()
        opened.send(frame(TEXT, deflate(PING_MESSAGE * 50)[:20], rsv=RSV1))
        message = opened.read_message()
        if isinstance(message, bytes):
            self.assertIn(b'"invalid_message"', message)
        else:
            self.assertEqual(message.code, 1007)

    @rows({
        "a kilobyte that inflates to a megabyte is refused with 1009": b" " * 1_000_000,
        "sixty kilobytes that inflate to sixty megabytes of zeros are refused with 1009": bytes(60_000_000),
        "a message that inflates to one byte above the limit is refused with 1009": PING_MESSAGE.ljust(LIMIT + 1),
    })
    def bomb(self, inflated: bytes) -> None:
        opened = self.open_deflated()
        opened.connection.try_send(frame(TEXT, deflate(inflated), rsv=RSV1))
        self.assert_closes(opened, {1009}, seconds=2)

    def test_a_gigabyte_of_spaces_is_refused_with_1009_before_it_is_inflated(self):
        compressed = deflate(b" " * 60_000_000)
        self.assertLess(len(compressed), LIMIT)
        used = self.server.cpu()
        for _ in range(17):
            opened = self.open_deflated()
            opened.connection.try_send(frame(TEXT, compressed, rsv=RSV1))
            self.assert_closes(opened, {1009}, seconds=2)
        self.assertLess(self.server.cpu() - used, 1.0, "the bombs cost too much processor time")

    def test_many_small_frames_of_one_message_are_refused_with_1009_when_their_sum_is_too_big(self):
        compressed = deflate(b" " * 20 * LIMIT)
        size = len(compressed) // 40
        opened = self.open_deflated()
        data = frame(TEXT, compressed[:size], rsv=RSV1, fin=False)
        for start in range(size, len(compressed), size):
            data += frame(CONTINUATION, compressed[start:start + size], fin=False)
        opened.connection.try_send(data + frame(CONTINUATION))
        self.assert_closes(opened, {1009}, seconds=2)

    def test_a_message_that_inflates_to_exactly_the_limit_is_taken(self):
        opened = self.open_deflated()
        opened.send(frame(TEXT, deflate(PING_MESSAGE.ljust(LIMIT)), rsv=RSV1))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    def test_a_message_that_ends_with_a_final_block_is_taken_and_so_is_the_next(self):
        opened = self.open_deflated()
        for _ in range(2):
            opened.send(frame(TEXT, deflate(PING_MESSAGE, final=True), rsv=RSV1))
            self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})
        opened.send(frame(TEXT, deflate(PING_MESSAGE), rsv=RSV1))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    @rows({
        "an empty compressed message": frame(TEXT, deflate(b""), rsv=RSV1),
        "an empty compressed message without a byte": frame(TEXT, b"", rsv=RSV1),
        "an empty message that is not compressed": text(b""),
    })
    def empty(self, data: bytes) -> None:
        opened = self.open_deflated()
        opened.send(data)
        self.assertEqual(opened.read_json()["code"], "invalid_message")
        self.assert_still_open(opened)

    def test_a_compressed_message_in_fragments_of_one_byte_is_taken(self):
        opened = self.open_deflated()
        compressed = deflate(PING_MESSAGE)
        opened.send(frame(TEXT, compressed[:1], rsv=RSV1, fin=False))
        for byte in compressed[1:]:
            opened.send(frame(CONTINUATION, bytes((byte,)), fin=False))
        opened.send(frame(CONTINUATION))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    def test_two_hundred_bombs_leave_time_for_the_neighbour(self):
        compressed = frame(TEXT, deflate(b" " * 60_000_000), rsv=RSV1)
        for number in range(200):
            opened = self.open_deflated()
            opened.connection.try_send(compressed)
            opened.connection.reset() if number % 2 else opened.connection.close()
            if number % 50 == 0:
                self.assert_neighbour_served()

    def test_events_reach_compressing_and_plain_subscribers_alike(self):
        payload = "resonance " * 500
        readers = [self.open_deflated(), self.open()]
        for reader in readers:
            reader.ask({"type": "subscribe", "topic": TOPIC, "id": 1})
        for number in range(3):
            readers[0].send_json({"type": "publish", "topic": TOPIC, "payload": [number, payload]})
            for reader in readers:
                try:
                    event = reader.read_until(lambda message: message["type"] == "event")
                except Ended as error:
                    self.fail(str(error))
                self.assertEqual(event["payload"], [number, payload])
