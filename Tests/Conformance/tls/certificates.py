# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A certificate that is replaced while connections live, and one that is about to end."""

import json
import re

from support.case import ServerCase
from support.rawclient import request_bytes
from support.server import eventually
from tls.authority import SecureConnection, SecureServer
from tls.frames import END_HEADERS, END_STREAM, HEADERS, FrameClient, frame, request


class Replacing(ServerCase):
    def setUp(self):
        super().setUp()
        self.server = SecureServer().start()
        self.addCleanup(self.server.close)
        self.addCleanup(self.server.stop)

    @classmethod
    def setUpClass(cls):
        cls.faults = 0

    @classmethod
    def tearDownClass(cls):
        pass

    def connect(self):
        connection = SecureConnection(self.server.port, self.server.authority.context("http/1.1"))
        self.addCleanup(connection.close)
        return connection

    def subject(self):
        with SecureConnection(self.server.port, self.server.authority.context()) as connection:
            return connection.subject()

    def publish_over(self, connection, payload):
        body = json.dumps({"topic": self.topic, "event": "message", "payload": payload}).encode()
        answer = connection.request("POST", "/v1/events", (("Content-Type", "application/json"),), body)
        self.assertEqual(answer.status, 200)

    def test_replaced(self):
        """new connections get the new certificate, and those that are open go on with theirs"""
        stream, old = self.connect(), self.connect()
        stream.send(request_bytes(
            "GET", f"/v1/events?topic={self.topic}", "localhost", (("Accept", "text/event-stream"),)))
        while b"event: connected" not in stream.buffer:
            stream.fill()
        streams = FrameClient(self.server)
        self.addCleanup(streams.close)
        self.assertEqual(old.subject(), "first")
        self.server.use(*self.server.authority.issue("second"))
        eventually(lambda: self.subject() == "second", timeout=20, interval=0.1, what="the new certificate")
        self.publish_over(old, "still here")
        while b'data: "still here"' not in stream.buffer:
            stream.fill()
        streams.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, request()))
        self.assertEqual(streams.status_of(1), 204)
        self.assertIn("new connections get the new certificate", self.server.log())

    def test_wrong(self):
        """a pair that does not fit is refused with a line in the log, and the old one stays"""
        certificate, _ = self.server.authority.issue("second")
        _, key = self.server.authority.issue("third")
        self.server.use(certificate, key)
        line = "the new certificate is not used"
        eventually(lambda: line in self.server.log(), timeout=20, what="the line in the log")
        self.assertEqual(self.subject(), "first")
        self.assertRegex(self.server.log(), "does not belong to the certificate")
        self.server.use(certificate, certificate.with_suffix(".key"))
        eventually(lambda: self.subject() == "second", timeout=20, interval=0.1, what="the new certificate")
        self.assertEqual(self.server.log().count(line), 1)

    def test_about_to_end(self):
        """a certificate that ends within a month is warned of"""
        self.assertNotIn("expires", self.server.log())
        self.server.use(*self.server.authority.issue("second", days=10))
        eventually(lambda: re.search("expires soon", self.server.log()), timeout=20, what="the warning")
