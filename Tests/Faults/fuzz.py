#!/usr/bin/env python3
"""Random changes of what parses foreign bytes, for a time; see Fuzz.swift. Needs `swift build --build-tests`.

    fuzz.py [--seconds N] [--rounds N] [--seed N] [--only TEXT]

Each round is known by its kind and its seed: WALKER_FUZZ_SEED=SEED WALKER_FUZZ_ROUNDS=1 swift test --filter KIND tries it
again. Exit status 1 where a round crashed, hung, or ended in something else than an error for people.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

KINDS = ["FuzzTests/archives", "FuzzTests/provenances", "FuzzTests/packages", "FuzzTests/clones", "fuzzedWalkthroughs",
         "fuzzedClaims", "fuzzedLocks", "fuzzedAnswers", "fuzzedProse"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each kind")
    parser.add_argument("--rounds", type=int, default=3000, help="for each run")
    parser.add_argument("--seed", type=int, default=1000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    failed = False
    for kind in [k for k in KINDS if options.only in k]:
        rounds = options.rounds // 60 if kind.endswith("clones") else options.rounds
        seed, end = options.seed, time.monotonic() + options.seconds
        wrong = []
        while time.monotonic() < end:
            with tempfile.TemporaryDirectory() as trace:
                environment = {**os.environ, "WALKER_FUZZ_SEED": str(seed), "WALKER_FUZZ_ROUNDS": str(rounds),
                               "WALKER_FUZZ_TRACE": trace, "SWIFT_BACKTRACE": "enable=no"}
                try:
                    done = subprocess.run(["swift", "test", "--skip-build", "--filter", kind], env=environment,
                                          capture_output=True, text=True, timeout=1800)
                    lines, status = done.stdout.splitlines(), done.returncode
                except subprocess.TimeoutExpired:
                    lines, status = [], None
                traces = [f"{p.name}, seed {p.read_text().strip()}" for p in pathlib.Path(trace).iterdir()]
            wrong += [line for line in lines if "recorded an issue" in line]
            if status != 0 and (traces or not wrong):
                wrong.append(f"status {status} in {traces}")
                break
            seed += rounds
        failed |= bool(wrong)
        print(f"{kind:24} seeds {options.seed} to {seed}  {len(wrong)} wrong", flush=True)
        for line in wrong[:10]:
            print("    " + line[:400])
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
