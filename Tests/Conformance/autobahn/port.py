# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Ports the Autobahn test suite (Python 2 source) to Python 3.

    port.py SUITE_SRC AUTOBAHN_SRC DEST

SUITE_SRC     unpacked sdist of autobahntestsuite 25.10.1
AUTOBAHN_SRC  unpacked sdist of autobahn 0.10.9 (the engine that the suite pins)
DEST          directory that receives the two importable packages

Three passes over the suite:

1. octets.py: Python 2 string literals that stand for octets on the wire become bytes literals. Which literals those are
   is decided by their place in the syntax tree, not by their look.
2. lib2to3 with its standard fixers.
3. replacements.py, each of which names how often its text must occur; the port stops when a count is off, so that
   another version of the input cannot be ported half.

The WAMP and wsperf modes are left out; only the WebSocket modes are ported.
"""

import os
import re
import shutil
import sys
import warnings

warnings.simplefilter("ignore")

from lib2to3 import refactor  # noqa: E402

from octets import bytes_pass  # noqa: E402
from replacements import (  # noqa: E402
    COMPAT_BINASCII, ENGINE_EDITS, ENGINE_VERSION, PY2COMPAT, SUITE_DATA, SUITE_EDITS, SUITE_INIT, SUITE_MODULES,
    SUITE_VERSION,
)


def refactoring_tool():
    return refactor.RefactoringTool(refactor.get_fixers_from_package("lib2to3.fixes"))


def edit(path, edits, source):
    for old, new, count in edits:
        found = source.count(old)
        if found != count:
            sys.exit("port.py: %s: expected %d times, found %d times:\n%s" % (path, count, found, old))
        source = source.replace(old, new)
    return source


def read(path):
    with open(path, encoding="utf8") as f:
        return f.read()


def write(path, source):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    compile(source, path, "exec")
    with open(path, "w", encoding="utf8") as f:
        f.write(source)


def expect_version(path, version):
    found = re.search(r"__version__ = ['\"]([^'\"]+)['\"]", read(path))
    if not found or found.group(1) != version:
        sys.exit("port.py: %s: not version %s" % (path, version))


def port_suite(src, dest):
    package = os.path.join(src, "autobahntestsuite")
    expect_version(os.path.join(package, "_version.py"), SUITE_VERSION)
    target = os.path.join(dest, "autobahntestsuite")
    shutil.rmtree(target, ignore_errors=True)
    names = list(SUITE_MODULES)
    names += sorted("case/" + n for n in os.listdir(os.path.join(package, "case"))
                    if n.endswith(".py") and n != "case9_9_1.py")
    tool = refactoring_tool()
    edits = dict(SUITE_EDITS)
    wire = 0
    for name in names:
        source = read(os.path.join(package, name))
        if name.startswith("case/") and name not in ("case/case.py", "case/__init__.py"):
            source, changed = bytes_pass(source, os.path.basename(name))
            wire += changed
        elif not source.endswith("\n"):
            source += "\n"
        # relative imports: lib2to3 looks for the siblings at the file's own path
        source = str(tool.refactor_string(source, os.path.join(package, name)))
        source = re.sub(r"^(\s*)import binascii$", r"\1" + COMPAT_BINASCII, source, flags=re.M)
        source = edit(name, edits.pop(name, []), source)
        if name == "report.py":           # only its style sheets are used, the rest needs jinja2
            source = source[:source.index("REPORT_DIR_PERMISSIONS")].replace("import jinja2\n", "")
        write(os.path.join(target, name), source)
    if edits:
        sys.exit("port.py: edits without a file: %s" % ", ".join(edits))
    write(os.path.join(target, "__init__.py"), SUITE_INIT)
    write(os.path.join(target, "py2compat.py"), PY2COMPAT)
    for name in SUITE_DATA:
        shutil.copytree(os.path.join(package, name), os.path.join(target, name))
    return len(names), wire


def port_engine(src, dest):
    package = os.path.join(src, "autobahn")
    expect_version(os.path.join(package, "__init__.py"), ENGINE_VERSION)
    target = os.path.join(dest, "autobahn")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(package, target)
    for name, edits in ENGINE_EDITS.items():
        path = os.path.join(target, name)
        write(path, edit(name, edits, read(path)))


def main(argv):
    if len(argv) != 4:
        sys.exit(__doc__)
    suite, engine, dest = argv[1:]
    files, wire = port_suite(suite, dest)
    port_engine(engine, dest)
    print("ported %d files of the suite, %d octet literals" % (files, wire))


if __name__ == "__main__":
    main(sys.argv)
