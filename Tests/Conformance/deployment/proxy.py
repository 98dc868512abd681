# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""nginx and HAProxy with the example configurations, on ports of our own."""

import pathlib
import subprocess
import tempfile

from deployment.files import DEPLOYMENT, changed, program, run
from support import nginx
from support.ports import accepts, free_port
from support.server import eventually


class Proxy:
    """A proxy in front of a server, which writes only into a folder of its own."""

    name = None

    def __init__(self, upstream):
        self.directory = tempfile.TemporaryDirectory(prefix=f"hibiki-{self.name}-")
        self.path = pathlib.Path(self.directory.name)
        self.port = free_port()
        self.output = self.path / "output.log"
        try:
            check, command = self.prepare(upstream)
            self.verdict = run(*check)
            with self.output.open("wb") as output:
                self.process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        except BaseException:
            self.directory.cleanup()
            raise

    def prepare(self, upstream):
        """Writes the configuration; returns the command that checks it, and the one that runs it."""
        raise NotImplementedError

    def wait(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"{self.name} ended: {self.output.read_text(errors='replace')}")
            return accepts(self.port)
        eventually(ready, 10, what=f"{self.name} accepting connections")

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.directory.cleanup()


class Nginx(Proxy):
    name = "nginx"

    def prepare(self, upstream):
        example = (DEPLOYMENT / "nginx" / "hibiki.conf").read_text()
        servers = changed(
            example, ("server 127.0.0.1:8080;", f"server 127.0.0.1:{upstream};"),
            ("listen 80;", f"listen 127.0.0.1:{self.port};"))
        command = nginx.command(program("nginx"), self.path, servers)
        return [*command, "-t"], command


class HAProxy(Proxy):
    name = "haproxy"

    def prepare(self, upstream):
        example = (DEPLOYMENT / "haproxy" / "hibiki.cfg").read_text()
        main = self.path / "haproxy.cfg"
        main.write_text(changed(
            # As many files as HAProxy wants for its own number are not everybody's to open.
            example, ("maxconn 20000", "maxconn 256"), ("bind :80\n", f"bind 127.0.0.1:{self.port}\n"), ("127.0.0.1:8080", f"127.0.0.1:{upstream}")))
        command = [program("haproxy"), "-f", str(main)]
        return [*command, "-c"], [*command, "-db"]
