#!/usr/bin/env bash
# What those who look at a run cost: how long /metrics takes while many do, and how much longer runs
# take, of which the medians count. A few minutes.
#
# Usage: bench/ui.sh [--streams N] [--idle N] [--pairs N]
#
#   --streams N   event streams that are open (500)
#   --idle N      connections on which nothing comes (500)
#   --pairs N     runs without and with them, one after the other (5)
#
# Builds what is missing, in build/. Reading the streams takes time of the machine, too.
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
exec python3 "$weir_root/bench/ui.py" "$weir_root/build" "$@"
