#!/usr/bin/env bash
# onetbb.sh FOLDER: makes a oneTBB instrumented for ThreadSanitizer and installs it in FOLDER, from
# the Debian source package of the libtbb-dev that is installed. It takes a minute or two.
# If FOLDER has that version already, it does nothing. Then use -DTBB_DIR=FOLDER/lib/cmake/TBB.
#
# Why: TSan can't see how an uninstrumented libtbb synchronises, and reports races that aren't there.
set -euo pipefail

folder=$(mkdir -p "$1" && cd "$1" && pwd)
version=$(dpkg-query -W -f '${source:Version}' libtbb-dev)
[[ $(cat "$folder/version" 2>/dev/null) == "$version" ]] && exit

work=$(mktemp -d -t weir-onetbb.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Source packages, from wherever this machine gets its binary ones, without touching its own lists.
# shellcheck disable=SC2016  # $(…) is apt's notation here
apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Identifier: Packages' 'Origin: Debian' | sort -u >sources.list
mkdir -p lists/partial cache/archives/partial
apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
  -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=)
"${apt[@]}" update
"${apt[@]}" source "onetbb=$version"

# tbbmalloc is left out: it isn't used, and TSan brings an allocator that it can follow.
cmake -S onetbb-*/ -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTBB_SANITIZE=thread \
  -DTBB_TEST=OFF -DTBBMALLOC_BUILD=OFF -DTBB_STRICT=OFF \
  -DCMAKE_INSTALL_PREFIX="$folder" -DCMAKE_INSTALL_LIBDIR=lib
ninja -C build install
printf '%s\n' "$version" >"$folder/version"
