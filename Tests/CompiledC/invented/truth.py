"""What an invented program really stores, by compiling and running it; and whether its claim says so."""

import dataclasses
import functools
import pathlib
import random
import re
import subprocess
import tempfile

import compiled
from invented import kernel

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-O1", "-w", "-std=gnu11", "-fwrapv", "-fno-strict-aliasing", "-fno-builtin"]
"""As the kernel is compiled."""

EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 20, 32, 33, 50, 51, 64, 76, 77, 78, 100, 101, 127, 128, 255, 256, 1000, 1001,
         4095, 4096, 32767, 32768, 65535, 65536, 2**31 - 1, -1, -2, -5, -77, -128, -129, -65536, -2**31]
CAPS = [5, 64, 77, 128, 4096, 65536, -1, 0]


@functools.cache
def rows():
    """The inputs that every program is tried with: edges, random numbers, and pairs that are near each other."""
    chosen = random.Random(3)
    result = [(a, b) for a in EDGES for b in CAPS]
    result += [(chosen.getrandbits(32) - 2**31, chosen.getrandbits(32) - 2**31) for _ in range(100)]
    for _ in range(60):
        cap = chosen.choice([chosen.randint(0, 300), chosen.getrandbits(16), chosen.getrandbits(32) - 2**31])
        result.append((max(-2**31, min(2**31 - 1, cap + chosen.randint(-2, 2))), cap))
    return result


class DoesNotCompile(Exception):
    """The compiler does not take the program."""


@dataclasses.dataclass
class Truth:
    """By row: what the program does (a number, `never`, `returned`, `depends` on what the field held, `fault`), and the claim."""

    rows: list
    does: list
    says: list

    def disagreement(self):
        """The first row for which the claim is wrong; None without one. A call that fails is not spoken of."""
        for row, does, says in zip(self.rows, self.does, self.says):
            if does not in ("returned", "fault") and says != "fault" and does != says:
                return f"size {row[0]}, cap {row[1]}: the program: {does}, the claim: {says}"
        return None

    def is_telling(self):
        return any(does not in ("returned", "fault") for does in self.does)


class Compiler:
    """Compiles programs; what they have in common is compiled once."""

    def __init__(self, scratch):
        self.common = pathlib.Path(scratch) / "common"
        (self.common / "net").mkdir(parents=True)
        (self.common / "net/widget.h").write_text(kernel.HEADER)
        (self.common / "main.c").write_text(kernel.MAIN)
        self.clang("-c", HERE / "driver.c", "-o", self.common / "driver.o")
        self.clang("-c", self.common / "main.c", "-o", self.common / "main.o")
        self.clang("-c", "-I", self.common / "net", "-x", "c", "-", "-o", self.common / "other.o", input=kernel.OTHER)

    @staticmethod
    def clang(*arguments, input=None):
        made = subprocess.run([compiled.tool("clang"), *FLAGS, *map(str, arguments)], capture_output=True, text=True, input=input)
        if made.returncode:
            errors = re.findall(r"^.*error: .*$", made.stderr, re.M) or made.stderr.splitlines() or ["no reason is given"]
            raise DoesNotCompile(errors[0])

    def program(self, program, folder):
        """The path of the compiled program, whose kernel is already written to the folder."""
        tree = pathlib.Path(folder) / "kernel"
        claim = re.sub(r"\bnever\b", "({ *none = 1; 0; })", program.claim)
        unit = pathlib.Path(folder) / "unit.c"
        unit.write_text(
            f'#include "{tree}/net/widget.h"\nunsigned int widget_room(void) {{ return the_widget.room; }}\n'
            f"long long widget_claim(int size, int widget_cap, int *none) {{ return {claim}; }}\n"
            f'#include "{tree}/net/entry.c"\n')
        units, objects = [unit], []
        for path in ("main.c", "net/other.c"):
            if path in program.files:
                units.append(tree / path)
            else:
                objects.append(self.common / (pathlib.Path(path).stem + ".o"))
        units += [tree / path for path in program.files if path.endswith((".c", ".S")) and path not in ("main.c", "net/other.c")]
        if program.outside:
            outside = pathlib.Path(folder) / "outside.c"
            outside.write_text(f'#include "{tree}/net/widget.h"\n{program.outside}\n')
            units.append(outside)
        target = pathlib.Path(folder) / "program"
        self.clang("-fuse-ld=lld", "-I", tree / "net", *units, *objects, self.common / "driver.o", "-o", target)
        return target

    def truth(self, program, folder, more_rows=(), timeout=60):
        """Compiles, unless that is done, and runs the program. Throws DoesNotCompile, subprocess.TimeoutExpired."""
        target = pathlib.Path(folder) / "program"
        if not target.exists():
            self.program(program, folder)
        inputs = [*program.rows, *more_rows, *rows()]
        text = "".join(f"{a} {b}\n" for a, b in inputs)
        ran = subprocess.run([str(target)], input=text, capture_output=True, text=True, timeout=timeout)
        lines = [line.split() for line in ran.stdout.splitlines()]
        if len(lines) != len(inputs):
            raise DoesNotCompile(f"ended with {ran.returncode} after {len(lines)} of {len(inputs)} rows")
        does = [line[0] for line in lines]
        if "depends" in does:
            # What looks like no store may be one of what was there.
            does = ["depends" if each == "never" else each for each in does]
        return Truth(inputs, does, [line[1] for line in lines])
