"""What came out, as a table by kind; and the failing programs in a folder, ready to be walked again."""

import collections
import pathlib
import shutil

from invented.judge import PROOFS, Fault, print_arguments

WRONG = [Fault.PROVED, Fault.REFUTED, Fault.NUMBER, Fault.DIED, Fault.SLOW, Fault.NOT_PROVED]


def line(name, cells):
    return f"  {name:<32}" + "".join(f"{cell:>8}" for cell in cells)


def row(verdicts):
    """How many there are; of right and of wrong claims how many have each proof; faults."""
    cells = [len(verdicts)]
    for right in (True, False):
        of_these = [each for each in verdicts if each.right is right]
        counts = collections.Counter(each.proof for each in of_these)
        cells += [counts[proof] or "" for proof in PROOFS]
        cells.append(sum(number for proof, number in counts.items() if proof not in PROOFS) or "")
    cells.append(sum(each.fault in WRONG for each in verdicts) or "")
    return cells


def table(verdicts):
    """A line for each kind, and one for all."""
    kinds = collections.defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.program.kind].append(verdict)
    short = ["proved", "cond", "not", "refut", "none"]
    lines = [line("", ["", *["right"] * 5, *["wrong"] * 5, ""]), line("kind", ["all", *short, *short, "WRONG"])]
    lines += [line(kind, row(of_kind)) for kind, of_kind in sorted(kinds.items())]
    return "\n".join([*lines, line("all", row(verdicts))])


def share_proved(verdicts):
    """The percentage that is proved of the claims that are meant right and are; None without one."""
    right = [each for each in verdicts if each.right and each.program.right]
    return 100 * sum(each.proof == "proved" for each in right) / len(right) if right else None


def idioms(verdicts):
    """Of the programs made at random whose claim is right: for each idiom how many hold it, and how many of those are proved."""
    proved, all_of_them = collections.Counter(), collections.Counter()
    for verdict in verdicts:
        if verdict.right:
            for part in set(verdict.program.parts):
                all_of_them[part] += 1
                proved[part] += verdict.proof == "proved"
    ranked = sorted(all_of_them, key=lambda part: (proved[part] / all_of_them[part], part))
    return "\n".join(f"  {part:<40}{proved[part]:>6} of {all_of_them[part]:>5}" for part in ranked)


def keep(verdict, folder, walker, to):
    """Copies a program's kernel and walkthrough; gives the command that walks it again."""
    target = pathlib.Path(to) / "".join(c if c.isalnum() else "-" for c in verdict.program.name)
    shutil.rmtree(target, ignore_errors=True)
    for part in ("kernel", "annotations"):
        shutil.copytree(pathlib.Path(folder) / part, target / part)
    command = " ".join([str(walker), "print", "widget", *print_arguments(target)])
    (target / "why").write_text(f"{verdict.fault.value}\n{verdict.why}\n{command}\n")
    return command
