#!/usr/bin/env bash
# Writes the man page and the shells' completions, made by swift-argument-parser from the command itself.
#
#   install-manual.sh WALKER SHARE
set -euo pipefail
cd "$(dirname "$0")/.."

walker=$1
share=$2
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
fail() {
  echo "install: $*" >&2
  exit 1
}

# The day of the last change, so that two builds of one commit are alike.
day=$(git log -1 --format=%cs 2>/dev/null || date -u +%F)
swift package generate-manual --date "$day" >"$made/log" 2>&1 || {
  cat "$made/log" >&2
  fail "the man page could not be made: see above"
}
page=.build/plugins/GenerateManual/outputs/walker/walker.1
[ -s "$page" ] || fail "the generator of manuals wrote no $page: report this"
install -D -m 644 "$page" "$share/man/man1/walker.1"

complete() {
  "$walker" --generate-completion-script "$1" >"$made/$1"
  install -D -m 644 "$made/$1" "$share/$2"
}
complete bash bash-completion/completions/walker
complete zsh zsh/site-functions/_walker
complete fish fish/vendor_completions.d/walker.fish
