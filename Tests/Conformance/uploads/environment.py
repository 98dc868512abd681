# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The Python environment of tuspy and moto, apart from that of the clients."""

import functools
import os
import pathlib
import subprocess

from support.server import ROOT

HERE = pathlib.Path(__file__).resolve().parent


@functools.cache
def folder():
    """The `bin` of the environment; makes it where it is missing."""
    home = pathlib.Path(os.environ.get("UPLOADS_HOME") or ROOT / ".cache" / "uploads")
    subprocess.run(["sh", str(HERE / "install.sh"), str(home)], check=True)
    return home / "venv" / "bin"
