# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

"""A PostgreSQL of a test's or a benchmark's own, durable as it comes, and gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

SETTINGS = ("fsync = on", "synchronous_commit = on", "max_connections = 100", "listen_addresses = '127.0.0.1'")


class PostgresFailure(Exception):
    """PostgreSQL is not there, or does not start."""


def programs():
    """The folder of the newest version; Debian keeps it out of the path."""
    folders = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in [*folders, Path("/opt/homebrew/bin"), Path("/usr/local/bin"), Path("/usr/bin")]:
        if (folder / "initdb").exists():
            return folder
    raise PostgresFailure("PostgreSQL is missing: install Debian's postgresql.")


def owner():
    """Who it runs as, where that is somebody else: PostgreSQL refuses root."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Postgres:
    """with Postgres(folder) as server: server.address"""

    def __init__(self, folder, name="postgres"):
        self.folder = Path(folder) / name
        self.port = free_port()
        self.programs = programs()
        self.prefix = ["runuser", "-u", owner(), "--"] if owner() else []

    @property
    def address(self):
        return f"postgres://hibiki@127.0.0.1:{self.port}/postgres"

    def __enter__(self):
        self.folder.mkdir()
        if owner():
            shutil.chown(self.folder, owner())
        data = self.folder / "data"
        made = subprocess.run(
            [*self.prefix, self.programs / "initdb", "-D", data, "-U", "hibiki", "-E", "UTF8", "--no-locale", "--auth=trust"],
            cwd="/", capture_output=True, text=True)
        if made.returncode:
            raise PostgresFailure(made.stderr)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *SETTINGS, f"port = {self.port}", f"unix_socket_directories = '{self.folder}'", ""]))
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [*self.prefix, self.programs / "postgres", "-D", data], cwd="/", stdout=log, stderr=log)
        return self.wait()

    def wait(self):
        """The eighth line of the file with the process number says when it is ready."""
        deadline = time.monotonic() + 60
        while self.line(8) != "ready":
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise PostgresFailure((self.folder / "log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.05)
        return self

    def line(self, number):
        try:
            return (self.folder / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n")[number - 1].strip()
        except (OSError, IndexError):
            return ""

    def __exit__(self, *failure):
        process = self.line(1)
        if process.isdigit():
            os.kill(int(process), signal.SIGINT)
        self.process.wait(60)
