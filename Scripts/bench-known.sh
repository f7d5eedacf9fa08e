#!/usr/bin/env bash
# What a kernel costs whose relevant content was seen before, alone and fifty in one call.
#
#   bench-known.sh WALKER SET
#
# SET is a snippet set. Its copies are other kernels with the same content; a repository of it has fifty tags, each with a
# version of its own. "met" is the first call after one of them was walked (everything is compared), "seen" the next.
set -euo pipefail

walker=$1
set=$2
count=50
[ -f "$set/PROVENANCE.json" ] || {
  echo "bench: there is no snippet set $set: name one with SET=" >&2
  exit 64
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

milliseconds() {
  local start end
  start=$(date +%s%N)
  "$@" >"$folder/output" 2>"$folder/errors" || [ $? -eq 2 ] || cat "$folder/errors" >&2
  end=$(date +%s%N)
  echo $(((end - start) / 1000000))
}

report() {
  printf '%-28s %6d ms, %5d ms a kernel\n' "$1" "$2" "$(($2 / $3))"
}

kernels=()
for number in $(seq "$count"); do
  cp -r "$set" "$folder/k$number"
  kernels+=(--kernel "$folder/k$number")
done
git -C "$folder" init -q repo
cp -r "$set/." "$folder/repo"
rm "$folder/repo/PROVENANCE.json"
export GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@example.org GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@example.org
for number in $(seq "$count"); do
  sed -i "s/^EXTRAVERSION.*/EXTRAVERSION = -bench$number/" "$folder/repo/Makefile"
  git -C "$folder/repo" add -A
  git -C "$folder/repo" commit -qm "version $number"
  git -C "$folder/repo" tag "v$number"
done
# Times of change of what was just made would keep it from being kept.
sleep 0.1

eval=("$walker" eval --cache "$folder/cache" --set backlog=511 --format json)
milliseconds "${eval[@]}" "${kernels[@]:0:2}" >/dev/null
report "one set, seen" "$(milliseconds "${eval[@]}" "${kernels[@]:0:2}")" 1
report "$count sets, met" "$(milliseconds "${eval[@]}" "${kernels[@]}")" "$count"
report "$count sets, seen" "$(milliseconds "${eval[@]}" "${kernels[@]}")" "$count"
milliseconds "${eval[@]}" --kernel "git:$folder/repo@v1" >/dev/null
report "$count tags, met" "$(milliseconds "${eval[@]}" --kernel "git:$folder/repo@v*")" "$count"
report "$count tags, seen" "$(milliseconds "${eval[@]}" --kernel "git:$folder/repo@v*")" "$count"
