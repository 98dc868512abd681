# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""REST, polls and event streams over TLS with curl, by HTTP/2 and HTTP/1.1."""

import json
import subprocess

from support.case import ServerCase
from support.lines import Lines
from support.server import eventually
from tls.authority import SecureServer


class Transports(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.server = SecureServer().start()
        cls.faults = 0

    def curl(self, target, *arguments, version="--http2"):
        """(version, status, body) of an answer."""
        done = subprocess.run(
            ["curl", "-sS", "--max-time", "20", "--cacert", self.server.authority.root, version,
             "-w", "\n%{http_version} %{http_code}", self.server.url + target, *arguments],
            capture_output=True, check=True, text=True)
        body, _, last = done.stdout.rpartition("\n")
        return (*last.split(), body)

    def say(self, payload, **options):
        body = json.dumps({"topic": self.topic, "event": "message", "payload": payload})
        return self.curl("/v1/events", "-H", "Content-Type: application/json", "-d", body, **options)

    def test_versions(self):
        """a client gets the version that it asks for, and the same answer"""
        first = self.say(1)
        self.assertEqual(first[:2], ("2", "200"))
        self.assertEqual(self.say(2, version="--http1.1")[:2], ("1.1", "200"))
        polls = [self.curl(f"/v1/events?topic={self.topic}", version=v) for v in ("--http2", "--http1.1")]
        self.assertEqual([poll[:2] for poll in polls], [("2", "200"), ("1.1", "200")])
        self.assertEqual(polls[0][2], polls[1][2])
        self.assertEqual([event["payload"] for event in json.loads(polls[0][2])["events"]], [1, 2])

    def test_large_bodies(self):
        """bodies larger than a window go both ways, and too large ones are refused"""
        text = "x" * 60_000
        file = self.server.authority.folder / "body.json"
        file.write_text(json.dumps([{"topic": self.topic, "payload": text}] * 12))
        self.assertEqual(
            self.curl("/v1/events", "-H", "Content-Type: application/json", "--data-binary", f"@{file}")[:2],
            ("2", "200"))
        poll = json.loads(self.curl(f"/v1/events?topic={self.topic}")[2])
        self.assertEqual([event["payload"] for event in poll["events"]], [text] * 12)
        file.write_text("x" * 3_000_000)
        self.assertEqual(self.curl("/v1/events", "--data-binary", f"@{file}")[1], "413")

    def test_long_poll(self):
        """a long poll is answered as soon as there is an event"""
        position = json.loads(self.say(0)[2])["position"]
        waiting = subprocess.Popen(
            ["curl", "-sS", "--max-time", "20", "--cacert", self.server.authority.root, "--http2",
             f"{self.server.url}/v1/events?topic={self.topic}&wait=15&since={position}"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(waiting.wait)
        self.say("now")
        answer = json.loads(waiting.communicate(timeout=15)[0])
        self.assertEqual([event["payload"] for event in answer["events"]], ["now"])
        self.assertEqual(self.curl(f"/v1/events?topic={self.topic}&wait=1&since={answer['lastEventId']}")[:2], ("2", "204"))

    def test_event_stream(self):
        """an event stream carries what is published, by both versions"""
        for version in ("--http2", "--http1.1"):
            with self.subTest(version=version):
                stream = Lines("curl", "-sSN", "--cacert", self.server.authority.root, version, "-H",
                               "Accept: text/event-stream", f"{self.server.url}/v1/events?topic={self.topic}")
                self.addCleanup(stream.close)
                stream.until("event: connected")
                self.say({"by": version})
                stream.until("data: " + json.dumps({"by": version}))

    def test_metrics(self):
        """an event stream over HTTP/2 is counted as one, and its connection too"""
        stream = Lines("curl", "-sSN", "--cacert", self.server.authority.root, "--http2", "-H",
                       "Accept: text/event-stream", f"{self.server.url}/v1/events?topic={self.topic}")
        self.addCleanup(stream.close)
        stream.until("event: connected")
        page = self.curl("/metrics", version="--http1.1")[2]
        self.assertRegex(page, r'hibiki_connections\{transport="sse"\} [1-9]')
        self.assertRegex(page, r'hibiki_connections\{transport="http2"\} [1-9]')
        self.assertRegex(page, r"hibiki_tls_certificate_expiry_timestamp_seconds \d{10}")

    def test_stopping(self):
        """a stream over HTTP/2 is told that the server stops, and ends in order"""
        with SecureServer() as server:
            stream = Lines("curl", "-sSN", "--cacert", server.authority.root, "--http2", "-H",
                           "Accept: text/event-stream", f"{server.url}/v1/events?topic={self.topic}")
            stream.until("event: connected")
            self.assertTrue(server.stop())
            stream.until("event: server:shutdown")
            self.assertEqual(eventually(lambda: [stream.process.poll()]), [0])
