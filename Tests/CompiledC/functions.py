#!/usr/bin/env python3
"""Compares what walker derives with a compiled function of the kernel, input by input, for any walkthrough for which that
function alone decides.

    functions.py WALKER KERNEL...

Which function, with what in its parameters, and where the result is read, comes from the walkthrough and from walker's walk;
nothing here is about one of them. The file that the function stands in is compiled whole. What it calls elsewhere does
nothing and returns 0, or what the walkthrough takes as given or has an input for; what a null pointer leads to is zero.

A walkthrough is not compared, and it is said why, where its result is none that can be read after the call (what another
function is handed, a threshold), an input stands where no parameter leads, or the function never succeeds in such an empty
world. Exit status 1 where a number differs, or too few walkthroughs were compared.
"""

import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import compiled
from compiled import CompileError

ANNOTATIONS = compiled.HERE.parents[1] / "Annotations"
ROWS = 2_000
LEAST = 1_000
"""Of each result, for a comparison to count."""
LEAST_WALKTHROUGHS = 5
EDGES = [0, 1, 2, 5, 7, 8, 63, 64, 127, 128, 1152, 4096, 32766, 32767, 32768, 65535, 65536, 2**30 - 1, 2**30, 2**31 - 1]


class NotComparable(Exception):
    """Why a walkthrough is no matter of one function."""


class Records:
    """The records of a preprocessed unit: which holds which, by value."""

    def __init__(self, text):
        self.holders, self.first, self.pointers = {}, {}, {}
        for match in re.finditer(r"\bstruct (\w+)\s*(?:__attribute__\(\(.*?\)\)\s*)?\{", text):
            depth, at = 1, match.end()
            while depth and at < len(text):
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            members = re.findall(r"(?:^|[;{}])\s*struct (\w+)\s+(\w+)\s*(?=;)", text[match.end():at])
            self.pointers.setdefault(match.group(1), set()).update(
                re.findall(r"(?:^|[;{}])\s*struct (\w+)\s*\*\s*\w+\s*(?=;)", text[match.end():at]))
            for kind, name in members:
                self.holders.setdefault(kind, []).append((match.group(1), name))
            head = re.match(r"\s*struct (\w+)\s+\w+\s*;", text[match.end():at])
            if head:
                self.first[match.group(1)] = head.group(1)

    def begins_with(self, outer, inner):
        """Whether a pointer to the inner record may be one to the outer."""
        while outer and outer != inner:
            outer = self.first.get(outer)
        return outer == inner

    def place(self, kind, field, roots):
        """C for a field of a record: in what a parameter points to, in the running task, or where null leads."""
        queue = [(kind, field)]
        seen, tops = {kind}, []
        while queue:
            record, path = queue.pop(0)
            for name, pointee in roots:
                if self.begins_with(record, pointee) or self.begins_with(pointee, record):
                    return f"((struct {record} *){name})->{path}"
            if any(record in self.pointers.get(pointee, ()) for _, pointee in roots):
                return f"((struct {record} *)truth_null)->{path}"
            if record == "task_struct":
                return f"((struct task_struct *)current)->{path}"
            holders = [(outer, name) for outer, name in self.holders.get(record, []) if outer not in seen]
            if not holders and record != kind:
                tops.append((record, path))
            for outer, name in holders:
                seen.add(outer)
                queue.append((outer, f"{name}.{path}"))
        if len(tops) != 1:
            raise NotComparable(f"no parameter leads to struct {kind}")
        return f"((struct {tops[0][0]} *)truth_null)->{tops[0][1]}"


class Function:
    """One walkthrough's function in one tree, as a program."""

    def __init__(self, bridge, tree, arguments, folder):
        self.tree, self.folder, self.arguments = tree, folder, arguments
        self.walkthrough = json.loads(bridge.line())
        self.results = [self.kind(result) for result in self.walkthrough["results"]]
        if all("why" in result for result in self.results):
            raise NotComparable("; ".join(f"{result['id']}: {result['why']}" for result in self.results))
        self.walk = json.loads(bridge.line())
        if not self.walk["frames"]:
            raise NotComparable("it is not derived here")
        self.entry = self.walk["frames"][0]
        self.inputs = self.input_names()
        folder.mkdir(parents=True, exist_ok=True)
        unit = folder / "function.c"
        head = f'#include "{self.entry["location"]["file"]}"\n'
        unit.write_text(head)
        self.records = Records(self.clang(unit, "-E", "-P", output=True))
        unit.write_text(head + self.text())
        objects = []
        for source in [unit, *self.others()]:
            objects.append(folder / f"{len(objects)}.o")
            self.clang(source, "-c", "-o", str(objects[-1]))
        self.program = compiled.link(folder, "function", compiled.HARNESS / "function.c", objects)

    def others(self):
        """Files of functions that the walk entered elsewhere."""
        known = {function["name"]: function for function in self.walk["fingerprints"]["functions"]}
        entered, files = [frame["function"] for frame in self.walk["frames"]], set()
        for name in entered:
            if name in known:
                files.add(known[name]["location"]["file"])
                entered += [callee for callee in known[name]["calls"] if callee in known and callee not in entered]
        return [self.tree / f for f in sorted(files - {self.entry["location"]["file"]}) if f.endswith(".c")]

    def clang(self, source, *more, output=False):
        command = [compiled.tool("clang"), *self.arguments, *compiled.CODE, *more, "-I" + str(self.tree),
                   "-I" + str((self.tree / self.entry["location"]["file"]).parent), str(source)]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        if result.returncode != 0:
            errors = re.findall(r"^.*error: .*$", result.stderr, re.M)
            raise CompileError((errors or [result.stderr])[0])
        return result.stdout if output else None

    def kind(self, result):
        subject = result["subject"]
        given = subject.get("arguments", {})
        if subject["kind"] == "stored":
            return {"id": result["id"], "places": given["place"]}
        if subject["kind"] in ("returns", "refused") and not given.get("of"):
            return {"id": result["id"], "error": given["error"][0] if subject["kind"] == "refused" else None}
        return {"id": result["id"], "why": f"{subject['kind']} can't be read after the call"}

    def input_names(self):
        """What is given to each row: the followed number, sysctls, named state."""
        return [self.walk["tracked"]["name"], *(knob["variable"] for knob in self.walk["knobs"]),
                *(state["name"] for state in self.walkthrough["inputs"])]

    def parameters(self):
        """`(type, name)` of each, from the function's head."""
        lines = (self.tree / self.entry["location"]["file"]).read_text(errors="replace").splitlines()
        text = "\n".join(lines[self.entry["location"]["line"] - 1:self.entry["endLine"]])
        head = re.sub(r"\s+", " ", text[text.index("(") + 1:text.index("{")])
        head = head[:head.rindex(")")]
        parts = [part.strip() for part in head.split(",")]
        if text.startswith("SYSCALL_DEFINE"):
            return [(kind, name) for kind, name in zip(parts[1::2], parts[2::2])]
        found = [re.match(r"(.*?)(\w+)$", part) for part in parts]
        return [(m.group(1).strip(), m.group(2)) for m in found if m and m.group(1).strip()]

    def text(self):
        tracked = "truth_inputs[0]"
        parameters, body, roots, statics = self.parameters(), [], [], []
        source = next((s for s in self.walkthrough["sources"] if any(s["parameter"] == n for _, n in parameters)), None)
        if source is None:
            raise NotComparable("the function has no parameter of that name")
        givens, answers = {}, []
        for text in self.walkthrough["assumptions"]:
            match = re.match(r"(.+?) == (.+)$", text)
            if not match:
                raise NotComparable(f"{text} can't be set")
            name, value = match.groups()
            if name.endswith("()"):
                answers.append((name[:-2], f"({value})", -1))
            elif any(name == other for _, other in parameters):
                givens[name] = value
            elif re.match(r"struct \w+\.[\w.]+$", name):
                givens[name] = value
        for kind, name in parameters:
            if name == source["parameter"] and source["kind"] == "user":
                if source.get("field"):
                    raise NotComparable("a field of a record in the caller's memory is followed")
                statics.append(f"static {source.get('type') or 'long'} truth_user;")
                value = "USER_SOCKPTR(&truth_user)" if "sockptr_t" in kind else f"({kind})&truth_user"
                body += [f"truth_user = {tracked};", f"{kind} {name} = {value};"]
            elif "*" in kind and re.search(r"struct (\w+)", kind) and "__user" not in kind:
                record = re.search(r"struct (\w+)", kind).group(1)
                statics.append(f"static char truth_object_{name}[1 << 17] __attribute__((aligned(4096)));")
                body.append(f"memset(truth_object_{name}, 0, sizeof truth_object_{name});")
                body.append(f"{kind} {name} = ({kind})truth_object_{name};")
                roots.append((name, record))
            elif name == source["parameter"] and source["kind"] == "parameter":
                body.append(f"{kind} {name} = ({kind}){tracked};")
            else:
                body.append(f"{kind} {name} = ({kind})({givens.pop(name, '0')});")
        if source["kind"] == "pointer":
            body.append(f"{source['parameter']}->{source['field']} = {tracked};")
        for name, value in givens.items():
            _, record, field = re.match(r"(struct) (\w+)\.([\w.]+)$", name).groups()
            body.append(f"{self.records.place(record, field, roots)} = {value};")
        for place, knob in enumerate(self.walk["knobs"], 1):
            match = re.match(r"struct (\w+)\.([\w.]+)$", knob["storage"])
            where = self.records.place(*match.groups(), []) if match else knob["storage"]
            body.append(f"{where} = truth_inputs[{place}];")
        for place, state in enumerate(self.walkthrough["inputs"], 1 + len(self.walk["knobs"])):
            for name in state["places"][:1]:
                if name.endswith("()"):
                    answers.append((name[:-2], "0", place))
                elif match := re.match(r"struct (\w+)\.([\w.]+)$", name):
                    body.append(f"{self.records.place(*match.groups(), roots)} = truth_inputs[{place}];")
                elif re.match(r"(\w+)->[\w.]+$", name) and any(name.startswith(n + "->") for _, n in parameters):
                    body.append(f"{name} = truth_inputs[{place}];")
                else:
                    raise NotComparable(f"{name} can't be set before the call")
        observed = [(place, self.observed(result, roots)) for place, result in enumerate(self.results)]
        for place, where in observed:
            if where:
                body.append(f"memset(&{where}, filling, sizeof {where});")
                body.append(f"truth_places[{place}] = &{where};")
                body.append(f"truth_sizes[{place}] = sizeof {where};")
                body.append(f"truth_unsigned[{place}] = ({where} = -1, {where} > 0);")
                body.append(f"memset(&{where}, filling, sizeof {where});")
        call = f"{self.entry['function']}({', '.join(name for _, name in parameters)})"
        names = "".join(f'"{name}", ' for name, _, _ in answers)
        values = "".join(f"{value}, " for _, value, _ in answers)
        places = "".join(f"{place}, " for _, _, place in answers)
        indent = "".join(f"\t{line}\n" for line in body)
        return f"""
long truth_inputs[16];
const int truth_input_count = {len(self.inputs)}, truth_result_count = {len(self.results)};
const char *const truth_answer_names[] = {{{names}0}};
const long truth_answers[] = {{{values}0}};
const int truth_answer_inputs[] = {{{places}0}};
static void *truth_places[16];
static unsigned long truth_sizes[16];
static int truth_unsigned[16];
void *truth_null;
{chr(10).join(statics)}
long truth_call(unsigned char filling) {{
{indent}	return (long){call};
}}
int truth_has_no_sign(int result) {{ return truth_unsigned[result]; }}
int truth_is_untouched(int result, unsigned char filling) {{
	unsigned char *bytes = truth_places[result];
	for (unsigned long i = 0; i < truth_sizes[result]; i++)
		if (bytes[i] != filling) return 0;
	return 1;
}}
long truth_number(int result) {{
	void *at = truth_places[result];
	int u = truth_unsigned[result];
	switch (truth_sizes[result]) {{
	case 1: return u ? (long)*(u8 *)at : (long)*(s8 *)at;
	case 2: return u ? (long)*(u16 *)at : (long)*(s16 *)at;
	case 4: return u ? (long)*(u32 *)at : (long)*(s32 *)at;
	case 8: return *(s64 *)at;
	}}
	return 0;
}}
"""

    def observed(self, result, roots):
        if "places" not in result:
            return None
        match = re.match(r"struct (\w+)\.([\w.]+)$", self.subject(result["id"]))
        if not match:
            raise NotComparable(f"{self.subject(result['id'])} is no field")
        return self.records.place(*match.groups(), roots)

    def subject(self, result):
        return next(r["subject"] for r in self.walk["results"] if r["id"] == result)

    def rows(self, seed=1):
        chosen = random.Random(seed)
        tracked = self.walk["tracked"]["type"]

        def number(width, signed):
            if chosen.random() < 0.4:
                value = chosen.choice(EDGES) * chosen.choice([1, 1, -1] if signed else [1])
            else:
                value = chosen.getrandbits(chosen.randint(1, width - signed)) * chosen.choice([1, 1, -1] if signed else [1])
            return value if signed else value % 2**width

        made = []
        for _ in range(ROWS):
            row = [number(tracked["width"], tracked["isSigned"])]
            row += [abs(number(knob["type"]["width"] - 1, False)) for knob in self.walk["knobs"]]
            row += [chosen.randint(0, 1 if state["places"][0].endswith("()") else 15) for state in self.walkthrough["inputs"]]
            made.append(row)
        return made

    def run(self, rows):
        """For each row what was returned, and each result as text; None where the code faulted."""
        text = "".join(" ".join(map(str, row)) + "\n" for row in rows)
        output = subprocess.run([str(self.program)], input=text, capture_output=True, text=True, timeout=120)
        lines = output.stdout.splitlines()
        if output.returncode == 3:
            raise NotComparable(lines[0] + " (root may map it)")
        if len(lines) != len(rows):
            raise CompileError(f"the program ended with {output.returncode} after {len(lines)} of {len(rows)} rows")
        return [None if line.startswith("fault") else line.split() for line in lines]


def compare(function, rows, real, derived):
    """Counts by result, and differences."""
    errors = {c["name"]: c["number"] for c in function.walk["constants"]}
    counts, differences, outcomes = {}, [], {}
    for row, line, said in zip(rows, real, derived, strict=True):
        for place, result in enumerate(function.results):
            claimed = said[result["id"]]
            # Where C gives no value, whatever the processor does is right.
            if "why" in result or claimed in ("outside", "undefined") or claimed.startswith("C gives no value"):
                continue
            if line is None:
                truth = "a fault"
            elif "places" in result:
                truth = "not reached" if line[1 + place] == "untouched" else line[1 + place]
            elif result["error"]:
                truth = str(int(int(line[0]) == -errors[result["error"]]))
                outcomes.setdefault(result["id"], set()).add(truth)
            else:
                truth = line[0]
            counts[result["id"]] = counts.get(result["id"], 0) + 1
            if claimed.endswith(" if reached") and truth == "not reached":
                continue
            if truth != claimed.removesuffix(" if reached"):
                differences.append((dict(zip(function.inputs, row)), result["id"], truth, claimed))
    for result, seen in outcomes.items():
        if len(seen) < 2:
            raise NotComparable(f"{result}: the function {'always' if '1' in seen else 'never'} refuses in such an empty world")
    return counts, differences


def check(walker, tree, arguments, folder, walkthrough):
    """A sentence, and whether it was compared and something is wrong."""
    bridge = compiled.Bridge(walker, "describe", tree, walkthrough)
    try:
        function = Function(bridge, tree, arguments, folder)
        rows = function.rows()
        real = function.run(rows)
        if not any(line and int(line[0]) >= 0 for line in real):
            raise NotComparable("the function never succeeds where all that it looks up is empty")
        text = " ".join(function.inputs) + "\n" + "".join(" ".join(map(str, row)) + "\n" for row in rows)
        output = bridge.rest(text).splitlines()
        names = output[0].split("\t")
        counts, differences = compare(
            function, rows, real, [dict(zip(names, line.split("\t"))) for line in output[2:]])
    except NotComparable as why:
        return f"not compared: {why}", False, False
    except CompileError as error:
        # A snippet set has the headers of what walkthroughs walk, which need not be all that a file includes.
        return f"not compared: {error}", False, False
    except compiled.BridgeError as error:
        return f"not compared: {error}", False, True
    finally:
        bridge.end()
    silent = [f"{r['id']}: {r['why']}" for r in function.results if "why" in r]
    if not counts:
        return f"not compared: {'; '.join(silent)}", False, False
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    told = f"compared {told}; {len(differences)} differ" + "".join(f"; {s}" for s in silent)
    for given, result, truth, claimed in differences[:5]:
        told += f"\n    {result} for {given}: compiled C says {truth}, walker {claimed}"
    return told, True, bool(differences) or min(counts.values()) < LEAST


def main():
    walker, *trees = sys.argv[1:]
    failed = not trees
    for tree in map(pathlib.Path, trees):
        tree = tree.resolve()
        compared = 0
        with tempfile.TemporaryDirectory(prefix="walker-functions-") as scratch:
            folder = pathlib.Path(scratch)
            arguments = compiled.environment(walker, tree, folder / "environment")
            for walkthrough in sorted(ANNOTATIONS.iterdir()):
                told, was_compared, is_wrong = check(walker, tree, arguments, folder / walkthrough.name, walkthrough)
                print(f"{tree.name}: {walkthrough.name}: {told}", flush=True)
                compared += was_compared
                failed = failed or is_wrong
        if compared < LEAST_WALKTHROUGHS:
            print(f"{tree.name}: too few walkthroughs compared to tell: {compared}")
            failed = True
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
