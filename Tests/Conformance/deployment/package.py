# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The Debian package and the tar file: made from the binary under test, looked at, unpacked and run."""

import gzip
import os
import pathlib
import re
import stat
import subprocess
import sys
import tarfile
import tempfile
import unittest

from deployment.files import ROOT, program, run
from support.server import Server, binary

MAKER = {"DEBFULLNAME": "A Maker", "DEBEMAIL": "maker@example.net", "SOURCE_DATE_EPOCH": "1700000000"}


def make(output):
    """Packages in a folder, compressed in a hurry."""
    run(sys.executable, "-B", ROOT / "scripts" / "dist.py", "--binary", binary(), "--output", output, "--level", 1,
        env={**os.environ, **MAKER})


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not os.path.exists("/usr/bin/dpkg-deb"):
            raise unittest.SkipTest("needs the tools of Debian")
        directory = tempfile.TemporaryDirectory(prefix="hibiki-dist-")
        cls.addClassCleanup(directory.cleanup)
        cls.output = pathlib.Path(directory.name)
        make(cls.output / "dist")
        (cls.deb,) = (cls.output / "dist").glob("*.deb")
        (cls.tar,) = (cls.output / "dist").glob("*.tar.gz")
        cls.root = cls.output / "root"
        run("dpkg-deb", "--extract", cls.deb, cls.root)
        run("dpkg-deb", "--control", cls.deb, cls.output / "control")
        cls.binary = cls.root / "usr/bin/hibiki"

    def field(self, name):
        return run("dpkg-deb", "--field", self.deb, name).strip()

    def test_lintian_has_nothing_to_say(self):
        self.assertEqual(run(program("lintian"), "--allow-root", self.deb).strip(), "")

    def test_it_declares_every_library_that_the_binary_is_linked_with(self):
        wanted = set(re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "--dynamic", self.binary)))
        declared = {entry.split()[0] for entry in self.field("Depends").split(", ")}
        for library in wanted:
            path = re.search(rf"{re.escape(library)} .*=> (\S+)", run("/sbin/ldconfig", "-p")).group(1)
            owners = subprocess.run(
                ["dpkg-query", "--search", path, os.path.realpath(path)], capture_output=True, text=True).stdout
            packages = {line.split(":")[0] for line in owners.splitlines()}
            self.assertTrue(packages & declared, f"{library} comes from {packages}, and {declared} are declared")

    def test_it_says_what_it_is(self):
        self.assertEqual(self.field("Version"), run(binary(), "--version").strip())
        self.assertEqual(self.field("Maintainer"), "A Maker <maker@example.net>")
        self.assertEqual(self.field("Architecture"), run("dpkg", "--print-architecture").strip())

    def test_everything_in_it_belongs_to_root_and_may_be_written_by_nobody_else(self):
        for line in run("dpkg-deb", "--contents", self.deb).splitlines():
            rights, owner = line.split()[:2]
            self.assertEqual(owner, "root/root", line)
            self.assertRegex(rights, r"^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--)$", line)

    def test_settings_that_were_changed_survive_an_update(self):
        self.assertEqual((self.output / "control/conffiles").read_text(), "/etc/hibiki/hibiki.yaml\n")

    def test_the_checksums_are_right(self):
        run("md5sum", "--check", "--quiet", self.output / "control/md5sums", cwd=self.root)

    def test_its_scripts_are_shell_and_do_nothing_where_they_are_not_called_for(self):
        for name in ("postinst", "prerm", "postrm"):
            script = self.output / "control" / name
            self.assertTrue(script.stat().st_mode & stat.S_IXUSR, name)
            run("sh", "-n", script)
            self.assertEqual(run("sh", script, "abort-upgrade", "0"), "", name)

    def test_it_is_installed_updated_removed_and_purged(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to mount a copy of the machine")
        script = pathlib.Path(__file__).with_name("install.sh")
        done = subprocess.run(
            [program("unshare"), "--mount", "sh", script, self.deb], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=120)
        if done.returncode == 77:
            self.skipTest("the kernel allows no such copy")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_binary_runs_from_where_it_was_unpacked(self):
        self.assertEqual(run(self.binary, "--version"), run(binary(), "--version"))
        data = self.output / "data"
        data.mkdir()
        settings = ["--config", self.root / "etc/hibiki/hibiki.yaml", "--port", "0", "--data", data]
        self.assertIn("0 to repair", run(self.binary, "doctor", *settings))
        command = [self.binary, "serve", *settings]
        with Server(command=command) as server:
            self.assertIn('"ready"', run(self.binary, "doctor", "--port", server.port, "--running"))

    def test_the_manual_page_names_every_command_and_every_setting(self):
        page = self.root / "usr/share/man/man1/hibiki.1.gz"
        environment = {**os.environ, "MANWIDTH": "200", "MANROFFOPT": "-c"}
        text = run(program("man"), "--local-file", "--warnings", "--encoding=ASCII", page, env=environment)
        self.assertNotRegex(text, r"(?i)warning:|error:")
        text = re.sub(".\b", "", text)
        for command in re.findall(r"^  (\w+) {2,}", run(binary(), "--help"), re.MULTILINE):
            self.assertIn(f"hibiki {command}", text)
        for flag in re.findall(r"^  (--[a-z-]+)", run(binary(), "serve", "--help"), re.MULTILINE):
            if flag not in ("--version", "--help"):
                self.assertIn(flag, text)

    def test_completions_know_the_commands(self):
        for path in ("bash-completion/completions/hibiki", "zsh/vendor-completions/_hibiki",
                     "fish/vendor_completions.d/hibiki.fish"):
            text = (self.root / "usr/share" / path).read_text()
            self.assertIn("doctor", text)
            self.assertNotIn("#!", text)
        run("bash", "-n", self.root / "usr/share/bash-completion/completions/hibiki")

    def test_the_notices_are_those_of_what_is_linked(self):
        text = gzip.decompress(
            (self.root / "usr/share/doc/hibiki/third-party-notices.txt.gz").read_bytes()).decode()
        named = set(re.findall(r"^=+\n([\w-]+): ", text, re.MULTILINE))
        self.assertLessEqual({"swift-nio", "swift-log", "hummingbird", "swift-argument-parser", "Yams", "Swift"}, named)
        self.assertIn("Apache License", text)

    def test_the_tar_file_has_the_same_binary_and_the_licence(self):
        with tarfile.open(self.tar) as tar:
            names = [member.name for member in tar.getmembers()]
            (top,) = {name.split("/")[0] for name in names}
            self.assertEqual({member.uname for member in tar.getmembers()}, {"root"})
            self.assertEqual(tar.extractfile(f"{top}/bin/hibiki").read(), self.binary.read_bytes())
            self.assertEqual(tar.extractfile(f"{top}/LICENSE").read(), (ROOT / "LICENSE").read_bytes())
            for name in ("etc/hibiki/hibiki.yaml", "lib/systemd/system/hibiki.service", "share/man/man1/hibiki.1.gz"):
                self.assertIn(f"{top}/{name}", names)

    def test_the_same_binary_gives_the_same_bytes(self):
        make(self.output / "again")
        for path in (self.deb, self.tar):
            self.assertEqual((self.output / "again" / path.name).read_bytes(), path.read_bytes(), path.name)
