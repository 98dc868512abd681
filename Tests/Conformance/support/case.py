# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The base of tests that talk to one running server."""

import itertools
import json
import unittest
import urllib.parse
import urllib.request

from support.server import Server

numbers = itertools.count(1)


class ServerCase(unittest.TestCase):
    """One `hibiki serve` for the tests of a class; its log is printed when one of them failed."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.arguments).start()
        cls.faults = 0

    @classmethod
    def tearDownClass(cls):
        clean = cls.server.stop()
        if cls.faults or not clean:
            cls.server.print_log()
        cls.server.close()
        if not clean:
            raise AssertionError("the server did not end by itself, with status 0, after SIGTERM")

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        try:
            return super().run(result)
        finally:
            type(self).faults += len(result.failures) + len(result.errors) - before

    def setUp(self):
        self.topic = f"public/{type(self).__name__}-{next(numbers)}".lower()

    # What every one of them needs

    def events_url(self, base=None, **query):
        """The address of the log for this test's topic."""
        return f"{base or self.server.url}/v1/events?" + urllib.parse.urlencode({"topic": self.topic, **query})

    def publish(self, payload, event="message", base=None, **more):
        """Publishes to this test's topic over HTTP and returns the position."""
        body = json.dumps({"topic": self.topic, "event": event, "payload": payload, **more}).encode()
        request = urllib.request.Request(
            (base or self.server.url) + "/v1/events", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["position"]

    def poll(self, base=None, **query):
        """One short poll, as (body, Last-Event-ID)."""
        with urllib.request.urlopen(self.events_url(base, **query), timeout=10) as answer:
            return json.load(answer), answer.headers["Last-Event-ID"]
