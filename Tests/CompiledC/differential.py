#!/usr/bin/env python3
"""Compares what walker derives with what the compiled kernel code computes, input by input.

    differential.py WALKER KERNEL...

WALKER is the program `walker`; a KERNEL is a tree's folder. Exit status 1 where a number differs, or too few were compared.
"""

import pathlib
import random
import sys
import tempfile

import compiled

WALKTHROUGH = compiled.HERE.parents[1] / "Annotations" / "listen-backlog"
ROWS = 12_000
LEAST = 1_000
"""Of each result, for a comparison to count."""
EDGES = [0, 1, 2, 5, 8, 64, 127, 128, 129, 511, 4096, 32767, 32768, 65535, 65536, 65537, 2**30, 2**31 - 1,
         -1, -2, -128, -65536, -2**31]
FASTOPEN = [0x403, 0x402, 0x406, 0x400, 0x2, 0x0, 0x1, 0x803, 0xC03, 0x100803, 0x100403, -1, 0x7FFFFFFF]


def rows(count=ROWS, seed=1):
    """Every pair of edges for the number and its cap, with an edge for the other knobs; then numbers of every size."""
    chosen = random.Random(seed)

    def number():
        if chosen.random() < 0.3:
            return chosen.choice(EDGES)
        return max(-2**31, chosen.getrandbits(chosen.randint(1, 31)) * chosen.choice([1, 1, 1, -1]) - chosen.randint(0, 1))

    made = []
    for backlog in EDGES:
        for cap in EDGES:
            made.append((backlog, cap, chosen.choice(EDGES), chosen.choice(FASTOPEN)))
            made.append((backlog, chosen.choice(EDGES), cap, chosen.choice(FASTOPEN)))
    while len(made) < count:
        made.append((number(), number(), number(), chosen.choice(FASTOPEN + FASTOPEN[:2] * 8)))
    return made


def derived(walker, tree, rows, walkthrough=WALKTHROUGH):
    """walker's results for the rows, as text by result; and how each is proved: `proved ERA`, `refuted -`, …"""
    text = " ".join(compiled.INPUTS) + "\n" + "".join(" ".join(map(str, row)) + "\n" for row in rows)
    output = compiled.bridge(walker, "evaluate", tree, walkthrough, input=text).splitlines()
    names = output[0].split("\t")
    proofs, *numbers = (dict(zip(names, line.split("\t"))) for line in output[1:])
    return numbers, proofs


def compare(rows, compiled_rows, derived_rows):
    """How many numbers were compared, by result; the differences: (row, result, compiled, derived); what is not derived."""
    counts, differences, silent = dict.fromkeys(compiled.RESULTS, 0), [], {}
    for row, real, said in zip(rows, compiled_rows, derived_rows, strict=True):
        for result in compiled.RESULTS:
            claimed = said.get(result, "no such result")
            # Where C gives no value, whatever the processor does is right.
            if claimed in ("outside", "undefined"):
                continue
            if claimed.startswith("not derivable"):
                silent[result] = claimed
                continue
            if claimed.endswith(" if reached"):
                if isinstance(real, str) or real[result] == 0:
                    continue
                claimed = claimed.removesuffix(" if reached")
            if isinstance(real, str):
                agrees, truth = claimed == "not reached", real
            else:
                truth = "never" if real[result] is None else str(real[result])
                # Where walker says that nothing is stored, the field is still 0.
                agrees = claimed == truth or (claimed == "not reached" and real[result] == 0)
            counts[result] += 1
            if not agrees:
                differences.append((dict(zip(compiled.INPUTS, row)), result, truth, claimed))
    return counts, differences, silent


def main():
    walker, *trees = sys.argv[1:]
    failed = not trees
    for tree in map(pathlib.Path, trees):
        tree = tree.resolve()
        inputs = rows()
        with tempfile.TemporaryDirectory(prefix="walker-compiled-") as scratch:
            folder = pathlib.Path(scratch)
            try:
                arguments = compiled.environment(walker, tree, folder / "environment")
                program = compiled.Compiled(tree, tree, arguments, folder / "objects")
                real = program.run(inputs)
                counts, differences, silent = compare(inputs, real, derived(walker, tree, inputs)[0])
            except (compiled.CompileError, compiled.BridgeError) as error:
                print(f"{tree.name}: not compared: {error}")
                failed = True
                continue
        print(f"{tree.name}: {len(inputs)} inputs, compared " + ", ".join(f"{n} {counts[n]}" for n in counts)
              + f"; {len(differences)} differ", flush=True)
        for given, result, truth, claimed in differences[:10]:
            print(f"  {result} for {given}: compiled C says {truth}, walker {claimed}")
        for result, why in silent.items():
            print(f"  {result}: {why}")
        few = [name for name, count in counts.items() if count < LEAST]
        if few:
            print(f"  too few compared to tell: {', '.join(few)}")
        failed = failed or bool(differences or few)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
