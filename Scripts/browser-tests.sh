#!/usr/bin/env bash
# What the tests of exported pages need, each once: Chromium with its driver, and a Python with Selenium and axe-core.
#
#   browser-tests.sh FOLDER
#
# Prints the Python to run Tests/Browser/drive.py with.
set -euo pipefail

folder=$1
# Changed with the list of packages, so that an older folder is made anew.
version=1
packages=("selenium>=4.20" "pymarkdownlnt>=0.9.20")
# Holds axe-core; what it is meant to be used with is not needed.
bare_packages=("axe-playwright-python>=0.1.4")

say() { printf 'browser tests: %s\n' "$*" >&2; }
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

install_packages() {
  local missing=() package
  for package in chromium chromium-driver python3-venv fonts-dejavu-core; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]}"
  local quiet=(-o=Dpkg::Use-Pty=0 -qq --no-install-recommends -y)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${quiet[@]}" "${missing[@]}" >/dev/null 2>&1 || {
    as_root apt-get update -qq || fail "the package lists could not be fetched: check the network and apt's sources"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${quiet[@]}" "${missing[@]}" >/dev/null ||
      fail "could not install ${missing[*]}: install them by hand, then run this again"
  }
}

has_all() {
  command -v chromium >/dev/null && command -v chromedriver >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null
}
has_all || install_packages

if [ ! -f "$folder/made-$version" ]; then
  say "fetching ${packages[*]} ${bare_packages[*]}"
  rm -rf "$folder" "$folder.partial"
  mkdir -p "$(dirname "$folder")"
  python3 -m venv "$folder.partial"
  pip=("$folder.partial/bin/python" -m pip install --quiet --disable-pip-version-check)
  { "${pip[@]}" "${packages[@]}" && "${pip[@]}" --no-deps "${bare_packages[@]}"; } >&2 ||
    fail "the packages could not be fetched from PyPI: check the network, then run this again"
  touch "$folder.partial/made-$version"
  mv "$folder.partial" "$folder"
fi
echo "$folder/bin/python"
