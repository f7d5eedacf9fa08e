#!/usr/bin/env python3
"""Changes one token of the code that a kernel's walk goes through, and compares what walker derives with the compiled mutant.

    tokens.py WALKER [--each N] [--only TEXT] [--jobs N] KERNEL...

What a mutant is, the compiled C says, not its kind. Where a result's numbers differ from the unchanged kernel's for some
input, walker's formula has to give the mutant's numbers and no known behaviour of before; the counterexample that it shows
is put to the compiled mutant. Where they do not differ, walker has to prove that the behaviour is still the same. A result
that walker says it cannot derive is counted, and is no mistake. Exit status 1 where walker is wrong.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile

import compiled
import differential
import mutants
import mutation

USUAL = dict(zip(compiled.INPUTS, (5, 4096, 1024, 0x403)))


def candidates(base):
    """One-token edits of what the walk goes through, and of the fields that it stores to, by kind."""
    kinds = collections.defaultdict(list)
    for mutant in base.mutants():
        if mutant.edits and re.match(r"comparison |cast |min_t |max_t |min to max|constant |field made [us]|(\S+) to (\S+)$", mutant.kind):
            kinds[mutant.kind].append(mutant)
    return kinds


def within(ranges, knobs):
    """What a proof that holds within the knobs' ranges says nothing about: a filter of rows."""
    bounds = []
    for text in ranges:
        name, op, limits = re.fullmatch(r"(\S+) (>=|<=|in) (\S+)", text).groups()
        place = compiled.INPUTS.index(knobs[name])
        low, high = {">=": (limits, None), "<=": (None, limits)}.get(op) or limits.split("..")
        bounds.append((place, int(low) if low else -2**63, int(high) if high else 2**63))
    return lambda row: all(low <= row[place] <= high for place, low, high in bounds)


def number(outcome, result):
    """A compiled row's number of a result; a sentence where there is none."""
    return outcome if isinstance(outcome, str) else outcome[result]


class Judge:
    def __init__(self, base):
        self.base = base
        self.rows = base.rows[::2]
        self.numbers = base.program.run(self.rows)
        self.eras = {r["id"]: r["era"] for r in base.walk["results"]}

    def judge(self, place, mutant):
        """(mutant, {result: (verdict, what was seen)}); None for one that does not compile."""
        base = self.base
        tree = base.clone(f"token-{place}")
        try:
            mutant.write(tree)
            program = compiled.Compiled(tree, base.tree, base.arguments, base.scratch / f"token-objects-{place}",
                                        base.program, list(mutant.edits))
            real = program.run(self.rows)
            if not any(isinstance(row, dict) for row in real):
                return None
            walk = base.print(tree)
            derived, _ = differential.derived(base.walker, tree, self.rows)
        except (compiled.CompileError, compiled.BridgeError, OSError) as error:
            return None if isinstance(error, compiled.CompileError) else (mutant, {"walk": ("no walk", str(error)[:200])})
        finally:
            shutil.rmtree(tree, ignore_errors=True)
        if not walk:
            return mutant, {"walk": ("no walk", "")}
        _, differences, _ = differential.compare(self.rows, real, derived)
        wrong = {d[1]: d for d in differences if mutation.is_number(d[3])}
        verdicts = {}
        knobs = {knob["name"]: knob["variable"] for knob in walk["knobs"] if knob["variable"] in compiled.INPUTS}
        for result in walk["results"]:
            if result["id"] in compiled.RESULTS:
                ranges = [text for text in result["assumptions"] if text.split(" ")[0] in knobs]
                verdicts[result["id"]] = self.verdict(
                    result, real, wrong.get(result["id"]), program, within(ranges, knobs))
        shutil.rmtree(base.scratch / f"token-objects-{place}", ignore_errors=True)
        return mutant, verdicts

    @staticmethod
    def is_so_elsewhere(wrong, program):
        """Nothing is stored by the first call, and something by the second, or walker's number for a socket in another
        state of TCP's: there it is on the way that walker speaks of."""
        given, name, truth, derived = wrong
        situations = program.run_wide([tuple(given[name] for name in compiled.INPUTS)])[0]
        second, place = situations.get("second", "").split(), compiled.RESULTS.index(name)
        if truth == "0" and len(second) > place and second[place] not in ("0", "-1"):
            return True
        place = {"accept-queue-limit": 1, "fastopen-queue-limit": 2}.get(name)
        others = [words.split() for what, words in situations.items() if what.startswith("tcp_state")]
        return truth == "0" and any(place and len(words) > 2 and words[place] == derived for words in others)

    def verdict(self, result, real, wrong, program, counts):
        name, proof = result["id"], result["proof"]
        pairs = [(a, b) for row, a, b in zip(self.rows, self.numbers, real) if counts(row)]
        # Rows in which the call itself fails in one of the two say nothing about what a result is where it succeeds.
        differs = any(number(a, name) != number(b, name) for a, b in pairs if isinstance(a, dict) and isinstance(b, dict))
        # A call that fails for some numbers stores nothing for them.
        fails = any(isinstance(a, dict) != isinstance(b, dict) for a, b in pairs)
        if wrong and self.is_so_elsewhere(wrong, program):
            # walker says what the number becomes on the way on which it is stored; here that is another socket's.
            return "differs, true of a socket in another state", ""
        if wrong:
            return "WRONG number", f"{wrong[0]}: compiled C says {wrong[2]}, walker {wrong[3]}"
        if proof in ("not-derivable", "unproved"):
            return "open", result["formula"][:120]
        if proof == "proved" and result["era"] == self.eras[name]:
            if differs:
                return "WRONG proof", f"still proved to be {result['era']}, and the compiled numbers differ"
            return ("same, proved equal", "") if not fails else ("same where the call succeeds, proved equal", "")
        if proof == "proved":
            return ("differs, another era", result["era"]) if differs or fails else (
                "WRONG era", f"{result['era']}, and the compiled numbers are those of {self.eras[name]}")
        example = result["counterexample"] or {}
        inputs = example.get("inputs", {})
        if set(inputs) - set(compiled.INPUTS):
            return ("differs, example names what no program is given", str(inputs)) if differs or fails else (
                "WRONG example", f"{inputs} and no difference is seen")
        row = [tuple({**USUAL, **inputs}[i] for i in compiled.INPUTS)]
        told, before = number(program.run(row)[0], name), number(self.base.program.run(row)[0], name)
        said = example.get("derived")
        agrees = told == said or (said is None and (told == 0 or isinstance(told, str)))
        if not agrees:
            return "WRONG example", f"{inputs}: derived {said}, the compiled mutant says {told}"
        if told == before and not isinstance(told, str):
            return "WRONG example", f"{inputs}: both compiled kernels say {told}"
        return "differs, example confirmed", ""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("walker")
    parser.add_argument("kernel", nargs="+")
    parser.add_argument("--each", type=int, default=8, help="mutants of a kind in a kernel")
    parser.add_argument("--only", default="", help="kinds with this text in their name")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    given = parser.parse_args()
    table, mistakes, tried = collections.Counter(), [], 0
    with tempfile.TemporaryDirectory(prefix="walker-tokens-", dir=os.environ.get("WALKER_SCRATCH")) as scratch:
        for kernel in given.kernel:
            base = mutation.Base(given.walker, kernel, pathlib.Path(scratch), compares=True)
            picked = []
            for kind, group in candidates(base).items():
                random.Random(kind).shuffle(group)
                if given.only in kind:
                    picked += group[:given.each]
            judge = Judge(base)
            count = 0
            with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
                for outcome in pool.map(judge.judge, range(len(picked)), picked):
                    if outcome is None:
                        continue
                    count += 1
                    mutant, verdicts = outcome
                    for result, (verdict, seen) in verdicts.items():
                        table[verdict] += 1
                        if verdict.startswith(("WRONG", "no walk")):
                            mistakes.append(f"{base.kernel.name}: {mutant.kind} at {mutant.place}, {result}: {verdict}: {seen}")
                            print("  " + mistakes[-1], flush=True)
            tried += count
            print(f"{base.kernel.name}: {count} one-token mutants that compile, of {len(picked)}", flush=True)
    print(f"{tried} mutants, by result:")
    for verdict, count in sorted(table.items()):
        print(f"  {verdict:55} {count:5}")
    sys.exit(1 if mistakes or not tried else 0)


if __name__ == "__main__":
    main()
