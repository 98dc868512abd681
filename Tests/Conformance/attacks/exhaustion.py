# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Clients that take and do not give: silent connections, heads and bodies that crawl, readers that are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from attacks.case import TOPIC, AttackCase, rows
from support.rawclient import Connection, Ended, request_bytes
from support.rawengine import SOCKETS, Polling
from support.rawevents import EventStream, poll, publish, target
from support.rawwebsocket import PONG, PING, TEXT, Refused, WebSocket, frame, text, upgrade_request
from support.server import eventually

BODY = b'{"topic":"public/slow","payload":"slow"}'


class SlowClients(AttackCase):
    flags = ("--head-timeout", "1", "--idle-timeout", "2", "--close-timeout", "1")

    def crawl(self, connection: Connection, data: bytes, pause: float, seconds: float) -> bool:
        """Sends a byte every `pause` seconds until the server ends the connection; whether it did in time."""
        deadline = time.monotonic() + seconds
        for byte in data:
            if time.monotonic() > deadline:
                return False
            connection.try_send(bytes((byte,)))
            if connection.ends_within(pause):
                return True
        return connection.ends_within(max(0.1, deadline - time.monotonic()))

    def test_a_thousand_connections_that_say_nothing_are_ended_after_the_head_timeout(self):
        connections = [self.connect() for _ in range(1000)]
        self.assert_neighbour_served()
        deadline = time.monotonic() + 5
        ended = sum(connection.ends_within(max(0.001, deadline - time.monotonic())) for connection in connections)
        self.assertEqual(ended, 1000)

    @rows({
        "a head that comes a byte at a time is ended after the head timeout":
            request_bytes("GET", target([TOPIC]), "a", [("X-Long", "a" * 200)]),
        "empty lines that come one at a time are ended after the head timeout": b"\r\n" * 100,
        "an upgrade that comes a byte at a time is ended after the head timeout":
            upgrade_request("a", extra=[("X-Long", "a" * 200)]),
    })
    def crawling_head(self, data: bytes) -> None:
        started = time.monotonic()
        self.assertTrue(self.crawl(self.connect(), data, 0.1, 4), "the head timeout was extended by each byte")
        self.assertGreater(time.monotonic() - started, 0.5)

    def test_the_second_head_of_a_connection_has_the_same_time(self):
        connection = self.connect()
        self.assertEqual(poll(connection, [TOPIC]).status, 200)
        self.assertTrue(self.crawl(connection, request_bytes("GET", "/", "a", [("X-Long", "a" * 200)]), 0.1, 5))

    def test_a_kept_alive_connection_is_ended_after_the_idle_timeout(self):
        connection = self.connect()
        self.assertEqual(poll(connection, [TOPIC]).status, 200)
        started = time.monotonic()
        self.assertTrue(connection.ends_within(6))
        self.assertGreater(time.monotonic() - started, 1)

    def test_a_body_that_never_comes_is_ended(self):
        connection = self.connect()
        connection.send(request_bytes("POST", "/v1/events", self.host, [("Content-Length", "100")]))
        self.assertTrue(connection.ends_within(6))

    def test_a_body_that_comes_a_byte_at_a_time_is_ended(self):
        connection = self.connect()
        connection.send(request_bytes("POST", "/v1/events", self.host, [("Content-Length", str(len(BODY) + 1000))]))
        self.assertTrue(self.crawl(connection, BODY + b" " * 1000, 0.2, 10), "a byte at a time held the connection")

    def test_a_packet_of_socket_io_that_comes_a_byte_at_a_time_over_polling_is_ended(self):
        session = Polling.open(self.port, SOCKETS)
        connection = self.connect()
        packet = b"42" + b" " * 1000 + b"[]"
        connection.send(request_bytes("POST", session.target(), self.host, [("Content-Length", str(len(packet)))]))
        self.assertTrue(self.crawl(connection, packet, 0.2, 10), "a byte at a time held the connection")

    def test_a_long_poll_and_a_stream_are_not_idle(self):
        waiting = self.connect()
        waiting.send(request_bytes("GET", target(["public/patient"], wait=20), self.host))
        with EventStream.open(self.port, ["public/patient"]) as stream:
            stream.read_until("connected")
            self.assertFalse(waiting.ends_within(3))
            publish(self.port, "public/patient", "worth it")
            self.assertEqual(stream.read_event().json(), "worth it")


class Heartbeat(AttackCase):
    flags = ("--ping-interval", "0.5", "--pong-timeout", "0.5", "--sse-heartbeat", "0.2", "--close-timeout", "0.5")

    def test_a_client_that_answers_no_ping_is_closed_with_4001(self):
        opened = self.open(answer_pings=False)
        self.assertEqual(opened.read_close().code, 4001)
        self.assertTrue(opened.connection.ends_within(3))

    def test_a_client_that_stops_in_the_middle_of_a_message_is_closed_with_4001(self):
        opened = self.open(answer_pings=False)
        opened.send(frame(TEXT, b"half", length=1000))
        self.assertEqual(opened.read_close().code, 4001)
        self.assertTrue(opened.connection.ends_within(3))

    def test_a_client_that_answers_its_pings_stays(self):
        opened = self.open()
        pings = 0
        while pings < 4:
            got = opened.read_frame()
            self.assertEqual(got.opcode, PING)
            opened.send(frame(PONG, got.payload))
            pings += 1
        self.assert_still_open(opened)

    def test_a_client_whose_process_is_killed_is_forgotten(self):
        script = (
            "import socket,sys,time\n"
            "s=socket.create_connection(('127.0.0.1',int(sys.argv[1])))\n"
            "s.sendall(bytes.fromhex(sys.argv[2]))\n"
            "s.recv(1000)\nprint('open',flush=True)\ntime.sleep(600)\n"
        )
        subscribed = text({"type": "subscribe", "topic": "public/killed"})
        for unfinished in (b"", frame(TEXT, b"half", length=1000)):
            data = upgrade_request(self.host) + subscribed + unfinished
            child = subprocess.Popen([sys.executable, "-c", script, str(self.port), data.hex()], stdout=subprocess.PIPE)
            self.addCleanup(child.stdout.close)
            child.stdout.readline()
            observer = self.open()
            ask = {"type": "presence", "topic": "public/killed", "id": 1}
            eventually(lambda: observer.ask(ask)["count"] == 1, what="the client being there")
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            eventually(lambda: observer.ask(ask)["count"] == 0, what="the killed client being gone")

    def test_an_event_stream_gets_a_comment_at_each_heartbeat(self):
        with EventStream.open(self.port, [TOPIC]) as stream:
            while stream.comments < 3:
                stream.read_comment()


class FewConnections(AttackCase):
    """Attackers come from 127.0.0.2, so that the neighbour at 127.0.0.1 has a count of its own."""

    flags = ("--max-connections-per-address", "20")

    def test_too_many_connections_of_one_address_get_503_and_others_are_served(self):
        held = [self.connect(source="127.0.0.2") for _ in range(20)]
        for connection in held:
            self.assertEqual(poll(connection, [TOPIC]).status, 200)
        for _ in range(50):
            connection = self.connect(source="127.0.0.2")
            connection.try_send(request_bytes("GET", target([TOPIC]), self.host))
            response = connection.read_response()
            self.assertEqual((response.status, response.error_code()), (503, "overloaded"))
            self.assertTrue(int(response.header("retry-after") or "") > 0)
            self.assertTrue(connection.ends_within(3))
        self.assert_neighbour_served()
        for connection in held:
            connection.close()
        eventually(lambda: self.answers("127.0.0.2"), what="a place for a new connection")

    def test_websockets_and_streams_count_too(self):
        held = [self.open(source="127.0.0.2") for _ in range(10)]
        streams = [EventStream.open(self.port, [TOPIC], source="127.0.0.2") for _ in range(10)]
        with self.assertRaises((Refused, Ended)) as caught:
            self.open(source="127.0.0.2")
        if isinstance(caught.exception, Refused):
            self.assertEqual(caught.exception.response.status, 503)
        for stream in streams:
            stream.connection.reset()
        for opened in held:
            opened.connection.reset()
        eventually(lambda: self.answers("127.0.0.2"), what="a place for a new connection")

    def answers(self, source: str) -> bool:
        with Connection(self.port, source=source) as connection:
            try:
                return poll(connection, [TOPIC]).status == 200
            except Ended:
                return False


class FullHouse(AttackCase):
    flags = ("--max-connections", "30")

    def test_too_many_connections_in_all_get_503_and_those_inside_are_served(self):
        held = []
        refused = 0
        for _ in range(60):
            connection = self.connect()
            try:
                response = poll(connection, [TOPIC])
            except Ended:
                self.fail("the connection was ended without an answer")
            if response.status == 200:
                held.append(connection)
                continue
            refused += 1
            self.assertEqual((response.status, response.error_code()), (503, "overloaded"))
            self.assertTrue(int(response.header("retry-after") or "") > 0)
        self.assertEqual(len(held), 29)
        self.assertEqual(refused, 31)
        self.assert_neighbour_served(on_new_connection=False)
        for connection in held:
            connection.close()
        eventually(self.has_room, what="a place for a new connection")

    def has_room(self) -> bool:
        with Connection(self.port) as connection:
            try:
                return poll(connection, [TOPIC]).status == 200
            except Ended:
                return False


class Churn(AttackCase):
    def test_five_thousand_short_connections_leave_no_descriptor_behind(self):
        before = self.server.descriptors()
        for number in range(5000):
            connection = Connection(self.port)
            if number % 4 == 1:
                connection.try_send(b"GET / HT")
            if number % 4 == 2:
                connection.try_send(upgrade_request(self.host))
            connection.reset() if number % 2 else connection.close()
        eventually(lambda: self.server.descriptors() <= before + 5, what="the descriptors being closed")

    def test_a_thousand_websockets_that_do_nothing_cost_little_and_leave_nothing_behind(self):
        before = self.server.descriptors()
        opened = [WebSocket.open(self.port) for _ in range(1000)]
        self.assert_neighbour_served()
        for each in opened:
            each.connection.reset()
        eventually(lambda: self.server.descriptors() <= before + 5, what="the descriptors being closed")
