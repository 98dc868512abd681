# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""promtool, and a Prometheus of one's own on a free port."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from support.ports import free_port
from support.server import ROOT, ServerError, eventually

RULES = ROOT / "Deployment" / "prometheus" / "hibiki.rules.yml"


def command(name):
    """The path of `prometheus` or `promtool`; Debian's package is installed where it is missing and may be."""
    if shutil.which(name) is None:
        subprocess.run(["sh", str(ROOT / "scripts" / "bootstrap.sh"), "operations"], check=True)
    path = shutil.which(name)
    if path is None:
        raise ServerError(f"{name} is not there: install Debian's package prometheus")
    return path


def promtool(*arguments, given=None):
    """Runs promtool, and returns its status and all that it printed."""
    done = subprocess.run(
        [command("promtool"), *map(str, arguments)], input=given, capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout + done.stderr


class Prometheus:
    """A Prometheus that scrapes the given addresses every second, as a context manager."""

    def __init__(self, *targets):
        self.targets = targets

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="hibiki-prometheus-")
        try:
            self.start(pathlib.Path(self.directory.name))
        except BaseException:
            self.directory.cleanup()
            raise
        return self

    def start(self, home):
        configuration = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(RULES)],
            "scrape_configs": [{"job_name": "hibiki", "static_configs": [{"targets": list(self.targets)}]}],
        }
        # JSON is YAML.
        (home / "prometheus.yml").write_text(json.dumps(configuration))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = home / "log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [command("prometheus"), f"--config.file={home / 'prometheus.yml'}",
                 f"--storage.tsdb.path={home / 'data'}", f"--web.listen-address=127.0.0.1:{port}"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=home,
                env={**os.environ, "GOMAXPROCS": "2"},
            )
        try:
            eventually(self.is_ready, timeout=30, interval=0.05, what="a Prometheus that is ready")
        except BaseException:
            print(self.log.read_text(errors="replace"))
            self.stop()
            raise

    def is_ready(self):
        if self.process.poll() is not None:
            raise ServerError(f"Prometheus ended with {self.process.returncode}")
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def ask(self, path, **query):
        """The `data` of one answer of its API."""
        with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
            return json.load(answer)["data"]

    def value(self, expression):
        """The value of an expression with one series; None if there is none."""
        result = self.ask("query", query=expression)["result"]
        return float(result[0]["value"][1]) if len(result) == 1 else None

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, kind, error, trace):
        self.stop()
        if error is not None:
            print(self.log.read_text(errors="replace")[-4000:])
        self.directory.cleanup()
