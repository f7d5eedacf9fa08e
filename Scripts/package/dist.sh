#!/usr/bin/env bash
# Makes a tarball from an installation that stage.sh has laid out; unpacked anywhere, it works there.
#
#   [LEVEL=9] dist.sh STAGED OUTPUT       a low level of compression is for trying things out
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

staged=$1
output=$2
version=$("$here/../version.sh")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$("$here/../version.sh" --date)}
name=walker-$version-linux-$(uname -m)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name" "$output"
cp -R "$staged/." "$work/$name"
install -m 644 "$here/../../LICENSE" "$work/$name/LICENSE"
install -m 644 "$here/copyright" "$work/$name/COPYRIGHT"
{
  echo "walker $version. Put this folder anywhere and run bin/walker; it needs these shared libraries of the machine:"
  echo
  for program in bin/walker libexec/walker/walker-engine; do
    objdump -p "$work/$name/$program" | sed -n 's/^ *NEEDED *//p'
  done | sort -u
} >"$work/$name/INSTALL"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu -C "$work" -c "$name" |
  xz "-${LEVEL:-9}" --threads=1 >"$output/$name.tar.xz"
echo "$output/$name.tar.xz"
