#!/usr/bin/env bash
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=framework/cmake/prepare.sh
source "$here/../framework/cmake/prepare.sh"

if [[ ${1-} == -h || ${1-} == --help ]]; then
  cat <<'HELP'
Usage: ./pipelines/run.sh [FILE] [OPTION…]

Runs a pipeline, pipelines/pool.yaml if no FILE is given. Enough on a bare Debian 12: installs the
packages that are missing, builds weir in build/, then does `weir run FILE OPTION…` and exits with
its status; 2 if weir could not be built. `--set name=value` sets a parameter of the file; the
other options are shown by `build/weir run --help`.

What FILE needs around it lies in a folder of its name: beside images.yaml, every executable
images/with-*.sh is a command that runs its arguments (`with-registry.sh weir run …`). Packages are
listed in framework/cmake/packages.txt; the group pipelines/images is that of images.yaml.
HELP
  exit
fi

file=$here/pool.yaml
if (($#)) && [[ $1 != -* ]]; then
  file=$1
  shift
fi
beside=${file%.yaml}

groups=(build)
if [[ $file -ef $here/${file##*/} ]]; then groups+=("pipelines/${beside##*/}"); fi
weir_install "${groups[@]}"
build=$weir_root/build
mkdir -p "$build"
(
  flock 9 # two first runs at the same time must not build into each other
  # A bare machine has nothing yet to build the tests with; a folder that is configured stays as it is.
  [[ -f $build/build.ninja ]] || weir_configure "$build" -DWEIR_TESTS=OFF -DWEIR_BENCH=OFF
  weir_build "$build" weir
) 9>"$build/.lock"

around=()
for with in "$beside"/with-*.sh; do
  if [[ -x $with ]]; then around+=("$(realpath "$with")"); fi
done
exec "${around[@]}" "$build/weir" run "$file" "$@"
