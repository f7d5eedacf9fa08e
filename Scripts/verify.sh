#!/usr/bin/env bash
# Boots kernels, asks them for every walkthrough's results, and writes what they said beside the walkthrough.
#
#   verify.sh WALKER [KERNEL…]
#
# Without kernels all that the catalog knows; what is not here yet is fetched.
set -euo pipefail
cd "$(dirname "$0")/.."

walker=$1
shift
kernels=("$@")
if [ "${#kernels[@]}" -eq 0 ]; then
  mapfile -t kernels < <(sed -n 's/^ *"name": "\(.*\)",$/\1/p' kernel-snippets/catalog.json)
fi

booted=()
for kernel in "${kernels[@]}"; do
  [ -f "kernel-snippets/$kernel/PROVENANCE.json" ] || "$walker" kernels add "$kernel" --timeout 3600
  booted+=(--boot "$kernel")
done

status=0
for folder in Annotations/*/; do
  name=$(basename "$folder")
  grep -q '^probes:' "$folder/walkthrough.md" || continue
  code=0
  "$walker" verify "$name" "${booted[@]}" --timeout 7200 --format markdown >"$folder/verified.md.new" || code=$?
  if [ "$code" -le 2 ] && [ -s "$folder/verified.md.new" ]; then
    mv "$folder/verified.md.new" "$folder/verified.md"
  else
    rm -f "$folder/verified.md.new"
  fi
  cat "$folder/verified.md"
  if [ "$code" -gt "$status" ]; then status=$code; fi
done
exit "$status"
