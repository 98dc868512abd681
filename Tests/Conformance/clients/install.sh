#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Makes a Python environment with the clients of requirements.txt, DIR/venv, one with those of an older protocol,
# DIR/venv-socketio2, and gets the bundles of socket.io-client that bundles.py names into DIR/www; a second run finds all
# in place and ends at once.
#
#   install.sh [DIR]        DIR defaults to .cache/clients of the checkout
#
# Chromium, curl, nginx, Node and its `ws`, `eventsource` and `xmlhttprequest` come from the system:
# scripts/bootstrap.sh test.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
dir=${1:-${CLIENTS_HOME:-$here/../../../.cache/clients}}
mkdir -p "$dir"
dir=$(CDPATH='' cd -- "$dir" && pwd)

stamp=$(cat "$here/install.sh" "$here/bundles.py" "$here/requirements.txt" "$here/requirements-socketio2.txt" | cksum)
if [ "$(cat "$dir/installed" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

rm -rf "$dir/installed" "$dir/venv" "$dir/venv-socketio2"
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

echo "clients: installing into $dir with $("$made" --version 2>&1)"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# fill ENVIRONMENT REQUIREMENTS MODULES
fill() {
    "$dir/$1/bin/python" -m pip install -q --only-binary :all: -r "$here/$2"
    "$dir/$1/bin/python" -c "import $3"
}

fill venv requirements.txt 'aiohttp, httpx, httpx_sse, msgpack, playwright.sync_api, socketio, websockets'
"$made" -m venv "$dir/venv-socketio2"
fill venv-socketio2 requirements-socketio2.txt 'aiohttp, requests, socketio, websocket'
"$dir/venv/bin/python" -B "$here/bundles.py" "$dir/www"
echo "$stamp" > "$dir/installed"
