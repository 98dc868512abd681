# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What stays and what goes when a server ends, in good order or not."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import socket
import stat
import tempfile
import time
import unittest

from support.rawclient import Connection, request_bytes
from support.rawengine import decode_payload
from support.rawevents import EventStream, poll, post
from support.rawsocketio import SocketClient
from support.rawwebsocket import WebSocket
from support.server import Server, ServerError, eventually

TOPIC = "public/stops"
STATE = "restart.state"
# Made for tokens where no key is set.


class Stops(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="hibiki-data-")
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name) / "below" / "data"
        self.state = self.data / STATE

    def server(self, *arguments) -> Server:
        return Server("--data", self.data, "--no-demo", *arguments)

    def publish(self, server: Server, number: int = 1, identity=None) -> dict:
        text = f'{{"topic":"{TOPIC}","event":"numbered","payload":{number}'
        text += f',"id":"{identity}"}}' if identity else "}"
        with Connection(server.port) as connection:
            response = post(connection, text.encode())
        self.assertEqual(response.status, 200, response.body)
        return response.json()

    def read(self, server: Server, since: str) -> dict:
        with Connection(server.port) as connection:
            return poll(connection, [TOPIC], since).json()

    def epoch(self, position: str) -> str:
        return position.partition("-")[0]

    # Keeping

    def test_positions_and_idempotency_ids_outlive_a_restart(self):
        with self.server() as server:
            first = self.publish(server, 1, "one")["position"]
            second = self.publish(server, 2)["position"]
            self.assertTrue(server.stop())
        with self.server() as server:
            answer = self.read(server, first)
            self.assertEqual([event["payload"] for event in answer["events"]], [2])
            self.assertEqual(answer["lastEventId"], second)
            self.assertEqual(self.publish(server, 1, "one"), {"position": first, "duplicate": True})
            self.assertEqual(self.publish(server, 3)["position"], f"{self.epoch(first)}-3")

    def test_the_folder_and_the_file_are_for_their_owner_alone(self):
        with self.server() as server:
            self.publish(server)
            self.assertFalse(self.state.exists())
            self.assertTrue(server.stop())
        self.assertEqual(stat.S_IMODE(self.data.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(self.state.stat().st_mode), 0o600)
        for path in self.data.iterdir():
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path.name)

    def test_without_a_folder_nothing_is_kept(self):
        with Server("--no-demo") as server:
            position = self.publish(server)["position"]
            self.assertTrue(server.stop())
        with Server("--no-demo") as server:
            self.assertTrue(self.read(server, position)["gap"])

    def test_after_a_crash_clients_are_told_of_a_gap(self):
        with self.server() as server:
            position = self.publish(server)["position"]
            self.assertTrue(server.stop())
        with self.server() as server:
            # The file has been used, so that it cannot be used again for positions that are given out now.
            self.assertFalse(self.state.exists())
            later = self.publish(server, 2)["position"]
            server.kill()
        with self.server() as server:
            for since in (position, later):
                answer = self.read(server, since)
                self.assertTrue(answer["gap"])
                self.assertEqual(answer["events"], [])
                self.assertNotEqual(self.epoch(answer["lastEventId"]), self.epoch(position))

    def test_events_that_are_too_old_by_then_are_forgotten(self):
        with self.server("--log-age", "1") as server:
            position = self.publish(server)["position"]
            self.assertTrue(server.stop())
        wait = 1.1 - (time.time() - self.state.stat().st_mtime)
        time.sleep(max(0, wait))
        with self.server("--log-age", "1") as server:
            self.assertTrue(self.read(server, f"{self.epoch(position)}-0")["gap"])
            self.assertEqual(self.publish(server, 2)["position"], f"{self.epoch(position)}-2")

    def test_a_start_that_fails_leaves_the_file_for_the_next(self):
        with self.server() as server:
            position = self.publish(server)["position"]
            self.assertTrue(server.stop())
        saved = self.state.read_bytes()
        with socket.create_server(("127.0.0.1", 0)) as other:
            with self.assertRaises(ServerError):
                self.server("--port", other.getsockname()[1]).start()
        self.assertEqual(self.state.read_bytes(), saved)
        with self.server() as server:
            self.assertFalse(self.read(server, position).get("gap", False))

    def test_a_damaged_file_is_set_aside_and_stops_no_start(self):
        with self.server() as server:
            position = self.publish(server)["position"]
            self.assertTrue(server.stop())
        whole = self.state.read_bytes()
        middle = len(whole) // 2
        changed = whole[:middle] + bytes((whole[middle] ^ 1,)) + whole[middle + 1:]
        for name, damaged in {"empty": b"", "cut": whole[:-1], "changed": changed, "foreign": b"PK" + whole}.items():
            with self.subTest(name):
                self.state.write_bytes(damaged)
                with self.server() as server:
                    self.assertIn("the saved state is damaged and was set aside", server.log())
                    self.assertTrue(self.read(server, position)["gap"])
                    aside = self.data / (STATE + ".damaged")
                    self.assertEqual(aside.read_bytes(), damaged)
                    self.assertFalse(self.state.exists())

    def test_a_folder_that_cannot_be_used_is_an_error_at_the_start(self):
        self.data.parent.mkdir(parents=True)
        self.data.write_text("a file")
        with self.assertRaisesRegex(ServerError, "data"):
            self.server().start()

    # Ending

    def stubborn(self, server: Server) -> WebSocket:
        """A client that never answers a close frame."""
        return WebSocket.open(server.port, timeout=20)

    def end(self, server: Server, *signals: int, seconds: float = 5) -> int:
        for number in signals:
            server.process.send_signal(number)
            eventually(lambda: "shutting down" in server.log(), what="the stop")
        return server.process.wait(seconds)

    def test_a_second_signal_ends_it_at_once(self):
        for signals, status in (((signal.SIGTERM,) * 2, 143), ((signal.SIGTERM, signal.SIGINT), 130)):
            with self.subTest(status=status), self.server("--drain", 60, "--close-timeout", 60) as server:
                with self.stubborn(server):
                    self.assertEqual(self.end(server, *signals), status)

    def test_who_does_not_leave_is_cut_at_the_end_of_the_drain_time(self):
        with self.server("--drain", 1, "--close-timeout", 60) as server, self.stubborn(server):
            began = time.monotonic()
            self.assertEqual(self.end(server, signal.SIGINT, seconds=10), 0)
            self.assertGreater(time.monotonic() - began, 0.9)
            self.assertRegex(server.log(), "connections were cut")

    def test_nobody_new_comes_in_and_those_who_are_there_are_told_when_to_come_back(self):
        with self.server("--drain", 20, "--close-timeout", 60) as server, self.stubborn(server):
            idle = Connection(server.port)
            idle.send(request_bytes("GET", "/livez", idle.host))
            self.assertEqual(idle.read_response().status, 204)
            server.process.send_signal(signal.SIGTERM)
            eventually(lambda: "shutting down" in server.log(), what="the stop")
            delay = None
            while delay is None:
                # Not ready from the first moment, and refused once the connection has been told.
                idle.send(request_bytes("GET", "/readyz", idle.host))
                refusal = idle.read_response()
                self.assertEqual(refusal.status, 503)
                delay = refusal.header("retry-after")
            self.assertIn(delay, ("5", "6"))
            self.assertEqual(refusal.error_code(), "shutting_down")
            with self.assertRaises(OSError):
                socket.create_connection(("127.0.0.1", server.port), 1)
            server.kill()

    def test_a_stream_that_is_told_has_everything_that_was_published_before(self):
        with self.server() as server:
            stream = EventStream.open(server.port, [TOPIC], timeout=10)
            self.assertEqual(stream.read_event().event, "connected")
            for number in range(50):
                self.publish(server, number)
            server.process.send_signal(signal.SIGTERM)
            events = [stream.read_event() for _ in range(51)]
            self.assertEqual([event.json() for event in events[:-1]], list(range(50)))
            self.assertEqual(events[-1].event, "server:shutdown")
            self.assertEqual(events[-1].json()["reconnectDelay"], stream.retry)
            self.assertEqual(server.process.wait(10), 0)

    def test_a_socket_of_socket_io_is_told_before_its_connection_ends(self):
        with self.server() as server:
            client = SocketClient.websocket(server.port)
            client.connect("/v1")
            server.process.send_signal(signal.SIGTERM)
            self.assert_notice(client.event())
            self.assertEqual(server.process.wait(10), 0)

    def test_a_socket_that_polls_is_told_and_gets_its_close_packet(self):
        with self.server() as server:
            client = SocketClient.polling(server.port)
            client.connect("/v1")
            with client.engine.hang() as connection:
                server.process.send_signal(signal.SIGTERM)
                response = connection.read_response()
                self.assertIn(response.header("retry-after"), ("5", "6"))
                event, close = decode_payload(response.body)
                self.assertTrue(event.startswith("42/v1,"))
                self.assert_notice(json.loads(event[6:]))
                self.assertEqual(close, "1")
                self.assertEqual(server.process.wait(10), 0)

    def test_a_socket_that_is_between_two_polls_is_told_by_the_next(self):
        with self.server() as server:
            client = SocketClient.polling(server.port)
            client.connect("/v1")
            with Connection(server.port) as connection:
                connection.send(request_bytes("POST", client.engine.target(), connection.host, body=b"3"))
                self.assertEqual(connection.read_response().status, 200)
                server.process.send_signal(signal.SIGTERM)
                eventually(lambda: "shutting down" in server.log(), what="the stop")
                connection.send(request_bytes("GET", client.engine.target(), connection.host))
                packets = decode_payload(connection.read_response().body)
                self.assert_notice(json.loads(packets[0].removeprefix("42/v1,")))
                self.assertEqual(packets[1:], ["1"])
                self.assertEqual(server.process.wait(10), 0)

    def assert_notice(self, event: list) -> None:
        self.assertEqual(event[0], "server:shutdown")
        self.assertTrue(event[1]["message"])
        self.assertGreaterEqual(event[1]["reconnectDelay"], 5000)
