#!/usr/bin/env bash
# Writes the man pages and the shells' completions, made from the command itself.
#
#   install-manual.sh WALKER SHARE
set -euo pipefail
cd "$(dirname "$0")/.."

walker=$1
share=$2
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

# The day of the release, so that two builds are alike.
day=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(Scripts/version.sh --date)}" +%F)
"$walker" --experimental-dump-help >"$made/help.json"
Scripts/package/manual.py "$(Scripts/version.sh)" "$day" "$made/man1" <"$made/help.json"
install -d "$share/man/man1"
install -m 644 "$made"/man1/*.1 "$share/man/man1"

complete() {
  # What is sourced is no program: without its first line, if that names an interpreter.
  "$walker" --generate-completion-script "$1" | sed '1{/^#!/d}' >"$made/$1"
  install -D -m 644 "$made/$1" "$share/$2"
}
complete bash bash-completion/completions/walker
complete zsh zsh/site-functions/_walker
complete fish fish/vendor_completions.d/walker.fish
