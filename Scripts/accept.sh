#!/bin/sh
# Writes the bundled walkthroughs' locks anew, for every kernel of the catalog that a walkthrough serves.
#
#   accept.sh WALKER [WALKTHROUGH…]
#
# listen-backlog's lock holds 6.18.2 as well, which stands for 6.10 to 7.1: there the receiving side keeps `isn` in a per-CPU
# variable, which no kernel of the catalog does. Accept it from a tree of its own: walker accept listen-backlog --kernel TREE --all.
#
# Run it when the prose has been read beside each kernel's code, after a change of what a lock keeps.
set -eu

walker=$1
shift
if [ $# -eq 0 ]; then
  for folder in Annotations/*/; do set -- "$@" "$(basename "$folder")"; done
fi

for name in "$@"; do
  lock=Annotations/$name/walkthrough.lock
  [ -d "Annotations/$name" ] || { echo "there is no Annotations/$name" >&2; exit 64; }
  rm -f "$lock"
  sed -n "s/.*\"name\": *\"\([^\"]*\)\".*/\1/p" kernel-snippets/catalog.json | while read -r kernel; do
    "$walker" accept "$name" --kernel "$kernel" --all --prose-still-true --no-source --timeout 3600 | tail -n 1
  done
done
