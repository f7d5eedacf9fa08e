#!/usr/bin/env bash
# Installs the package in a fresh Debian, uses it there without a network, and removes it; then the tarball. Needs root,
# and the network for the fresh Debian. All is done in a folder and a mount namespace of its own, which go at the end.
#
#   [QUICK=1] test.sh FOLDER     FOLDER holds what `make release` made; QUICK leaves size, lintian and packing again out
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

packages=$(cd "$1" && pwd)
fail() {
  echo "package-test: $*" >&2
  exit 1
}
say() { printf 'package-test: %s\n' "$*" >&2; }

[ "$(id -u)" -eq 0 ] || fail "a fresh Debian is made by root only: run this with sudo"
# Nothing that is mounted here is seen elsewhere, and it goes with the last process.
if [ -z "${WALKER_PACKAGE_TEST:-}" ]; then exec env WALKER_PACKAGE_TEST=1 unshare --mount -- "$0" "$packages"; fi
missing=()
for tool in debootstrap lintian; do command -v "$tool" >/dev/null || missing+=("$tool"); done
[ "${#missing[@]}" -eq 0 ] || apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null

version=$("$here/../version.sh")
package=$packages/walker_${version}_$(dpkg --print-architecture).deb
tarball=$packages/walker-$version-linux-$(uname -m).tar.xz
for file in "$package" "$tarball"; do [ -f "$file" ] || fail "there is no $file: run make release first"; done
(cd "$packages" && sha256sum --quiet -c SHA256SUMS) || fail "the files are not those of SHA256SUMS: run make release"

size=$(stat -c %s "$package")
say "$(basename "$package") has $((size / 1000)) kB"
if [ -z "${QUICK:-}" ]; then
  [ "$size" -le 40000000 ] || fail "that is more than 40 MB"
  say "lintian"
  lintian --allow-root --fail-on error,warning "$package" || fail "lintian complains, see above"
fi

codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mirror=$(apt-get indextargets --format "\$(REPO_URI) \$(CODENAME)" | awk -v name="$codename" '$2 == name { print $1; exit }')
[ -n "$mirror" ] || fail "apt knows no mirror of $codename: run apt-get update"
root=$(mktemp -d)
# What somebody without rights is to work in.
chmod 755 "$root"
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
say "a fresh $codename"
debootstrap --variant=minbase "$codename" "$root" "$mirror" >"$root.log" 2>&1 || {
  tail "$root.log" >&2
  fail "debootstrap failed, see above and $root.log"
}
rm "$root.log"
mount -t proc proc "$root/proc"
cp /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || true
cp -R /etc/apt/sources.list.d /etc/apt/preferences.d /etc/apt/apt.conf.d /etc/apt/trusted.gpg.d /etc/apt/keyrings "$root/etc/apt/" 2>/dev/null || true
cp "$package" "$root/walker.deb"
before=$(cd "$root" && find usr etc var/lib -name '*walker*' | sort)

say "installing"
chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -c \
  'apt-get update -qq && apt-get install -qq -y --no-install-recommends ./walker.deb' >"$root/install.log" 2>&1 || {
  tail "$root/install.log" >&2
  fail "the package can't be installed, see above"
}
chroot "$root" useradd --create-home ada

# As somebody who has nothing, in a network namespace that has not even a loopback that is up.
inside() { unshare --net -- chroot --userspec=ada:ada "$root" env -i HOME=/home/ada PATH=/usr/bin:/bin sh -c "cd && $1"; }
# Whether a command's output has the words, and its status is right.
expect() {
  local status=$1 command=$2 words=$3 seen=0
  inside "$command" >"$root/out" 2>&1 || seen=$?
  [ "$seen" -eq "$status" ] || { tail -n 20 "$root/out" >&2; fail "$command: status $seen, not $status"; }
  grep -qF -- "$words" "$root/out" || { tail -n 20 "$root/out" >&2; fail "$command: nothing says \"$words\""; }
  say "ok: $command"
}
use() {
  local walker=$1
  expect 0 "$walker kernels list" "6.12"
  expect 0 "$walker kernels verify" "6.12: as fetched"
  expect 0 "$walker" "annotations"
  expect 0 "$walker print pipe-size --kernel 5.10" "results"
  expect 0 "$walker eval pipe-size --set arg=100000 --kernel 6.12 --kernel 5.10 --format csv" "5.10,100000,1048576,32"
  expect 0 "$walker check listen-backlog --against 6.12" "26 of 26 annotations"
  expect 0 "$walker export listen-backlog --kernel 6.12 --format html --force -o /home/ada/page.html && cat /home/ada/page.html" "<!DOCTYPE html>"
  expect 0 "$walker anchors inet_listen --walkthrough listen-backlog" "role: entry"
  expect 0 "$walker places" "new ones go here"
}
say "using it"
use walker
expect 1 "walker new listen-backlog2 --syscall nothing --track x" "walker:"
expect 0 "test -s /usr/share/man/man1/walker.1.gz && test -s /usr/share/bash-completion/completions/walker && echo whole" "whole"
expect 0 "test -s /usr/share/walker/kernel-snippets/6.12/LICENSES/preferred/GPL-2.0 && echo licensed" "licensed"

say "the tarball, in a folder with a space"
mkdir "$root/home/ada/a folder"
tar -xf "$tarball" -C "$root/home/ada/a folder" --strip-components=1
chroot "$root" dpkg --force-depends -r walker >/dev/null
# The libraries stay, as they would on any machine that has them.
use "'/home/ada/a folder/bin/walker'"

say "removing"
chroot "$root" dpkg -P walker >/dev/null 2>&1 || true
after=$(cd "$root" && find usr etc var/lib -name '*walker*' | sort)
[ "$before" = "$after" ] || fail "the removed package left: $after"

if [ -z "${QUICK:-}" ]; then
  say "packing again gives the same bytes"
  mkdir "$root/again"
  "$here/deb.sh" "$packages/staged" "$root/again" >/dev/null
  "$here/dist.sh" "$packages/staged" "$root/again" >/dev/null
  cmp "$root/again/$(basename "$package")" "$package"
  cmp "$root/again/$(basename "$tarball")" "$tarball"
fi
say "all is well"
