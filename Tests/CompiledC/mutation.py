#!/usr/bin/env python3
"""Makes mutants of the code that a kernel's walk goes through, and asks walker what it thinks of each.

    mutation.py WALKER [--each N] [--only TEXT] [--few] [--jobs N] [--report FILE] KERNEL...

A KERNEL is a snippet set or a tree. The walkthrough's lock is written for the kernel as it is, each mutant is checked against
it, and its formulas are compared with the compiled mutant's numbers as differential.py does.

The truth of a mutant is settled by compiled C: if it computes something else than the original does (for some number, in
some state of the socket, or when something that it calls fails), the meaning changed. Where the edited code is not run (what
receives a SYN), it is what the mutant is made to be, which REVIEWED corrects. Exit status 1 where walker passes a changed
one, calls too many kept ones broken, derives a number that the compiled mutant does not compute, or gives none. One whose
results belong to other known eras passes by right.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import compiled
import differential
import mutants
from ctext import CText

FALSE_BROKEN = 0.02
"""Of the mutants whose meaning is kept, at most this share may come out broken."""
FEW = ["reformat: no line breaks", "rename a parameter", "if to ternary", "comparison > to >=", "clamp removed",
       "field made u16", "second store", "early return on the value"]
"""The kinds that --few takes, one mutant of each: what every change of walker is tried on."""
REVIEWED = {
    # A descriptor of its own, which the program does not ask with.
    ("success without the work", "net/socket.c"): mutants.CHANGED,
    # What counts is set to: the program sets it itself before it asks.
    **{(f"constant 0 to {n}", "net/ipv4/inet_connection_sock.c"): mutants.CHANGED for n in (1, 2, 7, 16, 300)},
    # The length of a cookie that is not there: only its sign is asked for.
    **{(f"constant 1 to {n}", "net/ipv4/tcp_input.c"): mutants.KEPT for n in (2, 7, 16, 300)},
    # What receives a SYN compares with it, and subtracts from it: without a sign, or in fewer bits, it is another number.
    **{(f"field made {t}", "sysctl_max_syn_backlog"): mutants.CHANGED for t in ("u8", "s8", "u16", "short", "u32", "u64")},
    # Two statements that have nothing to do with each other.
    ("statements in the other order", "net/ipv4/tcp_input.c", "5.10"): mutants.KEPT,
}
"""Mutants whose truth a review settled against what the compiled C shows, or that are not run: by kind, file, and perhaps
kernel; or by kind and field."""


@dataclasses.dataclass
class Outcome:
    mutant: mutants.Mutant
    kernel: str
    truth: str
    """kept or changed."""
    verdict: str
    """ok, review, broken, unchecked, or what went wrong."""
    detail: str = ""
    wrong: str = ""
    """A number that walker derives and the compiled mutant does not compute."""
    is_other_era: bool = False
    """A result is proved to be what another era of the walkthrough says."""
    is_named: bool = False
    """A cause stands at the edited line."""
    causes: int = 0

    @property
    def is_false(self):
        if self.truth == mutants.CHANGED:
            return self.verdict == "ok" or self.verdict == "review" and not self.is_other_era
        return self.verdict == "broken"


def link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


class Base:
    """A kernel as it is: its walk, its program, and what that computes."""

    def __init__(self, walker, kernel, scratch, compares):
        """`compares`: each mutant's formulas with its compiled numbers, too."""
        self.compares = compares
        self.walker, self.kernel = walker, pathlib.Path(kernel).resolve()
        self.scratch = scratch / self.kernel.name
        self.tree = self.clone("base")
        self.arguments = compiled.environment(walker, self.tree, self.scratch / "environment")
        self.program = compiled.Compiled(self.tree, self.tree, self.arguments, self.scratch / "objects")
        # With the numbers that mutants speak of.
        self.rows = differential.rows(3000, seed=2) + [
            (n, m, 1024, 0x403) for n in (*range(24), 33, 77, 300, 999, 1000, 1001) for m in (4096, 128)]
        self.few = self.rows[::100] + self.rows[-20::3]
        self.numbers, self.wide = self.program.run(self.rows), self.program.run_wide(self.few)
        self.annotations = self.scratch / "annotations"
        shutil.copytree(differential.WALKTHROUGH, self.annotations / differential.WALKTHROUGH.name,
                        ignore=shutil.ignore_patterns("*.lock"))
        self.walk = self.print(self.tree)
        accepted = self.run("accept", "--kernel", str(self.tree), "--all", "--prose-still-true", "--no-source")
        if accepted.returncode != 0 or not self.walk:
            raise SystemExit(f"{self.kernel.name} can't be a baseline: {accepted.stderr.strip()}")
        self.known = self.formulas(self.walk["results"])
        self.cache = {}

    def clone(self, name):
        """The kernel's files as links, without what makes a snippet set of the folder: an edited set is a tree."""
        tree = self.scratch / name
        shutil.copytree(self.kernel, tree, copy_function=link, ignore=shutil.ignore_patterns("PROVENANCE.json"))
        return tree

    def print(self, tree):
        output = self.run("print", "--format", "json", "--no-source", "--kernel", str(tree))
        return json.loads(output.stdout) if output.stdout.startswith("{") else None

    def run(self, *arguments):
        return subprocess.run(
            [self.walker, arguments[0], differential.WALKTHROUGH.name, *arguments[1:], "--annotations",
             str(self.annotations), "--timeout", "600", "--cache", str(self.scratch / "cache")],
            capture_output=True, text=True)

    def texts(self, path):
        if path not in self.cache:
            self.cache[path] = CText(mutants.read(self.tree / path))
        return self.cache[path]

    def mutants(self):
        """All of them."""
        places, names = [], {}
        for frame in self.walk["frames"] + self.walk.get("sideFrames", []) + self.walk["results"]:
            if not frame.get("file") or "struct " in str(frame.get("subject")):
                continue
            function = self.texts(frame["file"]).function(line=frame["line"])
            if function and (frame["file"], function.name) not in names:
                names[frame["file"], function.name] = True
                places.append(mutants.Place(self.tree, frame["file"], function, self.texts))
        # What the tests call, one expression each.
        headers = sorted({str(p.relative_to(self.tree)) for p in (self.tree / "include/net").glob("*.h")})
        single = {}
        for place in list(places):
            for token in place.tokens():
                for path in headers:
                    if token.kind == "word" and token.text in self.texts(path).text:
                        function = self.texts(path).function(token.text)
                        if not function:
                            continue
                        other = mutants.Place(self.tree, path, function, self.texts)
                        parts = other.body.parts
                        if len(parts) == 1 and other.text(parts[0].start, parts[0].end).startswith("return "):
                            single[token.text] = ([n for n, _ in other.parameters()],
                                                  other.text(parts[0].start + 7, parts[0].end - 1))
                            if "queue" in token.text and (path, token.text) not in names:
                                names[path, token.text] = True
                                places.append(other)
        files = sorted(str(p.relative_to(self.tree)) for top in ("net", "include/net", "include/linux")
                       for p in (self.tree / top).rglob("*.[ch]"))
        fields = {r["subject"].rsplit(".", 1)[1] for r in self.walk["results"] if "." in str(r.get("subject"))}
        walked = {p.function.name for p in places} | {"listen"}
        for p in places:
            for operator in (mutants.reformat, mutants.comment, mutants.rename_locals, mutants.move_within,
                             mutants.move_across, mutants.split, mutants.extract, mutants.reorder, mutants.ternary,
                             mutants.conditions, mutants.swap_operands, mutants.harmless, mutants.macro_wrap,
                             mutants.nested, mutants.namespaces, mutants.comparisons, mutants.signs, mutants.constants, mutants.operators, mutants.drops,
                             mutants.exits):
                yield from operator(p)
            yield from mutants.inline(p, single)
            yield from mutants.rename_function(p, files)
            yield from mutants.stores(p, fields)
            yield from mutants.arguments(p, walked)
        for frame in self.walk["frames"]:
            reached = frame["reachedBy"]
            if reached.get("table"):
                yield from mutants.table(self.tree, frame["file"], reached["table"],
                                         reached["through"].rsplit(".", 1)[1], frame["function"], self.texts)
        for path in headers:
            for name in ("sk_acceptq_added", "sk_acceptq_removed", "reqsk_queue_added", "reqsk_queue_removed"):
                function = self.texts(path).function(name) if name in self.texts(path).text else None
                if function:
                    yield from mutants.counting(mutants.Place(self.tree, path, function, self.texts))
        pairs = {tuple(r["subject"].removeprefix("struct ").split(".")) for r in self.walk["results"]
                 if "." in str(r.get("subject"))}
        pairs |= {("sock", "sk_ack_backlog")} | {
            # A variable and the way to the field: which record declares it is looked for.
            ("", k["storage"].rsplit(".", 1)[1]) for k in self.walk["knobs"] if "." in k.get("storage", "")}
        yield from mutants.declarations(self.tree, self.texts, [
            (struct, field, [f for f in files if f.startswith("include/") and field in self.texts(f).text])
            for struct, field in sorted(pairs)])

    def judge(self, number, mutant):
        """None: it does not compile, or nothing is edited."""
        tree = self.clone(f"mutant-{number}")
        try:
            mutant.write(tree)
            changed = list(mutant.edits)
            program = compiled.Compiled(tree, self.tree, self.arguments, self.scratch / f"objects-{number}", self.program,
                                        changed)
            try:
                numbers, wide = program.run(self.rows), program.run_wide(self.few)
            except subprocess.TimeoutExpired:
                numbers, wide = None, None
            truth = mutants.KEPT if numbers == self.numbers and self.same(wide) else mutants.CHANGED
            if truth == mutants.KEPT and not self.is_run(mutant):
                truth = mutant.intent
            key = (mutant.kind, mutant.place.split(":")[0])
            for reviewed in (key, (*key, self.kernel.name), (mutant.kind, mutant.about)):
                truth = REVIEWED.get(reviewed, truth)
            verdict, detail, results, is_same_socket, causes = self.verdict(tree)
            # The same formulas and the same numbers have been compared already.
            compares = (self.compares and numbers and is_same_socket
                        and (numbers != self.numbers or self.formulas(results) != self.known))
            wrong = self.wrong(tree, numbers) if compares else ""
            is_other_era = any(r["meaning"] == "other-era" for r in results)
            return Outcome(mutant, self.kernel.name, truth, verdict, detail, wrong, is_other_era,
                           self.is_named(mutant, causes), len(causes))
        except compiled.CompileError:
            return None
        finally:
            shutil.rmtree(tree)
            shutil.rmtree(self.scratch / f"objects-{number}", ignore_errors=True)

    def is_run(self, mutant):
        """The edited code is a part of the program: one of its units, or a header."""
        units = {compiled.ENTRY, *compiled.UNITS}
        return any(path in units or path.endswith(".h") for path in mutant.edits)

    @staticmethod
    def is_named(mutant, causes):
        """A cause stands at the place, or at the statement around it."""
        path, line = mutant.place.rsplit(":", 1)
        places = [c["to"] for c in causes if c.get("to")]
        return any(p["file"] == path and p["line"] - 1 <= int(line) <= max(p["endLine"], p["line"]) + 1 for p in places)

    @staticmethod
    def formulas(results):
        return {r["id"]: (r["formula"], r["era"]) for r in results}

    def same(self, wide):
        """A situation that one of the two does not know (it does not call that function) goes as usual there."""
        return all(a.get(key, a[""]) == b.get(key, b[""]) for a, b in zip(self.wide, wide) for key in a.keys() | b.keys())

    def verdict(self, tree):
        output = self.run("check", "--format", "json", "--against", str(tree))
        try:
            kernel = json.loads(output.stdout)["kernels"][0]
        except (ValueError, KeyError, IndexError):
            return "none", (output.stderr or output.stdout).strip()[:200], [], False, []
        notes = [f"{a['id']}: {a['text']}, {a['verdict']}" for a in kernel["annotations"] if a["verdict"] != "ok"]
        notes += [f"{r['id']}: {r['meaning']}" for r in kernel["results"] if r["meaning"] != "same"]
        if kernel.get("path", {}).get("verdict", "ok") != "ok":
            notes.append(f"path: {kernel['path']['verdict']}")
        # walker takes the path's other conditions as given: where they are not what they were, the program's socket may
        # not be one that meets them.
        reasons = [r["text"] for r in kernel.get("path", {}).get("reasons", [])]
        is_same_socket = not any("it goes on" in r or "no longer waits" in r for r in reasons)
        return kernel["verdict"], "; ".join(notes), kernel["results"], is_same_socket, kernel["causes"]

    def wrong(self, tree, numbers):
        """Where walker's numbers differ from the compiled mutant's."""
        rows, numbers = self.rows[::3], numbers[::3]
        try:
            derived, proofs = differential.derived(self.walker, tree, rows)
        except compiled.BridgeError:
            return ""
        differences = [d for d in differential.compare(rows, numbers, derived)[1] if is_number(d[3])]
        if not differences:
            return ""
        given, result, truth, claimed = differences[0]
        return f"{result} for {given}: compiled C says {truth}, walker {claimed} ({proofs[result]})"


def is_number(claimed):
    """Not a sentence that says why there is none."""
    return claimed in ("never", "not reached") or claimed.lstrip("-").isdigit()


def chosen(all_mutants, each, only, few):
    """At most `each` of a kind, the same from run to run."""
    kinds = collections.defaultdict(list)
    for mutant in all_mutants:
        if mutant.edits and (not only or only in mutant.kind) and (not few or mutant.kind in few):
            kinds[mutant.kind].append(mutant)
    picked = []
    for kind, group in kinds.items():
        random.Random(kind).shuffle(group)
        picked += group[:each]
    # So that a run that is cut short has seen something of everything.
    random.Random(0).shuffle(picked)
    return picked


def table(outcomes):
    """Kind by verdict."""
    verdicts = ["ok", "review", "unchecked", "broken", "none"]
    lines = []
    for truth in (mutants.KEPT, mutants.CHANGED):
        group = [o for o in outcomes if o.truth == truth]
        lines.append(f"{'meaning ' + truth:44} {len(group):5} " + " ".join(f"{v:>9}" for v in verdicts))
        kinds = collections.defaultdict(collections.Counter)
        for outcome in group:
            kinds[outcome.mutant.kind][outcome.verdict] += 1
        for kind, counts in sorted(kinds.items()):
            lines.append(f"  {kind:42} {sum(counts.values()):5} " + " ".join(f"{counts[v] or '.':>9}" for v in verdicts))
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("walker")
    parser.add_argument("kernel", nargs="+")
    parser.add_argument("--each", type=int, default=2, help="mutants of a kind in a kernel")
    parser.add_argument("--only", help="kinds with this text in their name")
    parser.add_argument("--few", action="store_true", help="one mutant of each of the most telling kinds")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--report", help="a line for each mutant, as JSON")
    given = parser.parse_args()
    outcomes, unusable = [], 0
    report = open(given.report, "w") if given.report else None
    with tempfile.TemporaryDirectory(prefix="walker-mutants-", dir=os.environ.get("WALKER_SCRATCH")) as scratch:
        for kernel in given.kernel:
            base = Base(given.walker, kernel, pathlib.Path(scratch), compares=not given.few)
            picked = chosen(base.mutants(), 1 if given.few else given.each, given.only, FEW if given.few else None)
            print(f"{base.kernel.name}: {len(picked)} mutants", file=sys.stderr, flush=True)
            with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
                for outcome in pool.map(base.judge, range(len(picked)), picked):
                    if outcome is None:
                        unusable += 1
                        continue
                    outcomes.append(outcome)
                    line = {"kernel": outcome.kernel, "kind": outcome.mutant.kind, "place": outcome.mutant.place,
                            "intent": outcome.mutant.intent, "truth": outcome.truth, "verdict": outcome.verdict,
                            "detail": outcome.detail, "wrong": outcome.wrong, "named": outcome.is_named,
                            "causes": outcome.causes}
                    if report:
                        print(json.dumps(line), file=report, flush=True)
            shutil.rmtree(base.scratch)
    print(table(outcomes))
    kept = [o for o in outcomes if o.truth == mutants.KEPT]
    false_ok = [o for o in outcomes if o.truth == mutants.CHANGED and o.is_false]
    false_broken = [o for o in kept if o.is_false]
    none = [o for o in outcomes if o.verdict == "none"]
    wrong = [o for o in outcomes if o.wrong]
    for title, group in (("changed, but passed", false_ok), ("kept, but broken", false_broken), ("no verdict", none),
                         ("a wrong number", wrong)):
        for o in group:
            print(f"{title}: {o.kernel} {o.mutant.kind}, {o.mutant.place} {o.verdict}: {o.wrong or o.detail}")
    flagged = [o for o in outcomes if o.truth == mutants.CHANGED and o.verdict in ("broken", "unchecked")]
    print(f"{sum(o.is_named for o in flagged)} of {len(flagged)} changed and flagged ones are told at the edited line, "
          f"{sum(o.causes == 1 for o in flagged)} in one cause; of {len(kept)} kept ones "
          f"{sum(o.verdict == 'unchecked' for o in kept)} are unchecked")
    print(f"{len(outcomes)} mutants ({unusable} more do not compile): {len(false_ok)} false ok, {len(false_broken)} false "
          f"broken of {len(kept)} kept, {len(none)} without verdict, {len(wrong)} wrong numbers")
    failed = false_ok or none or wrong or len(false_broken) > FALSE_BROKEN * len(kept) or not outcomes
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
