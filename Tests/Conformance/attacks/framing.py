# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Frames that RFC 6455 forbids, frames that it allows and servers forget, and messages without end."""

from __future__ import annotations

import json
import random

from attacks.case import TOPIC, AttackCase, rows
from support.rawclient import Connection
from support.rawevents import poll
from support.rawwebsocket import BINARY, CLOSE, CONTINUATION, PING, PONG, RSV1, RSV2, RSV3, TEXT
from support.rawwebsocket import close_payload, frame, text

LIMIT = 65536
PING_MESSAGE = b'{"type":"ping","id":7}'

FORBIDDEN = {
    "an unmasked frame is a protocol error": frame(TEXT, b"a", mask=None),
    "an unmasked ping is a protocol error": frame(PING, mask=None),
    "RSV1 without an extension is a protocol error": frame(TEXT, b"a", rsv=RSV1),
    "RSV2 is a protocol error": frame(TEXT, rsv=RSV2),
    "RSV3 is a protocol error": frame(TEXT, b"a", rsv=RSV3),
    "RSV2 on a continuation is a protocol error": text("a", fin=False) + frame(CONTINUATION, b"b", rsv=RSV2),
    "RSV1 on a ping is a protocol error": frame(PING, rsv=RSV1),
    "RSV3 on a Close is a protocol error": frame(CLOSE, rsv=RSV3),
    "a ping without FIN is a protocol error": frame(PING, fin=False),
    "a pong without FIN is a protocol error": frame(PONG, fin=False),
    "a Close without FIN is a protocol error": frame(CLOSE, fin=False),
    "a ping of 126 bytes is a protocol error": frame(PING, b"x" * 126),
    "a ping that announces 2^40 bytes is a protocol error": frame(PING, length=1 << 40),
    "a pong of 126 bytes is a protocol error": frame(PONG, b"x" * 126),
    "a Close of 126 bytes is a protocol error": frame(CLOSE, close_payload(1000, b"x" * 124)),
    "a continuation of nothing is a protocol error": frame(CONTINUATION),
    "a continuation of nothing without FIN is a protocol error": frame(CONTINUATION, b"a", fin=False),
    "a text frame inside a fragmented message is a protocol error": text("a", fin=False) + text("b"),
    "a binary frame inside a fragmented message is a protocol error": text("a", fin=False) + frame(BINARY, b"b"),
    "a continuation after the last fragment is a protocol error":
        text('{"type":', fin=False) + frame(CONTINUATION, b'"ping"}') + frame(CONTINUATION),
    "a Close with one byte is a protocol error": frame(CLOSE, b"\x03"),
    **{
        f"the reserved opcode {opcode:#x} is a protocol error": frame(opcode, b"a")
        for opcode in (0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF)
    },
    **{
        f"the close code {code} is a protocol error": frame(CLOSE, close_payload(code))
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    },
}

NOT_UTF8 = {
    "a text message that is not UTF-8": text(b"\xce\xba\xff\xfe"),
    "an overlong form": text(b"\xc0\xaf"),
    "a surrogate in UTF-8": text(b"\xed\xa0\x80"),
    "a code point above U+10FFFF": text(b"\xf4\x90\x80\x80"),
    "a character cut short at the end of the message": text(b"abc\xe2\x82"),
    "a character cut short over two fragments": text(b"\xe2\x82", fin=False) + frame(CONTINUATION),
    "a wrong byte in the first of many fragments": text(b"\xff", fin=False),
    "a character that the next fragment spoils": text(b"\xe2\x82", fin=False) + frame(CONTINUATION, b"a", fin=False),
    "a wrong byte while the rest of the frame is still to come": frame(TEXT, b"abc\xff", length=1000),
    "a close reason that is not UTF-8": frame(CLOSE, close_payload(1000, b"\xff")),
    "a close reason that is a lone surrogate": frame(CLOSE, close_payload(1000, b"\xed\xbf\xbf")),
}

TOO_BIG = {
    "a length of 2^63 - 1": frame(TEXT, length=(1 << 63) - 1),
    "a length of 2^62": frame(TEXT, length=1 << 62),
    "a length of 4 GiB": frame(TEXT, length=1 << 32),
    "a length one above the limit, whose bytes never come": frame(TEXT, length=LIMIT + 1),
    "a second fragment that would cross the limit": text("a", fin=False) + frame(CONTINUATION, length=LIMIT),
    "fragments of 4 KiB without end": text("a", fin=False) + frame(CONTINUATION, b"b" * 4096, fin=False) * 16,
}


class FramingAttacks(AttackCase):
    flags = ("--close-timeout", "1")

    @rows(FORBIDDEN)
    def forbidden(self, data: bytes) -> None:
        opened = self.open()
        opened.connection.try_send(data)
        self.assert_closes(opened, {1002})

    @rows({f"{what} is refused with 1007": data for what, data in NOT_UTF8.items()})
    def not_utf8(self, data: bytes) -> None:
        opened = self.open()
        opened.connection.try_send(data)
        self.assert_closes(opened, {1007})

    @rows({f"{what} is refused with 1009 at once": data for what, data in TOO_BIG.items()})
    def too_big(self, data: bytes) -> None:
        opened = self.open()
        opened.connection.try_send(data)
        self.assert_closes(opened, {1009}, seconds=2)

    def test_a_64_bit_length_with_its_highest_bit_set_ends_only_that_connection(self):
        opened = self.open()
        opened.send(bytes.fromhex("82ff8000000000000000") + bytes(4))
        self.assert_closes(opened, {1002, 1003, 1009})

    def test_a_text_length_with_all_bits_set_ends_only_that_connection(self):
        opened = self.open()
        opened.send(b"\x81\xff" + b"\xff" * 8 + bytes(4))
        self.assert_closes(opened, {1002, 1009})

    def test_a_binary_message_is_refused_with_1003(self):
        opened = self.open()
        opened.send(frame(BINARY, b"\x00\x01"))
        self.assert_closes(opened, {1003})

    @rows({
        "endless small fragments are refused with 1008": frame(CONTINUATION, b"a", fin=False),
        "endless empty fragments are refused with 1008": frame(CONTINUATION, fin=False),
        "empty fragments with pings between them are refused with 1008": frame(CONTINUATION, fin=False) + frame(PING),
    })
    def endless_fragments(self, fragment: bytes) -> None:
        opened = self.open()
        opened.connection.try_send(text("a", fin=False) + fragment * 1100)
        self.assert_closes(opened, {1008})

    def test_a_message_of_exactly_the_limit_is_taken(self):
        opened = self.open()
        opened.send(text(PING_MESSAGE + b" " * (LIMIT - len(PING_MESSAGE))))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    def test_a_message_of_1024_fragments_with_pings_between_them_is_taken(self):
        opened = self.open()
        padded = PING_MESSAGE.ljust(1024)
        data = text(padded[:1], fin=False)
        for index in range(1, 1023):
            data += frame(CONTINUATION, padded[index:index + 1], fin=False)
            data += frame(PING, b"between") if index % 100 == 0 else b""
        opened.send(data + frame(CONTINUATION, padded[1023:]))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    def test_a_message_that_comes_one_byte_at_a_time_is_taken(self):
        opened = self.open()
        for byte in text(PING_MESSAGE):
            opened.send(bytes((byte,)))
        self.assertEqual(opened.read_json(), {"type": "reply", "id": 7})

    def test_a_long_message_in_one_byte_writes_is_taken_or_refused_with_1008(self):
        opened = self.open()
        for byte in text(PING_MESSAGE.ljust(8192)):
            if not opened.connection.try_send(bytes((byte,))):
                break
        message = opened.read_message()
        if isinstance(message, bytes):
            self.assertEqual(json.loads(message), {"type": "reply", "id": 7})
        else:
            self.assertEqual(message.code, 1008)

    @rows({
        f"a length in more bytes than it needs ({form} bits) is taken or a protocol error": form for form in (16, 64)
    })
    def longer_form(self, form: int) -> None:
        """RFC 6455 §5.2 binds the sender; most servers read it, and none may be confused by it."""
        opened = self.open()
        opened.send(frame(TEXT, PING_MESSAGE, form=form))
        message = opened.read_message()
        if isinstance(message, bytes):
            self.assertEqual(json.loads(message), {"type": "reply", "id": 7})
        else:
            self.assertEqual(message.code, 1002)

    def test_half_a_message_and_then_nothing_harms_nobody(self):
        for _ in range(100):
            self.open().send(frame(TEXT, b"half", length=60_000))

    @rows({
        f"the close code {code} is answered with the same": code
        for code in (1000, 1001, 1003, 1011, 3000, 3999, 4000, 4999)
    })
    def allowed_code(self, code: int) -> None:
        opened = self.open()
        opened.send(frame(CLOSE, close_payload(code, "Tschüß".encode())))
        self.assert_closes(opened, {code})

    def test_an_empty_close_is_answered(self):
        opened = self.open()
        opened.send(frame(CLOSE))
        self.assert_closes(opened, {None, 1000})

    def test_what_follows_a_close_is_ignored(self):
        opened = self.open()
        late = {"type": "publish", "topic": "public/after-close", "payload": 1}
        opened.connection.try_send(frame(CLOSE, close_payload(1000)) + text(late) + frame(PING) + b"\xff" * 100)
        self.assert_closes(opened, {1000})
        with Connection(self.port) as connection:
            self.assertEqual(poll(connection, ["public/after-close"]).json()["events"], [])

    def test_a_close_that_is_never_answered_ends_within_the_close_timeout(self):
        opened = self.open()
        opened.send(frame(TEXT, b"a", mask=None))
        self.assertEqual(opened.read_close().code, 1002)
        self.assertTrue(opened.connection.ends_within(3))

    def test_random_bytes_after_the_handshake_end_only_their_own_connection(self):
        source = random.Random(6455)
        for _ in range(200):
            with Connection(self.port) as connection:
                opened = self.open(connection=connection, welcome=False)
                opened.connection.try_send(bytes(source.randrange(256) for _ in range(source.randrange(1, 400))))
                opened.connection.reset() if source.random() < 0.5 else opened.connection.close()

    def test_random_frames_of_valid_form_end_only_their_own_connection(self):
        source = random.Random(7692)
        for _ in range(100):
            opened = self.open()
            for _ in range(20):
                payload = bytes(source.randrange(256) for _ in range(source.choice((0, 1, 2, 5, 125, 126, 300))))
                opcode = source.choice((CONTINUATION, TEXT, TEXT, BINARY, CLOSE, PING, PONG, 3, 11))
                rsv = source.choice((0, 0, 0, 0, RSV1, RSV2, RSV3))
                opened.connection.try_send(frame(opcode, payload, fin=source.random() < 0.7, rsv=rsv))
            opened.connection.finish_sending()
            self.assertTrue(opened.connection.ends_within(3))
            opened.connection.close()


class ControlFrameFloods(AttackCase):
    flags = ("--close-timeout", "1")

    def test_ten_thousand_pings_in_a_second_are_answered_in_part_or_refused_with_1008(self):
        opened = self.open()
        pongs = 0
        try:
            for start in range(0, 10_000, 100):
                opened.send(b"".join(frame(PING, b"%d" % number) for number in range(start, start + 100)))
                if start % 1000 == 0:
                    self.assert_neighbour_served()
            opened.send(text(PING_MESSAGE))
            while True:
                got = opened.read_frame()
                if got.opcode == CLOSE:
                    self.assertEqual(int.from_bytes(got.payload[:2], "big"), 1008)
                    return
                if got.opcode == TEXT:
                    break
                self.assertEqual(got.opcode, PONG)
                pongs += 1
        finally:
            opened.connection.close()
        self.assertGreater(pongs, 0)

    def test_pings_of_a_client_that_reads_no_pong_fill_no_memory(self):
        opened = self.open(slow=True, timeout=1)
        data = frame(PING, b"x" * 125) * 1000
        for _ in range(300):
            if not opened.connection.try_send(data):
                break
        self.assert_neighbour_served()

    def test_a_flood_of_pongs_is_ignored_or_refused_with_1008(self):
        opened = self.open()
        for _ in range(100):
            opened.connection.try_send(frame(PONG, b"unasked") * 1000)
        opened.connection.try_send(text(PING_MESSAGE))
        message = opened.read_message()
        if isinstance(message, bytes):
            self.assertEqual(json.loads(message), {"type": "reply", "id": 7})
        else:
            self.assertEqual(message.code, 1008)

    def test_a_flood_of_requests_whose_answers_nobody_reads_fills_no_memory(self):
        opened = self.open(slow=True, timeout=1)
        for _ in range(200):
            if not opened.connection.try_send(text(PING_MESSAGE) * 2000):
                break
        self.assert_neighbour_served()

    def test_a_publisher_that_floods_harms_nobody(self):
        opened = self.open()
        message = text({"type": "publish", "topic": TOPIC, "payload": "x" * 100})
        for _ in range(20):
            opened.connection.try_send(message * 500)
        self.assert_neighbour_served()
