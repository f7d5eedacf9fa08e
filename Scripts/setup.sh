#!/usr/bin/env bash
# Installs what is missing to build walker on Debian and its kin, and points Sources/CClang at the newest libclang.
# A second run finds everything in place and changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

oldest_clang=17
include=Sources/CClang/include

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "installing packages needs root: run as root, or install sudo ($*)"
  fi
}

has_package() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# The newest LLVM, at least $oldest_clang, with both the headers and the versioned library; prints its number.
newest_clang() {
  local folder version
  for folder in /usr/lib/llvm-*; do
    version=${folder##*-}
    [[ $version =~ ^[0-9]+$ ]] || continue
    [ "$version" -ge "$oldest_clang" ] || continue
    [ -e "$folder/include/clang-c/Index.h" ] || continue
    [ -n "$(library_folder "$version")" ] || continue
    echo "$version"
  done | sort -n | tail -1
}

# Where the linker finds libclang-VERSION.so.
library_folder() {
  local candidate
  for candidate in "/usr/lib/$(uname -m)-linux-gnu" /usr/lib64 /usr/lib; do
    if [ -e "$candidate/libclang-$1.so" ]; then
      echo "$candidate"
      return
    fi
  done
}

# The libclang package to install: the distribution's own where it is new enough.
clang_package() {
  local candidate
  candidate=$(apt-cache policy libclang-dev 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]*:\)\{0,1\}\([0-9]*\).*/\2/p')
  if [ "${candidate:-0}" -ge "$oldest_clang" ]; then echo libclang-dev; else echo libclang-19-dev; fi
}

install_packages() {
  local missing=() package
  for package in gcc libarchive-dev libc6-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libgit2-dev liblzma-dev libssl-dev \
    libutf8proc-dev libz3-dev qemu-system-x86 zlib1g-dev; do
    has_package "$package" || missing+=("$package")
  done
  command -v python3 >/dev/null || missing+=(python3)
  [ -n "$(newest_clang)" ] || missing+=("$(clang_package)")
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    fail "there is no apt-get here: install libclang ($oldest_clang or newer), libarchive, libgit2, cmark-gfm, OpenSSL, utf8proc, zlib and Z3 with their headers, and Python 3"
  say "installing ${missing[*]}"
  local quiet=(-o=Dpkg::Use-Pty=0 -qq --no-install-recommends -y)
  # A fresh machine has no package lists, an old one has stale ones: fetch them only when the first try needs it.
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${quiet[@]}" "${missing[@]}" >/dev/null 2>&1 || {
    as_root apt-get update -qq || fail "the package lists could not be fetched: check the network and apt's sources"
    # The lists may now offer another libclang.
    [ -n "$(newest_clang)" ] || missing=("${missing[@]/libclang*/$(clang_package)}")
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${quiet[@]}" "${missing[@]}" >/dev/null ||
      fail "could not install ${missing[*]}: install them by hand, then run this again"
  }
}

# Writes standard input to a file, unless it holds just that already.
write_if_changed() {
  local text
  text=$(cat)
  if [ ! -f "$1" ] || [ "$(cat "$1")" != "$text" ]; then
    say "writing $1"
    printf '%s\n' "$text" >"$1.new"
    mv "$1.new" "$1"
  fi
}

link_clang() {
  local version headers
  version=$(newest_clang)
  [ -n "$version" ] || fail "no libclang of version $oldest_clang or newer was found under /usr/lib/llvm-*: install libclang-19-dev"
  headers=/usr/lib/llvm-$version/include/clang-c
  if [ "$(readlink "$include/clang-c" 2>/dev/null)" != "$headers" ]; then
    say "linking the headers of libclang $version"
    ln -sfn "$headers" "$include/clang-c"
  fi
  write_if_changed "$include/module.modulemap" <<MAP
module CClang [system] {
  header "walker-clang.h"
  link "clang-$version"
  export *
}
MAP
}

# The program that asks kernels, as a guest's init among others: static, since it is alone there.
build_guest() {
  local program=.build/walker-guest file
  for file in Sources/WalkerGuest/*; do
    [ "$file" -nt "$program" ] || continue
    say "building $program"
    mkdir -p .build
    cc -std=gnu17 -O2 -Wall -Wextra -static -o "$program.new" Sources/WalkerGuest/*.c ||
      fail "Sources/WalkerGuest could not be built: install gcc and the static C library (libc6-dev)"
    mv "$program.new" "$program"
    return
  done
}

command -v swift >/dev/null || fail "there is no swift on the PATH: install a Swift 6.2 toolchain or newer first"
install_packages
link_clang
build_guest
