#!/usr/bin/env bash
# weir beside what one would use without it, on the same work, as one table.
#
# Usage: bench/compare.sh [--rounds N] [--size MB] [--only WORD]…
#
#   --rounds N    interleaved rounds, of which the median counts (5)
#   --size MB     of the text that is searched (500)
#   --only WORD   rows that have WORD in their name: chain, pool, contains, replace, words, true
#
# TASKFLOW_DIR=… adds Taskflow: a checkout of it. Builds what is missing, in build/.
set -euo pipefail
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit
fi
weir_install build bench test bench/compare
weir_configure "$weir_root/build" -DWEIR_TESTS=ON -DWEIR_BENCH=ON "-DTASKFLOW_DIR=${TASKFLOW_DIR-}"
weir_build "$weir_root/build" weir graph_bench ballast spawn_floor
exec python3 "$weir_root/bench/compare.py" "$weir_root/build" "$@"
