# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""A server under test, as a context manager.

    from support.server import Server

    with Server() as server:                        # hibiki serve --port 0
        urllib.request.urlopen(server.url + "/health")
    with Server("--production") as server: ...      # further arguments
    with Server(mode="echo") as server: ...         # hibiki echo --port 0

Budgets are off, because suites send faster than people: `--budgets` has them.

The binary is HIBIKI_BIN, or else `.build/release/hibiki` of this checkout. The server's output goes to a file, which is
printed when the block ends with an exception, and which `log()` reads at any time.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
ADDRESS = re.compile(r"listening on (?:https?|wss?)://(\S+):(\d+)")


class ServerError(Exception):
    """The server did not start, or ended by itself."""


def binary():
    """The path of the command under test; an error says how to make it."""
    path = pathlib.Path(os.environ.get("HIBIKI_BIN") or ROOT / ".build" / "release" / "hibiki").absolute()
    if not os.access(path, os.X_OK):
        raise ServerError(f"{path} is not there: build it with 'swift build -c release --product hibiki'")
    return str(path)


class Server:
    """One server process on a free port of 127.0.0.1.

    `command` replaces the whole command line (for other servers that print the same address line), `environment` is
    added to ours, `start_timeout` and `stop_timeout` are seconds. A server that is still there `stop_timeout` seconds
    after SIGTERM is killed, and `stop()` returns False.
    """

    def __init__(self, *arguments, mode="serve", command=None, environment=None, start_timeout=20, stop_timeout=15):
        self.command = list(command) if command else [binary(), mode, "--host", "127.0.0.1", "--port", "0"]
        self.command += [str(argument) for argument in arguments]
        self.environment = {**os.environ, **(environment or {})}
        self.start_timeout = start_timeout
        self.stop_timeout = stop_timeout
        self.host = None
        self.port = None
        self.process = None
        self.directory = None

    # Addresses

    @property
    def url(self):
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def ws(self):
        """`ws://127.0.0.1:PORT`, without a path."""
        return f"ws://{self.host}:{self.port}"

    # Life

    def start(self):
        """Starts the process and returns when it has printed its address."""
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-server-")
        self.log_path = pathlib.Path(self.directory.name) / "server.log"
        with self.log_path.open("wb") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd=self.directory.name, env={"HIBIKI_DATA": f"{self.directory.name}/data", "HIBIKI_BUDGETS": "false", **self.environment},
            )
        try:
            self._wait_for_address()
        except BaseException:
            self.stop()
            raise
        return self

    def _wait_for_address(self):
        deadline = time.monotonic() + self.start_timeout
        while True:
            ended = self.process.poll() is not None
            found = ADDRESS.search(self.log())
            if found:
                self.host, self.port = found.group(1).strip("[]"), int(found.group(2))
                return
            if ended:
                raise ServerError(f"the server ended with {self.process.returncode}:\n{self.log()}")
            if time.monotonic() > deadline:
                raise ServerError(f"no address within {self.start_timeout} s:\n{self.log()}")
            time.sleep(0.01)

    def stop(self):
        """SIGTERM, then SIGKILL after `stop_timeout`. True when the server went by itself, with status 0."""
        if self.process is None:
            return True
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(self.stop_timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return False
        return status == 0

    def kill(self):
        """SIGKILL: no goodbye to anybody."""
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        self.stop()
        if error is not None:
            self.print_log()
        self.close()

    def close(self):
        """Removes the log; `stop()` keeps it."""
        if self.directory is not None:
            self.directory.cleanup()
            self.directory = None

    # What can be seen from outside

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def rss(self):
        """Resident memory in bytes."""
        status = pathlib.Path(f"/proc/{self.pid}/status")
        if status.exists():
            return int(re.search(r"^VmRSS:\s+(\d+) kB", status.read_text(), re.MULTILINE).group(1)) * 1024
        kilobytes = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, check=True).stdout
        return int(kilobytes) * 1024

    def cpu(self):
        """Processor time used so far, in seconds (Linux)."""
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        """Open file descriptors (Linux)."""
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def log(self):
        """All that the server has printed."""
        return self.log_path.read_text(errors="replace")

    def print_log(self, lines=200):
        """The end of the log, on standard error."""
        print(f"--- {' '.join(self.command)}: last {lines} lines", file=sys.stderr)
        print("\n".join(self.log().splitlines()[-lines:]), file=sys.stderr, flush=True)


def eventually(condition, timeout=5, interval=0.01, what="the condition"):
    """Calls `condition` until it is true and returns its value; fails after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not hold within {timeout} s")
        time.sleep(interval)
