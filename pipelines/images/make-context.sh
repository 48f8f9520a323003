#!/usr/bin/env bash
# make-context.sh FOLDER NAME: makes the build context of a small image that holds one file. It is
# made FROM scratch, so no base image has to be fetched.
set -euo pipefail

mkdir -p "$1"
printf 'This is image %s.\n' "$2" >"$1/name.txt"
printf 'FROM scratch\nCOPY name.txt /name.txt\n' >"$1/Containerfile"
