"""Compiles what listen(2) runs of a kernel tree into a program, and asks it what becomes of a number.

The sources are the tree's own; how they are to be compiled (arguments, generated headers) is what walker would parse them
with. Nothing that walker derives comes in here.
"""

import concurrent.futures
import ctypes
import functools
import os
import pathlib
import re
import shutil
import signal
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
HARNESS = HERE / "harness"
ENTRY = "net/socket.c"
"""Compiled within harness/listen.c."""
UNITS = ["net/ipv4/af_inet.c", "net/ipv4/inet_connection_sock.c", "net/core/request_sock.c"]
"""The rest of the path, as far as a tree has them."""
RESULTS = ["accept-queue-limit", "accept-queue-capacity", "syn-queue-limit", "fastopen-queue-limit"]
INPUTS = ["backlog", "somaxconn", "tcp_max_syn_backlog", "tcp_fastopen"]


class CompileError(Exception):
    """The compiler does not take the source: it is no program."""


class BridgeError(Exception):
    """walker gives no answer."""


@functools.cache
def tool(name):
    """A program of the Swift toolchain, which brings its own clang, or the machine's."""
    swift = shutil.which("swift")
    beside = swift and pathlib.Path(swift).resolve().parent / name
    if beside and beside.exists():
        return str(beside)
    found = shutil.which(name) or shutil.which(name.removeprefix("llvm-"))
    if not found:
        raise SystemExit(f"there is no {name}: install a Swift toolchain, or clang and binutils")
    return found


class Bridge:
    """walker-bridge while it runs; it and the engine that it started are ended together."""

    def __init__(self, walker, *arguments):
        command = [str(pathlib.Path(walker).resolve().parent / "walker-bridge"), *map(str, arguments)]
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, start_new_session=True)

    def line(self):
        """The next line that it prints."""
        line = self.process.stdout.readline()
        if not line:
            raise BridgeError(self.process.communicate()[1].strip() or f"ended with {self.process.returncode}")
        return line

    def rest(self, input=None, timeout=600):
        """What else it prints when it is told that."""
        try:
            output, errors = self.process.communicate(input, timeout=timeout)
        except subprocess.TimeoutExpired:
            self.end()
            raise BridgeError(f"took more than {timeout} s") from None
        if self.process.returncode:
            raise BridgeError(errors.strip() or f"ended with {self.process.returncode}")
        return output

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()


def bridge(walker, *arguments, input=None, timeout=600):
    """What walker-bridge prints; it and the engine that it started are ended together when they take too long."""
    return Bridge(walker, *arguments).rest(input, timeout)


def environment(walker, tree, folder):
    """The compiler's arguments for a tree; the headers that it does not have are written to the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    bridge(walker, "environment", tree, folder)
    return (folder / "arguments").read_text().split("\n")


CODE = ["-O1", "-fwrapv", "-fno-delete-null-pointer-checks", "-fno-stack-protector", "-fno-pic", "-mno-red-zone",
        "-include", str(HARNESS / "assembly.h")]
"""As the kernel is compiled, but for a program."""


def symbols(path, kind):
    output = subprocess.run([tool("llvm-nm"), kind, str(path)], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1] for line in output.splitlines() if line.split()[-2] not in "wv"}


@functools.cache
def is_of_c(name):
    """Whether the C library has a function of that name."""
    return hasattr(ctypes.CDLL(None), name)


def link(folder, name, source, objects):
    """A program of the harness's source and the kernel's objects; what these lack lies in a zone of its own."""
    main = folder / "main.o"
    subprocess.run([tool("clang"), "-O1", "-w", "-fno-pic", "-fno-builtin", "-c", str(source), "-o", str(main)],
                   check=True)
    needed = set().union(*(symbols(o, "--undefined-only") for o in objects))
    defined = set().union(*(symbols(o, "--defined-only") for o in [*objects, main]))
    library = symbols(main, "--undefined-only") | {n for n in needed if re.match(r"(mem|str)[a-z]*$", n) and is_of_c(n)}
    zone = folder / "zone.s"
    lines = ['.section .bss.zone,"aw",@nobits', ".globl truth_zone_start, truth_zone_end", "truth_zone_start:"]
    names = sorted(needed - defined - library | {"truth_nothing"})
    for absent in names:
        lines += [f'.globl "{absent}"', f'"{absent}": .skip 4096']
    lines += ["truth_zone_end:", ".section .rodata.zone", ".globl truth_zone_names", "truth_zone_names:"]
    lines += [f".quad .L{place}" for place, _ in enumerate(names)]
    lines += [f'.L{place}: .asciz "{absent}"' for place, absent in enumerate(names)]
    zone.write_text("\n".join([*lines, '.section .note.GNU-stack,"",@progbits', ""]))
    program = folder / name
    result = subprocess.run(
        [tool("clang"), "-no-pie", "-fuse-ld=lld", "-Wl,--allow-multiple-definition,-z,notext", "-o", str(program),
         str(main), str(zone), *map(str, objects)], capture_output=True, text=True)
    if result.returncode != 0:
        raise CompileError(result.stderr.strip().splitlines()[0])
    return program


class Compiled:
    """One tree's listen(2) as a program.

    `base` is the tree that `arguments` were made for; `tree` may be a copy of it with edits. Objects of units whose text is
    not among `changed` are taken from `reuse`, an earlier Compiled; files among `changed` that are no units of it become some.
    """

    def __init__(self, tree, base, arguments, folder, reuse=None, changed=None):
        self.tree, self.folder = pathlib.Path(tree), pathlib.Path(folder)
        self.arguments = [a.replace(str(base), str(tree)) for a in arguments] + ["-I" + str(tree)]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.features = reuse.features if reuse else self.probe()
        self.objects, jobs = [], []
        known = [ENTRY, *UNITS]
        more = [path for path in changed or [] if path.endswith(".c") and path not in known]
        for unit in known + more:
            if not (self.tree / unit).exists():
                continue
            keep = reuse and not any(path == unit or path.endswith(".h") for path in changed)
            folder_of = reuse.folder if keep else self.folder
            target = folder_of / (unit.replace("/", "-") + ".o")
            self.objects.append(target)
            if not keep:
                jobs.append((unit, target))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: self.compile(*job), jobs))
        self.program = self.link()

    def clang(self, source, *more):
        command = [tool("clang"), *self.arguments, *CODE, *more, str(source)]
        return subprocess.run(command, capture_output=True, text=True, errors="replace")

    def probe(self):
        """The names of features.c that the tree has."""
        source = HARNESS / "features.c"
        lines = source.read_text().splitlines()
        result = self.clang(source, "-fsyntax-only", "-iquote", str(self.tree / "net"))
        missing = {int(n) for n in re.findall(r"^\S*features\.c:(\d+):\d+: error", result.stderr, re.M)}
        other = [e for e in re.findall(r"^.*: error: .*$", result.stderr, re.M) if "features.c:" not in e]
        if other:
            raise CompileError(other[0])
        names = {n: re.match(r"FEATURE\((\w+),", text) for n, text in enumerate(lines, 1)}
        return [m.group(1) for n, m in names.items() if m and n not in missing]

    def compile(self, unit, target):
        source = HARNESS / "listen.c" if unit == ENTRY else self.tree / unit
        more = ["-DHAVE_" + name for name in self.features] if unit == ENTRY else []
        result = self.clang(source, *more, "-I" + str((self.tree / unit).parent), "-c", "-o", str(target))
        if result.returncode != 0:
            errors = re.findall(r"^.*error: .*$", result.stderr, re.M)
            raise CompileError(f"{unit}: {(errors or [result.stderr])[0]}")

    def link(self):
        return link(self.folder, "listen", HARNESS / "main.c", self.objects)

    def run(self, rows, timeout=120):
        """For each row of numbers in the order of INPUTS: a dictionary of RESULTS, or a sentence."""
        text = "".join(" ".join(map(str, row)) + "\n" for row in rows)
        output = subprocess.run([str(self.program)], input=text, capture_output=True, text=True, timeout=timeout)
        lines = output.stdout.splitlines()
        if len(lines) != len(rows):
            raise CompileError(f"the program ended with {output.returncode} after {len(lines)} of {len(rows)} rows")
        return [self.outcome(line) for line in lines]

    def run_wide(self, rows, timeout=60):
        """For each row what else happens, by name of the situation; a function that is not called makes no situation."""
        text = "".join(" ".join(map(str, row)) + "\n" for row in rows)
        output = subprocess.run([str(self.program), "wide"], input=text, capture_output=True, text=True, timeout=timeout)
        lines = output.stdout.splitlines()
        if len(lines) != 2 * len(rows):
            raise CompileError(f"the program ended with {output.returncode} after {len(lines)} of {2 * len(rows)} lines")
        wide = []
        for usual, line in zip(lines[::2], lines[1::2]):
            parts = dict(re.match(r"(\S+) (.*)", part).groups() for part in line.split("\t"))
            words = usual.split()
            parts[""] = usual if words[0] == "fault" else f"{words[1]} 0" if words[0] == "returned" else f"0 {words[0]}"
            wide.append(parts)
        return wide

    @staticmethod
    def outcome(line):
        words = line.split()
        if words[0] in ("returned", "fault"):
            return line
        numbers = [None if int(word) == -1 and place in (1, 2) else int(word) for place, word in enumerate(words[:4])]
        return dict(zip(RESULTS, numbers)) | ({"returned": words[5]} if len(words) > 4 else {})
