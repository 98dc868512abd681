# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""All transports through nginx, with the settings that the documentation recommends and nginx's buffering left on."""

import pathlib
import shutil
import subprocess
import tempfile

import httpx
from httpx_sse import connect_sse

from clients.python import Connection
from support import nginx
from support.case import ServerCase
from support.ports import accepts, free_port
from support.server import eventually

SERVERS = """
map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass http://127.0.0.1:{upstream};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
        proxy_read_timeout 75s;
    }}
}}
"""


class Nginx:
    """nginx in front of a server, with everything it writes in a directory of its own."""

    def __init__(self, upstream):
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
        if not program:
            raise AssertionError("nginx is missing: run scripts/bootstrap.sh test")
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-nginx-")
        self.port = free_port()
        path = pathlib.Path(self.directory.name)
        self.error_log = path / "error.log"
        self.process = subprocess.Popen(
            nginx.command(program, path, SERVERS.format(port=self.port, upstream=upstream)), stdin=subprocess.DEVNULL)

    def wait(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"nginx ended: {self.error_log.read_text()}")
            return accepts(self.port)
        eventually(ready, 10, what="nginx accepting connections")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.directory.cleanup()


class BehindNginx(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.server.stop)
        cls.nginx = Nginx(cls.server.port)
        cls.addClassCleanup(cls.nginx.stop)
        cls.nginx.wait()
        cls.base = f"http://127.0.0.1:{cls.nginx.port}"

    def test_websocket(self):
        """a WebSocket passes through nginx, with its origin and its compression"""
        address = f"ws://127.0.0.1:{self.nginx.port}/ws"
        with Connection(address, origin=self.base) as one:
            self.assertIn("permessage-deflate", one.socket.response.headers["Sec-WebSocket-Extensions"])
            one.ask("reply", type="subscribe", topic=self.topic, id=1)
            self.publish({"n": 1}, base=self.base)
            self.assertEqual(one.receive("event")["payload"], {"n": 1})

    def test_event_stream(self):
        """each event of a stream passes through nginx at once, although nginx buffers by default"""
        with httpx.Client(timeout=10, trust_env=False) as client:
            with connect_sse(client, "GET", self.events_url(self.base)) as source:
                events = (event for event in source.iter_sse() if event.data)
                self.assertEqual(next(events).event, "connected")
                for n in range(3):
                    position = self.publish({"n": n}, base=self.base)
                    event = next(events)
                    self.assertEqual((event.id, event.json()), (position, {"n": n}))

    def test_polls(self):
        """short and long polls pass through nginx on kept connections"""
        position = self.publish({"n": 1}, base=self.base)
        body, last = self.poll(self.base)
        self.assertEqual(([event["position"] for event in body["events"]], last), ([position], body["lastEventId"]))
        with httpx.Client(timeout=10, trust_env=False) as client:
            answer = client.get(self.events_url(self.base, since=last, wait=1))
            self.assertEqual((answer.status_code, answer.headers["Last-Event-ID"]), (204, last))
