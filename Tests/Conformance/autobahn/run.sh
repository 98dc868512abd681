#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Runs the Autobahn test suite against a WebSocket echo server; installs it first where it is missing.
#
#   run.sh [OPTION...] ws://127.0.0.1:PORT/path [CASE...]
#   run.sh list [CASE...]         names the cases
#   run.sh summary DIR            summarizes a finished run again
#
# CASE is a glob ('6.*', '12.1.3') or a prefix ('6', '12.1'); run.sh --help lists the options.
# Exit status: 0 passed, 1 a case failed, 2 bad use or no server, 3 an exception in the fuzzer.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=${AUTOBAHN_HOME:-$here/../../../.cache/autobahn}
"$here/install.sh" "$home"
case ${1:-} in
    list|summary) ;;
    *) set -- client "$@" ;;
esac
PYTHONPATH="$home/suite" exec "$home/venv/bin/python" -B -W ignore "$here/wstool.py" "$@"
