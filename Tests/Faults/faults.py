#!/usr/bin/env python3
"""Faults of what walker reads, runs and writes: each has to end in words, in time, with nothing run, proved or left behind.

    faults.py WALKER [--quick] [--only TEXT] [--jobs N]

Every fault is tried with an invented kernel in a folder of its own, over loopback, with own processes, and bounded in time.
Exit status 1 where one is not met as it should be.
"""

import argparse
import concurrent.futures
import pathlib
import sys
import tempfile
import time

import box
import cases


def attempt(walker, case):
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="walker-faults-") as folder:
        place = None
        try:
            place = box.Box(walker, pathlib.Path(folder) / "box")
            said = case.body(place)
            return case, None, said or "", time.monotonic() - start
        except box.Wrong as wrong:
            return case, str(wrong), "", time.monotonic() - start
        except Exception as error:  # A judge that fails has judged nothing.
            return case, f"the judge failed: {type(error).__name__}: {error}", "", time.monotonic() - start
        finally:
            if place:
                place.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("walker")
    parser.add_argument("--quick", action="store_true", help="only those that take a moment")
    parser.add_argument("--only", default="", help="only those with this text in their names")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chosen = [c for c in cases.ALL if options.only in f"{c.kind}: {c.name}" and (c.is_quick or not options.quick)]
    if not chosen:
        sys.exit("faults: none has such a name")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        kind = None
        for case, wrong, said, seconds in pool.map(lambda c: attempt(options.walker, c), chosen):
            if case.kind != kind:
                kind = case.kind
                print(f"\n{kind}")
            mark = "FAULT" if wrong else "met"
            print(f"  {mark:5}  {case.name:58} {seconds:6.1f} s  {wrong or said}", flush=True)
            failed += wrong is not None
    print(f"\n{len(chosen)} faults tried, {len(chosen) - failed} met, {failed} not")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
