# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A collector of traces: OTLP over HTTP in JSON, read strictly."""

from __future__ import annotations

import http.server
import json
import re
import threading
from dataclasses import dataclass
from typing import Optional

from support.server import eventually

TRACE = re.compile(r"(?!0{32})[0-9a-f]{32}")
SPAN = re.compile(r"(?!0{16})[0-9a-f]{16}")
KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


def value(given):
    """An AnyValue, which has exactly one member."""
    (kind, content), = given.items()
    if kind == "arrayValue":
        return [value(each) for each in content["values"]]
    if kind == "intValue":
        assert isinstance(content, str)
        return int(content)
    assert isinstance(content, {"stringValue": str, "boolValue": bool, "doubleValue": float}[kind]), given
    return content


def attributes(given):
    names = [each["key"] for each in given]
    assert len(set(names)) == len(names), names
    return {each["key"]: value(each["value"]) for each in given}


@dataclass
class Span:
    trace: str
    id: str
    parent: Optional[str]
    name: str
    kind: str
    attributes: dict
    failed: bool
    state: str
    resource: dict

    @classmethod
    def read(cls, span, resource):
        assert TRACE.fullmatch(span["traceId"]) and SPAN.fullmatch(span["spanId"]), span
        assert "parentSpanId" not in span or SPAN.fullmatch(span["parentSpanId"]), span
        start, end = span["startTimeUnixNano"], span["endTimeUnixNano"]
        assert isinstance(start, str) and isinstance(end, str) and 1.7e18 < int(start) <= int(end), span
        return cls(
            span["traceId"], span["spanId"], span.get("parentSpanId"), span["name"], KINDS[span["kind"]],
            attributes(span["attributes"]), span.get("status", {}).get("code") == 2, span.get("traceState", ""),
            resource)


class Collector:
    """Keeps what it is sent. `status` is what it answers; with another than 200 it takes nothing, and `refused` has the names."""

    def __init__(self, port: int = 0):
        self.status = 200
        self.spans: "list[Span]" = []
        self.bodies: "list[bytes]" = []
        self.headers: "list[dict]" = []
        self.faults: "list[str]" = []
        self.refused: "list[str]" = []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if collector.status == 200:
                    collector.take(self.path, self.headers, body)
                else:
                    collector.refused += re.findall(r'"flags":1,"name":"([^"]*)"', body.decode())
                answer = b'{"partialSuccess":{}}'
                self.send_response(collector.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, headers, body):
        try:
            assert (path, headers["Content-Type"]) == ("/v1/traces", "application/json"), (path, headers)
            spans = []
            for group in json.loads(body)["resourceSpans"]:
                resource = attributes(group["resource"]["attributes"])
                for scope in group["scopeSpans"]:
                    assert scope["scope"]["name"] == "hibiki"
                    spans += [Span.read(span, resource) for span in scope["spans"]]
        except (AssertionError, KeyError, ValueError, TypeError) as error:
            self.faults.append(f"{error!r} in {body[:2000]!r}")
            return
        self.bodies.append(body)
        self.headers.append(dict(headers))
        self.spans += spans

    def of(self, trace: str) -> "list[Span]":
        return [span for span in self.spans if span.trace == trace]

    def wait(self, trace: str, names) -> "dict[str, Span]":
        """The spans of a trace by their names, once it has exactly these."""
        names = sorted(names)
        try:
            eventually(
                lambda: sorted(span.name for span in self.of(trace)) == names, timeout=20, what=f"the spans {names}")
        except AssertionError as error:
            raise AssertionError(f"{error}; there are {[span.name for span in self.of(trace)]} {self.faults}") from None
        return {span.name: span for span in self.of(trace)}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
