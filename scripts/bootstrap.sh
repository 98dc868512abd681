#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Installs what a fresh machine lacks, and says in one sentence what to do where it may not.
#
#   bootstrap.sh serve     to build and serve
#   bootstrap.sh check     to lint and run the Swift tests
#   bootstrap.sh test      to run all tests, foreign clients and browser included
#   bootstrap.sh operations  for the conformance suite of that name alone
#   bootstrap.sh deployment  the same
#   bootstrap.sh protobuf  to generate the code of Proto/hibiki.proto
#   bootstrap.sh dist      to make packages
#   bootstrap.sh bench     to run the benchmarks
#
# Debian and Ubuntu: apt-get, as root or through sudo without a password. Elsewhere it names what to install.
# Does nothing where all is there.
set -eu

set_name=${1:-serve}
missing=

die() {
    echo "bootstrap: $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ]; }

# need PACKAGE COMMAND...: the package is missing when none of the commands is there.
need() {
    package=$1
    shift
    for command in "$@"; do
        if have "$command"; then return; fi
    done
    missing="$missing $package"
}

# need_file PACKAGE FILE...: the same for files.
need_file() {
    package=$1
    shift
    for file in "$@"; do
        if [ -e "$file" ]; then return; fi
    done
    missing="$missing $package"
}

check_swift() {
    have swift || die "Swift 6.2 or later is needed: install it from https://www.swift.org/install and run this again."
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    major=${version%%.*}
    minor=${version##*.}
    if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
        die "Swift 6.2 or later is needed, and this is ${version:-unknown}: get it from https://www.swift.org/install."
    fi
}

need_build() {
    check_swift
    need git git
    need pkg-config pkg-config pkgconf
    if ! { have pkg-config && pkg-config --exists zlib; } && [ ! -e /usr/include/zlib.h ]; then
        missing="$missing zlib1g-dev"
    fi
    if ! { have pkg-config && pkg-config --exists sqlite3; } && [ ! -e /usr/include/sqlite3.h ]; then
        missing="$missing libsqlite3-dev"
    fi
    if ! { have pkg-config && pkg-config --exists libpq; }; then
        need_file libpq-dev /usr/include/postgresql/libpq-fe.h /usr/include/libpq-fe.h \
            /opt/homebrew/opt/libpq/include/libpq-fe.h
    fi
}

need_tests() {
    need python3 python3
    need curl curl
    need nodejs node
    need nginx-light nginx
    need openssl openssl
    need valgrind valgrind
    need binutils strip
    need libvips-tools vipsthumbnail
    need chromium chromium chromium-browser google-chrome
    need_postgres
    need protobuf-compiler protoc
    if have dpkg-query; then
        need esbuild esbuild
        need_file node-ws /usr/share/nodejs/ws/package.json
        need_file node-eventsource /usr/share/nodejs/eventsource/package.json
        need_file node-yjs /usr/share/nodejs/yjs/package.json
        need_file node-y-websocket /usr/share/nodejs/y-websocket/package.json
        need_file node-xmlhttprequest /usr/share/nodejs/xmlhttprequest/package.json
        need_file fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
        python_modules
    fi
}

# Debian keeps the server's programs out of the path.
need_postgres() {
    for program in /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$program" ]; then return; fi
    done
    need postgresql initdb
}

# The environments of the foreign clients need venv, the Autobahn suite lib2to3 too. Once made they need neither.
python_modules() {
    here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
    if [ -e "$here/.cache/clients/installed" ] && [ -e "$here/.cache/autobahn/installed" ]; then return; fi
    if ! python3 -W ignore -c 'import ensurepip, venv, lib2to3.refactor' 2>/dev/null &&
        ! /usr/bin/python3 -W ignore -c 'import ensurepip, venv, lib2to3.refactor' 2>/dev/null; then
        missing="$missing python3-venv python3-lib2to3"
    fi
}

need_operations() {
    need prometheus promtool
    need prometheus prometheus
}

need_dist() {
    need python3 python3
    need binutils strip
    if have dpkg; then need dpkg-dev dpkg-shlibdeps; fi
}

need_deployment() {
    need nginx-light nginx
    need haproxy haproxy
    need openssl openssl
    if have dpkg-query; then
        need_dist
        need lintian lintian
        need adduser adduser
        need man-db man
        need systemd systemd-analyze
    fi
}

need_bench() {
    need_postgres
    need python3 python3
    need nodejs node
    need util-linux taskset
    need gcc cc gcc clang
    if have dpkg-query; then
        need_file libc6-dev /usr/include/stdio.h
        need_file node-ws /usr/share/nodejs/ws/package.json
        need_file node-yjs /usr/share/nodejs/yjs/package.json
        need_file node-y-websocket /usr/share/nodejs/y-websocket/package.json
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install_debian() {
    echo "bootstrap: installing$missing"
    # The names are a list on purpose.
    # shellcheck disable=SC2086
    if ! apt install -y --no-install-recommends $missing >/dev/null 2>&1; then
        apt update || die "apt-get update failed; once it works, run: apt-get install$missing"
        # shellcheck disable=SC2086
        apt install -y --no-install-recommends $missing >/dev/null || die "apt-get could not install$missing (see above)."
    fi
    # The tests start an nginx, a HAProxy, a Prometheus and a PostgreSQL of their own; those that the packages start
    # would only hold ports 80, 9090 and 5432.
    for service in nginx prometheus haproxy postgresql; do
        case $missing in
            *"$service"*)
                if have systemctl; then as_root systemctl disable --quiet --now "$service" 2>/dev/null || true; fi ;;
        esac
    done
}

case $set_name in
    serve) need_build ;;
    check) need_build; need python3 python3; need_postgres ;;
    test) need_build; need_tests; need_operations; need_deployment ;;
    operations) need_operations ;;
    deployment) need_deployment ;;
    protobuf) need_build; need python3 python3; need protobuf-compiler protoc ;;
    dist) need_build; need_dist ;;
    bench) need_build; need_bench ;;
    *) die "unknown set $set_name: serve, check, test, operations, deployment, protobuf, dist or bench" ;;
esac
[ -n "$missing" ] || exit 0

if [ "$(uname -s)" = Darwin ]; then
    hint=$(echo "$missing" | sed 's/zlib1g-dev/zlib/; s/libsqlite3-dev/sqlite/; s/libpq-dev/libpq/; s/protobuf-compiler/protobuf/
        s/nodejs/node/; s/nginx-light/nginx/')
    die "some tools are missing: run 'brew install$hint' and try again."
elif have apt-get; then
    if [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; then
        install_debian
    else
        die "some packages are missing: run 'sudo apt-get install$missing' and try again."
    fi
else
    die "this system is unknown; install what Debian calls$missing and try again (zlib1g-dev, libsqlite3-dev, libpq-dev: zlib, SQLite and libpq with their headers)."
fi
