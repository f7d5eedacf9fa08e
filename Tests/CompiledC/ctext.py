"""C as the mutants' generator sees it: tokens with their places, functions, and the statements in them.

Not a parser of C: it knows brackets, statements and the places of things, which is enough to edit a kernel's functions. What
comes out of an edit is judged by the compiler.
"""

import bisect
import dataclasses
import functools
import re

TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
    |(?P<directive>^[ \t]*\#(?:[^\n\\]|\\\r?\n|\\.)*)
    |(?P<space>\s+|\\\r?\n)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<word>[A-Za-z_]\w*)
    |(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)
    |(?P<mark><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|\#\#|.)""",
    re.X | re.S | re.M)
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}
BRANCHES = {"if", "while", "for", "switch"}


@dataclasses.dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self):
        return self.start + len(self.text)


@dataclasses.dataclass
class Statement:
    """`kind`: block, if, loop, declaration, label, or simple. `condition` of an `if`: its place without the brackets."""

    kind: str
    start: int
    end: int
    condition: tuple = None
    parts: list = dataclasses.field(default_factory=list)

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclasses.dataclass
class Function:
    """`start` is where its return type begins; `body` the place of the braces and what is in them."""

    name: str
    start: int
    parameters: tuple
    body: tuple

    @property
    def end(self):
        return self.body[1]


class CText:
    def __init__(self, text):
        self.text = text

    @functools.cached_property
    def tokens(self):
        return [Token(m.lastgroup, m.group(), m.start()) for m in TOKEN.finditer(self.text)]

    @functools.cached_property
    def code(self):
        return [t for t in self.tokens if t.kind not in ("comment", "space", "directive")]

    @functools.cached_property
    def starts(self):
        return [t.start for t in self.code]

    def within(self, start, end):
        """The tokens of code in a place."""
        return self.code[bisect.bisect_left(self.starts, start):bisect.bisect_left(self.starts, end)]

    def closing(self, index):
        """The index of the token that closes the bracket at `index`; the last token where nothing does."""
        depth = 0
        for i in range(index, len(self.code)):
            depth += self.code[i].text in OPEN
            depth -= self.code[i].text in CLOSE
            if depth == 0:
                return i
        return len(self.code) - 1

    @functools.cached_property
    def functions(self):
        found, index, begin = [], 0, 0
        directives = [t.end for t in self.tokens if t.kind == "directive"]
        while index < len(self.code):
            token = self.code[index]
            if token.text == "(" and index and self.code[index - 1].kind == "word":
                close = self.closing(index)
                if close + 1 < len(self.code) and self.code[close + 1].text == "{":
                    end = self.closing(close + 1)
                    name = self.code[index - 1].text
                    if re.match(r"SYSCALL_DEFINE\d$", name):
                        name = "sys_" + self.code[index + 1].text
                    before = directives[bisect.bisect(directives, token.start) - 1] if directives else 0
                    start = next(t.start for t in self.within(max(begin, before if before < token.start else 0),
                                                              token.end))
                    found.append(Function(name, start, (token.end, self.code[close].start),
                                          (self.code[close + 1].start, self.code[end].end)))
                    index = end
                    begin = self.code[end].end
                else:
                    index = close
            elif token.text in OPEN:
                index = self.closing(index)
                if self.code[index].text == "}" and token.text == "{":
                    begin = self.code[index].end
            elif token.text == ";":
                begin = token.end
            index += 1
        return found

    def function(self, name=None, line=None):
        """By name; or the one whose head begins at, or spans, the line."""
        for function in self.functions:
            if name is not None and function.name != name:
                continue
            if line is not None and not self.line(function.start) <= line <= self.line(function.body[1]):
                continue
            return function
        return None

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def statements(self, function):
        index = bisect.bisect_left(self.starts, function.body[0])
        return self.statement(index)[0]

    def statement(self, index):
        """The statement that begins at a token, and the index after it."""
        token = self.code[index]
        if token.text == "{":
            close, parts, at = self.closing(index), [], index + 1
            while at < close:
                part, at = self.statement(at)
                parts.append(part)
            return Statement("block", token.start, self.code[close].end, parts=parts), close + 1
        if token.text in BRANCHES and self.code[index + 1].text == "(":
            close = self.closing(index + 1)
            then, at = self.statement(close + 1)
            parts = [then]
            if token.text == "if" and at < len(self.code) and self.code[at].text == "else":
                other, at = self.statement(at + 1)
                parts.append(other)
            return Statement("if" if token.text == "if" else "loop", token.start, parts[-1].end,
                             (self.code[index + 1].end, self.code[close].start), parts), at
        if token.kind == "word" and self.code[index + 1].text == ":" and token.text != "default":
            return Statement("label", token.start, self.code[index + 1].end), index + 2
        at = index
        while at < len(self.code) and self.code[at].text != ";":
            at = self.closing(at) + 1 if self.code[at].text in OPEN else at + 1
        end = self.code[min(at, len(self.code) - 1)].end
        kind = "declaration" if self.is_declaration(index, at) else "simple"
        return Statement(kind, token.start, end), at + 1

    def is_declaration(self, index, end):
        """Two words side by side, or a word, stars and a word: `int a`, `struct b *c`."""
        words = [t for t in self.code[index:end]]
        if not words or words[0].kind != "word" or words[0].text in ("return", "goto", "case", "else", "break"):
            return False
        for left, right in zip(words, words[1:]):
            if left.kind == "word" and right.kind == "word":
                return True
            if right.text != "*" and not (left.text == "*" and right.kind == "word"):
                return False
            if left.text == "*" and right.kind == "word":
                return True
        return False


def apply(text, edits):
    """The text with `(start, end, replacement)` edits made, which must not overlap."""
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text
