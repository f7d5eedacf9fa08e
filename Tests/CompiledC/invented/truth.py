"""What an invented program really stores, by compiling and running it; and whether its claim says so."""

import dataclasses
import functools
import pathlib
import random
import re
import shlex
import subprocess

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

    def outcome(self, row):
        return self.does[self.rows.index(row)]

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
        self.link_command = self.linker()

    @staticmethod
    def clang(*arguments, input=None):
        made = subprocess.run([compiled.tool("clang"), *FLAGS, *map(str, arguments)], capture_output=True, text=True, input=input)
        if made.returncode:
            errors = re.findall(r"^.*error: .*$", made.stderr, re.M) or made.stderr.splitlines() or ["no reason is given"]
            raise DoesNotCompile(errors[0])

    def linker(self):
        """How the compiler would link the driver alone. To call the linker itself saves a third of a small program's time."""
        asked = [compiled.tool("clang"), "-###", "-fuse-ld=lld", str(self.common / "driver.o"), "-o", "TARGET"]
        lines = subprocess.run(asked, check=True, capture_output=True, text=True).stderr.splitlines()
        return shlex.split(lines[-1])

    def program(self, program, folder):
        """Compiles one program, each file of its kernel on its own; its kernel is already written to the folder. The command."""
        tree = pathlib.Path(folder) / "kernel"
        units, objects = [], []
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
        text = whole_text([program], [tree]) + entry_text(tree, 0)
        return self.link(text, pathlib.Path(folder), units, objects)

    def together(self, programs, folders):
        """Compiles programs whose names are their own as one, which is ten times as quick. A command for each."""
        trees = [pathlib.Path(folder) / "kernel" for folder in folders]
        text = whole_text(programs, trees)
        for number, (program, tree) in enumerate(zip(programs, trees)):
            text += entry_text(tree, number) + "".join(f'#include "{tree}/{path}"\n' for path in program.files if path.endswith(".c"))
        command = self.link(text, pathlib.Path(folders[0]), [], [self.common / "main.o", self.common / "other.o"])
        return [[*command, str(number)] for number in range(len(programs))]

    def link(self, text, folder, units, objects):
        """Compiles the text and the units; gives the command that runs them."""
        (folder / "unit.c").write_text(text)
        objects = [*map(str, objects), str(self.common / "driver.o")]
        for number, unit in enumerate([folder / "unit.c", *units]):
            objects.append(f"{folder}/{number}.o")
            self.clang("-c", "-I", folder / "kernel/net", unit, "-o", objects[-1])
        target = str(folder / "program")
        command = [target if word == "TARGET" else word for word in self.link_command]
        place = command.index(str(self.common / "driver.o"))
        made = subprocess.run(command[:place] + objects + command[place + 1:], capture_output=True, text=True)
        if made.returncode:
            raise DoesNotCompile((made.stderr.splitlines() or ["the linker gives no reason"])[0])
        return [target]

    def truth(self, program, command, more_rows=(), timeout=60):
        """Runs the compiled program. Throws DoesNotCompile, subprocess.TimeoutExpired."""
        inputs = [*program.rows, *more_rows, *rows()]
        text = "".join(f"{a} {b}\n" for a, b in inputs)
        ran = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout)
        lines = [line.split() for line in ran.stdout.splitlines()]
        if len(lines) != len(inputs):
            raise DoesNotCompile(f"ended with {ran.returncode} after {len(lines)} of {len(inputs)} rows")
        does = [line[0] for line in lines]
        if "depends" in does:
            # What looks like no store may be one of what was there.
            does = ["depends" if each == "never" else each for each in does]
        return Truth(inputs, does, [line[1] for line in lines])


def whole_text(programs, trees):
    """What the driver and the kernel's main.c call: it hands on to the chosen program's system call and claim. It stands first,
    out of reach of the programs' macros."""
    numbers = range(len(programs))
    claims = [re.sub(r"\bnever\b", "({ *none = 1; 0; })", program.claim) for program in programs]
    return "\n".join([
        f'#include "{trees[0]}/net/widget.h"',
        *(f"int sys_widget_{n}(struct widget *w, int size);" for n in numbers),
        *(f"static long long claim_{n}(int size, int widget_cap, int *none) {{ return {claims[n]}; }}" for n in numbers),
        f"static int (*const the_calls[])(struct widget *, int) = {{ {', '.join(f'sys_widget_{n}' for n in numbers)} }};",
        f"static long long (*const the_claims[])(int, int, int *) = {{ {', '.join(f'claim_{n}' for n in numbers)} }};",
        "static int chosen_program;",
        "void widget_choose(int program) { chosen_program = program; }",
        "int sys_widget(struct widget *w, int size) { return the_calls[chosen_program](w, size); }",
        "long long widget_claim(int size, int cap, int *none) { return the_claims[chosen_program](size, cap, none); }",
        "unsigned int widget_room(void) { return the_widget.room; }\n"])


def entry_text(tree, number):
    """The program's system call under a name of its own."""
    return f'#define sys_widget sys_widget_{number}\n#include "{tree}/net/entry.c"\n#undef sys_widget\n'
