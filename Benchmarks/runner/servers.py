# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""Starting a server on its core and ending it."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

LISTENING = re.compile(rb"https?://127\.0\.0\.1:(\d+)\s")
PEERS = Path(__file__).resolve().parent.parent / "peers"


class ServerFailure(Exception):
    """A server that did not start, or ended by itself."""


class Server:
    """One process of one of the servers of `command_of`, with its output in a log file; a context manager. `flags` go
    to it as they are."""

    def __init__(self, settings, server, *flags, extra_environment=None):
        self.command = ["taskset", "-c", str(settings.server_core), *command_of(settings, server), *flags]
        self.log = settings.output / f"{server}.log"
        self.environment = dict(os.environ, **(extra_environment or {}))
        if server == "ws":
            self.environment["NODE_PATH"] = settings.node_path

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=self.environment
            )
        try:
            self.port = self.wait_for_port()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def pid(self):
        """taskset replaces itself by the server, so this is the server's own."""
        return self.process.pid

    def wait_for_port(self, limit=30):
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            found = LISTENING.search(self.log.read_bytes())
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise ServerFailure(f"{' '.join(self.command)} did not say where it listens; see {self.log}")

    def end(self):
        """Asks for an end; a server may drain for a while, and nothing here needs it to."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def command_of(settings, server):
    one_thread = ("--threads", "1", "--port", "0")
    match server:
        case "ws":
            return [settings.node, str(PEERS / "ws-server.js")]
        case "floor":
            return [str(settings.output / "floor")]
        case "python-socketio":
            return [str(settings.python), "-B", str(PEERS / "socketio-server.py")]
        case "target":
            return [str(settings.target), *one_thread]
        case "hibiki-echo":
            return [str(settings.hibiki), "echo", *one_thread]
        case "hibiki-serve":
            unlimited = ("--no-budgets", "--max-connections", "1000000", "--max-connections-per-address", "1000000")
            return [str(settings.hibiki), "serve", *one_thread, *unlimited]
    raise ValueError(f"no server is called {server}")
