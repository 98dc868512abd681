#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Installs the Autobahn WebSocket test suite, ported to Python 3, from PyPI: every download is pinned by its hash.
#
#   install.sh [--force] [DIR]        DIR defaults to .cache/autobahn of the checkout
#
# Needs Python 3.9 to 3.12 with venv and lib2to3 (PYTHON=... chooses one). Writes to DIR and pip's cache only.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
force=
dir=
for argument in "$@"; do
    case $argument in
        --force) force=1 ;;
        -*) echo "install.sh: unknown option $argument" >&2; exit 2 ;;
        *) dir=$argument ;;
    esac
done
dir=${dir:-${AUTOBAHN_HOME:-$here/../../../.cache/autobahn}}

mkdir -p "$dir"
dir=$(CDPATH='' cd -- "$dir" && pwd)
stamp=$(cat "$here/install.sh" "$here/port.py" "$here/octets.py" "$here/replacements.py" "$here/requirements.txt" \
    "$here/wsaccel.txt" "$here/sdists.txt" | cksum)
if [ -z "$force" ] && [ "$(cat "$dir/installed" 2>/dev/null)" = "$stamp" ]; then
    exit 0
fi

usable() {
    "$1" -W ignore -c '
import sys, lib2to3.refactor, venv, ensurepip
sys.exit(not (3, 9) <= sys.version_info < (3, 13))' 2>/dev/null
}

python=${PYTHON:-}
if [ -n "$python" ]; then
    usable "$python" || python=
else
    for candidate in python3 python3.11 python3.12 python3.10 python3.9 /usr/bin/python3; do
        if command -v "$candidate" >/dev/null 2>&1 && usable "$candidate"; then python=$candidate; break; fi
    done
fi
if [ -z "$python" ]; then
    echo "install.sh: the Autobahn suite is Python 2 code, translated by lib2to3, which left Python in 3.13. Install" \
        "Python 3.9 to 3.12 with venv and lib2to3 (Debian: python3-venv python3-lib2to3), or name it in PYTHON." >&2
    exit 1
fi

echo "autobahn: installing into $dir with $("$python" --version 2>&1)"
rm -rf "$dir/installed" "$dir/venv" "$dir/suite" "$dir/sdist" "$dir/src"
mkdir -p "$dir/sdist" "$dir/src" "$dir/suite"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

"$python" -m venv "$dir/venv"
py=$dir/venv/bin/python
"$py" -m pip install -q --require-hashes --only-binary :all: -r "$here/requirements.txt"
"$py" -m pip install -q --require-hashes --only-binary :all: -r "$here/wsaccel.txt" ||
    echo "install.sh: no wsaccel for this machine; the fuzzer will be slow" >&2

# pip runs the setup.py of what it downloads; both want an older setuptools
echo 'setuptools<72' > "$dir/src/constraints.txt"
PIP_CONSTRAINT="$dir/src/constraints.txt" PIP_BUILD_CONSTRAINT="$dir/src/constraints.txt" \
    "$py" -m pip download -q --no-deps --no-binary :all: --require-hashes -r "$here/sdists.txt" -d "$dir/sdist"
for archive in "$dir"/sdist/*.tar.gz; do tar -xzf "$archive" -C "$dir/src"; done

"$python" -B "$here/port.py" "$dir/src/autobahntestsuite-25.10.1" "$dir/src/autobahn-0.10.9" "$dir/suite"

count=$(PYTHONPATH="$dir/suite" "$py" -B -W ignore "$here/wstool.py" list | wc -l)
[ "$count" -eq 517 ] || { echo "install.sh: $count cases instead of 517" >&2; exit 1; }
rm -rf "$dir/src"
echo "$stamp" > "$dir/installed"
echo "autobahn: $count cases in $dir"
