# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""How spans reach the collector, and what happens when it is not there."""

from __future__ import annotations

import json
import re
import subprocess
import unittest
import urllib.request

from support.server import Server, binary, eventually
from tracing.collector import Collector


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def spans(server: Server, outcome: str) -> int:
    pattern = rf'^hibiki_trace_spans_total\{{outcome="{outcome}"\}} (\d+)$'
    found = re.search(pattern, get(f"{server.url}/metrics"), re.MULTILINE)
    return int(found[1]) if found else 0


class Delivery(unittest.TestCase):
    def setUp(self):
        self.collector = Collector()
        self.addCleanup(self.collector.close)

    def test_nothing_is_traced_unless_it_is_asked_for(self):
        with Server() as server:
            get(f"{server.url}/livez")
            self.assertNotIn("hibiki_trace", get(f"{server.url}/metrics"))

    def test_the_environment_of_opentelemetry_is_enough(self):
        environment = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": self.collector.url, "OTEL_SERVICE_NAME": "of-the-environment",
            "OTEL_EXPORTER_OTLP_HEADERS": "api-key=s%20e", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=test",
        }
        with Server(environment=environment) as server:
            get(f"{server.url}/livez")
            eventually(lambda: self.collector.spans, timeout=20, what="a span")
        span = self.collector.spans[0]
        self.assertEqual(span.resource["service.name"], "of-the-environment")
        self.assertEqual(span.resource["deployment.environment"], "test")
        self.assertTrue(span.resource["service.version"])
        self.assertEqual(self.collector.headers[0]["api-key"], "s e")

    def test_the_key_of_the_collector_is_not_printed(self):
        printed = subprocess.run(
            [binary(), "serve", "--print-config", "--tracing-endpoint", "http://a.example", "--tracing-ratio", "0.5"],
            env={"OTEL_EXPORTER_OTLP_HEADERS": "api-key=of-the-operator"}, capture_output=True, text=True, check=True,
            timeout=20)
        self.assertNotIn("of-the-operator", printed.stdout + printed.stderr)
        for line in ('tracing-endpoint: "http://a.example"', "tracing-ratio: 0.5", 'tracing-service: "hibiki"'):
            self.assertIn(line, printed.stdout.splitlines())

    def test_what_is_there_at_a_stop_is_sent(self):
        server = Server("--tracing-endpoint", self.collector.url).start()
        self.addCleanup(server.close)
        before = len(self.collector.spans)
        get(f"{server.url}/livez")
        self.assertTrue(server.stop())
        self.assertIn("GET /livez", [span.name for span in self.collector.spans[before:]])

    def test_a_collector_that_is_busy_gets_the_spans_later(self):
        self.collector.status = 503
        with Server("--tracing-endpoint", self.collector.url) as server:
            get(f"{server.url}/livez")
            eventually(
                lambda: "GET /livez" in self.collector.refused, timeout=20, what="a first attempt")
            self.collector.status = 200
            eventually(
                lambda: "GET /livez" in [span.name for span in self.collector.spans], timeout=20,
                what="the span after all")
            self.assertEqual(spans(server, "failed"), 0)

    def test_without_a_collector_the_server_serves_and_stops_in_time(self):
        self.collector.close()
        server = Server(
            "--tracing-endpoint", self.collector.url, environment={"OTEL_EXPORTER_OTLP_TIMEOUT": "500"}).start()
        self.addCleanup(server.close)
        for _ in range(100):
            get(f"{server.url}/livez")
        eventually(
            lambda: spans(server, "failed") >= 100, timeout=30, interval=0.2, what="spans that are counted as lost")
        self.assertEqual(server.log().count("the collector does not take traces"), 1)
        self.assertTrue(server.stop())

    def test_a_collector_that_refuses_is_not_asked_again_for_the_same_spans(self):
        self.collector.status = 401
        with Server("--tracing-endpoint", self.collector.url) as server:
            get(f"{server.url}/livez")
            eventually(lambda: spans(server, "failed") > 0, timeout=20, what="spans that are counted as lost")
            self.assertEqual(self.collector.refused.count("GET /livez"), 1)

    def test_the_doctor_asks_the_collector(self):
        for status, found in ((200, "ok"), (404, "warning"), (503, "warning")):
            self.collector.status = status
            done = subprocess.run(
                [binary(), "doctor", "--json", "--port", "0", "--tracing-endpoint", self.collector.url],
                capture_output=True, text=True, timeout=60)
            findings = [each for each in json.loads(done.stdout)["findings"] if each["check"] == "tracing"]
            self.assertEqual([each["status"] for each in findings], [found], done.stdout)
