#!/usr/bin/env bash
# What those who look at a run cost it: stretches of the same run without and with them, one after the
# other, of which the medians count; and how long /metrics takes meanwhile. And how long the report of a
# run with 100,000 items takes to be made, and to be drawn by a browser. Some minutes.
#
# Usage: bench/ui.sh [--streams N] [--idle N] [--pairs N] [--seconds N] [--only WHAT]
#
#   --streams N   event streams that are open (500)
#   --idle N      connections that have asked for something once (500)
#   --pairs N     stretches without and with them (7), each of
#   --seconds N   so many seconds (5)
#   --only WHAT   true: commands that do nothing; chain: items that are only handed on; forty: by 40 nodes;
#                 report
#
# Builds what is missing, in build/. Reading the streams takes time of the machine, too: said as well.
set -euo pipefail
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

if [[ ${1-} == -h || ${1-} == --help ]]; then
  sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit
fi
weir_install build bench test
weir_configure "$weir_root/build" -DWEIR_TESTS=ON -DWEIR_BENCH=ON
weir_build "$weir_root/build" weir ui_clients
exec python3 "$weir_root/bench/ui.py" "$weir_root/build" "$@"
