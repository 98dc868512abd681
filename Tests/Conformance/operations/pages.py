# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The pages for operators, and what promtool says to them and to the alert rules."""

import json
import pathlib
import re
import tempfile
import unittest
import urllib.error
import urllib.request

from operations import alerts
from operations.prometheus import RULES, promtool
from support.case import ServerCase
from support.rawwebsocket import TEXT, WebSocket, frame
from support.server import ROOT, Server

DASHBOARD = ROOT / "Deployment" / "grafana" / "hibiki.json"
TABLE = ROOT / "Documentation" / "operations.md"
NAME = re.compile(r"\b(?:hibiki|websocket|process|socketio)_[a-z_]+\b")


def get(url, **fields):
    """(status, header fields, text), errors included."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in fields.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def names(page):
    """The families of a page in the Prometheus format."""
    return set(re.findall(r"^# TYPE (\S+) ", page, re.MULTILINE))


def families(text):
    """The families that a text names, without what a histogram adds to its name."""
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in NAME.findall(text)}


class Pages(ServerCase):
    def metrics(self, **fields):
        return get(f"{self.server.url}/metrics", **fields)

    def test_promtool_finds_no_fault_with_the_metrics(self):
        self.publish(1)
        get(f"{self.server.url}/no/such/page")
        status, _, page = self.metrics()
        self.assertEqual(status, 200)
        self.assertEqual(promtool("check", "metrics", given=page), (0, ""))

    def test_promtool_does_find_faults(self):
        """A check that finds nothing anywhere would prove nothing."""
        self.assertNotEqual(promtool("check", "metrics", given="# TYPE a counter\na 1\n")[0], 0)

    def test_each_family_has_words_and_a_row_in_the_documentation(self):
        page = self.metrics()[2]
        self.assertEqual(names(page), set(re.findall(r"^# HELP (\S+) \S", page, re.MULTILINE)))
        documented = families(TABLE.read_text())
        self.assertEqual(names(page) - documented, set())

    def test_sockets_of_socket_io_are_counted_by_namespace(self):
        with WebSocket.open(self.server.port, path="/socket.io/?EIO=4&transport=websocket", welcome=False) as client:
            client.read_message()
            client.send(frame(TEXT, b"40/v1,"))
            self.assertTrue(client.read_message().startswith(b"40/v1,{"))
            page = self.metrics()[2]
            self.assertIn('\nsocketio_sockets{namespace="/v1"} 1\n', page)
            self.assertIn('\nsocketio_connections_total{namespace="/v1",recovered="false"} 1\n', page)
            self.assertIn('\nwebsocket_messages_total{direction="outbound",type="text"} 2\n', page)
            self.assertNotIn("socketio_events_total", page)
            self.assertEqual(names(page) - families(TABLE.read_text()), set())
            self.assertEqual(promtool("check", "metrics", given=page), (0, ""))

    def test_rules_and_dashboard_ask_for_what_there_is(self):
        known = names(self.metrics()[2])
        for path in (RULES, DASHBOARD):
            with self.subTest(path.name):
                self.assertEqual(families(path.read_text()) - known, set())

    def test_operations_of_the_broker_and_of_the_log_are_timed(self):
        self.publish(1)
        self.poll(since="earliest")
        page = self.metrics()[2]
        counts = dict(re.findall(r"^hibiki_(\w+)_operation_seconds_count(\{.*\} \d+)$", page, re.MULTILINE))
        self.assertEqual(set(counts), {"broker", "store"})
        for series in (
            'broker_operation_seconds_count{operation="publish"} 1', 'broker_operation_seconds_count{operation="signal"} 0',
            'store_operation_seconds_count{store="log",operation="append"} 1',
        ):
            self.assertIn(f"\nhibiki_{series}\n", page)
        for operation in ("read", "sweep"):
            self.assertRegex(page, rf'hibiki_store_operation_seconds_count\{{store="log",operation="{operation}"\}} [1-9]')

    def test_the_process_figures_are_those_of_the_process(self):
        page = self.metrics()[2]

        def value(name):
            return float(re.search(rf"^{name} (\S+)$", page, re.MULTILINE).group(1))

        self.assertAlmostEqual(value("process_resident_memory_bytes"), self.server.rss(), delta=8 << 20)
        self.assertLessEqual(value("process_cpu_seconds_total"), self.server.cpu())
        self.assertAlmostEqual(value("process_open_fds"), self.server.descriptors(), delta=8)

    def test_metrics_are_for_this_machine_only(self):
        self.assertEqual(self.metrics(X_Forwarded_For="192.0.2.1")[0], 403)
        with Server("--metrics", "off") as server:
            self.assertEqual(get(f"{server.url}/metrics")[0], 404)

    def test_health_is_degraded_above_its_number_of_connections(self):
        with Server("--healthy-connections", 1) as server:
            self.assertEqual(json.loads(get(f"{server.url}/health")[2])["status"], "ok")
            with WebSocket.open(server.port):
                status, _, text = get(f"{server.url}/health")
                self.assertEqual((status, json.loads(text)["status"]), (503, "degraded"))


class Rules(unittest.TestCase):
    def test_promtool_takes_the_alert_rules(self):
        status, words = promtool("check", "rules", RULES)
        self.assertEqual(status, 0, words)

    def test_alerts_fire_when_they_should_and_not_before(self):
        with tempfile.TemporaryDirectory() as home:
            path = pathlib.Path(home) / "alerts.yml"
            path.write_text(json.dumps(alerts.cases(RULES)))
            status, words = promtool("test", "rules", path)
        self.assertEqual(status, 0, words)
