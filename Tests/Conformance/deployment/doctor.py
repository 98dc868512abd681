# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""`hibiki doctor` on machines and settings with something wrong about them."""

import json
import os
import pathlib
import resource
import socket
import subprocess
import tempfile
import unittest

from deployment.files import program, run
from support.ports import free_port
from support.server import Server, binary


def doctor(*arguments, environment=None, limit=None, status=None):
    """The findings by check; `status` is what it has to end with, `limit` how many files it may have open."""
    def lower():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    done = subprocess.run(
        [binary(), "doctor", "--json", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=30, preexec_fn=lower, env={**os.environ, **(environment or {})})
    report = json.loads(done.stdout)
    worst = report["status"]
    if done.returncode != (1 if worst == "failure" else 0) or status not in (None, done.returncode):
        raise AssertionError(f"ended with {done.returncode} for {report}")
    found = {}
    for finding in report["findings"]:
        if (finding["advice"] is None) != (finding["status"] == "ok"):
            raise AssertionError(f"without advice, or with one for nothing: {finding}")
        found.setdefault(finding["check"], []).append(finding)
    return found


def statuses(findings):
    return [finding["status"] for finding in findings]


class Doctor(unittest.TestCase):
    def test_a_free_port_and_defaults_are_fine(self):
        found = doctor("--port", free_port(), status=0)
        for check in ("settings", "access", "port", "server", "data", "clock"):
            self.assertEqual(statuses(found[check]), ["ok"], check)

    def test_for_people_each_finding_is_a_line_with_its_advice_below(self):
        text = run(binary(), "doctor", "--port", 0, "--host", "0.0.0.0")
        self.assertRegex(text, r"(?m)^ok {7}settings: .*\.$")
        self.assertRegex(text, r"(?m)^warning  access: .*\.\n {9}Set production: true.*\.$")
        self.assertRegex(text.splitlines()[-1], r"^\d+ ok, \d+ to think about, 0 to repair$")

    def test_a_running_server_is_recognised_and_asked(self):
        with Server() as server:
            found = doctor("--port", server.port, status=0)
            self.assertEqual(statuses(found["port"] + found["server"]), ["ok", "ok"])
            self.assertIn('"ready"', found["server"][0]["message"])
            self.assertEqual(list(doctor("--port", server.port, "--running", status=0)), ["server"])

    def test_running_fails_where_no_server_is(self):
        found = doctor("--port", free_port(), "--running", status=1)
        self.assertEqual(statuses(found["server"]), ["failure"])

    def test_who_has_taken_the_port_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            found = doctor("--port", listener.getsockname()[1], status=1)
        self.assertEqual(statuses(found["port"]), ["failure"])
        self.assertIn(f"(process {os.getpid()})", found["port"][0]["message"])
        self.assertEqual(statuses(found["server"]), ["warning"])

    def test_an_address_of_another_machine_cannot_be_opened(self):
        self.assertEqual(statuses(doctor("--host", "192.0.2.1", status=1)["port"]), ["failure"])

    def test_few_descriptors_are_a_warning_and_hardly_any_a_failure(self):
        self.assertEqual(statuses(doctor("--port", 0, limit=4_096, status=0)["descriptors"]), ["warning"])
        self.assertEqual(statuses(doctor("--port", 0, limit=128, status=1)["descriptors"]), ["failure"])
        found = doctor("--port", 0, "--healthy-connections", 1_000, limit=4_096, status=0)
        self.assertEqual(statuses(found["descriptors"]), ["ok"])

    def test_what_is_open_to_everybody_is_a_warning(self):
        for arguments in (["--host", "0.0.0.0"], ["--production", "--allowed-origin", "*"],
                          ["--host", "0.0.0.0", "--production", "--metrics", "open"]):
            self.assertEqual(statuses(doctor("--port", 0, *arguments, status=0)["access"]), ["warning"], arguments)
        found = doctor("--port", 0, "--host", "0.0.0.0", "--production", status=0)
        self.assertEqual(statuses(found["access"]), ["ok"])

    def settings(self, text, name="hibiki.yaml"):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = pathlib.Path(directory.name) / name
        path.write_text(text)
        return path

    def test_every_mistake_in_a_file_is_named_not_only_the_first(self):
        path = self.settings("port: many\nmax-fields: 0\nlog-level: loud\n")
        found = doctor("--config", path, "--port", 0, "--max-fields", 0, status=1)
        words = " ".join(finding["message"] for finding in found["settings"])
        for key in ("max-fields", "log-level"):
            self.assertIn(key, words)

    def test_a_name_that_no_setting_has_is_a_warning(self):
        path = self.settings("port: 0\n# a comment: this\nallowed-origin:\n  - https://a.example\nprot: 1\n")
        found = doctor("--config", path, status=0)
        self.assertEqual(statuses(found["settings"]), ["warning", "ok"])
        self.assertIn('"prot"', found["settings"][0]["message"])

    def test_a_file_that_is_not_there_or_not_yaml_is_a_failure(self):
        for path in ("/nonexistent/hibiki.yaml", self.settings("port: [1\n"), self.settings("{", "hibiki.json")):
            self.assertEqual(doctor("--config", path, status=1)["settings"][0]["status"], "failure", path)

    def test_a_data_folder_has_to_be_there_and_to_be_one(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "file"
            file.touch()
            for path, status in ((folder, 0), (file, 1), (f"{folder}/none", 1)):
                found = doctor("--port", 0, environment={"HIBIKI_DATA": str(path)}, status=status)
                self.assertIn(str(path), found["data"][0]["message"])

    def test_the_settings_of_the_package_are_right(self):
        path = pathlib.Path(__file__).resolve().parents[3] / "Deployment" / "debian" / "hibiki.yaml"
        with tempfile.TemporaryDirectory() as folder:
            found = doctor("--config", path, "--port", 0, "--data", folder, status=0)
        self.assertEqual(statuses(found["settings"] + found["access"] + found["data"]), ["ok", "ok", "ok"])

    def test_settings_that_do_not_go_together_are_a_failure(self):
        found = doctor("--port", 0, "--tls-certificate", "/nonexistent/chain.pem", status=1)
        self.assertIn("belong together", found["settings"][0]["message"])

    def certificate(self, days):
        """A certificate for so many days, and its key; by openssl, as most are."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        chain, key = pathlib.Path(directory.name) / "chain.pem", pathlib.Path(directory.name) / "key.pem"
        run(program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", days, "-subj", "/CN=localhost", "-out", chain, "-keyout", key)
        return ["--tls-certificate", chain, "--tls-key", key]

    def test_a_certificate_has_to_be_there_and_to_last(self):
        for days, status in ((90, "ok"), (10, "warning")):
            found = doctor("--port", 0, *self.certificate(days), status=0)
            self.assertEqual(statuses(found["certificate"]), [status])
        missing = ["--tls-certificate", "/nonexistent/chain.pem", "--tls-key", "/nonexistent/key.pem"]
        self.assertEqual(statuses(doctor("--port", 0, *missing, status=1)["certificate"]), ["failure"])

    def test_a_server_that_speaks_tls_is_asked_in_tls(self):
        arguments = self.certificate(90)
        with Server(*arguments) as server:
            found = doctor("--port", server.port, "--running", *arguments, status=0)
            self.assertIn('"ready"', found["server"][0]["message"])
            self.assertEqual(statuses(doctor("--port", server.port, "--running", status=1)["server"]), ["failure"])

    def test_a_server_that_wants_a_header_of_the_proxy_protocol_gets_one(self):
        arguments = ["--proxy-protocol", "--trusted-proxy", "127.0.0.1"]
        with Server(*arguments) as server:
            found = doctor("--port", server.port, "--running", *arguments, status=0)
            self.assertIn('"ready"', found["server"][0]["message"])
