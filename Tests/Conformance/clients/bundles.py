# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Puts socket.io-client, as browsers load it, where the tests find it: bundles.py DIR

The npm package is not needed: wheels of `nicegui` carry the official file. Each is checked by its SHA-256 and ends
up as DIR/socketio/VERSION/socket.io.min.js. Nothing is fetched for what is there already.
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

MEMBER = "nicegui/static/socket.io.min.js"
# version of socket.io-client: (the release of nicegui that has it, SHA-256 of the file)
BUNDLES = {
    "4.8.1": ("3.18.0", "b0e735814f8dcfecd6cdb8a7ce95a297a7e1e5f2727a29e6f5901801d52fa0c5"),
    "4.5.0": ("1.0.1", "ede4fdbaa1ac707296953a78476c6f3225934a17e2491860abb2193c946cb591"),
}


def place(directory, version):
    """Where the bundle of this version stands."""
    return pathlib.Path(directory) / "socketio" / version / "socket.io.min.js"


def is_right(data, version):
    return hashlib.sha256(data).hexdigest() == BUNDLES[version][1]


def fetch(release):
    """The file, out of the wheel of this release."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", directory,
             f"nicegui=={release}"], check=True)
        wheel, = pathlib.Path(directory).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER)


def install(directory, version):
    path = place(directory, version)
    if path.exists() and is_right(path.read_bytes(), version):
        return
    release = BUNDLES[version][0]
    data = fetch(release)
    if not is_right(data, version):
        sys.exit(f"bundles.py: the socket.io-client in nicegui {release} is not the {version} that the tests know")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    for wanted in BUNDLES:
        install(sys.argv[1], wanted)
