# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Makes what is given to people, from a binary that is built: dist.py [--binary FILE] [--output FOLDER] [--level 1…9]

A Debian package and a tar file, both with the service unit, the default configuration, the manual page, completions for
three shells, examples and the licences of what is linked. Two runs over the same binary give the same bytes: times come
from SOURCE_DATE_EPOCH, or from the last commit. The name and address of whoever makes the package come from DEBFULLNAME
and DEBEMAIL, as for other tools of Debian.

The licences are those of the packages in the build folder that the binary lies in, or else in .build.
"""

import argparse
import gzip
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

import manual
import notices
import stages

DEPLOYMENT = stages.ROOT / "Deployment"
EXAMPLES = {
    "nginx/hibiki.conf": "nginx", "haproxy/hibiki.cfg": "haproxy", "prometheus/hibiki.rules.yml": "prometheus",
    "prometheus/prometheus.yml": "prometheus", "grafana/hibiki.json": "grafana",
}
DOC = "usr/share/doc/hibiki"
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/hibiki",
    "zsh": "usr/share/zsh/vendor-completions/_hibiki",
    "fish": "usr/share/fish/vendor_completions.d/hibiki.fish",
}
# What lintian is right about, and what stays.
OVERRIDES = """# Packages of SwiftPM carry these with them: Yams libyaml, and swift-nio-extras zlib under names of its own. What
# Hibiki itself inflates and deflates with is the system's zlib.
hibiki: embedded-library *libyaml*
hibiki: embedded-library *zlib*
"""
COPYRIGHT = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: hibiki

Files: *
Copyright: {year} Hibiki contributors
License: Apache-2.0
 On Debian systems the text of the Apache License 2.0 is in
 /usr/share/common-licenses/Apache-2.0.
Comment:
 The licences of the packages that the binary is linked from are in
 third-party-notices.txt.gz beside this file.
"""


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options).stdout


def epoch():
    """The time that everything in the package has, in seconds since 1970."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    try:
        return int(run("git", "-C", stages.ROOT, "log", "-1", "--format=%ct"))
    except (OSError, subprocess.CalledProcessError, ValueError):
        return int(time.time())


def build_folder(binary):
    folder = binary.absolute().parents[1]
    return folder if (folder / "checkouts").is_dir() else stages.ROOT / ".build"


def completion(binary, shell):
    """Without the first line of a program: a shell reads it, and nobody runs it."""
    text = run(binary, "--generate-completion-script", shell)
    return text.partition("\n")[2] if text.startswith("#!") else text


def debian_changelog(version, when):
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(when))
    return f"hibiki ({version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- {maintainer()}  {date}\n"


def compressed(text):
    return gzip.compress(text.encode(), mtime=0)


class Stage:
    """The files of the package in a folder, with the rights that they will have."""

    def __init__(self, root, binary, when, level):
        self.root, self.binary, self.when, self.level = root, binary, when, level
        self.version = run(binary, "--version").strip()

    def add(self, path, content, mode=0o644):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        target.chmod(mode)

    def fill(self):
        target = self.root / "usr/bin/hibiki"
        target.parent.mkdir(parents=True)
        run("strip", "--strip-unneeded", "--remove-section=.comment", "-o", target, self.binary)
        target.chmod(0o755)
        self.add("usr/lib/systemd/system/hibiki.service", (DEPLOYMENT / "systemd/hibiki.service").read_bytes())
        self.add("etc/hibiki/hibiki.yaml", (DEPLOYMENT / "debian/hibiki.yaml").read_bytes())
        date = time.strftime("%Y-%m-%d", time.gmtime(self.when))
        self.add("usr/share/man/man1/hibiki.1.gz", compressed(manual.make(self.binary, date)))
        for shell, path in COMPLETIONS.items():
            self.add(path, completion(self.binary, shell))
        for source, folder in EXAMPLES.items():
            self.add(f"{DOC}/examples/{folder}/{pathlib.Path(source).name}", (DEPLOYMENT / source).read_bytes())
        self.add(f"{DOC}/copyright", COPYRIGHT.format(year=date[:4]))
        self.add(f"{DOC}/CHANGELOG.md.gz", compressed((stages.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
        notes = notices.collect(build_folder(self.binary), "hibiki")
        self.add(f"{DOC}/third-party-notices.txt.gz", compressed(notes))

    def settle(self):
        """Gives all files one time, and folders the usual rights."""
        for path in sorted(self.root.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
            os.utime(path, (self.when, self.when))
        os.utime(self.root, (self.when, self.when))


# The tar file


def make_tar(stage, output):
    """`bin`, `share` and `etc` below one folder, to unpack anywhere."""
    name = f"hibiki-{stage.version}-{platform.system().lower()}-{platform.machine()}"
    path = output / f"{name}.tar.gz"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", stage.level, raw, stage.when) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(member(tar, stages.ROOT / "LICENSE", f"{name}/LICENSE", stage.when),
                    (stages.ROOT / "LICENSE").open("rb"))
        for source in sorted(path for path in stage.root.rglob("*") if path.is_file()):
            inside = str(source.relative_to(stage.root)).removeprefix("usr/")
            tar.addfile(member(tar, source, f"{name}/{inside}", stage.when), source.open("rb"))
    return path


def member(tar, source, name, when):
    info = tar.gettarinfo(str(source), name)
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mtime = when
    return info


# The Debian package


def dependencies(binary):
    """The packages of the shared libraries that the binary is linked with, in their least versions."""
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        (folder / "debian").mkdir()
        (folder / "debian/control").write_text("Source: hibiki\n\nPackage: hibiki\nArchitecture: any\n")
        told = run("dpkg-shlibdeps", "-O", "--warnings=0", f"-e{binary}", cwd=folder)
    found = re.search(r"^shlibs:Depends=(.*)$", told, re.MULTILINE)
    if not found:
        raise SystemExit("dist: dpkg-shlibdeps does not know the libraries of the binary")
    return found.group(1)


def maintainer():
    """Without an address of its maker a package says that it is somebody's own build."""
    name, address = os.environ.get("DEBFULLNAME", "Hibiki contributors"), os.environ.get("DEBEMAIL", "root@localhost")
    return f"{name} <{address}>"


def control(stage, architecture):
    size = sum(path.stat().st_size for path in stage.root.rglob("*") if path.is_file()) // 1024
    values = {
        "VERSION": stage.version, "ARCHITECTURE": architecture, "MAINTAINER": maintainer(), "SIZE": str(size),
        "DEPENDS": dependencies(stage.root / "usr/bin/hibiki"),
    }
    text = (DEPLOYMENT / "debian/control.in").read_text()
    return re.sub(r"@([A-Z]+)@", lambda found: values[found.group(1)], text)


def make_deb(stage, output):
    architecture = run("dpkg", "--print-architecture").strip()
    text = control(stage, architecture)
    stage.add(f"{DOC}/changelog.gz", compressed(debian_changelog(stage.version, stage.when)))
    stage.add("usr/share/lintian/overrides/hibiki", OVERRIDES)
    files = sorted(path for path in stage.root.rglob("*") if path.is_file())
    sums = "".join(f"{run('md5sum', path).split()[0]}  {path.relative_to(stage.root)}\n" for path in files
                   if not path.is_relative_to(stage.root / "etc"))
    stage.add("DEBIAN/control", text)
    stage.add("DEBIAN/md5sums", sums)
    stage.add("DEBIAN/conffiles", "/etc/hibiki/hibiki.yaml\n")
    for script in ("postinst", "prerm", "postrm"):
        stage.add(f"DEBIAN/{script}", (DEPLOYMENT / "debian" / script).read_bytes(), 0o755)
    stage.settle()
    path = output / f"hibiki_{stage.version}_{architecture}.deb"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(stage.when)}
    run("dpkg-deb", "--root-owner-group", "-Zxz", f"-z{stage.level}", "--build", stage.root, path, env=environment)
    return path


def main():
    parser = argparse.ArgumentParser(description="Makes a Debian package and a tar file.")
    parser.add_argument("--binary", type=pathlib.Path, default=stages.ROOT / ".build/release/hibiki")
    parser.add_argument("--output", type=pathlib.Path, default=stages.ROOT / ".build/dist")
    parser.add_argument("--level", type=int, default=6, choices=range(1, 10), help="of compression")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory) / "hibiki"
        root.mkdir()
        stage = Stage(root, options.binary.absolute(), epoch(), options.level)
        try:
            stage.fill()
        except notices.Unknown as problem:
            print(f"dist: {problem}", file=sys.stderr)
            return 1
        except subprocess.CalledProcessError as problem:
            print(f"dist: {' '.join(problem.cmd)} failed: {problem.stderr.strip()}", file=sys.stderr)
            return 1
        stage.settle()
        print(make_tar(stage, options.output))
        if shutil.which("dpkg-deb") and shutil.which("dpkg-shlibdeps"):
            print(make_deb(stage, options.output))
        else:
            print("dist: no Debian package, because dpkg-deb and dpkg-shlibdeps are not here", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
