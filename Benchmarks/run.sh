#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors

# Installs the neighbour, compiles the load generator, and measures. Arguments go to run.py; after --hold to hold.py, which
# needs no neighbour.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
output="$here/../.build/bench"
bootstrap="$here/../scripts/bootstrap.sh"

program=run.py
if [ "${1:-}" = "--hold" ]; then
    program=hold.py
    shift
elif [ -x "$bootstrap" ]; then
    "$bootstrap" bench
fi

compiler=${CC:-}
for candidate in cc gcc clang; do
    if [ -z "$compiler" ] && command -v "$candidate" >/dev/null 2>&1; then
        compiler=$candidate
    fi
done
if [ -z "$compiler" ]; then
    echo "A C compiler is needed (apt-get install gcc libc6-dev, or set CC)." >&2
    exit 1
fi

mkdir -p "$output"
flags="-std=c11 -O2 -Wall -Wextra -D_DEFAULT_SOURCE"
sources=$(find "$here/load" -name '*.c' ! -name 'malloc-count.c' | sort)
# shellcheck disable=SC2086
$compiler $flags $sources -o "$output/load"
# shellcheck disable=SC2086
$compiler $flags "$here/peers/floor.c" -o "$output/floor"
# shellcheck disable=SC2086
$compiler $flags -shared -fPIC "$here/load/malloc-count.c" -o "$output/malloc-count.so"

exec python3 "$here/$program" "$@"
