#!/usr/bin/env bash
# Wall time and peak memory of a cold and a warm `walker print` on an unpacked kernel tree.
#
#   bench.sh WALKER TREE
#
# Cold: no walk is kept, the index of candidates is. Each figure is the best of three runs.
set -euo pipefail

walker=$1
tree=$2
[ -d "$tree" ] || {
  echo "bench: there is no folder $tree: name an unpacked kernel tree with TREE=" >&2
  exit 64
}
cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT

# Seconds, and MB of the largest process.
measure() {
  local run
  for run in 1 2 3; do
    command time -f '%e %M' -o "$cache/time.$run" "$@" >/dev/null 2>"$cache/errors" || true
    tail -1 "$cache/time.$run"
  done | sort -n | head -1 | awk '{ printf "%7.3f s %6d MB\n", $1, $2 / 1024 }'
}

type -P time >/dev/null || {
  echo "bench: the time program is missing: install the package time" >&2
  exit 1
}
"$walker" print --kernel "$tree" --cache "$cache" >/dev/null 2>&1 || true
printf 'cold  %s\n' "$(measure "$walker" print --kernel "$tree" --cache "$cache" --no-cache)"
printf 'warm  %s\n' "$(measure "$walker" print --kernel "$tree" --cache "$cache")"
