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
# shellcheck source=bench/shared.sh
source "$(dirname "${BASH_SOURCE[0]}")/shared.sh"

bench_run "${BASH_SOURCE[0]}" "weir" "$@"
