#!/usr/bin/env bash
# Runs walker for a pre-commit hook: the one that is installed, where it is of this version, else that of this version's
# release, which is fetched once into the cache and compared with its checksum.
#
#   hook.sh check NAME --against KERNEL…
#
# WALKER_RELEASES is the address of the releases' folder; without it, that of this repository's origin.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)

fail() {
  echo "walker hook: $*" >&2
  exit 1
}
version=$("$here/Scripts/version.sh")
name=walker-$version-linux-$(uname -m)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/walker/releases

# An older one does not know its places.
if command -v walker >/dev/null && walker places >/dev/null 2>&1; then exec walker "$@"; fi
if [ ! -x "$cache/$name/bin/walker" ]; then
  releases=${WALKER_RELEASES:-}
  if [ -z "$releases" ]; then
    origin=$(git -C "$here" remote get-url origin 2>/dev/null) || fail "walker is not on the PATH, and this clone has no origin to fetch it from: install the package"
    releases=${origin%.git}/releases/download
  fi
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.partial-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  for file in SHA256SUMS "$name.tar.xz"; do
    curl --fail --silent --show-error --location --max-time 600 -o "$work/$file" "$releases/v$version/$file" ||
      fail "$releases/v$version/$file can't be fetched: install walker's package, or check the network"
  done
  (cd "$work" && grep -F " $name.tar.xz" SHA256SUMS | sha256sum --check --quiet --strict) >&2 ||
    fail "$name.tar.xz is not what SHA256SUMS says: nothing was installed"
  tar -xf "$work/$name.tar.xz" -C "$work"
  rm -rf "${cache:?}/$name"
  mv "$work/$name" "$cache/$name"
  rm -rf "$work"
  trap - EXIT
fi
exec "$cache/$name/bin/walker" "$@"
