#!/usr/bin/env bash
# How many processes a second: N times /bin/true by weir, xargs, make and GNU parallel.
#
# Usage: bench/spawn.sh [N [ROUNDS]]      5000 and 3; WEIR=path/to/weir, or build/weir
#
# The rounds are interleaved, so that a slow minute of the machine hits all of them, and the median
# counts. GNU parallel gets a tenth of the items: it would take most of the time.
set -euo pipefail
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

if [[ ${1-} == -* ]]; then
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
  exit
fi
items=${1:-5000} rounds=${2:-3}
weir=${WEIR:-$weir_root/build/weir}
if [[ ! -x $weir ]]; then
  weir_say "there is no $weir; ./pipelines/run.sh builds one, or set WEIR"
  exit 2
fi
weir_install bench/spawn

work=$(mktemp -d -t weir-spawn.XXXXXX)
trap 'rm -rf "$work"' EXIT

# pipeline LIMIT: items → run /bin/true.
pipeline() {
  printf 'weir: 1\nnodes:\n  items: {source: range, to: %d}\n' "$items"
  printf '  spawn: {from: items, run: [/bin/true], limit: %s}\n' "$1"
}
pipeline unlimited >"$work/unlimited.yaml"
pipeline 4 >"$work/limit.yaml"
{
  printf 'items :='
  seq -f ' item%.0f' "$items" | tr -d '\n'
  # shellcheck disable=SC2016  # for make to expand
  printf '\nall: $(items)\n$(items):\n\t@/bin/true\n.PHONY: all $(items)\n'
} >"$work/Makefile"

names=("weir" "weir, limit: 4" "xargs -P2 -n1" "make -j4" "GNU parallel")
few=$((items < 10 ? items : items / 10))
counts=("$items" "$items" "$items" "$items" "$few")
contestant() {
  case $1 in
    0) "$weir" run -q "$work/unlimited.yaml" ;;
    1) "$weir" run -q "$work/limit.yaml" ;;
    2) seq "$items" | xargs -P2 -n1 /bin/true ;;
    3) make -s -j4 -f "$work/Makefile" -C "$work" ;;
    4) seq "$few" | parallel /bin/true ;;
  esac
}

for ((round = 1; round <= rounds; ++round)); do
  for which in "${!names[@]}"; do
    start=$EPOCHREALTIME
    if ! contestant "$which" >"$work/output" 2>&1; then
      cat "$work/output" >&2
      weir_say "${names[which]} failed"
      exit 1
    fi
    printf '%s\t%s\t%s\t%s\t%s\n' "$which" "${names[which]}" "${counts[which]}" \
      "${start/,/.}" "${EPOCHREALTIME/,/.}"
  done
  printf 'round %d of %d\n' "$round" "$rounds" >&2
done >"$work/times"

printf '%d times /bin/true, median of %d rounds, %d cores\n\n' "$items" "$rounds" "$(nproc)"
# rate, by contestant and ascending; then the middle one of each.
awk -F '\t' -v OFS='\t' '{ print $1, $3 / ($5 - $4), $2 }' "$work/times" |
  sort -t $'\t' -k1,1n -k2,2g |
  awk -F '\t' '
    { rates[$1, ++n[$1]] = $2; name[$1] = $3; if ($1 > last) last = $1 }
    END {
      for (i = 0; i <= last; ++i) {
        k = n[i]
        median[i] = k % 2 ? rates[i, (k + 1) / 2] : (rates[i, k / 2] + rates[i, k / 2 + 1]) / 2
        if (name[i] !~ /^weir/ && median[i] > best) best = median[i]
      }
      printf "%-16s %10s %24s\n", "", "items/s", "to the best of the others"
      for (i = 0; i <= last; ++i)
        printf "%-16s %10.0f %23.2f ×\n", name[i], median[i], median[i] / best
    }'
