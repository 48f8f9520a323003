# shellcheck shell=bash
# Sourced by the scripts here: shows their help, which is the comment at their head, and runs what
# measures.
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

# bench_run SCRIPT "TARGET…" ARGUMENT…: builds the targets, with the tests, and goes on as the program
# that has the script's name and ends in .py. `bench_options` are more options to
# configure with.
bench_options=()
bench_run() {
  local script=$1 targets
  read -ra targets <<<"$2"
  shift 2
  if [[ ${1-} == -h || ${1-} == --help ]]; then
    awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$script"
    exit
  fi
  weir_install build bench test "bench/$(basename "$script" .sh)"
  weir_configure "$weir_root/build" -DWEIR_TESTS=ON -DWEIR_BENCH=ON "${bench_options[@]}"
  weir_build "$weir_root/build" "${targets[@]}"
  exec python3 "${script%.sh}.py" "$weir_root/build" "$@"
}
