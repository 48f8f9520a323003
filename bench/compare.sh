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
# shellcheck source=bench/shared.sh
source "$(dirname "${BASH_SOURCE[0]}")/shared.sh"

bench_options=("-DTASKFLOW_DIR=${TASKFLOW_DIR-}")
bench_run "${BASH_SOURCE[0]}" "weir graph_bench ballast spawn_floor" "$@"
