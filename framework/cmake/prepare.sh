# shellcheck shell=bash
# Sourced by the scripts that work on a bare Debian 12: installs packages, configures, builds. All
# it has to say goes to stderr. A function that can't do its work says why and exits 2.

weir_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

weir_say() { printf 'weir: %s\n' "$*" >&2; }

# weir_quietly WHAT COMMAND…: runs a command whose output matters only if it fails.
weir_quietly() {
  local what=$1 output
  shift
  output=$("$@" 2>&1) && return
  printf '%s\n' "$output" >&2
  weir_say "could not $what: $*"
  exit 2
}

# weir_packages GROUP…: the packages of these groups, one a line.
weir_packages() {
  local group
  for group; do
    awk -v group="$group:" '$1 == group { for (i = 2; i <= NF; ++i) print $i }' \
      "$weir_root/framework/cmake/packages.txt"
  done
}

# weir_install GROUP…: installs what is missing of these groups; costs one dpkg-query if nothing is.
weir_install() {
  local packages missing installed as_root=()
  mapfile -t packages < <(weir_packages "$@")
  ((${#packages[@]})) || return 0
  if [[ -z $(type -P dpkg-query) ]]; then
    weir_say "this is not Debian: make sure that you have the like of: ${packages[*]}"
    return
  fi
  # dpkg-query fails, and says so, if there is one that it has never heard of: that one is missing.
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null) ||
    true
  mapfile -t missing < <(printf '%s\n' "$installed" "${packages[@]}" |
    awk '$2 == "installed" { have[$1] } NF == 1 && !($1 in have)')
  ((${#missing[@]})) || return 0

  if ((EUID != 0)); then
    if [[ -z $(type -P sudo) ]]; then
      weir_say "packages are missing; run this as root, then try again:"
      printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' \
        "${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  weir_say "installing ${missing[*]}"
  # A third-party source that can't be reached need not stop us: the installation decides.
  "${as_root[@]}" apt-get update -qq >&2 || weir_say "apt-get update failed; going on with what is known"
  weir_quietly "install packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${missing[@]}"
}

# weir_configure FOLDER OPTION…: configures a Release build there; OPTIONs come last and win.
weir_configure() {
  local folder=$1
  shift
  weir_quietly configure cmake -S "$weir_root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@"
}

# weir_build FOLDER TARGET…: builds, with progress where a person watches, or else a word that it
# takes a while; silent if there is nothing to do.
weir_build() {
  local folder=$1 quiet=()
  shift
  if [[ $(ninja -C "$folder" -n "$@" 2>&1) == *"no work to do"* ]]; then return; fi
  if [[ ! -t 2 ]]; then
    quiet=(--quiet)
    weir_say "building in $folder (minutes the first time)"
  fi
  ninja -C "$folder" "${quiet[@]}" "$@" >&2 && return
  weir_say "could not build: ninja -C $folder $*"
  exit 2
}
