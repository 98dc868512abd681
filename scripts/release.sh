#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: Hibiki contributors
#
# Builds the release binary, .build/release/hibiki, the one way for `make serve`, the tests and the benchmarks.
#
# Exclusivity is checked while tests run, in the debug build, and not in the release: there the checks take a tenth and
# more of an echo's time, and a violation that no test has found would end every connection instead of one.
set -eu
cd "$(dirname -- "$0")/.."

set -- -c release --product hibiki -Xswiftc -enforce-exclusivity=unchecked
if [ "$(uname -s)" = Linux ]; then
    # The Swift runtime goes into the binary, so that it runs on machines without a toolchain.
    set -- "$@" --static-swift-stdlib
fi
exec swift build "$@"
