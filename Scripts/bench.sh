#!/usr/bin/env bash
# What a walk costs on an unpacked kernel tree, beside what clang takes for one file of it; and what setting up a kernel from
# its package costs, beside unpacking the same data.
#
#   bench.sh WALKER TREE [DEB]
#
# Cold: no walk is kept, the index of candidates is. Warm: nothing has changed. Each figure is the best of five runs: the
# others were disturbed.
set -euo pipefail

walker=$1
tree=$2
deb=${3:-}
file=net/socket.c

fail() {
  echo "bench: $1" >&2
  exit "${2:-1}"
}
[ -f "$tree/$file" ] || fail "there is no $tree/$file: name an unpacked kernel tree with TREE=" 64
[ -z "$deb" ] || [ -f "$deb" ] || fail "there is no $deb: name a linux-source package with DEB=" 64
type -P time >/dev/null || fail "the time program is missing: install the package time"
clang=$(type -P clang-19 || type -P clang) || fail "there is no clang: install the package clang-19"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=$work/cache

# best NAME RUNS COMMAND…: prints seconds and MB of the largest process, and keeps the seconds as NAME.
best() {
  local name=$1 left=$2
  shift 2
  for (( ; left > 0; left--)); do
    command time -f '%e %M' -o "$work/time" "$@" >/dev/null 2>"$work/errors" || [ $? -le 2 ] || fail "$* failed: $(tail -1 "$work/errors")"
    tail -1 "$work/time"
  done | sort -n | head -1 >"$work/$name"
  awk -v name="$name" '{ printf "%-9s %7.3f s %6d MB", name, $1, $2 / 1024 }' "$work/$name"
}
# ratio NAME OF WANTED: how many times OF's seconds NAME took.
ratio() {
  paste -d' ' "$work/$1" "$work/$2" | awk -v of="$2" -v wanted="$3" '{ printf "   %.2f x %s (wanted: %s x)\n", $1 / $3, of, wanted }'
}

"$walker" compiler-arguments --kernel "$tree" --folder "$work/generated" --cache "$cache" >"$work/arguments"
mapfile -t arguments <"$work/arguments"
"$walker" print --kernel "$tree" --cache "$cache" --timeout 600 >/dev/null 2>&1 || true

echo "$($clang --version | head -1), $file of $tree; $(nproc) cores"
best clang 5 "$clang" "${arguments[@]}" -fsyntax-only "$tree/$file"
echo
best cold 5 "$walker" print --kernel "$tree" --cache "$cache" --no-cache
ratio cold clang 2.5
best warm 5 "$walker" print --kernel "$tree" --cache "$cache"
ratio warm clang 0.05

[ -n "$deb" ] || exit 0
# The tarball within the package, which set-up reads through to its end.
ar p "$deb" data.tar.xz | xz -dc | tar -xO --wildcards '*/linux-source-*.tar.xz' >"$work/source.tar.xz"
best xz 3 xz -dc "$work/source.tar.xz"
echo
best set-up 3 "$walker" kernels add "$deb" --name bench --snippets "$work/sets" --cache "$cache" --timeout 600
ratio set-up xz 1.3
