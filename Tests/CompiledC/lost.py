#!/usr/bin/env python3
"""Takes each function of listen(2)'s chain away, and then gives it another name where it is defined, one at a time.

    lost.py WALKER TREE...

Right is only a finding that names the function, and an exit status that is not 0: never a shorter chain that looks
complete. Exit status 1 where that is not so.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile



def walk(walker, tree, cache):
    run = subprocess.run([walker, "print", "listen-backlog", "--kernel", str(tree), "--format", "json", "--no-source",
                          "--cache", str(cache), "--timeout", "600"], capture_output=True, text=True)
    return run.returncode, json.loads(run.stdout) if run.stdout.startswith("{") else None, run.stderr.strip()


def without(text, name, rename):
    """The text without the function, or with another name for it where it is defined; None where it is not."""
    spelling = re.escape(name)
    if name.startswith("SYSCALL_DEFINE"):
        kind, call = re.fullmatch(r"(\w+)\((\w+)\)", name).groups()
        found = re.search(rf"^{kind}\({call}\b[^{{]*\{{.*?^\}}\n", text, re.MULTILINE | re.DOTALL)
        renamed = found and found.group().replace(f"({call}", f"({call}_gone", 1)
    else:
        found = next((each for each in re.finditer(rf"^(?![#\s])[^;{{}}=]*?\b{spelling}\s*\([^;{{]*\)[^;{{]*\{{.*?^\}}\n",
                                                   text, re.MULTILINE | re.DOTALL)), None)
        renamed = found and re.sub(rf"\b{spelling}\b", name + "_gone", found.group(), count=1)
    if not found:
        return None
    # Lines stay where they are.
    blank = "\n" * found.group().count("\n")
    return text[:found.start()] + (renamed if rename else blank) + text[found.end():]


def main():
    walker, *folders = sys.argv[1:]
    failed = not folders
    for tree in map(pathlib.Path, folders):
        with tempfile.TemporaryDirectory(prefix="walker-lost-") as scratch:
            subprocess.run(["cp", "-R", tree.resolve(), f"{scratch}/tree"], check=True)
            copy = pathlib.Path(scratch, "tree")
            (copy / "PROVENANCE.json").unlink(missing_ok=True)
            status, whole, errors = walk(walker, copy, f"{scratch}/cache")
            if not whole:
                print(f"{tree.name}: not tried: {errors[:300]}")
                failed = True
                continue
            for frame in whole["frames"]:
                path = copy / frame["file"]
                text = path.read_bytes().decode("latin-1")
                name = frame["spelling"]
                shown = re.search(r"\((\w+)\)", name)
                for rename in (False, True):
                    edited = without(text, name, rename)
                    if edited is None:
                        print(f"{tree.name}: {name} was not found in {frame['file']}")
                        failed = True
                        continue
                    path.write_bytes(edited.encode("latin-1"))
                    code, found, errors = walk(walker, copy, f"{scratch}/cache")
                    said = [each["summary"] for each in (found or {"findings": []})["findings"]
                            if each["severity"] == "error"] + ([errors] if not found else [])
                    named = [each for each in said if (shown.group(1) if shown else frame["function"]) in each]
                    right = code != 0 and bool(named)
                    failed = failed or not right
                    print(f"{tree.name}: {name} {'renamed' if rename else 'deleted'}: "
                          f"{'right' if right else 'WRONG'}, status {code}, {(named or said or ['nothing said'])[0][:160]}",
                          flush=True)
                path.write_bytes(text.encode("latin-1"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
