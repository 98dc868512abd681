# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Engine.IO over WebSocket: one packet a frame, and what each packet does to the session."""

from __future__ import annotations

from socketio_wire.case import WireCase
from support.rawengine import ENGINE
from support.rawwebsocket import CLOSE, CONTINUATION, TEXT, close_payload, frame
from support.rows import rows

CLOSING = {
    "a ping of the client closes": "2",
    "a probe after the open packet closes": "2probe",
    "a goodbye closes at once": "1",
    "a text of an unknown type closes": "abc",
    "a digit beyond the types closes": "7",
    "an empty text closes": "",
    "base64 with a wrong letter closes": "bAQ!DBA==",
    "a space before the type closes": " 4x",
}

IGNORED = {
    "an open packet is passed over": "0{}",
    "an upgrade packet is passed over": "5",
    "a noop is passed over": "6",
    "a pong that nobody asked for is passed over": "3",
}


class EngineFrames(WireCase):
    def test_text_and_binary_messages_come_back_as_what_they_are(self):
        opened = self.websocket()
        packets = ["4hello", b"\x01\x02\x03\x04", "4", b"", "4é€😀", bytes(range(256))]
        opened.send(*packets)
        self.assertEqual([opened.receive() for _ in packets], packets)

    def test_a_text_in_base64_is_a_binary_message(self):
        opened = self.websocket()
        opened.send("bAQIDBA==")
        self.assertEqual(opened.receive(), b"\x01\x02\x03\x04")

    def test_a_client_that_takes_no_binary_frames_gets_base64(self):
        opened = self.websocket(parameters={"b64": "1"})
        opened.send(b"\x01\x02\x03\x04", "4text")
        self.assertEqual([opened.receive(), opened.receive()], ["bAQIDBA==", "4text"])

    def test_a_message_may_come_in_fragments(self):
        opened = self.websocket()
        opened.connection.send(frame(TEXT, b"4he", fin=False) + frame(CONTINUATION, b"llo"))
        self.assertEqual(opened.receive(), "4hello")

    def test_packets_may_be_glued_to_the_handshake(self):
        opened = self.websocket(glued=frame(TEXT, b"4early"))
        self.assertEqual(opened.receive(), "4early")

    def test_a_separator_in_a_frame_is_part_of_the_message(self):
        self.assert_echoes(self.websocket(), "one\x1e4two")

    @rows(CLOSING)
    def closes(self, packet):
        opened = self.websocket(ENGINE)
        opened.send(packet)
        self.assertEqual(self.assert_closes(opened), [])

    @rows(IGNORED)
    def passed_over(self, packet):
        opened = self.websocket()
        opened.send(packet)
        self.assert_echoes(opened)

    def test_what_came_before_a_broken_packet_is_answered(self):
        opened = self.websocket()
        opened.send("4one", "4two", "abc")
        self.assertEqual(self.assert_closes(opened), ["4one", "4two"])

    def test_a_close_frame_of_the_client_is_answered_and_the_session_is_gone(self):
        opened = self.websocket()
        opened.connection.send(frame(CLOSE, close_payload(1000)))
        _, close = opened.until_close(2)
        self.assertIn(close.code, (None, 1000))
        self.assertTrue(opened.connection.ends_within(2))
