"""What came out, as a table by kind; and the failing programs in a folder, ready to be walked again."""

import collections
import pathlib
import re
import shutil

from invented.judge import PROOFS, Fault, print_arguments

WRONG = [Fault.PROVED, Fault.REFUTED, Fault.NUMBER, Fault.DIED, Fault.SLOW, Fault.UNSTABLE, Fault.NOT_PROVED]


def line(name, cells):
    return f"  {name:<36}" + "".join(f"{cell:>8}" for cell in cells)


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
    """Of the programs made at random: for each idiom how many with a right claim hold it, and how many of those are proved; how
    many it spoils, and how many of those are proved all the same or given numbers that are not the program's."""
    right, proved, spoiled, wrong = (collections.Counter() for _ in range(4))
    for verdict in verdicts:
        if verdict.right:
            for part in set(verdict.program.parts):
                right[part] += 1
                proved[part] += verdict.proof == "proved"
        elif verdict.right is False and verdict.program.spoiler:
            spoiled[verdict.program.spoiler] += 1
            wrong[verdict.program.spoiler] += verdict.fault in WRONG
    names = sorted({*right, *spoiled}, key=lambda part: (-wrong[part], proved[part] / (right[part] or 1), part))
    lines = ["  idiom                                   right   proved  spoiled    WRONG"]
    lines += [f"  {part:<36}{right[part] or '':>9}{proved[part] if right[part] else '':>9}{spoiled[part] or '':>9}{wrong[part] or '':>9}"
              for part in names]
    return "\n".join(lines)


def clear(folder):
    """Takes away what an earlier run kept, and nothing else."""
    for why in pathlib.Path(folder).glob("*/why"):
        shutil.rmtree(why.parent)


def keep(verdict, folder, walker, to):
    """Copies a program's kernel and walkthrough; gives the command that walks it again."""
    target = pathlib.Path(to) / re.sub(r"[^A-Za-z0-9]+", "-", f"{verdict.program.kind} {verdict.program.name}")
    shutil.rmtree(target, ignore_errors=True)
    for part in ("kernel", "annotations"):
        shutil.copytree(pathlib.Path(folder) / part, target / part)
    command = " ".join([str(walker), "print", "widget", *print_arguments(target)])
    (target / "why").write_text(f"{verdict.fault.value}\n{verdict.why}\n{command}\n")
    return command
