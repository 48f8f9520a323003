#!/usr/bin/env bash
# What weir promises by itself, beside nothing else: start, batches, memory, events. One table.
#
# Usage: bench/promises.sh [--seconds N] [--only WORD]…
#
#   --seconds N   how long runs that don't end are looked at (10)
#   --only WORD   figures that have WORD in their name: start, batches, events, line, memory,
#                 "memory: text"
#
# Builds what is missing, in build/. Other work on the machine shows in all but the memory.
set -euo pipefail
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit
fi
weir_install build bench test
weir_configure "$weir_root/build" -DWEIR_TESTS=ON -DWEIR_BENCH=ON
weir_build "$weir_root/build" weir
exec python3 "$weir_root/bench/promises.py" "$weir_root/build" "$@"
