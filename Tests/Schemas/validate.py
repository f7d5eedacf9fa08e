#!/usr/bin/env python3
"""Validates what walker writes, and the walkthroughs that it reads, against Documentation/schemas.

    validate.py WALKER KERNEL…        KERNEL as after --kernel

Each schema must be valid itself, take real output, and refuse it with any required member gone: a schema that takes
everything would say nothing.
"""
import copy
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Documentation" / "schemas"
READER = ROOT / "Sources" / "Walker" / "Annotation" / "WalkthroughReader.swift"
failures: list[str] = []
checks = 0


def check(is_right: bool, words: str) -> None:
    global checks
    checks += 1
    if not is_right:
        failures.append(words)
        print(f"schemas: wrong: {words}", file=sys.stderr)


def schema(name: str):
    with open(SCHEMAS / f"{name}.json", encoding="utf-8") as file:
        document = json.load(file)
    jsonschema.Draft202012Validator.check_schema(document)
    return jsonschema.Draft202012Validator(document)


def problem(validator, document) -> str | None:
    error = next(iter(validator.iter_errors(document)), None)
    return f"{error.json_path}: {error.message[:200]}" if error else None


def walker(*arguments: str) -> str:
    run = subprocess.run([sys.argv[1], *arguments, "--timeout", "1800"], capture_output=True, text=True, cwd=ROOT, check=False)
    if run.returncode not in (0, 1, 2) or not run.stdout:
        sys.exit(f"schemas: walker {' '.join(arguments)} ended with {run.returncode}: {run.stderr.strip()}")
    return run.stdout


def required_members(document, validator) -> None:
    """Every member of the top level that goes is noticed, and so is one of another type."""
    for name in validator.schema.get("required", []) or validator.schema.get("$defs", {}).get("walk", {}).get("required", []):
        less = copy.deepcopy(document)
        del less[name]
        check(problem(validator, less) is not None, f"{validator.schema['$id']} takes a document without {name}")
        other = copy.deepcopy(document)
        other[name] = {"of": "another type"} if not isinstance(other[name], dict) else 5
        check(problem(validator, other) is not None, f"{validator.schema['$id']} takes {name} of another type")


def outputs(kernels: list[str]) -> None:
    of_kernels = [word for kernel in kernels for word in ("--kernel", kernel)]
    for name in sorted(path.parent.name for path in (ROOT / "Annotations").glob("*/walkthrough.md")):
        for kernel in kernels:
            one = json.loads(walker("print", name, "--kernel", kernel, "--format", "json"))
            accept("walker.walk-1", one, f"print {name} {kernel}")
        accept("walker.walk-1", json.loads(walker("export", name, "--format", "json", "--kernel", kernels[0], "--no-source")), f"export {name}")
        if len(kernels) > 1:
            accept("walker.walks-1", json.loads(walker("export", name, "--format", "json", *of_kernels)), f"export {name}")
        accept("walker.eval-1", json.loads(walker("eval", name, *of_kernels, "--format", "json")), f"eval {name}")
        if (ROOT / "Annotations" / name / "walkthrough.lock").exists():
            against = [word for kernel in kernels for word in ("--against", kernel)]
            accept("walker.check-1", json.loads(walker("check", name, *against, "--format", "json")), f"check {name}")
        else:
            print(f"schemas: {name} has no lock, so there is no check of it to validate")
        accept("walker.history-1", json.loads(walker("history", name, *of_kernels, "--format", "json")), f"history {name}")
    accept("walker.verify-1", json.loads(walker("verify", "pipe-size", "--live", "--cases", "4", "--kernel", kernels[0], "--format", "json")), "verify")


def accept(name: str, document, words: str) -> None:
    validator = schema(name)
    check(document.get("schema", "").replace("/", "-") == name, f"{words} says it is {document.get('schema')}")
    wrong = problem(validator, document)
    check(wrong is None, f"{words}: {wrong}")
    required_members(document, validator)


def walkthroughs() -> None:
    front_matter, anchor = schema("front-matter"), schema("anchor")
    files = sorted((ROOT / "Annotations").glob("*/walkthrough.md"))
    check(len(files) >= 2, "there are no walkthroughs to validate")
    for file in files:
        text = file.read_text(encoding="utf-8")
        head = yaml.safe_load(text.split("---\n", 2)[1])
        wrong = problem(front_matter, head)
        check(wrong is None, f"{file.parent.name}: {wrong}")
        blocks = re.findall(r"^```anchor\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
        check(len(blocks) > 0, f"{file.parent.name} has no anchors")
        for block in blocks:
            wrong = problem(anchor, yaml.safe_load(block))
            check(wrong is None, f"{file.parent.name}: {block!r}: {wrong}")
        for bad in ({**head, "trakc": "x"}, {**head, "entry": {}}, {k: v for k, v in head.items() if k != "track"}, {**head, "results": {}}):
            check(problem(front_matter, bad) is not None, f"the front matter's schema takes {bad.keys()}")
    for bad in ({"role": "clmap"}, {"function": "f"}, {"role": "clamp", "filed": "x"}):
        check(problem(anchor, bad) is not None, f"the anchors' schema takes {bad}")
    # The reader's keys and the schema's are the same ones.
    known = re.search(r"static let keys = \[(.*?)\]", READER.read_text(encoding="utf-8"), flags=re.DOTALL)
    keys = set(re.findall(r'"([^"]+)"', known.group(1))) if known else set()
    check(keys == set(front_matter.schema["properties"]), f"the reader's keys {sorted(keys)} are not the schema's")


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for path in sorted(SCHEMAS.glob("*.json")):
        schema(path.stem)
    walkthroughs()
    outputs(sys.argv[2:])
    if failures:
        sys.exit(f"schemas: {len(failures)} of {checks} checks failed")
    print(f"schemas: {checks} checks passed")


main()
