# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A real Prometheus scrapes a real server."""

from operations.prometheus import Prometheus
from support.case import ServerCase
from support.rawwebsocket import WebSocket
from support.server import eventually


class Scraping(ServerCase):
    def test_a_prometheus_sees_messages_and_their_latency(self):
        with Prometheus(f"127.0.0.1:{self.server.port}") as prometheus, WebSocket.open(self.server.port) as reader:
            reader.send_json({"type": "subscribe", "topic": self.topic, "id": 1})
            self.assertEqual(reader.read_json()["type"], "reply")
            for number in range(20):
                self.publish(number)
            eventually(lambda: prometheus.value("up") == 1, timeout=30, interval=0.1, what="a scrape")
            eventually(
                lambda: prometheus.value("websocket_message_latency_seconds_count") == 20, timeout=30, interval=0.1,
                what="a scrape that saw 20 deliveries")
            self.assertEqual(prometheus.value("websocket_connections_active"), 1)
            self.assertEqual(
                prometheus.value('websocket_messages_total{direction="inbound", type="text"}'), 1)
            # The welcome, the reply and 20 events
            self.assertEqual(
                prometheus.value('websocket_messages_total{direction="outbound", type="text"}'), 22)
            self.assertGreater(prometheus.value('hibiki_store_operation_seconds_count{operation="append"}'), 0)
            self.assertIsNotNone(prometheus.value(
                'histogram_quantile(0.99, sum by (le) (hibiki_broker_operation_seconds_bucket{operation="publish"}))'))
            target, = prometheus.ask("targets")["activeTargets"]
            self.assertEqual((target["health"], target["lastError"]), ("up", ""))
            groups = prometheus.ask("rules")["groups"]
            self.assertTrue(groups[0]["rules"])
            eventually(
                lambda: {rule["health"] for rule in prometheus.ask("rules")["groups"][0]["rules"]} == {"ok"},
                timeout=30, interval=0.1, what="an evaluation of every rule without an error")
