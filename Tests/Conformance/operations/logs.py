# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What a real server writes about its clients: to machines, to a terminal, and under a flood."""

import json
import os
import pty
import re
import select
import subprocess
import time
import unittest

from support.case import ServerCase
from support.rawclient import Connection, request_bytes
from support.rawevents import EventStream
from support.rawsocketio import CONNECT_ERROR, SocketClient
from support.rawwebsocket import CLOSE, WebSocket, frame, text
from support.server import Server, binary, eventually

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
CLOSED = "connection closed"


def lines(server):
    """Every line that the server has logged, in their order; each has to be an object with what all of them have."""
    found = []
    for line in server.log().splitlines():
        if not line.startswith("{"):
            continue
        entry = json.loads(line)
        if not TIME.fullmatch(entry["time"]) or not {"level", "label", "message"} <= entry.keys():
            raise AssertionError(line)
        found.append(entry)
    return found


def closed(server, count=1):
    """The lines of connections that have ended, once there are as many."""
    def enough():
        found = [line for line in lines(server) if line["message"] == CLOSED]
        return found if len(found) >= count else None
    return eventually(enough, what=f"{count} lines of connections")


class Lives(ServerCase):
    """One line for each connection, when it has ended."""

    arguments = ("--log-format", "json", "--log-rate", "0")

    def setUp(self):
        super().setUp()
        # A server for each test: a line is found by its place.
        self.server = Server(*self.arguments).start()
        self.addCleanup(self.stop)

    def stop(self):
        self.assertTrue(self.server.stop())
        self.server.close()

    def only(self, **expected):
        """The one line there is, and whether it has these fields."""
        (line,) = closed(self.server)
        self.assertEqual({name: line.get(name) for name in expected}, expected, line)
        self.assertEqual((line["level"], line["address"]), ("info", "127.0.0.1"))
        self.assertRegex(line["connection"], r"^\d+\.\d+$")
        self.assertGreaterEqual(line["milliseconds"], 0)
        return line

    def test_a_websocket_that_its_client_closes(self):
        with WebSocket.open(self.server.port, welcome=False) as one:
            client = one.read_json()["clientId"]
            one.send_json({"type": "ping", "id": 1})
            one.read_json()
            one.send(frame(CLOSE, (4001).to_bytes(2, "big")))
            one.read_close()
        # The welcome and the answer
        self.only(
            transport="websocket", route="/ws", closedBy="client", closeCode=4001, client=client, messagesIn=2,
            messagesOut=2)

    def test_an_event_stream(self):
        with EventStream.open(self.server.port, [self.topic]) as stream:
            stream.read_until("connected")
            for number in range(3):
                self.publish(number)
                stream.read_event()
        found = closed(self.server, 4)
        (line,) = [line for line in found if line["transport"] == "sse"]
        self.assertEqual((line["route"], line["closedBy"], line["messagesOut"]), ("/v1/events", "client", 3))
        self.assertIn("client", line)

    def test_requests_on_one_connection(self):
        sent = 0
        with Connection(self.server.port) as connection:
            for _ in range(3):
                request = request_bytes("GET", "/health", connection.host)
                sent += len(request)
                connection.send(request)
                connection.read_response()
        line = self.only(transport="http", route="/health", messagesIn=3, messagesOut=3, bytesIn=sent, closedBy="client")
        self.assertGreater(line["bytesOut"], 300)
        self.assertNotIn("closeCode", line)

    def test_socketio_over_websocket(self):
        client = SocketClient.websocket(self.server.port)
        client.connect("/v1")
        client.close()
        self.only(transport="websocket", route="/socket.io/", closedBy="client")

    def test_a_connection_that_the_server_ends(self):
        with Connection(self.server.port) as connection:
            connection.send(b"what is this\r\n\r\n")
            self.assertEqual(connection.read_response().status, 400)
        self.only(transport="http", closedBy="server")

    def test_a_websocket_that_does_what_the_standard_forbids(self):
        with WebSocket.open(self.server.port) as one:
            one.send(text("x", mask=None))
            self.assertTrue(one.connection.ends_within(5))
        self.only(transport="websocket", closedBy="server", closeCode=1002)

    def test_lines_are_there_that_were_written_last_before_the_end(self):
        with WebSocket.open(self.server.port), EventStream.open(self.server.port, [self.topic]):
            self.server.process.terminate()
            self.assertEqual(self.server.process.wait(15), 0)
        found = {line["transport"]: line for line in closed(self.server, 2)}
        self.assertEqual((found["websocket"]["closedBy"], found["websocket"]["closeCode"]), ("server", 1012))
        self.assertEqual(found["sse"]["closedBy"], "server")

    def test_no_token_reaches_the_log_at_any_level(self):
        self.server.stop()
        self.server = Server("--log-format", "json", "--log-level", "trace").start()
        bearer = (("Authorization", "Bearer s3cret-in-a-field"), ("Cookie", "token=s3cret-in-a-cookie"))
        targets = [
            "/nowhere?access_token=s3cret", "/v1/events?topic=public/a&token=s3cret", "/health?token=s3cret",
            "/ws?access_token=s3cret", "/socket.io/?EIO=4&transport=polling&token=s3cret", "/token=s3cret",
        ]
        for target in targets:
            with Connection(self.server.port) as connection:
                self.assertLess(connection.request("GET", target, bearer).status, 500)
        client = SocketClient.polling(self.server.port, token="s3cret")
        client.send('0/v1,{"token":"s3cret"}')
        self.assertEqual(client.message().type, CONNECT_ERROR)
        client.close()
        closed(self.server, len(targets))
        self.assertNotIn("s3cret", self.server.log())

    def test_nobody_can_forge_a_line(self):
        forged = '{"time":"2026-01-01T00:00:00.000Z","level":"error","label":"hibiki","message":"forged"}'
        for path in ("/%0a" + forged, "/\u2028", "/\x1b[2J", "/\x85"):
            with Connection(self.server.port) as connection:
                connection.send(f"GET {path} HTTP/1.1\r\nHost: a\r\nX-A: \x85{forged}\r\n\r\n".encode())
                connection.read_response()
        with WebSocket.open(self.server.port) as one:
            one.send_json({"type": "subscribe", "topic": "public/\n" + forged, "id": "\r\n" + forged})
            one.read_json()
        closed(self.server, 5)
        self.assertNotIn("forged", {line["message"] for line in lines(self.server)})


class Floods(unittest.TestCase):
    def test_a_flood_is_a_few_lines_and_one_that_says_how_many_more_there_were(self):
        with Server("--log-format", "json", "--log-rate", "5") as server:
            count = 60
            for _ in range(count):
                with Connection(server.port) as connection:
                    connection.request("GET", "/livez")

            def complete():
                found = lines(server)
                written = sum(line["message"] == CLOSED for line in found)
                kept_back = sum(line["count"] for line in found if line["message"].startswith("suppressed "))
                return (written, kept_back) if written + kept_back == count else None
            written, kept_back = eventually(complete, what="an account of every connection")
            self.assertGreater(kept_back, 0)
            self.assertGreaterEqual(written, 5)

    def test_a_reader_that_takes_nothing_holds_nobody_up(self):
        """a log whose reader takes nothing holds up neither clients nor the end"""
        reading, writing = os.pipe()
        command = [binary(), "serve", "--port", "0", "--log-format", "json", "--log-rate", "0"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writing, text=True)
        os.close(writing)
        try:
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            started = time.monotonic()
            for _ in range(1_000):
                with Connection(port) as connection:
                    self.assertEqual(connection.request("GET", "/livez").status, 204)
            self.assertLess(time.monotonic() - started, 30)
            process.terminate()
            self.assertEqual(process.wait(15), 0)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            os.close(reading)


class Terminals(unittest.TestCase):
    """What people see: on a terminal, and with the environment that says how they like it."""

    def shown(self, *arguments, environment=None):
        """What a server shows on a terminal from its start to its end, with one request between."""
        ours, theirs = pty.openpty()
        base = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        process = subprocess.Popen(
            [binary(), "serve", "--port", "0", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=theirs, text=True, env={**base, "TERM": "xterm", **(environment or {})})
        os.close(theirs)
        shown = b""
        try:
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            with Connection(port) as connection:
                connection.request("GET", "/livez")
            while CLOSED.encode() not in shown:
                self.assertTrue(select.select([ours], [], [], 10)[0], shown)
                shown += os.read(ours, 65536)
            process.terminate()
            self.assertEqual(process.wait(15), 0)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            os.close(ours)
        return shown.decode()

    def test_a_terminal_gets_lines_for_people_in_colour(self):
        shown = self.shown()
        self.assertRegex(shown, r"\x1b\[2m\d\d:\d\d:\d\d\.\d{3}\x1b\[0m \x1b\[32minfo\x1b\[0m {5}connection closed  ")

    def test_no_colour_where_none_is_wanted(self):
        for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            shown = self.shown(environment=environment)
            self.assertNotIn("\x1b", shown)
            self.assertRegex(shown, r"\d\d:\d\d:\d\d\.\d{3} info     connection closed  address=127\.0\.0\.1 bytesIn=\d+")

    def test_json_on_a_terminal_where_it_is_asked_for(self):
        shown = self.shown("--log-format", "json")
        self.assertEqual(json.loads(shown.splitlines()[0])["level"], "info")

    def test_text_without_a_terminal_where_it_is_asked_for(self):
        with Server("--log-format", "text") as server:
            with Connection(server.port) as connection:
                connection.request("GET", "/livez")
            eventually(lambda: re.search(r"(?m)^\d\d:\d\d:\d\d\.\d{3} info     connection closed  ", server.log()))
