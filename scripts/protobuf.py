# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Makes the Swift of Proto/hibiki.proto, and says whether what is there is current: protobuf.py [--check]

Generating needs protoc and swift-protobuf's plugin, whose build takes minutes; so what was made is kept, and beside it the digest of
what it was made from and of itself. The check needs neither of the two programs: it finds a .proto that was changed without
generating again, and generated code that was changed by hand. That the code means what the server sends is what the tests show, which
read the server's bytes with it, and with protoc itself.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROTO = "Proto/hibiki.proto"
SWIFT = "Sources/HibikiProtobuf/hibiki.pb.swift"
RECORD = "Proto/hibiki.sha256"
OPTIONS = ["Visibility=Public", "UseAccessLevelOnImports=true"]
CHECKOUT = ".build/checkouts/swift-protobuf"


def digests(root):
    """The lines of RECORD, in the form of sha256sum."""
    return "".join(f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}\n" for path in (PROTO, SWIFT))


def check(root):
    """What is wrong, or None."""
    try:
        recorded = (root / RECORD).read_text(encoding="utf-8").splitlines()
        actual = digests(root).splitlines()
    except FileNotFoundError as problem:
        return f"{problem.filename} is missing: run make protobuf"
    for before, now in zip(recorded + ["", ""], actual):
        if before != now:
            return f"{now.split()[-1]} is not the one that {RECORD} names: run make protobuf"
    return None


def plugin():
    """The path of protoc-gen-swift: as PROTOC_GEN_SWIFT names it, from PATH, or built from the checkout that the package resolved."""
    named = os.environ.get("PROTOC_GEN_SWIFT") or shutil.which("protoc-gen-swift")
    if named:
        return named
    build = ["swift", "build", "-c", "release", "--product", "protoc-gen-swift"]
    subprocess.run(["swift", "package", "resolve"], cwd=ROOT, check=True)
    # A copy, so that SwiftPM finds its checkout as it left it.
    copy = ROOT / ".cache" / "protoc-gen-swift"
    shutil.copytree(ROOT / CHECKOUT, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git", ".build"))
    subprocess.run(build, cwd=copy, check=True)
    return str(copy / ".build" / "release" / "protoc-gen-swift")


def generate(root):
    if not shutil.which("protoc"):
        print("protoc is missing: Debian has it in protobuf-compiler")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        options = [f"--swift_opt={option}" for option in OPTIONS]
        subprocess.run(["protoc", f"--plugin=protoc-gen-swift={plugin()}", *options, f"--proto_path={root / 'Proto'}",
                        f"--swift_out={folder}", str(root / PROTO)], check=True)
        (root / SWIFT).write_bytes((pathlib.Path(folder) / pathlib.PurePath(SWIFT).name).read_bytes())
    (root / RECORD).write_text(digests(root), encoding="utf-8")
    return 0


def main():
    if sys.argv[1:] != ["--check"]:
        return generate(ROOT)
    problem = check(ROOT)
    if problem:
        print(problem)
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
