#!/usr/bin/env python3
"""Checks kernel trees that nobody accepted, and compares the causes with those that were found by reading.

    check.py WALKER TREE...

A TREE is an unpacked kernel. What is expected of its version stands in expected.txt: its verdict, and each cause by verdict,
file and what follows from it first. The check has to tell these and no others; edits that keep their meaning are not counted.
Exit status 1 where it tells something else, 2 where no tree has a version of the table.
"""

import json
import pathlib
import re
import subprocess
import sys

SIGNS = {"✗": "broken", "?": "unchecked", "~": "review"}
KEEPING = {"annotation", "way", "counter"}
"""Subjects of a review that only says that text was edited."""


def expected(text):
    """By version: the verdict, and the causes as (verdict, file, id)."""
    table, current = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        head = re.fullmatch(r"(\S+): (ok|review|unchecked|broken)", line)
        cause = re.fullmatch(r"  ([✗?~]) (\S+) (\S+): \S.*", line)
        if head:
            current = table.setdefault(head[1], (head[2], set()))
        elif cause and current:
            current[1].add((SIGNS[cause[1]], cause[2], cause[3]))
        elif not line.startswith("    "):
            sys.exit(f"expected.txt:{number}: neither a kernel nor a cause")
    return table


def told(kernel):
    causes = set()
    for cause in kernel["causes"]:
        subjects = {one["subject"] for one in cause["consequences"]}
        if cause["verdict"] == "review" and subjects <= KEEPING:
            continue
        causes.add((cause["verdict"], cause["file"] or "-", cause["consequences"][0]["id"]))
    return causes


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    table = expected((pathlib.Path(__file__).parent / "expected.txt").read_text())
    walker, trees = sys.argv[1], sys.argv[2:]
    wrong, compared = 0, 0
    for tree in trees:
        run = subprocess.run([walker, "check", "listen-backlog", "--against", tree, "--format", "json", "--timeout", "1200"],
                             capture_output=True, text=True)
        if run.returncode not in (0, 1, 2) or not run.stdout:
            print(f"{tree}: {run.stderr.strip()}")
            wrong += 1
            continue
        kernel = json.loads(run.stdout)["kernels"][0]
        version = kernel["version"]
        if version not in table:
            print(f"{version}: not in the table, {kernel['verdict']} with {len(told(kernel))} causes")
            continue
        verdict, causes = table[version]
        found = told(kernel)
        compared += 1
        if (verdict, causes) == (kernel["verdict"], found):
            print(f"{version}: {verdict}, {len(causes)} causes, as read")
            continue
        wrong += 1
        print(f"{version}: {kernel['verdict']}, and {verdict} is right")
        for mark, these in (("told, and not expected", found - causes), ("expected, and not told", causes - found)):
            for cause in sorted(these):
                print(f"  {mark}: {' '.join(cause)}")
    print(f"{compared} of {len(trees)} trees compared, {wrong} otherwise than read")
    sys.exit(1 if wrong else 0 if compared else 2)


main()
