#!/usr/bin/env bash
set -euo pipefail
# shellcheck source=framework/cmake/prepare.sh
source "$(dirname "${BASH_SOURCE[0]}")/../framework/cmake/prepare.sh"

sanitize=''
arguments=()
for argument; do
  case $argument in
    -h | --help)
      cat <<'HELP'
Usage: ./tests/run.sh [--sanitize=address|thread] [CTEST-OPTION…]

Runs every test. Enough on a bare Debian 12: installs the packages that are missing, builds
everything in build/, then runs ctest with the options given (`-R gate`, `--repeat until-fail:20`).

  --sanitize=address   with AddressSanitizer and UndefinedBehaviorSanitizer, in build-address/
  --sanitize=thread    with ThreadSanitizer, in build-thread/, on a oneTBB that is built for it once
HELP
      exit
      ;;
    --sanitize=address | --sanitize=thread) sanitize=${argument#*=} ;;
    --sanitize*)
      weir_say "$argument: it can be --sanitize=address or --sanitize=thread"
      exit 2
      ;;
    *) arguments+=("$argument") ;;
  esac
done

# g++ 12's sanitizers can't run where the kernel scatters addresses over more than 28 bits.
if [[ $sanitize && -z ${WEIR_TESTS_UNSCATTERED-} ]] &&
  (($(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0) > 28)); then
  WEIR_TESTS_UNSCATTERED=1 exec setarch --addr-no-randomize "$0" "$@"
fi

build=$weir_root/build${sanitize:+-$sanitize}
groups=(build test pipelines/images)
# A sanitizer's report must not look like one of weir's own exit statuses: 99.
case $sanitize in
  address)
    export ASAN_OPTIONS=exitcode=99:detect_stack_use_after_return=1:strict_string_checks=1
    export LSAN_OPTIONS=exitcode=99
    export UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
    ;;
  thread)
    groups+=(thread)
    export TSAN_OPTIONS=exitcode=99:second_deadlock_stack=1
    # By environment as well as by option: for what the tests themselves install or build.
    export TBB_DIR=$build/onetbb/lib/cmake/TBB LD_LIBRARY_PATH=$build/onetbb/lib
    ;;
  *) groups+=(bench) ;;
esac
weir_install "${groups[@]}"

options=(-DWEIR_TESTS=ON -DWEIR_BENCH=ON)
if [[ $sanitize ]]; then
  # Optimised enough to be quick, little enough to compile fast and keep the frames; asserts stay on.
  options=(-DWEIR_TESTS=ON -DWEIR_BENCH=OFF "-DWEIR_SANITIZE=$sanitize"
    -DCMAKE_BUILD_TYPE=RelWithDebInfo "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1 -g1")
fi

mkdir -p "$build"
(
  flock 9 # two runs at the same time must not build into each other
  if [[ $sanitize == thread ]]; then
    [[ -d $build/onetbb ]] || weir_say "building oneTBB with ThreadSanitizer (once; a minute or two)"
    weir_quietly "build oneTBB" "$weir_root/framework/cmake/onetbb.sh" "$build/onetbb"
    options+=("-DTBB_DIR=$TBB_DIR")
  fi
  weir_configure "$build" "${options[@]}"
  weir_build "$build" all
) 9>"$build/.lock"
exec ctest --test-dir "$build" --output-on-failure -j2 "${arguments[@]}"
