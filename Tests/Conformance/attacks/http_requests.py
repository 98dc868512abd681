# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Requests that are unusual and right (pipelined, chunked, old, expected), and methods and targets that are wrong."""

from __future__ import annotations

import time

from attacks.case import TOPIC, AttackCase, rows
from attacks.raw_requests import CHUNKED, EVENT, READ, SIZED, posted, raw
from support.rawclient import Connection, request_bytes
from support.rawevents import EventStream, publish, target
from support.server import eventually


class OddRequests(AttackCase):
    def test_a_chunked_body_with_extensions_and_trailers_is_taken(self):
        connection = self.connect()
        body = b"5;name=value\r\n" + EVENT[:5] + b'\r\n22;quoted="x"\r\n' + EVENT[5:] + b"\r\n0\r\nX-Trailer: a\r\n\r\n"
        connection.send(posted("Transfer-Encoding: chunked", body=body))
        self.assertEqual(connection.read_response().status, 200)
        self.assertEqual(connection.request("GET", READ).status, 200)

    def test_a_trailer_does_not_change_the_request(self):
        connection = self.connect()
        trailer = CHUNKED[:-2] + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n"
        connection.send(posted("Transfer-Encoding: chunked", body=trailer))
        if connection.read_response().status == 200:
            self.assertEqual(connection.request("GET", READ).status, 200)

    def test_a_client_that_expects_100_continue_is_answered(self):
        connection = self.connect()
        connection.send(posted(SIZED, "Expect: 100-continue"))
        self.assertEqual(connection.read_response(interim=True).status, 100)
        connection.send(EVENT)
        self.assertEqual(connection.read_response().status, 200)

    def test_an_unknown_expectation_is_refused_or_ignored(self):
        connection = self.connect()
        connection.send(posted(SIZED, "Expect: a-miracle", body=EVENT))
        self.assertIn(connection.read_response().status, (200, 417))

    def test_a_body_that_is_expected_to_be_too_large_is_refused_before_100_continue(self):
        connection = self.connect()
        connection.send(posted("Content-Length: 2000000", "Expect: 100-continue"))
        self.assertEqual(connection.read_response(interim=True).status, 413)

    def test_head_is_answered_without_a_body(self):
        connection = self.connect()
        self.assertIn(connection.request("HEAD", READ).status, (200, 204, 405))
        self.assertEqual(connection.request("GET", READ).status, 200)

    @rows({
        f"the method {method} is refused": method for method in ("BREW", "TRACE", "DELETE", "PUT", "get", "CONNECT")
    })
    def method(self, method: str) -> None:
        connection = self.connect()
        connection.send(raw(f"{method} {READ} HTTP/1.1"))
        self.assertIn(connection.read_response(method).status, (400, 404, 405, 501))

    def test_an_asterisk_as_target_harms_nobody(self):
        connection = self.connect()
        connection.send(raw("OPTIONS * HTTP/1.1", "Connection: close"))
        self.assertLess(connection.read_response().status, 500)

    def test_the_absolute_form_is_understood(self):
        connection = self.connect()
        self.assertEqual(connection.request("GET", f"http://{self.host}{READ}").status, 200)

    @rows({f"the target {target!r} is answered with an error": target for target in (
        "http://", "http:///", "//", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/client/../../Package.swift",
        "/client/%2e%2e/x", "/client/%00", "/%", "/\\", "/v1/events/", "?", "v1/events", "/ws/../v1/nothing",
    )})
    def odd_target(self, path: str) -> None:
        connection = self.connect()
        connection.send(raw(f"GET {path} HTTP/1.1", "Connection: close"))
        status = connection.read_response().status
        self.assertTrue(400 <= status < 500 or (path in ("//", "?") and status == 200), status)

    def test_http_1_0_is_answered_and_the_connection_ends(self):
        connection = self.connect()
        connection.send(raw(f"GET {READ} HTTP/1.0", host=False))
        response = connection.read_response()
        self.assertEqual(response.status, 200)
        self.assertIsNone(response.header("transfer-encoding"))
        self.assertTrue(connection.ends_within(3))

    def test_an_event_stream_over_http_1_0_is_not_chunked(self):
        connection = self.connect()
        connection.send(raw(f"GET {READ} HTTP/1.0", "Accept: text/event-stream", host=False))
        response = connection.read_head()
        if response.status == 200:
            self.assertIsNone(response.header("transfer-encoding"))
            with EventStream(connection, response) as stream:
                self.assertEqual(stream.read_event().event, "connected")
        else:
            self.assertIn(response.status, (400, 426, 505))

    def test_pipelined_requests_are_answered_in_order(self):
        connection = self.connect()
        for number in range(3):
            publish(self.port, f"public/order-{number}", number)
        requests = [request_bytes("GET", target([f"public/order-{n}"]), self.host) for n in range(3)]
        connection.send(b"".join(requests) * 100)
        for number in range(300):
            self.assertEqual(connection.read_response().json()["events"][0]["payload"], number % 3)

    def test_a_request_behind_a_long_poll_waits_for_its_turn(self):
        connection = self.connect()
        waiting = request_bytes("GET", target(["public/turn"], wait=20), self.host)
        connection.send(waiting + request_bytes("GET", target(["public/turn"]), self.host))
        time.sleep(0.2)
        publish(self.port, "public/turn", "now")
        for _ in range(2):
            self.assertEqual(connection.read_response().json()["events"][0]["payload"], "now")

    def test_cold_and_hot_paths_may_be_mixed_in_one_pipeline(self):
        connection = self.connect()
        missing = request_bytes("GET", "/nothing/here", self.host)
        hot = request_bytes("GET", READ, self.host)
        connection.send((missing + hot) * 50)
        self.assertEqual([connection.read_response().status for _ in range(100)], [404, 200] * 50)

    def pipeline_without_reading(self) -> Connection:
        """Asks a thousand times for a megabyte."""
        for _ in range(20):
            publish(self.port, "public/megabyte", "x" * 50_000)
        self.reset_peak()
        self.before = self.server.rss()
        connection = self.connect(slow=True, timeout=1)
        data = request_bytes("GET", target(["public/megabyte"]), self.host) * 200
        for _ in range(100):
            if not connection.try_send(data):
                break
        return connection

    def test_pipelined_requests_whose_answers_nobody_reads_fill_no_memory(self):
        self.pipeline_without_reading()
        self.assert_neighbour_served()
        self.assert_memory_bounded()

    def test_pipelined_requests_of_a_client_that_is_gone_are_not_answered(self):
        before = self.server.descriptors()
        used = self.server.cpu()
        self.pipeline_without_reading().reset()
        eventually(lambda: self.server.descriptors() <= before + 1, what="the descriptor being closed")
        self.assert_neighbour_served()
        self.assert_memory_bounded()
        self.assertLess(self.server.cpu() - used, 2.0)

    def test_pipelined_long_polls_without_end_fill_no_memory(self):
        connection = self.connect(timeout=1)
        data = request_bytes("GET", target(["public/never"], wait=60), self.host) * 500
        for _ in range(100):
            if not connection.try_send(data):
                break
        self.assert_neighbour_served()

    def test_a_reset_in_the_middle_of_each_transport_harms_nobody(self):
        for number in range(200):
            with Connection(self.port) as connection:
                headers = [("Accept", "text/event-stream")] if number % 2 else []
                path = target([TOPIC], wait=20) if number % 4 == 0 else READ
                connection.send(request_bytes("GET", path, self.host, headers))
                if number % 3 == 0:
                    connection.ends_within(0.005)
                connection.reset()
