#!/usr/bin/env bash
# Lays out an installation below a folder: what `make install`, `make deb` and `make dist` have in common.
#
#   stage.sh PRODUCTS ROOT [SETS]
#
# PRODUCTS holds walker and walker-engine, ROOT gets bin, libexec and share, SETS holds the kernels' snippet sets. Without
# SETS those of the checkout are taken that are there. Everything is found relative to bin/walker, so ROOT can be moved.
set -euo pipefail
cd "$(dirname "$0")/../.."

products=$1
root=$2
sets=${3:-kernel-snippets}
fail() {
  echo "stage: $*" >&2
  exit 1
}

for program in walker walker-engine; do [ -x "$products/$program" ] || fail "there is no $products/$program: build it first"; done
[ -x .build/walker-guest ] || fail "there is no .build/walker-guest: run Scripts/setup.sh"

install -d "$root/bin" "$root/libexec/walker" "$root/share/walker/kernel-snippets" "$root/share/doc/walker"
install -m 755 "$products/walker" "$root/bin"
install -m 755 "$products/walker-engine" .build/walker-guest "$root/libexec/walker"
strip --strip-all "$root/bin/walker" "$root"/libexec/walker/*

# Only what belongs to walkthroughs: an editor's leavings are not installed.
find Annotations Documentation -type f \( -path Annotations/first -o -name '*.md' -o -name '*.lock' -o -name '*.png' -o -name '*.json' \) -print0 |
  sort -z | while IFS= read -r -d '' file; do
  case $file in
    Annotations/*) install -D -m 644 "$file" "$root/share/walker/$file" ;;
    *) install -D -m 644 "$file" "$root/share/doc/walker/${file#Documentation/}" ;;
  esac
done
install -m 644 README.md CONTRIBUTING.md CHANGELOG.md "$root/share/doc/walker"

install -m 644 kernel-snippets/catalog.json kernel-snippets/README.md "$root/share/walker/kernel-snippets"
for set in "$sets"/*/; do
  [ -f "$set/PROVENANCE.json" ] || continue
  [ -f "$set/LICENSES/preferred/GPL-2.0" ] || fail "$set lacks the GPL's text: make the set again with walker kernels add"
  cp -R "${set%/}" "$root/share/walker/kernel-snippets/"
done
find "$root/share" -type d -exec chmod 755 {} + -o -type f -exec chmod 644 {} +

Scripts/install-manual.sh "$products/walker" "$root/share"
