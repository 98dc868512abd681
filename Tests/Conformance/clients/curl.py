# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""curl: publishing, short polling, long polling and Server-Sent Events, as the README shows them."""

import json
import subprocess

from support.case import ServerCase
from support.lines import Lines

SSE = ["-H", "Accept: text/event-stream"]


def curl(*arguments):
    """Runs curl; returns (status, headers with lower-case names, body)."""
    done = subprocess.run(
        ["curl", "-sS", "--max-time", "20", "-i", *arguments], capture_output=True, check=True)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return int(first.split()[1]), headers, body.decode()


class Curl(ServerCase):
    def test_publish(self):
        """curl publishes an event and is told its position"""
        body = json.dumps({"topic": self.topic, "event": "headline", "payload": {"text": "hello"}})
        status, headers, answer = curl(
            self.server.url + "/v1/events", "-H", "Content-Type: application/json", "-d", body)
        self.assertEqual(status, 200)
        self.assertTrue(headers["content-type"].startswith("application/json"))
        position = json.loads(answer)["position"]
        self.assertEqual([event["position"] for event in self.poll()[0]["events"]], [position])

    def test_idempotent_publish(self):
        """a publication that is sent twice with one id is stored once"""
        first = self.publish({"n": 1}, id="only-once")
        body = json.dumps({"topic": self.topic, "payload": {"n": 1}, "id": "only-once"})
        status, _, answer = curl(self.server.url + "/v1/events", "-H", "Content-Type: application/json", "-d", body)
        self.assertEqual((status, json.loads(answer)), (200, {"position": first, "duplicate": True}))
        self.assertEqual(len(self.poll()[0]["events"]), 1)

    def test_short_poll(self):
        """a short poll gives what is there, and with since only what came after it"""
        first, second = self.publish({"n": 1}), self.publish({"n": 2}, event="other")
        status, headers, answer = curl(self.events_url())
        body = json.loads(answer)
        self.assertEqual(status, 200)
        self.assertEqual([event["position"] for event in body["events"]], [first, second])
        self.assertEqual([event["event"] for event in body["events"]], ["message", "other"])
        self.assertEqual([event["payload"] for event in body["events"]], [{"n": 1}, {"n": 2}])
        self.assertEqual(headers["last-event-id"], body["lastEventId"])
        later = json.loads(curl(self.events_url(since=first))[2])
        self.assertEqual([event["position"] for event in later["events"]], [second])
        nothing = json.loads(curl(self.events_url(since=body["lastEventId"]))[2])
        self.assertEqual((nothing["events"], nothing["lastEventId"]), ([], body["lastEventId"]))

    def test_long_poll(self):
        """a long poll is answered as soon as there is an event"""
        self.publish({"n": 1})
        _, since = self.poll()
        with Lines("curl", "-sS", "--max-time", "30", self.events_url(since=since, wait=20)) as waiting:
            self.publish({"n": 2})
            body = json.loads(waiting.next())
        self.assertEqual([event["payload"] for event in body["events"]], [{"n": 2}])

    def test_long_poll_without_news(self):
        """a long poll without news ends with 204 and a position that misses nothing"""
        status, headers, body = curl(self.events_url(wait=1))
        self.assertEqual((status, body), (204, ""))
        self.publish({"n": 1})
        events = self.poll(since=headers["last-event-id"])[0]["events"]
        self.assertEqual([event["payload"] for event in events], [{"n": 1}])

    def test_event_stream(self):
        """an event stream begins with connected and carries each event with its id and name"""
        with Lines("curl", "-sSN", "-i", *SSE, self.events_url()) as stream:
            self.assertIn("200", stream.next())
            head = [line.lower().rstrip("\r") for line in iter(stream.next, "\r")]
            self.assertTrue(any(line.startswith("content-type: text/event-stream") for line in head), head)
            self.assertIn("x-accel-buffering: no", head)
            stream.until("retry: ")
            stream.until("event: connected")
            self.assertIn("clientId", json.loads(stream.until("data: ")[6:]))
            position = self.publish({"text": "hello"}, event="headline")
            self.assertEqual(stream.until("id: "), f"id: {position}")
            self.assertEqual(stream.next(), "event: headline")
            self.assertEqual(json.loads(stream.next().removeprefix("data: ")), {"text": "hello"})

    def test_event_stream_resumes(self):
        """an event stream that comes back with Last-Event-ID gets what it missed, once"""
        first = self.publish({"n": 1})
        self.publish({"n": 2})
        self.publish({"n": 3})
        with Lines("curl", "-sSN", *SSE, "-H", f"Last-Event-ID: {first}", self.events_url()) as stream:
            stream.until("event: connected")
            stream.until("event: message")
            self.assertEqual(json.loads(stream.next()[6:]), {"n": 2})
            stream.until("event: message")
            self.assertEqual(json.loads(stream.next()[6:]), {"n": 3})

    def test_event_stream_announces_a_gap(self):
        """an event stream from a position that is gone says gap before it goes on"""
        with Lines("curl", "-sSN", *SSE, self.events_url(since="00000000-4")) as stream:
            stream.until("event: gap")
            self.assertEqual(json.loads(stream.next()[6:]), {"topics": [self.topic]})
            self.publish({"n": 1})
            stream.until("event: message")
            self.assertEqual(json.loads(stream.next()[6:]), {"n": 1})

    def test_errors(self):
        """a refused request says why, in words and with a stable code"""
        address = self.server.url + "/v1/events"
        refused = {
            (400, "invalid_message"): ["-d", "{", "-H", "Content-Type: application/json", address],
            (400, "invalid_topic"): [address + "?topic=%00"],
            (403, "permission_denied"): [address + "?topic=private"],
            (404, "not_found"): [self.server.url + "/nothing/here"],
            (405, "method_not_allowed"): ["-X", "DELETE", address],
        }
        for (status, code), arguments in refused.items():
            with self.subTest(code=code):
                answered, _, body = curl(*arguments)
                self.assertEqual((answered, json.loads(body)["error"]["code"]), (status, code))
