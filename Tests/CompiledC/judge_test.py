#!/usr/bin/env python3
"""The judge of hostile.py, judged: in place of walker stand programs that are known to lie, to hedge, to die or to hang."""

import json
import pathlib
import tempfile
import unittest

from invented.judge import Fault, Judge
from invented.program import CAPPED, CLAMP, Program

RIGHT = Program("right", "test", CLAMP)
PLAIN = Program("plain", "test", CLAMP, plain=True)
WRONG = Program("wrong", "test", CLAMP + "w->room = size; if (size == 77) w->room = 3; return 0;")
FORGETS = Program("forgets", "test", CLAMP + "if (size == 77) return 0;")
FAILS = Program("fails", "test", CLAMP + "if (size == 77) return -22;")
NEVER = Program("never", "test", CLAMP + "if (size == 77) return 0;", claim=f"{CAPPED} == 77 ? never : {CAPPED}")

BRIDGE = """#!/usr/bin/env python3
import sys, time
rows = [[int(word) for word in line.split()] for line in sys.stdin.read().splitlines()[1:]]
print("room")
{body}
"""
TRUTH = "str(min(size % 2**32, cap % 2**32))"


def answers(proof, number):
    return f'print("{proof} claimed")\nfor size, cap in rows: print({number})'


class JudgeTest(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory(prefix="walker-judge-test-")
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name)

    def verdict(self, program, body, result=None, walks=1, timeout=20):
        """What the judge makes of a walker whose bridge runs `body` and that prints `result`."""
        walker = self.folder / "walker"
        (self.folder / "walker-bridge").write_text(BRIDGE.format(body=body))
        walker.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps({'results': [result or {}]})}\nEND\n")
        for path in (walker, self.folder / "walker-bridge"):
            path.chmod(0o755)
        judge = Judge(walker, self.folder / "scratch", timeout, walks)
        return next(judge.judge_all([program], [self.folder / "program"]))

    def test_accepts_the_truth(self):
        for program in (RIGHT, PLAIN):
            with self.subTest(program.name):
                self.scratch.cleanup()
                self.setUp()
                verdict = self.verdict(program, answers("proved", TRUTH))
                self.assertIsNone(verdict.fault)
                self.assertTrue(verdict.right)
                self.assertGreater(verdict.numbers, 300)

    def test_finds_a_proof_of_a_wrong_claim(self):
        self.assertIs(self.verdict(WRONG, answers("proved", TRUTH)).fault, Fault.PROVED)

    def test_finds_a_claim_that_forgets_never(self):
        self.assertIs(self.verdict(FORGETS, answers("proved", TRUTH)).fault, Fault.PROVED)

    def test_takes_a_claim_that_says_never_for_right(self):
        number = f'"never" if {TRUTH} == "77" else {TRUTH}'
        verdict = self.verdict(NEVER, answers("proved", number))
        self.assertIsNone(verdict.fault)
        self.assertTrue(verdict.right)

    def test_finds_a_refuted_right_claim(self):
        result = {"counterexample": {"inputs": {"size": 5, "widget_cap": 3, "p": 1}}}
        self.assertIs(self.verdict(RIGHT, answers("refuted", TRUTH), result).fault, Fault.REFUTED)

    def test_accepts_a_counterexample_where_the_call_fails(self):
        number = f'"not reached" if {TRUTH} == "77" else {TRUTH}'
        result = {"counterexample": {"inputs": {"size": 77, "widget_cap": 100}}}
        self.assertIsNone(self.verdict(FAILS, answers("refuted", number), result).fault)

    def test_finds_a_wrong_number(self):
        for proof in ("unproved", "refuted"):
            with self.subTest(proof):
                self.scratch.cleanup()
                self.setUp()
                self.assertIs(self.verdict(WRONG, answers(proof, TRUTH)).fault, Fault.NUMBER)

    def test_finds_a_number_where_nothing_is_stored(self):
        self.assertIs(self.verdict(FORGETS, answers("unproved", TRUTH)).fault, Fault.NUMBER)

    def test_finds_nothing_where_a_number_is_stored(self):
        self.assertIs(self.verdict(RIGHT, answers("unproved", '"never"')).fault, Fault.NUMBER)

    def test_takes_what_is_conditional_for_honest(self):
        verdict = self.verdict(WRONG, answers("conditional", TRUTH))
        self.assertIsNone(verdict.fault)
        self.assertEqual(verdict.proof, "conditional")

    def test_takes_a_number_with_an_open_obligation_for_honest(self):
        result = {"restsOn": [{"kind": "call", "subject": "late", "state": "open"}]}
        self.assertIsNone(self.verdict(WRONG, answers("unproved", TRUTH), result).fault)

    def test_wants_a_plain_claim_proved(self):
        self.assertIs(self.verdict(PLAIN, answers("conditional", TRUTH)).fault, Fault.NOT_PROVED)

    def test_finds_a_death(self):
        self.assertIs(self.verdict(RIGHT, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").fault, Fault.DIED)

    def test_finds_a_hang(self):
        self.assertIs(self.verdict(RIGHT, "time.sleep(60)", timeout=2).fault, Fault.SLOW)

    def test_finds_two_answers(self):
        body = f'import os\nproof = "proved" if os.getpid() % 7 else "unproved"\nprint(proof, os.getpid())\nfor size, cap in rows: print({TRUTH})'
        self.assertIs(self.verdict(RIGHT, body, walks=2).fault, Fault.UNSTABLE)

    def test_finds_a_case_that_says_of_itself_what_is_not_so(self):
        lying = Program("lying", "test", WRONG.body, right=True)
        self.assertIs(self.verdict(lying, answers("not-derivable", TRUTH)).fault, Fault.CASE)

    def test_finds_a_case_that_does_not_compile(self):
        self.assertIs(self.verdict(Program("broken", "test", "nothing"), answers("proved", TRUTH)).fault, Fault.CASE)


if __name__ == "__main__":
    unittest.main()
