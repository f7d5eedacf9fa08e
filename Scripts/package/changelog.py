#!/usr/bin/env python3
"""Prints CHANGELOG.md in the form of a Debian changelog."""
import datetime
import re
import sys
import textwrap


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    releases = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    if not releases:
        sys.exit(f"{path} lists no release: write one, as \"## 1.0.0 - 2026-01-31\"")
    for release in releases:
        head, _, body = release.partition("\n")
        found = re.fullmatch(r"(\S+) - (\d{4}-\d{2}-\d{2})", head.strip())
        if not found:
            sys.exit(f"{path}: \"{head}\" is no release: write \"## 1.0.0 - 2026-01-31\"")
        version, day = found.groups()
        print(f"walker ({version}) unstable; urgency=medium\n")
        # An item goes on over the lines that are indented below it.
        for item in re.findall(r"^- (.*(?:\n  .*)*)", body, flags=re.MULTILINE):
            words = " ".join(item.split()).replace("`", "")
            print(textwrap.fill(words, 78, initial_indent="  * ", subsequent_indent="    "))
        date = datetime.datetime.strptime(day, "%Y-%m-%d").strftime("%a, %d %b %Y 00:00:00 +0000")
        print(f"\n -- The walker authors <walker@example.org>  {date}\n")


main(sys.argv[1])
