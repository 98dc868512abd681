# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""What can be said about the Dockerfile without an engine: its paths, its words, its settings and its health check."""

import fnmatch
import json
import pathlib
import re
import subprocess
import tempfile
import unittest

from deployment.files import DEPLOYMENT, ROOT, run
from support.ports import free_port
from support.server import Server, binary

DOCKERFILE = DEPLOYMENT / "docker" / "Dockerfile"
INSTRUCTIONS = {
    "FROM", "RUN", "COPY", "WORKDIR", "USER", "ENV", "EXPOSE", "VOLUME", "HEALTHCHECK", "STOPSIGNAL", "ENTRYPOINT", "CMD",
}


def instructions():
    """(instruction, its words) in their order, with continued lines joined and comments left out."""
    lines = [line for line in DOCKERFILE.read_text().splitlines() if not line.startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def stages():
    """The instructions of each stage."""
    result = []
    for word, rest in instructions():
        if word == "FROM":
            result.append([])
        result[-1].append((word, rest))
    return result


class Container(unittest.TestCase):
    def words(self, name):
        return [rest for word, rest in stages()[-1] if word == name]

    def environment(self):
        return dict(pair.split("=", 1) for rest in self.words("ENV") for pair in rest.split())

    def test_every_instruction_is_one(self):
        self.assertLessEqual({word for word, _ in instructions()}, INSTRUCTIONS)
        self.assertEqual(len(stages()), 2)

    def test_what_is_copied_is_there_and_not_ignored(self):
        kept = [line[1:] for line in (DEPLOYMENT / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
                if line.startswith("!")]
        for rest in (rest for word, rest in instructions() if word == "COPY" and "--from" not in rest):
            source = rest.split()[0].removeprefix("./")
            self.assertTrue((ROOT / source).exists(), source)
            self.assertTrue(any(fnmatch.fnmatch(source, name) for name in kept), f"{source} is ignored")

    def test_what_the_second_stage_takes_from_the_first_is_made_there(self):
        (source,) = [rest.split()[1] for rest in self.words("COPY") if "--from=build" in rest]
        made = " ".join(rest for word, rest in stages()[0] if word == "RUN")
        self.assertRegex(made, rf"-o {re.escape(source)} \.build/release/hibiki$")
        self.assertIn("scripts/release.sh hibiki", made)

    def test_every_target_of_the_package_is_copied(self):
        with tempfile.TemporaryDirectory() as scratch:
            # In a folder of its own it does not wait for a build that is under way.
            manifest = json.loads(subprocess.run(
                ["swift", "package", "--scratch-path", scratch, "dump-package"], cwd=ROOT, check=True,
                capture_output=True, timeout=120).stdout)
        copied = {rest.split()[0].removeprefix("./") for word, rest in stages()[0] if word == "COPY"}
        for target in manifest["targets"]:
            home = "Tests" if target["type"] == "test" else "Sources"
            path = pathlib.PurePath(target.get("path") or f"{home}/{target['name']}")
            self.assertTrue(copied & {str(folder) for folder in (path, *path.parents)}, f"{path} is not copied")

    def test_the_image_has_the_libraries_that_the_binary_wants(self):
        wanted = set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "--dynamic", binary())))
        packages = {"libc.so.6": None, "libm.so.6": None, "ld-linux-x86-64.so.2": None, "ld-linux-aarch64.so.1": None,
                    "libgcc_s.so.1": "libstdc++6", "libstdc++.so.6": "libstdc++6", "libz.so.1": "zlib1g",
                    "libsqlite3.so.0": "libsqlite3-0", "libpq.so.5": "libpq5"}
        self.assertLessEqual(wanted, set(packages))
        installed = " ".join(rest for word, rest in stages()[-1] if word == "RUN")
        for library in wanted:
            self.assertIn(packages[library] or "", installed)

    def test_the_server_is_not_run_by_root(self):
        (user,) = self.words("USER")
        self.assertRegex(user, r"^[1-9]\d*:[1-9]\d*$")
        names = [word for word, _ in stages()[-1]]
        self.assertLess(names.index("USER"), names.index("ENTRYPOINT"))

    def test_its_settings_are_settings_of_the_server(self):
        told = run(binary(), *json.loads(self.words("CMD")[0]), "--print-config", env=self.environment())
        for line in ('host: "0.0.0.0"', "port: 8080", "production: true", "log-format: json"):
            self.assertIn(line, told.splitlines())
        self.assertEqual(self.words("EXPOSE"), ["8080"])

    def test_its_health_check_tells_a_server_that_runs_from_none(self):
        (check,) = self.words("HEALTHCHECK")
        command = json.loads(check.partition("CMD")[2])
        self.assertEqual(command[0], json.loads(self.words("ENTRYPOINT")[0])[0])
        environment = {**self.environment(), "HIBIKI_PORT": str(free_port())}
        run(binary(), *command[1:], env=environment, status=1)
        with Server(environment=self.environment()) as server:
            run(binary(), *command[1:], env={**environment, "HIBIKI_PORT": str(server.port)})
