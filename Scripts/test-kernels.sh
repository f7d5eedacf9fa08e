#!/usr/bin/env bash
# Fetches the kernels that the end-to-end tests walk, each once, into a folder outside of the checkout, and prints the
# names of those that can be tested. A set that an older walker made, or that was made for other walkthroughs, is made
# again, from the package in the cache.
#
#   test-kernels.sh WALKER FOLDER [NAME…]
#
# Without names all of them, of which at least three must be there in the end: packages leave the mirrors.
set -euo pipefail

walker=$1
folder=$2
shift 2
wanted=("$@")
least=3

# What the tests call a kernel, and where it comes from. The last has no version: it is the newest there is.
kernels=(
  "5.10 apt:linux-source-5.10@bullseye"
  "6.1 apt:linux-source-6.1@bookworm"
  "6.12 apt:linux-source-6.12"
  "newest apt:linux-source@forky"
)

say() { printf 'test kernels: %s\n' "$*" >&2; }

is_wanted() {
  local name
  [ "${#wanted[@]}" -gt 0 ] || return 0
  for name in "${wanted[@]}"; do [ "$name" != "$1" ] || return 0; done
  return 1
}

for name in "${wanted[@]}"; do
  printf '%s\n' "${kernels[@]}" | grep -q "^$name " || {
    say "there is no test kernel $name: choose among $(printf '%s\n' "${kernels[@]%% *}" | paste -sd ' ')"
    exit 64
  }
done

mkdir -p "$folder"
present=()
for kernel in "${kernels[@]}"; do
  name=${kernel%% *}
  source=${kernel#* }
  if ! is_wanted "$name"; then
    say "$name is not tested (KERNELS leaves it out)"
  elif "$walker" kernels add "$source" --name "$name" --if-stale --snippets "$folder" --timeout 3600 >&2; then
    present+=("$name")
  else
    say "$name is not tested ($source could not be fetched)"
  fi
done

if [ "${#wanted[@]}" -gt 0 ]; then least=${#wanted[@]}; fi
if [ "${#present[@]}" -lt "$least" ]; then
  say "only ${#present[@]} of at least $least kernels are there: check the network and apt's sources"
  exit 1
fi
echo "${present[*]}"
