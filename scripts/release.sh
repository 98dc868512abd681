#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Builds the release binary, .build/release/hibiki, the one way for `make serve`, the tests and the benchmarks:
# release.sh [PRODUCT…]
#
# Exclusivity is checked while tests run, in the debug build, and not in the release: there the checks take a tenth and
# more of an echo's time, and a violation that no test has found would end every connection instead of one.
set -eu
cd "$(dirname -- "$0")/.."

[ $# -gt 0 ] || set -- hibiki
flags="-c release -Xswiftc -enforce-exclusivity=unchecked"
if [ "$(uname -s)" = Linux ]; then
    # The Swift runtime goes into the binary, so that it runs on machines without a toolchain.
    flags="$flags --static-swift-stdlib"
fi
for product in "$@"; do
    # shellcheck disable=SC2086
    swift build $flags --product "$product"
done
