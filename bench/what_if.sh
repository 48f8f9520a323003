#!/usr/bin/env bash
# How well `weir report --what-if` predicts: runs pipelines with few slots and with many, predicts each
# of the two from the record of the other, and compares that with what it took. Also checks that what
# each item waited for and worked adds up to its time, in all of those records. Two minutes.
#
# Usage: bench/what_if.sh [--only WORD]… [--within PERCENT] [--keep FOLDER]
#
#   --only WORD        cases with that in their names; without it all of them
#   --within PERCENT   exits with 1 if a prediction is off by more (15)
#   --keep FOLDER      leaves the runs there
#
# Builds what is missing, in build/. Cases with `cpu` in their names say little while others use the
# machine: the load is written above the table and below it.
set -euo pipefail
# shellcheck source=bench/shared.sh
source "$(dirname "${BASH_SOURCE[0]}")/shared.sh"

bench_run "${BASH_SOURCE[0]}" "weir" "$@"
