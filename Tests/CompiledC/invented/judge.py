"""What walker makes of an invented program, held against what the program does."""

import contextlib
import dataclasses
import enum
import json
import os
import re
import signal
import subprocess

import compiled
from invented import kernel, truth

PROOFS = ["proved", "conditional", "not-derivable", "refuted"]


class Fault(enum.Enum):
    """What must not happen."""

    PROVED = "a wrong claim is proved"
    REFUTED = "a right claim is refuted"
    NUMBER = "a number is not the program's"
    DIED = "walker died"
    SLOW = "walker took too long"
    UNSTABLE = "two walks give two answers"
    NOT_PROVED = "a plain right claim is not proved"
    CASE = "the case is wrong itself"


@dataclasses.dataclass
class Verdict:
    program: object
    right: bool | None = None
    """Whether the claim holds for every input that was tried; None where that can't be told."""
    proof: str = "none"
    """walker's word: one of PROOFS, `unproved`, or `none` without a walk."""
    fault: Fault | None = None
    why: str = ""
    numbers: int = 0
    """How many rows walker gave a number for that was compared."""
    hangs_on: tuple = ()
    """Of a wrong claim that is refuted: what the counterexample gives a number to, though walker did not look into it."""


class Judge:
    def __init__(self, walker, scratch, timeout, walks=1):
        """`walks`: how often each program is walked; each run of a Swift program has another hash seed."""
        self.walker, self.timeout, self.walks = walker, timeout, walks
        self.compiler = truth.Compiler(scratch)

    def judge_all(self, programs, folders):
        """The verdicts on some programs, each written to its folder. What can be compiled as one is."""
        for program, folder in zip(programs, folders):
            kernel.write(program, folder)
        commands = [None] * len(programs)
        if len(programs) > 1 and all(program.has_names_of_its_own for program in programs):
            with contextlib.suppress(truth.DoesNotCompile):
                commands = self.compiler.together(programs, folders)
        for program, folder, command in zip(programs, folders, commands):
            yield self.judge(program, folder, command)

    def judge(self, program, folder, command):
        """The verdict on one program, compiled already or not."""
        verdict = Verdict(program)
        try:
            command = command or self.compiler.program(program, folder)
            real = self.compiler.truth(program, command)
        except (truth.DoesNotCompile, subprocess.TimeoutExpired) as error:
            verdict.fault, verdict.why = Fault.CASE, f"{error}"
            return verdict
        differs = real.disagreement()
        verdict.right = differs is None
        if program.right is not None and program.right != verdict.right or not real.is_telling():
            verdict.fault = Fault.CASE
            verdict.why = differs or "no input that was tried shows what is wrong with the claim"
            verdict.right = None
            return verdict
        try:
            said, *others = [self.evaluate(folder, real.rows) for _ in range(self.walks)]
        except compiled.BridgeError as error:
            message = str(error).splitlines()[-1]
            verdict.why = message
            verdict.fault = Fault.SLOW if "took more than" in message else Fault.DIED if is_death(message) else None
            return verdict
        if any(other != said for other in others):
            verdict.fault, verdict.why = Fault.UNSTABLE, f"{said[:3]}, {next(other for other in others if other != said)[:3]}"
            return verdict
        verdict.proof = said[0].split()[0].replace("notDerivable", "not-derivable")
        self.hold_claim(verdict, real, differs, command, folder)
        if verdict.fault is None and verdict.proof != "conditional":
            self.hold_numbers(verdict, real, said[1:], folder)
        if verdict.fault is None:
            self.hold_defaults(verdict, real, folder)
        if verdict.fault is None and verdict.proof == "refuted" and not verdict.numbers:
            verdict.hangs_on = self.unknowns(folder)
        if verdict.fault is None and program.plain and verdict.right and verdict.proof != "proved":
            verdict.fault, verdict.why = Fault.NOT_PROVED, f"{verdict.proof}: {said[1] if len(said) > 1 else ''}"
        if verdict.fault is None and not verdict.why and verdict.proof != "proved":
            verdict.why = said[1] if len(said) > 1 and not re.fullmatch(r"-?\d+", said[1]) else ""
        return verdict

    def evaluate(self, folder, rows):
        """The line with the proof, then one for each row."""
        text = "size widget_cap\n" + "".join(f"{a} {b}\n" for a, b in rows)
        arguments = ["evaluate", f"{folder}/kernel", f"{folder}/annotations/widget"]
        return compiled.bridge(self.walker, *arguments, input=text, timeout=self.timeout).splitlines()[1:]

    def hold_claim(self, verdict, real, differs, command, folder):
        if verdict.proof == "proved" and not verdict.right:
            verdict.fault, verdict.why = Fault.PROVED, differs
        elif verdict.proof == "refuted" and verdict.right:
            # The inputs that walker names may be ones that were not tried.
            counterexample = self.result(folder).get("counterexample")
            row = counterexample_row(counterexample)
            there = self.compiler.truth(verdict.program, command, more_rows=[row]) if row else None
            if there and there.disagreement():
                verdict.right = False
                verdict.why = f"walker is right: the claim is wrong for size {row[0]}, cap {row[1]}"
                verdict.fault = Fault.CASE if verdict.program.right else None
            elif there and there.outcome(row) == "returned":
                # A claim that does not say `never` where the call fails may be refuted by that.
                verdict.right, verdict.why = None, f"the call fails for size {row[0]}, cap {row[1]}"
            else:
                verdict.fault, verdict.why = Fault.REFUTED, f"counterexample {json.dumps(counterexample)}"

    def hold_numbers(self, verdict, real, said, folder):
        for row, does, claimed in zip(real.rows, real.does, said):
            reached = claimed.removesuffix(" if reached")
            if does in ("depends", "fault") or claimed in ("outside", "undefined"):
                continue
            is_number = re.fullmatch(r"-?\d+", reached) is not None
            if not is_number and reached not in ("never", "not reached"):
                continue
            verdict.numbers += is_number
            if claimed != reached and does in ("never", "returned"):
                continue
            if reached == does or not is_number and does in ("never", "returned"):
                continue
            if verdict.proof != "proved" and self.has_open_obligation(folder):
                return
            verdict.fault = Fault.NUMBER
            verdict.why = f"size {row[0]}, cap {row[1]}: the program: {does}, walker: {claimed} ({verdict.proof})"
            return

    def hold_defaults(self, verdict, real, folder):
        """What `walker eval` makes of some rows, with each knob that is not given at what walker takes for its default."""
        truth_of = dict(zip(real.rows, real.does))
        for row in verdict.program.asks:
            number = self.evaluated(folder, [f"size={row[0]}", f"widget_cap={row[1]}"])
            if number is None:
                # An input that the code does not read is no input.
                number = self.evaluated(folder, [f"size={row[0]}"])
            if number is None or truth_of[row] in ("depends", "fault"):
                continue
            verdict.numbers += 1
            if str(number) != truth_of[row]:
                verdict.fault = Fault.NUMBER
                verdict.why = f"size {row[0]}, other knobs at their defaults: the program: {truth_of[row]}, walker eval: {number}"
                return

    def evaluated(self, folder, settings):
        """The number that `walker eval` gives; None without one."""
        command = ["eval", "widget", "--annotations", f"{folder}/annotations", "--kernel", f"{folder}/kernel", "--format", "json"]
        rows = self.ask([*command, *(word for setting in settings for word in ("--set", setting))], f"{folder}/cache").get("rows")
        return rows[0]["results"].get("room") if rows else None

    def has_open_obligation(self, folder):
        return any(each.get("state") == "open" for each in self.result(folder).get("restsOn") or [])

    def unknowns(self, folder):
        """What the counterexample gives numbers to beside the followed value and knobs."""
        walk = self.walk(folder)
        result, knobs = next(iter(walk.get("results", [])), {}), walk.get("knobs", [])
        inputs = (result.get("counterexample") or {}).get("inputs", {})
        known = {"size", "widget_cap"} | {knob.get(key) for knob in knobs for key in ("name", "variable", "storage")}
        return tuple(sorted(inputs.keys() - known))

    def result(self, folder):
        """The result in `walker print --format json`; empty without one."""
        return next(iter(self.walk(folder).get("results", [])), {})

    def walk(self, folder):
        return self.ask(["print", "widget", *print_arguments(folder), "--format", "json"], f"{folder}/cache")

    def ask(self, arguments, cache):
        """What walker prints as JSON; empty without an answer. Whatever it started is ended with it."""
        process = subprocess.Popen([str(self.walker), *arguments], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   start_new_session=True, env=os.environ | {"XDG_CACHE_HOME": cache})
        try:
            output, _ = process.communicate(timeout=self.timeout)
            return json.loads(output)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return {}
        except ValueError:
            return {}


def print_arguments(folder):
    return ["--annotations", f"{folder}/annotations", "--kernel", f"{folder}/kernel", "--no-cache"]


def is_death(message):
    """Whether that is a crash's message, not the sentence of an error that was foreseen."""
    return re.search(r"ended with -?\d+$|signal|dataCorrupted|Fatal error|answered something else", message) is not None


def counterexample_row(counterexample):
    """(size, cap) of a counterexample in JSON, whatever its layout; None where it does not name both."""
    numbers = {}

    def collect(value):
        if isinstance(value, dict):
            name = value.get("name")
            number = next((value[key] for key in ("number", "value") if isinstance(value.get(key), int)), None)
            if isinstance(name, str) and number is not None:
                numbers.setdefault(name, number)
            for key, inner in value.items():
                if isinstance(inner, int) and not isinstance(inner, bool):
                    numbers.setdefault(key, inner)
                collect(inner)
        elif isinstance(value, list):
            for inner in value:
                collect(inner)

    collect(counterexample)
    if "size" not in numbers:
        return None

    def wrapped(number):
        return (number + 2**31) % 2**32 - 2**31

    return wrapped(numbers["size"]), wrapped(numbers.get("widget_cap", 0))
