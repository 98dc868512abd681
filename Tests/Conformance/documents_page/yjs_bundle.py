# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""Yjs as one file, made of Debian's packages in the way that the page tells its operator."""

import os
import subprocess

PACKAGES = "/usr/share/nodejs"


def make(path):
    subprocess.run(
        ["esbuild", "yjs", "--bundle", "--format=esm", f"--outfile={path}", "--log-level=warning"],
        env={**os.environ, "NODE_PATH": PACKAGES}, stdin=subprocess.DEVNULL, check=True, timeout=60)
    return path
