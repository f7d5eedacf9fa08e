#!/usr/bin/env bash
# Prints walker's version; with --date, the day of its release, in seconds since 1970 (for SOURCE_DATE_EPOCH).
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/.*current = "\(.*\)"$/\1/p' Sources/Walker/Model/WalkerVersion.swift)
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || {
  echo "version: Sources/Walker/Model/WalkerVersion.swift holds no version like 1.2.3: correct it" >&2
  exit 1
}
if [ "${1:-}" = --date ]; then
  day=$(sed -n "s/^## $version - \([0-9-]*\)\$/\1/p" CHANGELOG.md)
  [ -n "$day" ] || {
    echo "version: CHANGELOG.md has no \"## $version - YYYY-MM-DD\": write what changed" >&2
    exit 1
  }
  date -u -d "$day" +%s
else
  echo "$version"
fi
