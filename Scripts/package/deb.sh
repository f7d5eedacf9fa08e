#!/usr/bin/env bash
# Makes the Debian package from an installation that stage.sh has laid out. The same files give the same bytes.
#
#   [LEVEL=9] deb.sh STAGED OUTPUT        a low level of compression is for trying things out
#
# STAGED has bin, libexec and share; OUTPUT is the folder for walker_VERSION_ARCHITECTURE.deb, whose path is printed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

staged=$(cd "$1" && pwd)
output=$2
fail() {
  echo "deb: $*" >&2
  exit 1
}
for tool in dpkg-deb dpkg-shlibdeps; do command -v "$tool" >/dev/null || fail "there is no $tool: install dpkg-dev"; done

version=$("$here/../version.sh")
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$("$here/../version.sh" --date)}
export SOURCE_DATE_EPOCH
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root/DEBIAN" "$root/usr" "$work/debian" "$output"
cp -R "$staged/." "$root/usr"

# Debian's own places, and its form of texts.
doc=$root/usr/share/doc/walker
install -m 644 "$here/copyright" "$doc/copyright"
rm "$doc/CHANGELOG.md"
"$here/changelog.py" "$here/../../CHANGELOG.md" | gzip -9n >"$doc/changelog.gz"
find "$root/usr/share/man" -type f -exec gzip -9n {} +
install -D -m 644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/walker"

# Which packages the programs need is read from the programs.
printf 'Source: walker\n\nPackage: walker\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O root/usr/bin/walker root/usr/libexec/walker/walker-engine 2>"$work/shlibdeps.log") || {
  cat "$work/shlibdeps.log" >&2
  fail "the packages that walker needs could not be found out: see above"
}
depends=${depends#shlibs:Depends=}
size=$(du -k -s --apparent-size --exclude=DEBIAN "$root" | cut -f1)
sed -e "s|@VERSION@|$version|" -e "s|@ARCHITECTURE@|$architecture|" -e "s|@DEPENDS@|$depends|" -e "s|@SIZE@|$size|" \
  "$here/control" >"$root/DEBIAN/control"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

find "$root" -type d -exec chmod 755 {} +
chmod 644 "$root"/DEBIAN/*
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=$output/walker_${version}_$architecture.deb
# One thread: how xz cuts its blocks must not depend on the machine.
dpkg-deb --root-owner-group -Zxz "-z${LEVEL:-9}" --threads-max=1 --build "$root" "$package" >/dev/null
echo "$package"
