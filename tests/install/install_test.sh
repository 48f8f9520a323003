#!/usr/bin/env bash
# install_test.sh install BUILD PREFIX SOURCE: installs the build, and looks whether all is there and
#   nothing else.
# install_test.sh example PREFIX EXAMPLE WORK CXX FLAGS: builds nodes/example against what is
#   installed, runs its unit tests, and its pipeline with the installed weir.
# install_test.sh embed PREFIX EXAMPLE WORK CXX FLAGS: builds a program that runs a pipeline itself
#   against what is installed, and runs it.
set -euo pipefail

fail() {
  printf 'install_test: %s\n' "$*" >&2
  exit 1
}

# expect WHAT EXPECTED ACTUAL
expect() {
  [[ $2 == "$3" ]] && return
  diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") >&2 || true
  fail "$1 is not as it should be ('<' is expected)"
}

install_weir() {
  local build=$1 prefix=$2 source=$3
  rm -rf "$prefix"
  cmake --install "$build" --prefix "$prefix" >/dev/null

  expect "what lies in include/" \
    "$(cd "$source/framework/include" && find . -name '*.hpp' | sort)" \
    "$(cd "$prefix/include" && find . -type f | sort)"
  [[ -x $prefix/bin/weir ]] || fail "there is no bin/weir"
  local file
  for file in weirConfig.cmake weirConfigVersion.cmake; do
    [[ -n $(find "$prefix" -path "*/cmake/weir/$file") ]] || fail "there is no $file"
  done
  # A package that names the folder that it was built in works only here.
  if grep -rlIF -e "$source" -e "$build" "$prefix/include" "$prefix"/lib*; then
    fail "these files name the source or the build folder"
  fi
  "$prefix/bin/weir" version >/dev/null
}

build_example() {
  local prefix=$1 example=$2 work=$3 compiler=$4 flags=$5
  local folder=$work/example weir=$prefix/bin/weir
  rm -rf "$work"
  mkdir -p "$work"
  cp -r "$example" "$folder"
  rm -rf "$folder/build"

  # weir's headers as one's own, so that the warnings count.
  cmake -S "$folder" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON -DCMAKE_CXX_COMPILER_LAUNCHER="$(type -P ccache || true)" \
    >"$work/configure.log" || fail "can't configure: $(cat "$work/configure.log")"
  cmake --build "$folder/build" || fail "can't build"
  ctest --test-dir "$folder/build" --output-on-failure || fail "its unit tests fail"

  expect "what the plugin exports" $'weir_plugin_stamp\nweir_plugin_table' \
    "$(nm -D --defined-only "$folder/build/numbers.so" | awk '{print $3}' | sort)"

  local nodes
  nodes=$("$weir" nodes --plugin "$folder/build/numbers.so")
  local node
  for node in count scale route factors legacy invert report; do
    [[ $nodes == *"  $node "* ]] || fail "'weir nodes' does not list '$node'"
  done
  "$weir" nodes scale --plugin "$folder/build/numbers.so" >/dev/null

  "$weir" check "$folder/numbers.yaml" || fail "numbers.yaml has errors"
  local expected
  expected=$(
    printf '%s\n' '100: 2 2 5 5' '110: 2 5 11' '120: 2 2 2 3 5' \
      '{"text":"1/10","value":0.1}' '{"text":"1/20","value":0.05}' \
      '{"text":"1/30","value":0.03333333333333333}' '{"text":"1/40","value":0.025}' \
      '{"text":"1/50","value":0.02}' '{"text":"1/60","value":0.016666666666666666}' \
      '{"text":"1/70","value":0.014285714285714285}' '{"text":"1/80","value":0.0125}' \
      '{"text":"1/90","value":0.011111111111111112}' | LC_ALL=C sort
  )
  # From another folder: the plugin is found beside the file.
  expect "what numbers.yaml gives" "$expected" \
    "$(cd / && "$weir" run -q "$folder/numbers.yaml" | LC_ALL=C sort)"
}

build_embedding() {
  local prefix=$1 example=$2 work=$3 compiler=$4 flags=$5
  rm -rf "$work"
  cmake -S "$example" -B "$work" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="$flags" \
    -DCMAKE_CXX_COMPILER_LAUNCHER="$(type -P ccache || true)" >/dev/null || fail "can't configure"
  cmake --build "$work" || fail "can't build"
  expect "what the program gives" "sum 55, exit code 0" "$("$work/embedding")"
}

case $1 in
  install) install_weir "${@:2}" ;;
  example) build_example "${@:2}" ;;
  embed) build_embedding "${@:2}" ;;
  *) fail "unknown stage '$1'" ;;
esac
