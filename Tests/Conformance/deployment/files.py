# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
"""The files of Deployment/ and the programs that read them."""

import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
DEPLOYMENT = ROOT / "Deployment"
PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def program(name):
    path = shutil.which(name) or shutil.which(name, path=PLACES)
    if not path:
        raise AssertionError(f"{name} is missing: run scripts/bootstrap.sh deployment")
    return path


def run(*command, status=0, **options):
    """What a program has written to both of its outputs; its exit status has to be that."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
        **options)
    if done.returncode != status:
        raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def changed(text, *changes):
    """An example with (what, by what) replaced; each of them has to stand there exactly once."""
    for old, new in changes:
        found = len(re.findall(re.escape(old), text))
        if found != 1:
            raise AssertionError(f"{old!r} stands {found} times in the example, not once")
        text = text.replace(old, new)
    return text
