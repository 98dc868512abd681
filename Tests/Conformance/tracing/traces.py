# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What is in a trace, and who is below whom."""

from __future__ import annotations

import itertools
import re
from typing import Optional

from support.rawclient import request_bytes
from support.server import eventually
from tokens.callback import Service
from tokens.case import TokenCase
from tokens.key_sets import KeySetServer
from tokens.keys import KeyPair, claims, sign
from tracing.collector import Collector

PARENT = "b7ad6b7169203331"
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-(0[01])")
traces = itertools.count(1)


class ListeningService(Service):
    """Keeps the fields that it was asked with too."""

    def __init__(self):
        super().__init__()
        self.headers: list = []
        handler, service = self.server.RequestHandlerClass, self

        class Handler(handler):
            def do_POST(self):
                service.headers.append(self.headers)
                super().do_POST()

        self.server.RequestHandlerClass = Handler


class TraceCase(TokenCase):
    ratio = 1.0

    @classmethod
    def options(cls, folder):
        cls.collector = Collector()
        return [
            *super().options(folder), "--tracing-endpoint", cls.collector.url, "--tracing-service", "shop",
            "--tracing-ratio", str(cls.ratio)]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.collector.close()
        if cls.collector.faults:
            raise AssertionError(cls.collector.faults[0])
        received = b"".join(cls.collector.bodies)
        for text in cls.shown:
            for piece in (text, text.rsplit(".", 1)[-1]):
                if len(piece) > 16 and piece.encode() in received:
                    raise AssertionError(f"a token stands in a trace: {piece[:12]}…")

    def new(self) -> "tuple[str, list]":
        """A trace that a client has begun: its id and its fields."""
        trace = f"{next(traces):032x}"
        return trace, [("traceparent", f"00-{trace}-{PARENT}-01"), ("tracestate", "shop=1")]


class Traces(TraceCase):
    @classmethod
    def options(cls, folder):
        cls.service = ListeningService()
        return [*super().options(folder), "--authorization-url", f"{cls.service.url}?key=of-the-operator"]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.service.close()

    def test_a_publication_of_a_client_with_a_trace_is_in_that_trace_with_all_that_it_takes(self):
        trace, fields = self.new()
        self.assertEqual(self.post("teams/carol/x", self.token("carol"), fields).status, 200)
        spans = self.collector.wait(
            trace, ["POST", "POST", "POST /v1/events", "authorize connect", "authorize publish", "publish"])
        request, publication = spans["POST /v1/events"], spans["publish"]
        self.assertEqual((request.parent, request.kind, request.failed), (PARENT, "server", False))
        self.assertEqual((publication.parent, publication.kind), (request.id, "producer"))
        self.assertEqual(publication.attributes["messaging.destination.name"], "teams/carol/x")
        self.assertEqual(request.attributes["http.response.status_code"], 200)
        self.assertEqual(request.attributes["http.route"], "/v1/events")
        self.assertEqual((request.resource["service.name"], request.state), ("shop", "shop=1"))
        for question in ("authorize connect", "authorize publish"):
            self.assertEqual((spans[question].parent, spans[question].kind), (request.id, "internal"))
        asked = [span for span in self.collector.of(trace) if span.name == "POST"]
        self.assertEqual({span.kind for span in asked}, {"client"})
        self.assertEqual(
            {span.parent for span in asked}, {spans[name].id for name in ("authorize connect", "authorize publish")})
        self.assertEqual({span.attributes["url.full"] for span in asked}, {self.service.url})

    def test_the_service_that_is_asked_is_told_below_which_span(self):
        trace, fields = self.new()
        self.assertEqual(self.post("teams/dave/x", self.token("dave"), fields).status, 200)
        self.collector.wait(
            trace, ["POST", "POST", "POST /v1/events", "authorize connect", "authorize publish", "publish"])
        told = [headers for headers in self.service.headers if trace in (headers["traceparent"] or "")]
        ids = {TRACEPARENT.fullmatch(headers["traceparent"]).groups() for headers in told}
        asked = {span.id for span in self.collector.of(trace) if span.name == "POST"}
        self.assertEqual(ids, {(trace, id, "01") for id in asked})
        self.assertEqual({headers["tracestate"] for headers in told}, {"shop=1"})

    def test_a_refusal_is_no_fault_of_the_server_and_a_service_that_does_not_answer_is(self):
        trace, fields = self.new()
        self.assertEqual(self.post("teams/erin/x", self.token("frank"), fields).status, 403)
        spans = self.collector.wait(
            trace, ["POST", "POST", "POST /v1/events", "authorize connect", "authorize publish"])
        self.assertEqual(spans["authorize publish"].attributes["hibiki.authorization.answer"], "denied")
        self.assertFalse(spans["POST /v1/events"].failed or spans["authorize publish"].failed)
        trace, fields = self.new()
        self.assertEqual(self.post("broken/500", self.token("frank"), fields).status, 503)
        spans = self.collector.wait(trace, ["POST", "POST /v1/events", "authorize publish"])
        self.assertTrue(spans["POST /v1/events"].failed and spans["authorize publish"].failed and spans["POST"].failed)
        self.assertEqual(spans["POST"].attributes["error.type"], "500")

    def test_a_request_without_a_trace_or_with_one_that_is_none_begins_one(self):
        for field in (None, "00-00000000000000000000000000000000-b7ad6b7169203331-01", "junk", "00-" + "g" * 32):
            seen = len(self.collector.spans)
            fields = [("traceparent", field)] if field else []
            self.assertEqual(self.connect().request("GET", "/livez", fields).status, 204)
            span = self.next_span(seen, "GET /livez")
            self.assertIsNone(span.parent)

    def next_span(self, seen: int, name: str, topic: Optional[str] = None):
        def find():
            for span in self.collector.spans[seen:]:
                if span.name == name and topic in (None, span.attributes.get("messaging.destination.name")):
                    return span
            return None
        return eventually(find, timeout=20, what=f"the span {name}")

    def test_a_publication_on_a_websocket_is_a_trace_of_its_own(self):
        seen = len(self.collector.spans)
        opened = self.open(headers=self.bearer(self.token("grace")))
        opened.ask({"type": "publish", "topic": "teams/grace/x", "payload": [1], "id": 1})
        span = self.next_span(seen, "publish", topic="teams/grace/x")
        self.assertIsNone(span.parent)
        self.assertEqual(span.attributes["messaging.message.body.size"], 3)

    def test_a_token_in_a_query_or_a_path_is_in_no_span(self):
        text = self.token("heidi")
        for path in (f"/livez?access_token={text}", f"/no/{text}", f"/livez/../{text}"):
            trace, fields = self.new()
            connection = self.connect()
            connection.send(request_bytes("GET", path, self.host, fields))
            connection.read_response()
            span, = self.collector.wait(trace, ["GET /livez" if path.startswith("/livez?") else "GET"]).values()
            self.assertNotIn(text, str(span))

    def test_metrics_count_the_spans(self):
        trace, fields = self.new()
        self.connect().request("GET", "/livez", fields)
        self.collector.wait(trace, ["GET /livez"])
        page = self.connect().request("GET", "/metrics").body.decode()
        delivered = int(re.search(r'^hibiki_trace_spans_total\{outcome="delivered"\} (\d+)$', page, re.MULTILINE)[1])
        self.assertGreater(delivered, 0)
        self.assertIn('\nhibiki_trace_spans_total{outcome="dropped"} 0\n', page)


class Unsampled(TraceCase):
    """Nothing is recorded that a client does not want to have recorded."""

    ratio = 0.0

    @classmethod
    def options(cls, folder):
        cls.service = ListeningService()
        return [*super().options(folder), "--authorization-url", cls.service.url]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.service.close()

    def test_it_is_handed_on_that_a_trace_is_not_recorded(self):
        self.assertEqual(self.post("teams/ivan/x", self.token("ivan")).status, 200)
        told = {TRACEPARENT.fullmatch(headers["traceparent"]).groups() for headers in self.service.headers}
        self.assertEqual({flags for _, _, flags in told}, {"00"})
        trace, fields = self.new()
        self.assertEqual(self.connect().request("GET", "/livez", fields).status, 204)
        self.collector.wait(trace, ["GET /livez"])
        self.assertEqual(len(self.collector.spans), len(self.collector.of(trace)), "others were recorded")


class KeySetTraces(TraceCase):
    @classmethod
    def options(cls, folder):
        cls.publisher = KeySetServer()
        cls.key = KeyPair("ES256", folder.path)
        cls.publisher.keys = [cls.key.jwk("k")]
        return [*super().options(folder)[2:], "--token-jwks-url", cls.publisher.url]

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.publisher.close()

    def test_fetching_keys_is_below_the_request_that_needs_them(self):
        trace, fields = self.new()
        text = self.show(sign(self.key, claims(), {"alg": "ES256", "kid": "k"}))
        self.assertEqual(self.post("public/keys", text, fields).status, 200)
        spans = self.collector.wait(trace, ["GET", "POST /v1/events", "publish"])
        self.assertEqual((spans["GET"].kind, spans["GET"].parent), ("client", spans["POST /v1/events"].id))
        self.assertEqual(spans["GET"].attributes["url.full"], self.publisher.url)
