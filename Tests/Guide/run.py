#!/usr/bin/env python3
"""Runs every command of the guide and compares what it prints.

    run.py WALKER KERNELS [FILE…]

KERNELS is a folder with snippet sets named 5.10 and 6.12. A reader has them, the catalog and the bundled walkthroughs as an
installed walker's. In a ```console block a line that begins with "$ " is a command
("> " goes on with it), the lines below are its output. In those "…" stands for any text, and a line of its own for any lines.
The blocks of one file share a folder, in which each command begins; $? is the status of the one before. Of README.md the block
that begins with an answer is compared with what `walker print` says: its lines in their order, whatever the numbers are.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def blocks(text: str):
    """Of each console block the commands, each with its line and its expected output."""
    for found in re.finditer(r"^```console\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, found.start(1)) + 1
        steps: list[tuple[int, str, list[str]]] = []
        for number, row in enumerate(found.group(1).splitlines(), line):
            if row.startswith("$ "):
                steps.append((number, row[2:], []))
            elif steps and (row.startswith("> ") or row == ">") and not steps[-1][2]:
                steps[-1] = (steps[-1][0], steps[-1][1] + "\n" + row[2:], [])
            elif steps:
                steps[-1][2].append(row)
            else:
                sys.exit(f"line {number}: output without a command")
        yield from steps


def fits(expected: list[str], output: str) -> bool:
    lines = output.splitlines()
    # After each row: how many lines may have been printed till there.
    ends = {0}
    for row in expected:
        if row == "…":
            ends = set(range(min(ends), len(lines) + 1)) if ends else ends
        else:
            pattern = re.compile(".*?".join(re.escape(part) for part in row.split("…")))
            ends = {end + 1 for end in ends if end < len(lines) and pattern.fullmatch(lines[end])}
    return len(lines) in ends


def readme(text: str):
    """The command that README.md's block of output comes from. Numbers are a kernel's: versions, lines, counts."""
    found = re.search(r"^```\n(✓ .*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    if not found:
        sys.exit("guide: README.md shows no answer")
    rows = ["…" if row.strip() == "…" else re.sub("[0-9]+", "0", row) for row in found.group(1).splitlines() if row.strip()]
    command = "walker print --kernel 6.12 --no-source --width 80 | grep . | sed -E 's/[0-9]+/0/g'"
    yield text.count("\n", 0, found.start(1)) + 1, command, [line for row in rows for line in (row, "…")]


def run(file: pathlib.Path, walker: pathlib.Path, kernels: pathlib.Path) -> tuple[int, int]:
    text = file.read_text(encoding="utf-8")
    steps = list(readme(text) if file.resolve() == ROOT / "README.md" else blocks(text))
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="walker-guide-") as name:
        folder = pathlib.Path(name)
        project, data = folder / "project", folder / "data" / "walker" / "kernel-snippets"
        project.mkdir()
        data.mkdir(parents=True)
        for kernel in ("5.10", "6.12"):
            (data / kernel).symlink_to(kernels / kernel)
        (data / "catalog.json").symlink_to(ROOT / "kernel-snippets" / "catalog.json")
        (data.parent / "Annotations").symlink_to(ROOT / "Annotations")
        programs = folder / "bin"
        programs.mkdir()
        # Slow machines run this, too.
        wrapper = programs / "walker"
        wrapper.write_text(f'#!/bin/sh\nexec "{walker}" "$@" --timeout 3600\n')
        wrapper.chmod(0o755)
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "100"}
        before = "0"
        for line, command, expected in steps:
            shell = subprocess.run(
                ["bash", "-c", f"(exit {before}); {command}"], cwd=project, env=environment, capture_output=True, text=True, check=False)
            before = str(shell.returncode)
            if not fits(expected, shell.stdout):
                wrong += 1
                print(f"guide: {file.name}:{line}: $ {command}\n  printed (status {before}):\n{shell.stdout[-3000:]}{shell.stderr[-1000:]}  instead of:\n" + "\n".join(expected), file=sys.stderr)
                break
    return len(steps), wrong


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    walker, kernels = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    files = [pathlib.Path(name) for name in sys.argv[3:]] or [ROOT / "README.md", *sorted((ROOT / "Documentation").glob("*.md"))]
    steps = wrong = 0
    for file in files:
        own, failed = run(file, walker, kernels)
        steps += own
        wrong += failed
    if wrong or not steps:
        sys.exit(f"guide: {wrong} of {len(files)} files are wrong, {steps} commands")
    print(f"guide: {steps} commands print what it says")


main()
