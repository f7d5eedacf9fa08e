#!/usr/bin/env python3
"""Code that is hard to follow, in an invented kernel: what walker proves or computes must be what the compiled C does.

    hostile.py WALKER [--random N] [--arithmetic N] [--seed N] [--no-cases] [--only TEXT] [--keep FOLDER]
               [--least-proved PERCENT] [--known FILE] [--walks N] [--timeout SECONDS] [--jobs N] [--verbose] [--list]

Each program stores a number on its way through an invented system call, and each has a claim about it. The cases were
written by hand; --random programs of pointers and --arithmetic ones of numbers come on top, made up from the seed, about
half with a claim that is wrong in one subtle way. Wrong is: a claim proved that is wrong for some input, a right claim
refuted, a number that is not the program's, a plain right claim that is not proved, a walker that dies, does not end, or
answers differently when asked again (--walks); and of the random programs too few right claims proved. `conditional` and
`not-derivable` are honest, never wrong.

The programs that fail are kept in a folder, each with the command that walks it again. Exit status: 0, or 1 where
something is wrong, or 2 where a case itself is.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
import time

from invented import arithmetic, pointers, report
from invented.cases import every_case
from invented.judge import Fault, Judge


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("walker")
    parser.add_argument("--random", type=int, default=0, metavar="N")
    parser.add_argument("--arithmetic", type=int, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--no-cases", action="store_true")
    parser.add_argument("--only", default="", metavar="TEXT", help="programs whose kind or name holds it")
    parser.add_argument("--keep", default="hostile-failures", metavar="FOLDER")
    parser.add_argument("--least-proved", type=float, default=70, metavar="PERCENT")
    parser.add_argument("--known", metavar="FILE", help="programs that are known to come out wrong, a line each: nothing else may")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--walks", type=int, default=1, metavar="N", help="of each program, to see that all give one answer")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS", help="of one walk")
    parser.add_argument("--verbose", action="store_true", help="a line for each program")
    parser.add_argument("--list", action="store_true", help="print the programs, judge nothing")
    return parser.parse_args()


def programs(given):
    if not given.no_cases:
        yield from every_case()
    for seed in range(given.seed, given.seed + given.random):
        yield pointers.program(seed)
    for seed in range(given.seed, given.seed + given.arithmetic):
        yield arithmetic.program(seed)


def main():
    given = arguments()
    chosen = [each for each in programs(given) if given.only in f"{each.kind}: {each.name}"]
    if not chosen:
        sys.exit(f"hostile.py: no program's kind or name holds {given.only!r}: --list prints them")
    twice = [name for name, count in collections.Counter(f"{each.kind}: {each.name}" for each in chosen).items() if count > 1]
    if twice:
        sys.exit(f"hostile.py: two programs are called {twice[0]!r}: rename one")
    if given.list:
        for program in chosen:
            print(f"{program.kind}: {program.name}: {program.claim}\n{program.entry}")
        return 0
    report.clear(given.keep)
    started = time.monotonic()
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="walker-hostile-") as scratch:
        judge = Judge(given.walker, scratch, given.timeout, given.walks)

        def judged(numbered):
            place, group = numbered
            folders = [pathlib.Path(scratch) / f"{place}-{number}" for number in range(len(group))]
            found = []
            for verdict, folder in zip(judge.judge_all(group, folders), folders):
                tell(verdict, folder, given)
                found.append(verdict)
            for folder in folders:
                shutil.rmtree(folder)
            return found

        with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
            for found in pool.map(judged, enumerate(groups(chosen))):
                verdicts += found
    return summary(verdicts, given, time.monotonic() - started)


def groups(chosen, size=25):
    """The programs in groups, those together that can be compiled as one."""
    together = [each for each in chosen if each.has_names_of_its_own]
    yield from ([each] for each in chosen if not each.has_names_of_its_own)
    yield from (together[start:start + size] for start in range(0, len(together), size))


def tell(verdict, folder, given):
    program = verdict.program
    if verdict.fault:
        command = report.keep(verdict, folder, given.walker, given.keep)
        print(f"{'CASE' if verdict.fault is Fault.CASE else 'WRONG'}: {program.kind}: {program.name}: {verdict.fault.value}: "
              f"{verdict.why}\n    {command}", flush=True)
    elif given.verbose:
        claim = {True: "right", False: "wrong", None: "unclear"}[verdict.right]
        hangs = f", hangs on {', '.join(verdict.hangs_on)}" if verdict.hangs_on else ""
        print(f"ok: {program.kind}: {program.name}: claim {claim}, {verdict.proof} {verdict.why}{hangs}", flush=True)


def summary(verdicts, given, seconds):
    random = [each for each in verdicts if each.program.kind.startswith("random")]
    print(report.table(verdicts))
    pointer_programs = [each for each in random if each.program.parts]
    if pointer_programs:
        print("random programs by idiom:\n" + report.idioms(pointer_programs))
    known = set(pathlib.Path(given.known).read_text().splitlines()) if given.known else set()
    listed = [each for each in verdicts if f"{each.program.kind}: {each.program.name}" in known]
    mended = [each for each in listed if not each.fault]
    verdicts = [each for each in verdicts if each not in listed]
    if listed:
        print(f"{len(listed)} programs are known to come out wrong and do not count ({given.known})"
              + (f"; no longer wrong, to be taken out: {', '.join(each.program.name for each in mended)}" if mended else ""))
    faults = collections.Counter(each.fault for each in verdicts if each.fault)
    wrong = sum(faults[fault] for fault in report.WRONG)
    numbers = sum(each.numbers for each in verdicts)
    print(f"hostile code: {len(verdicts)} programs in {seconds:.0f} s, {numbers} numbers compared, {wrong} wrong"
          + "".join(f"; {count}: {fault.value}" for fault, count in sorted(faults.items(), key=lambda each: each[0].name)))
    hanging = [each for each in verdicts if each.hangs_on]
    if hanging:
        print(f"{len(hanging)} wrong claims are refuted by numbers of what walker did not look into, among them "
              f"{hanging[0].program.name} by {hanging[0].hangs_on[0]}")
    share = report.share_proved(pointer_programs)
    too_few = share is not None and share < given.least_proved
    if share is not None:
        print(f"of the random programs whose claim is right {share:.1f} % are proved; "
              f"at least {given.least_proved:g} % have to be{': TOO FEW' if too_few else ''}")
    if wrong or too_few:
        return 1
    return 2 if faults[Fault.CASE] else 0


if __name__ == "__main__":
    sys.exit(main())
