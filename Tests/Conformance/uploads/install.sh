#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Makes a Python environment with what requirements.txt names, DIR/venv; a second run finds it in place and ends at once.
#
#   install.sh [DIR]        DIR defaults to .cache/uploads of the checkout
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dir=${1:-${UPLOADS_HOME:-$here/../../../.cache/uploads}}
mkdir -p "$dir"
dir=$(CDPATH='' cd -- "$dir" && pwd)

stamp=$(cat "$here/install.sh" "$here/requirements.txt" | cksum)
if [ "$(cat "$dir/installed" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

rm -rf "$dir/installed" "$dir/venv"
made=
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 /usr/bin/python3}; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || continue
    if "$python" -m venv "$dir/venv" >/dev/null 2>&1; then made=$python; break; fi
    rm -rf "$dir/venv"
done
if [ -z "$made" ]; then
    echo "install.sh: no Python 3.10 or later that can make a venv; install one (Debian: python3-venv)." >&2
    exit 1
fi

echo "uploads: installing into $dir with $("$made" --version 2>&1)"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
"$dir/venv/bin/python" -m pip install -q --only-binary :all: -r "$here/requirements.txt"
"$dir/venv/bin/python" -c 'import moto, tusclient'
echo "$stamp" > "$dir/installed"
