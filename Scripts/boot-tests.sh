#!/usr/bin/env bash
# What the tests need that boot a kernel: QEMU, once. Prints the test kernel to boot, or says why none is booted.
#
#   boot-tests.sh KERNEL…
set -euo pipefail

say() { printf 'boot tests: %s\n' "$*" >&2; }

[ "$(uname -m)" = x86_64 ] || {
  say "no kernel is booted: the images are for x86_64, this machine is $(uname -m)"
  exit 0
}

# The middle of a stable release leaves the mirrors last.
kernel=
for wanted in 6.12 6.1 5.10; do
  for given in "$@"; do [ "$given" != "$wanted" ] || kernel=${kernel:-$given}; done
done
[ -n "$kernel" ] || {
  say "no kernel is booted: none of $* has an image that lasts"
  exit 0
}

if ! command -v qemu-system-x86_64 >/dev/null; then
  say "installing qemu-system-x86"
  if [ "$(id -u)" -eq 0 ]; then root=(); else root=(sudo); fi
  install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends qemu-system-x86)
  "${root[@]}" "${install[@]}" >/dev/null 2>&1 ||
    { "${root[@]}" apt-get update -qq && "${root[@]}" "${install[@]}" >/dev/null 2>&1; } || {
    say "no kernel is booted: qemu-system-x86 could not be installed; install it by hand"
    exit 0
  }
fi
echo "$kernel"
