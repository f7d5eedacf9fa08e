"""Makes mutants of the code that a walk goes through: edits of whatever stands in the files, by its structure.

Where to edit comes from `walker print --format json`: the functions of the frames, the tests, the fields, the ops table.
Each operator yields `Mutant`s; `intent` is what it is meant to be, which the compiled C confirms or corrects.
"""

import dataclasses
import pathlib
import re

from ctext import CText, apply

KEPT, CHANGED = "kept", "changed"
COMPARISONS = ["<=", ">=", "==", "!=", "<", ">"]
MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
BOUNDARIES = {"&&", "||", "?", ":", ",", ";", "return", "=", "(", ")", "{", "}"}


@dataclasses.dataclass
class Mutant:
    kind: str
    intent: str
    place: str
    edits: dict
    """By path: a list of (start, end, replacement); or the whole new text."""
    about: str = ""
    """The field whose declaration is edited."""

    def write(self, tree):
        """Puts the edited files into a tree; the old ones may be links to the originals and are replaced, not written to."""
        for path, edits in self.edits.items():
            target = pathlib.Path(tree) / path
            text = edits if isinstance(edits, str) else apply(read(target), edits)
            target.unlink(missing_ok=True)
            target.write_bytes(text.encode("latin-1"))


def read(path):
    """Any bytes: old files are not UTF-8."""
    return pathlib.Path(path).read_bytes().decode("latin-1")


class Place:
    """One function of the path, in its file."""

    def __init__(self, tree, path, function, texts):
        self.tree, self.path, self.function = tree, path, function
        self.c = texts(path)
        self.body = self.c.statements(function)

    def text(self, start, end):
        return self.c.text[start:end]

    def line(self, offset):
        return f"{self.path}:{self.c.line(offset)}"

    def mutant(self, kind, intent, at, *edits, others=None):
        return Mutant(kind, intent, self.line(at), {self.path: list(edits), **(others or {})})

    def tokens(self):
        return self.c.within(*self.function.body)

    def statements(self, *kinds):
        return [s for s in self.body.walk() if s.kind in kinds]

    def parameters(self):
        """(name, type) of each; a system call's macro has them as separate arguments."""
        text = re.sub(r"/\*.*?\*/", " ", self.text(*self.function.parameters), flags=re.S)
        if self.text(self.function.start, self.function.body[0]).startswith("SYSCALL_DEFINE"):
            words = [w.strip() for w in text.split(",")][1:]
            return list(zip(words[1::2], words[0::2]))
        found = []
        for part in text.split(","):
            m = re.match(r"\s*(.*?)(\w+)\s*$", part, re.S)
            if m and m.group(1).strip():
                found.append((m.group(2), m.group(1).strip()))
        return found

    def condition(self, statement):
        """From the bracket that opens an `if`'s condition to behind the one that closes it."""
        start = self.c.text.index("(", statement.start)
        depth = 0
        for t in self.c.within(start, statement.end):
            depth += (t.text == "(") - (t.text == ")")
            if depth == 0:
                return start, t.end
        return start, start

    def depth(self, start, end):
        return sum((t.text in "([{") - (t.text in ")]}") for t in self.c.within(start, end))

    def is_macro(self):
        return self.text(self.function.start, self.function.body[0]).startswith("SYSCALL_DEFINE")

    def locals(self):
        """(name, type) of simple locals declared at the top level of the body."""
        found = []
        for s in self.body.parts:
            if s.kind == "declaration":
                m = re.match(r"((?:unsigned |signed |const |struct )*\w+)\s*(.*);$", self.text(s.start, s.end), re.S)
                for part in m.group(2).split(",") if m and "(" not in m.group(2) else []:
                    word = re.match(r"\s*(\**)\s*(\w+)", part)
                    if word:
                        found.append((word.group(2), m.group(1) + word.group(1)))
        return found

    def integers(self):
        return [(n, t) for n, t in self.parameters() + self.locals()
                if re.fullmatch(r"(const )?(unsigned |signed )?(int|long|u32|unsigned|size_t|uint)", t)]

    def operands(self, token):
        """The places of what stands left and right of a comparison."""
        tokens = self.tokens()
        at = tokens.index(token)

        def reach(step):
            depth, i = 0, at + step
            opening, closing = ("([{", ")]}") if step > 0 else (")]}", "([{")
            while 0 <= i < len(tokens):
                text = tokens[i].text
                if depth == 0 and (text in BOUNDARIES - set(opening) or text in closing):
                    break
                depth += text in opening
                depth -= text in closing
                i += step
            return i - step

        left, right = reach(-1), reach(1)
        if left >= at or right <= at:
            return None
        return (tokens[left].start, tokens[at - 1].end), (tokens[at + 1].start, tokens[right].end)

    def head(self):
        """The function's head as a prototype, without `static` and `inline`."""
        text = self.text(self.function.start, self.function.body[0])
        return re.sub(r"\b(static|inline|__always_inline|asmlinkage)\b\s*", "", " ".join(text.split()))


# Meaning kept.

def reformat(p):
    yield p.mutant("reformat: a line for each token", KEPT, p.function.start,
                   *[(t.end, t.end, "\n") for t in p.tokens()[:-1]])
    yield p.mutant("reformat: no line breaks", KEPT, p.function.start,
                   *[(t.start, t.end, " ") for t in p.c.tokens
                     if t.kind in ("space", "comment") and p.function.body[0] <= t.start < p.function.body[1]])


def comment(p):
    yield p.mutant("comment before each statement", KEPT, p.function.start,
                   *[(s.start, s.start, "/* walker; if (x) y = 1; */ ") for s in p.body.walk() if s.kind != "block"])
    yield p.mutant("lines before the function", KEPT, p.function.start,
                   (p.function.start, p.function.start, "\n\n/* nothing */\n\n\n"))


def rename_locals(p):
    for names, kind in ((p.locals(), "rename a local"), (p.parameters(), "rename a parameter")):
        for name, _ in names:
            edits, previous = [], None
            for t in p.c.within(p.function.parameters[0], p.function.body[1]):
                if t.text == name and previous not in (".", "->", "struct"):
                    edits.append((t.start, t.end, name + "_here"))
                previous = t.text
            yield p.mutant(kind, KEPT, p.function.start, *edits)


def move_within(p):
    if p.is_macro():
        return
    whole = p.text(p.function.start, p.function.end)
    yield p.mutant("move a function within its file", KEPT, p.function.start,
                   (p.function.start, p.function.end, re.sub(r"\s*$", "", " ".join(
                       p.text(p.function.start, p.function.body[0]).split())) + ";"),
                   (len(p.c.text), len(p.c.text), "\n" + whole + "\n"))


def move_across(p):
    if p.is_macro() or p.path.endswith(".h"):
        return
    includes = "".join(t.text + "\n" for t in p.c.tokens if t.kind == "directive" and re.match(r"\s*#\s*include", t.text))
    rest = re.sub(r"^(?:static\s+)?(?:inline\s+)?", "", p.text(p.function.start, p.function.end))
    new = str(pathlib.PurePosixPath(p.path).with_name("moved_" + pathlib.PurePosixPath(p.path).name))
    yield p.mutant("move a function to another file", KEPT, p.function.start,
                   (p.function.start, p.function.end, p.head() + ";"),
                   others={new: includes + p.head() + ";\n" + rest + "\n"})


def split(p):
    if p.is_macro():
        return
    names = ", ".join(n for n, _ in p.parameters())
    head = p.text(p.function.start, p.function.body[0])
    name = p.function.name
    inner = "static " + re.sub(r"\b(static|inline|__always_inline)\b\s*", "", head)
    inner = re.sub(rf"\b{name}\b", name + "_inner", inner, count=1)
    result = "" if re.match(r"(static |inline )*void\b(?! \*)", head) else "return "
    yield p.mutant("split a function in two", KEPT, p.function.start,
                   (p.function.start, p.function.body[0], inner),
                   (p.function.end, p.function.end, f"\n\n{head}{{\n\t{result}{name}_inner({names});\n}}\n"))


def extract(p):
    """`if (c) x = y;` with numbers only, into a helper before the function."""
    numbers = dict(p.integers())
    for s in p.statements("if"):
        m = re.fullmatch(r"\s*(\w+) = (\w+);\s*", p.text(s.parts[0].start, s.parts[0].end))
        words = {t.text for t in p.c.within(*s.condition) if t.kind == "word"} - {"unsigned", "int", "u32"}
        if len(s.parts) > 1 or not m or not words | {m.group(1), m.group(2)} <= set(numbers):
            continue
        used = sorted(words | {m.group(1), m.group(2)})
        helper = (f"static {numbers[m.group(1)]} limited_here({', '.join(numbers[n] + ' ' + n for n in used)})\n"
                  f"{{\n\t{p.text(s.start, s.end)}\n\treturn {m.group(1)};\n}}\n\n")
        yield p.mutant("extract a helper", KEPT, s.start, (p.function.start, p.function.start, helper),
                       (s.start, s.end, f"{m.group(1)} = limited_here({', '.join(used)});"))


def inline(p, single):
    """A call of a function that only returns an expression, by that expression."""
    tokens = p.tokens()
    for i, t in enumerate(tokens):
        if t.text not in single or tokens[i + 1].text != "(" or tokens[i - 1].text in (".", "->"):
            continue
        parameters, expression = single[t.text]
        close, depth, starts = i + 1, 0, [tokens[i + 2].start]
        for close in range(i + 1, len(tokens)):
            depth += tokens[close].text in "([{"
            depth -= tokens[close].text in ")]}"
            if depth == 1 and tokens[close].text == ",":
                starts.append(tokens[close].end)
            if depth == 0:
                break
        ends = [s - 1 for s in starts[1:]] + [tokens[close].start]
        arguments = [p.text(*pair) for pair in zip(starts, ends)]
        if len(arguments) != len(parameters):
            continue
        text = expression
        for name, argument in zip(parameters, arguments):
            text = re.sub(rf"(?<![.>\w]){name}\b", f"({argument.strip()})", text)
        yield p.mutant("inline a function", KEPT, t.start, (t.start, tokens[close].end, f"({text})"))


def reorder(p):
    for block in p.statements("block"):
        for first, second in zip(block.parts, block.parts[1:]):
            a, b = (re.fullmatch(r"([\w.\[\]>-]+?) = ([^;(]*);", p.text(s.start, s.end)) for s in (first, second))
            if a and b and a[1] not in b[0] and b[1] not in a[0]:
                yield p.mutant("swap two statements", KEPT, first.start,
                               (first.start, first.end, b[0]), (second.start, second.end, a[0]))


def ternary(p):
    for s in p.statements("if"):
        m = re.fullmatch(r"([\w.>-]+) = ([^;]*);", p.text(s.parts[0].start, s.parts[0].end))
        if m and len(s.parts) == 1:
            yield p.mutant("if to ternary", KEPT, s.start,
                           (s.start, s.end, f"{m[1]} = ({p.text(*s.condition)}) ? {m[2]} : {m[1]};"))


def conditions(p):
    for s in p.statements("if"):
        text = p.text(*s.condition)
        yield p.mutant("double negation", KEPT, s.start, (*s.condition, f"!(!({text}))"))
        yield p.mutant("likely", KEPT, s.start, (*s.condition, f"likely({text})"))
        if len(s.parts) == 1:
            yield p.mutant("turn an if around", KEPT, s.start, (*s.condition, f"!({text})"),
                           (s.parts[0].start, s.parts[0].start, "; else { "), (s.end, s.end, " }"))
        yield p.mutant("condition in a local", KEPT, s.start,
                       (s.start, s.start, f"{{ int holds_here = !!({text}); "), (*s.condition, "holds_here"),
                       (s.end, s.end, " }"))
        yield p.mutant("condition inverted", CHANGED, s.start, (*s.condition, f"!({text})"))
        yield p.mutant("condition always true", CHANGED, s.start, (*s.condition, "1"))
        yield p.mutant("condition never true", CHANGED, s.start, (*s.condition, "0"))


def swap_operands(p):
    for t in p.tokens():
        if t.text in COMPARISONS and (places := p.operands(t)):
            left, right = places
            yield p.mutant("swap a comparison's operands", KEPT, t.start, (*left, p.text(*right)),
                           (t.start, t.end, MIRRORED[t.text]), (*right, p.text(*left)))


def rename_function(p, files):
    name = p.function.name
    if p.is_macro():
        return
    edits = {}
    for path in files:
        text = read(p.tree / path)
        if name in text:
            found = [(m.start(), m.end(), name + "_here") for m in re.finditer(rf"\b{name}\b", text)]
            if found:
                edits[path] = found
    yield Mutant("rename a function", KEPT, p.line(p.function.start), edits)


def harmless(p):
    brace = p.function.body[0] + 1
    simple = p.statements("simple")
    for s in simple[:1] + simple[-1:]:
        yield p.mutant("barrier", KEPT, s.start, (s.start, s.start, "barrier(); "))
    for s in simple:
        yield p.mutant("do while (0)", KEPT, s.start, (s.start, s.end, f"do {{ {p.text(s.start, s.end)} }} while (0);"))
    for name, kind in p.integers():
        if not p.is_macro() and name in dict(p.parameters()):
            renamed = re.sub(rf"\b{name}\b", name + "_given", p.text(*p.function.parameters))
            yield p.mutant("copy a parameter", KEPT, brace, (*p.function.parameters, renamed),
                           (brace, brace, f"\n\t{kind.removeprefix('const ')} {name} = {name}_given;"))
            yield p.mutant("volatile parameter", KEPT, brace,
                           (*p.function.parameters, re.sub(rf"\b{name}\b", f"volatile {name}", p.text(*p.function.parameters))))
        yield p.mutant("dead code", KEPT, simple[0].start, (simple[0].start, simple[0].start,
                                                           f"if (0) {name} = 7; " if "const" not in kind else "if (0) return 0; "))
        yield p.mutant("shadowing local", KEPT, simple[-1].start,
                       (simple[-1].start, simple[-1].start, f"{{ int {name} = 7; (void){name}; }} "))
    yield p.mutant("another function before", KEPT, p.function.start,
                   (p.function.start, p.function.start, "static inline int unrelated_here(int a)\n{\n\treturn a > 8 ? 8 : a;\n}\n\n"))
    for t in p.tokens():
        if t.kind == "number":
            yield p.mutant("write a number otherwise", KEPT, t.start, (t.start, t.end, f"({t.text} + 0)"))


def nested(p):
    """`if (a && b)` as two branches, and what debugging adds."""
    for s in p.statements("if"):
        if len(s.parts) != 1:
            continue
        open_, close = p.condition(s)
        parts = [t for t in p.c.within(open_, close) if t.text == "&&" and p.depth(open_, t.start) == 1]
        if len(parts) == 1:
            at = parts[0]
            yield p.mutant("one branch as two", KEPT, at.start, (at.start, at.end, ") if ("))
    at = p.statements("simple")[0].start if p.statements("simple") else None
    if at is not None:
        for name, _ in p.parameters():
            if name in ("sk", "sock", "queue"):
                yield p.mutant("a warning added", KEPT, at, (at, at, f"WARN_ON_ONCE(!{name}); "))
        yield p.mutant("a check of the context added", KEPT, at, (at, at, "might_sleep(); "))


def macro_wrap(p):
    for name, _ in p.integers():
        edits, previous = [], None
        for t in p.tokens():
            if t.text == name and previous == "," or t.text == name and previous == "(":
                edits.append((t.start, t.end, f"SAME_HERE({name})"))
            previous = t.text
        if edits:
            yield p.mutant("value through nested macros", KEPT, p.function.start, *edits,
                           (p.function.start, p.function.start,
                            "#define SAME_AGAIN_HERE(x) (x)\n#define SAME_HERE(x) SAME_AGAIN_HERE(x)\n"))


# Meaning changed, or so it is meant.

def comparisons(p):
    for t in p.tokens():
        if t.text not in COMPARISONS:
            continue
        for other in COMPARISONS:
            if other != t.text:
                yield p.mutant(f"comparison {t.text} to {other}", CHANGED, t.start, (t.start, t.end, other))


def signs(p):
    text = p.text(*p.function.body)
    for m in re.finditer(r"\((?:unsigned int|unsigned|u32|uint)\)", text):
        at = p.function.body[0] + m.start()
        yield p.mutant("cast dropped", CHANGED, at, (at, at + len(m[0]), ""))
        for other in ("(int)", "(u16)", "(s8)", "(u8)", "(unsigned long)", "(long)"):
            yield p.mutant(f"cast to {other}", CHANGED, at, (at, at + len(m[0]), other))
    for m in re.finditer(r"\b(min_t|max_t)\s*\(\s*(unsigned int|u32)\b", text):
        at = p.function.body[0] + m.start(2)
        for other in ("int", "u16", "s8", "u64", "long"):
            yield p.mutant(f"{m[1]} of {other}", CHANGED, at, (at, at + len(m[2]), other))
        at = p.function.body[0] + m.start(1)
        yield p.mutant("min to max or back", CHANGED, at, (at, at + 5, "max_t" if m[1] == "min_t" else "min_t"))


def constants(p):
    for t in p.tokens():
        if t.kind == "number":
            for other in ("0", "1", "2", "7", "16", "300"):
                if other != t.text:
                    yield p.mutant(f"constant {t.text} to {other}", CHANGED, t.start, (t.start, t.end, other))


def operators(p):
    swaps = {"+": "-", "-": "+", "&&": "||", "||": "&&", "<<": ">>", ">>": "<<", "&": "|", "|": "&"}
    tokens = p.tokens()
    for before, t, after in zip(tokens, tokens[1:], tokens[2:]):
        binary = before.kind in ("word", "number") or before.text in ")]"
        if t.text in swaps and binary and before.text != "return" and not (before.text == ")" and t.text in "+-&"):
            yield p.mutant(f"{t.text} to {swaps[t.text]}", CHANGED, t.start, (t.start, t.end, swaps[t.text]))
        if t.text in ("+", "-") and after.kind == "number" and binary:
            yield p.mutant("+ number dropped", CHANGED, t.start, (t.start, after.end, ""))


def drops(p):
    for s in p.statements("if"):
        text = p.text(s.parts[0].start, s.parts[0].end)
        if len(s.parts) == 1 and re.fullmatch(r"\w+ = \w+;", text):
            yield p.mutant("clamp removed", CHANGED, s.start, (s.start, s.end, ";"))
            yield p.mutant("clamp unconditional", CHANGED, s.start, (s.start, s.end, text))
        if len(s.parts) == 1 and re.match(r"(return|goto)\b", text):
            yield p.mutant("exit removed", CHANGED, s.start, (s.start, s.end, ";"))
    for s in p.statements("simple"):
        text = p.text(s.start, s.end)
        if re.match(r"(return|goto|break)\b", text):
            continue
        yield p.mutant("statement dropped", CHANGED, s.start, (s.start, s.end, ";"))
    for block in p.statements("block"):
        parts = [s for s in block.parts if s.kind in ("simple", "if")]
        for first, second in zip(parts, parts[1:]):
            a, b = p.text(first.start, first.end), p.text(second.start, second.end)
            if not a.startswith("return") and not b.startswith("return"):
                yield p.mutant("statements in the other order", CHANGED, first.start, (first.start, first.end, b),
                               (second.start, second.end, a))


def stores(p, fields):
    """What is written to a field that a result speaks of, and what else may write it."""
    for s in p.statements("simple"):
        text = p.text(s.start, s.end)
        plain = re.fullmatch(r"([^=()]*(?:\.|->)(\w+)) = ([^;]*);", text, re.S)
        once = re.fullmatch(r"WRITE_ONCE\(([^,]*(?:\.|->)(\w+)), (.*)\);", text, re.S)
        m = plain or once
        if not m or m[2] not in fields:
            continue
        at = s.start + m.start(3)
        value = (at, at + len(m[3]))
        for other in ("u16", "s8", "u8", "short", "long"):
            yield p.mutant(f"stored as {other}", CHANGED, at, (*value, f"({other})({m[3]})"))
        for number in ("0", "128", f"({m[3]}) + 1", f"({m[3]}) - 1", f"({m[3]}) / 2", f"({m[3]}) | 1", f"-({m[3]})",
                       f"({m[3]}) & 0xffff", f"({m[3]}) << 1", f"({m[3]}) % 1000", f"({m[3]}) ^ 1"):
            yield p.mutant("something else stored", CHANGED, at, (*value, number))
        for name, _ in p.integers():
            if name != m[3].strip():
                yield p.mutant("another variable stored", CHANGED, at, (*value, name))
        field, end = m[1], s.end
        yield p.mutant("second store", CHANGED, end, (end, end, f" {field} = 77;"))
        yield p.mutant("second store through a pointer", CHANGED, end,
                       (end, end, f" {{ __typeof__({field}) *there = &{field}; *there = 77; }}"))
        yield p.mutant("the same store twice", KEPT, end, (end, end, " " + text))
        yield p.mutant("conditional second store", CHANGED, end, (end, end, f" if ({field} > 1000) {field} = 1000;"))
        yield p.mutant("comma expression", KEPT, at, (*value, f"(0, {m[3]})"))
        yield p.mutant("comma expression with a store", CHANGED, end, (end, end, f" (void)({field} = 9, 0);"))
        yield p.mutant("store in a condition", CHANGED, end, (end, end, f" if (({field} = 9) == 0) barrier();"))
        yield p.mutant("statement expression", KEPT, at, (*value, f"({{ __typeof__({m[3]}) w_ = ({m[3]}); w_; }})"))
        yield p.mutant("retry by goto", CHANGED, end, (end, end, f" again_here: if ({field} & 1) {{ {field} >>= 1; goto again_here; }}"))
        yield p.mutant("loop until small", CHANGED, end, (end, end, f" while ({field} > 50) {field} -= 50;"))
        yield p.mutant("switch on the value", CHANGED, end,
                       (end, end, f" switch ({field}) {{ case 5: {field} = 6; break; case 511: {field} = 1; }}"))
        yield p.mutant("table by the value", CHANGED, end,
                       (end, end, f" {{ static const unsigned char table_here[4] = {{3, 2, 1, 0}}; {field} = table_here[{field} & 3]; }}"))
        yield p.mutant("union that narrows", CHANGED, at,
                       (*value, f"({{ union {{ int wide; short narrow; }} u_; u_.wide = ({m[3]}); u_.narrow; }})"))
        yield p.mutant("bit-field that narrows", CHANGED, at,
                       (*value, f"({{ struct {{ unsigned int few : 12; }} b_; b_.few = ({m[3]}); b_.few; }})"))
        yield p.mutant("typedef that narrows", CHANGED, at,
                       (*value, f"({{ typedef unsigned char count_here; (count_here)({m[3]}); }})"))
        base = re.match(r"(\w+)->", field)
        if base and field == f"{base[1]}->{m[2]}":
            kind = dict(p.parameters() + p.locals()).get(base[1], "")
            if kind.startswith("struct") or kind.startswith("const struct"):
                helper = f"static noinline void stored_here({kind.rstrip('* ')} *p)\n{{\n\tp->{m[2]} = 33;\n}}\n\n"
                head = (p.function.start, p.function.start)
                yield p.mutant("store in a helper without the value", CHANGED, end, (*head, helper),
                               (end, end, f" stored_here({base[1]});"))
                yield p.mutant("store behind a function pointer", CHANGED, end,
                               (*head, helper + f"static void (*volatile called_here)({kind.rstrip('* ')} *) = stored_here;\n\n"),
                               (end, end, f" called_here({base[1]});"))
                new = str(pathlib.PurePosixPath(p.path).with_name("helper_here.c"))
                if p.path.endswith(".c"):
                    includes = "".join(t.text + "\n" for t in p.c.tokens
                                       if t.kind == "directive" and re.match(r"\s*#\s*include", t.text))
                    prototype = f"void stored_there({kind.rstrip('* ')} *p);\n\n"
                    yield p.mutant("store in a helper of another file", CHANGED, end, (*head, prototype),
                                   (end, end, f" stored_there({base[1]});"),
                                   others={new: includes + prototype + helper.replace("stored_here", "stored_there").replace("static noinline ", "")})


def exits(p):
    at = p.statements("simple")[0].start if p.statements("simple") else None
    void = re.match(r"(static |inline )*void\b(?! \*)", p.text(p.function.start, p.function.body[0]))
    if at is None:
        return
    result = "return" if void else "return -EINVAL"
    for name, _ in p.parameters():
        if name in dict(p.integers()):
            yield p.mutant("early return on the value", CHANGED, at, (at, at, f"if ({name} > 1000) {result}; "))
            yield p.mutant("early return on its sign", CHANGED, at, (at, at, f"if ({name} < 0) {result}; "))
            if not void:
                yield p.mutant("success without the work", CHANGED, at, (at, at, f"if ({name} == 7) return 0; "))
        elif "sock" in name or name == "sk":
            field = {"sock": "state", "sk": "sk_state"}.get(name)
            if field:
                yield p.mutant("early return on something else", CHANGED, at, (at, at, f"if ({name}->{field} == 9) {result}; "))
                yield p.mutant("early return on what always is", CHANGED, at, (at, at, f"if ({name}->{field} < 99) {result}; "))
    yield p.mutant("early return always", CHANGED, at, (at, at, f"if (1) {result}; "))
    yield p.mutant("early return never", KEPT, at, (at, at, f"if (0) {result}; "))


def namespaces(p):
    """A sysctl read from the first network namespace instead of the socket's."""
    for m in re.finditer(r"\bsock_net\([^()]*\)", p.text(*p.function.body)):
        at = p.function.body[0] + m.start()
        yield p.mutant("a sysctl of the first namespace", CHANGED, at, (at, at + len(m[0]), "(&init_net)"))


def counting(p):
    """What counts a queue's length up and down."""
    for s in p.statements("simple"):
        text = p.text(s.start, s.end)
        m = re.search(r"(_backlog|qlen)\b", text)
        if not m or not re.search(r"atomic_(inc|dec)|\+\+|--|[+-] 1", text):
            continue
        yield p.mutant("not counted", CHANGED, s.start, (s.start, s.end, ";"))
        if "+ 1" in text or "- 1" in text:
            at = s.start + re.search(r"[+-] 1", text).end() - 1
            yield p.mutant("counted by two", CHANGED, at, (at, at + 1, "2"))


def arguments(p, walked):
    tokens = p.tokens()
    for i, t in enumerate(tokens[:-1]):
        if t.text not in walked or tokens[i + 1].text != "(":
            continue
        close, depth = i + 1, 0
        for close in range(i + 1, len(tokens)):
            depth += tokens[close].text in "([{"
            depth -= tokens[close].text in ")]}"
            if depth == 0:
                break
        last = tokens[close - 1]
        if tokens[close - 2].text == "," and last.kind == "word" and last.text in dict(p.integers()):
            for other in ("0", f"{last.text} + 1", f"{last.text} >> 1", f"(u8){last.text}", f"-{last.text}"):
                yield p.mutant("another number handed on", CHANGED, last.start, (last.start, last.end, other))


def table(tree, path, name, field, function, texts):
    """Another function in the ops table."""
    c = texts(path)
    for t, equals, value in zip(c.code, c.code[1:], c.code[2:]):
        if t.text == field and equals.text == "=" and value.text == function:
            # The table's own entry: between its name and the end of its braces.
            before = c.text.rfind(name, 0, t.start)
            if before >= 0 and "};" not in c.text[before:t.start]:
                line = f"{path}:{c.line(value.start)}"
                yield Mutant("another function in the table", CHANGED, line, {path: [(value.start, value.end, "sock_no_listen")]})
                wrapper = f"static int wrapped_here(struct socket *sock, int backlog)\n{{\n\treturn {function}(sock, backlog{{}});\n}}\n\n"
                at = c.text.rfind("\n\n", 0, before) + 2
                for more, intent in (("", KEPT), (" / 2", CHANGED)):
                    yield Mutant("a wrapper in the table", intent, line,
                                 {path: [(at, at, wrapper.replace("{}", more)), (value.start, value.end, "wrapped_here")]})


def declarations(tree, texts, fields):
    """The types of fields; `fields` are (struct, field, files), with an empty struct where any that has the field is meant."""
    for struct, field, files in fields:
        for path in files:
            c = texts(path)
            for m in re.finditer(rf"^struct {struct or '[a-z_0-9]+'}\s*\{{", c.text, re.M):
                end = c.text.find("\n}", m.end())
                d = re.search(rf"^[ \t]+((?:unsigned |signed )?\w+)[ \t]+{field};", c.text[m.end():end], re.M)
                if d:
                    break
            else:
                continue
            at = m.end() + d.start(1)
            line = f"{path}:{c.line(at)}"
            for other in ("u16", "u8", "s8", "short", "int", "u32", "long", "u64"):
                yield Mutant(f"field made {other}", CHANGED, line, {path: [(at, at + len(d[1]), other)]}, field)
            whole = m.end() + d.start(), m.end() + d.end()
            yield Mutant("field made a bit-field", CHANGED, line,
                         {path: [(*whole, f"\tunsigned int\t{field} : 10;")]})
            yield Mutant("typedef of the field", KEPT, line,
                         {path: [(at, at + len(d[1]), "count_here"), (m.start(), m.start(), f"typedef {d[1]} count_here;\n")]})
            yield Mutant("typedef of the field that narrows", CHANGED, line,
                         {path: [(at, at + len(d[1]), "count_here"), (m.start(), m.start(), "typedef unsigned short count_here;\n")]})
            last = c.text.rfind("\n", 0, end + 1) + 1
            yield Mutant("another field at the struct's end", KEPT, line, {path: [(last, last, "\tint\t\tadded_here;\n")]})
            yield Mutant("another field before it", KEPT, line, {path: [(whole[0], whole[0], "\tint\t\tadded_here;\n")]})
            break
