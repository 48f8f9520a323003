#!/usr/bin/env bash
# with-registry.sh COMMAND…: runs COMMAND beside a container registry of its own, then prints the
# names of what the registry holds, one a line, and exits with COMMAND's status (3 if the registry
# can't be started).
#
# COMMAND sees REGISTRY (host:port), WEIR_IMAGES (a folder for whatever it likes) and a buildah
# storage of its own. All of it, and the registry, is gone when this ends, whatever ends it. INT and
# TERM (or HUP, as TERM) are passed on to COMMAND, and its end is waited for. Its stdin is /dev/null.
set -euo pipefail

# What a script starts with `&` ignores INT, and bash can't trap a signal that it was born to ignore.
if ((0x$(sed -n 's/^SigIgn:\t//p' "/proc/$$/status") & 2)); then
  exec env --default-signal=INT "$0" "$@"
fi

work='' registry='' command='' signalled=''

# Both processes get a session of their own, so that a Ctrl-C in a terminal reaches only this script,
# which passes it on to COMMAND alone: the registry has to live until COMMAND is done. Should this
# script be killed with -9, the kernel sends them TERM. INT has to be switched on again first: a
# shell's background jobs ignore it.
in_background=(env "--default-signal=INT,QUIT" setsid setpriv --pdeathsig TERM)

# shellcheck disable=SC2317  # called by the traps
pass_on() {
  if [[ -z $command ]]; then exit "$2"; fi
  signalled=$1
  # Right after its start, COMMAND has no process group yet.
  until kill -s "$1" -- "-$command" 2>/dev/null; do
    kill -0 "$command" 2>/dev/null || break
    sleep 0.01
  done
}

# shellcheck disable=SC2317
clean_up() {
  trap '' INT TERM HUP
  if [[ $registry ]]; then
    kill "$registry" 2>/dev/null || true
    wait "$registry" 2>/dev/null || true
  fi
  if [[ $work ]]; then rm -rf --one-file-system "$work"; fi
}
trap clean_up EXIT
trap 'pass_on INT 130' INT
trap 'pass_on TERM 143' TERM
trap 'pass_on TERM 129' HUP

work=$(mktemp -d -t weir-images.XXXXXX)
mkdir "$work/tmp" "$work/contexts"
cat >"$work/registry.yml" <<CONFIG
version: 0.1
log: {level: info, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:0"} # the kernel picks a free port, and the log says which
CONFIG
cat >"$work/storage.conf" <<CONFIG
[storage]
driver = "vfs"
graphroot = "$work/storage"
runroot = "$work/run"
CONFIG

: >"$work/registry.log"
"${in_background[@]}" docker-registry serve "$work/registry.yml" </dev/null &>"$work/registry.log" &
registry=$!
REGISTRY=''
for ((tries = 0; tries < 200; ++tries)); do
  REGISTRY=$(sed -n 's/.*"listening on \([0-9.:]*\)".*/\1/p' "$work/registry.log")
  if [[ $REGISTRY ]] || ! kill -0 "$registry" 2>/dev/null; then break; fi
  sleep 0.05
done
if [[ -z $REGISTRY ]]; then
  printf 'with-registry.sh: docker-registry does not start; its log:\n' >&2
  cat "$work/registry.log" >&2
  exit 3
fi

export REGISTRY WEIR_IMAGES=$work/contexts CONTAINERS_STORAGE_CONF=$work/storage.conf TMPDIR=$work/tmp
"${in_background[@]}" "$@" </dev/null &
command=$!
while true; do
  signalled=''
  wait "$command" && status=0 || status=$?
  # A signal ends `wait` early, with a status that isn't COMMAND's.
  [[ $signalled ]] || break
done
command=''

if ((status)); then grep 'level=error' "$work/registry.log" | tail -n 20 >&2 || true; fi
if ! catalogue=$(curl -fsS --noproxy '*' "http://$REGISTRY/v2/_catalog?n=1000"); then
  printf 'with-registry.sh: the registry has stopped answering; its log ends:\n' >&2
  tail -n 20 "$work/registry.log" >&2
  exit 3
fi
printf 'The registry at %s holds:\n' "$REGISTRY" >&2
printf '%s\n' "$catalogue" | sed 's/^{"repositories":\[//; s/\]}$//; s/,/\n/g' |
  tr -d '"' | sort -V | sed '/^$/d'
exit "$status"
