# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Collects the licences of what is linked into a binary: notices.py [--build FOLDER] [--product NAME]

A package counts as linked when the linker was given an object of one of its targets. The texts come from the checkouts
of the build, so they are those of the versions that are linked; none of them is kept in this repository.
"""

import argparse
import pathlib
import re
import subprocess
import sys

import stages

LICENCE = re.compile(r"(LICEN[CS]E|NOTICE|COPYING|COPYRIGHT)([-._].*)?$", re.IGNORECASE)
# Folders of a checkout whose code is not linked
ASIDE = {"Tests", "Examples", "Benchmarks", "IntegrationTests", "Snippets", ".git", ".github", "dev", "docs"}


class Unknown(Exception):
    """What a binary was linked from cannot be said, or not under which licence."""


def linked_modules(build, product):
    """The names of the targets whose objects the linker was given, from the list that SwiftPM made for it."""
    for configuration in ("release", "debug"):
        path = build / configuration / f"{product}.product" / "Objects.LinkFileList"
        if path.exists():
            return set(re.findall(r"/([^/\n]+)\.build/", path.read_text()))
    raise Unknown(f"{build} has no {product} that was built there")


def targets(checkout):
    """The names that the targets of a checkout may have: those of the folders with sources."""
    manifest = (checkout / "Package.swift").read_text(encoding="utf-8")
    named = set(re.findall(r'name:\s*"([^"]+)"', manifest))
    folders = {path.name for path in checkout.glob("Sources/*") if path.is_dir()}
    return named | folders


def linked_checkouts(build, modules):
    return [path for path in sorted((build / "checkouts").iterdir())
            if (path / "Package.swift").exists() and targets(path) & modules]


def texts(checkout):
    """(path, text) of each licence in a checkout, those of code that it carries with it too."""
    for path in sorted(checkout.rglob("*")):
        inside = path.relative_to(checkout)
        if LICENCE.fullmatch(path.name) and path.is_file() and not ASIDE & set(inside.parts):
            yield inside, path.read_text(encoding="utf-8", errors="replace").strip()


def toolchain():
    """The licence of Swift, whose runtime and libraries are linked statically; None if it is not where toolchains have it."""
    swift = subprocess.run(["sh", "-c", "command -v swift"], capture_output=True, text=True).stdout.strip()
    if not swift:
        return None
    path = pathlib.Path(swift).resolve().parents[1] / "share" / "swift" / "LICENSE.txt"
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def collect(build, product):
    modules = linked_modules(build, product)
    parts = [f"{product} is linked from the packages below. Each stands here with its licence and notices."]
    for checkout in linked_checkouts(build, modules):
        found = list(texts(checkout))
        if not found:
            raise Unknown(f"{checkout.name} has no licence")
        parts += [section(f"{checkout.name}: {path}", text) for path, text in found]
    licence = toolchain()
    if licence:
        parts.append(section("Swift: its runtime and libraries", licence))
    return "\n\n".join(parts) + "\n"


def section(name, text):
    line = "=" * 78
    return f"{line}\n{name}\n{line}\n\n{text}"


def main():
    parser = argparse.ArgumentParser(description="Collects the licences of what is linked into a binary.")
    parser.add_argument("--build", type=pathlib.Path, default=stages.ROOT / ".build")
    parser.add_argument("--product", default="hibiki")
    options = parser.parse_args()
    try:
        sys.stdout.write(collect(options.build, options.product))
    except Unknown as problem:
        print(f"notices: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
