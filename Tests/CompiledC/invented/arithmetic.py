"""Programs made up at random of assignments, branches and small loops over a few variables of mixed types."""

import random

from invented.program import Program
from invented.truth import EDGES

TYPES = ["int", "u32", "u16", "s16", "u8", "s8", "s64", "u64"]
NAMES = ["size", "a", "b", "c"]
COMPARISONS = ["<", ">", "<=", ">=", "==", "!="]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)

    def expression(self, depth):
        r = self.r
        if depth == 0 or r.random() < 0.25:
            return r.choice(NAMES + ["widget_cap", str(r.choice([0, 1, 2, 3, 7, 8, 16, 100, 255, 4096, 65535])), "5u", "3LL"])
        a, b = self.expression(depth - 1), self.expression(depth - 1)
        kind = r.randrange(13)
        if kind < 5:
            return f"({a} {r.choice(['+', '-', '*', '&', '|', '^'])} {b})"
        if kind == 5:
            return f"({a} {r.choice(['<<', '>>'])} ({b} & 15))"
        if kind == 6:
            return f"({a} {r.choice(['/', '%'])} (({b} & 31) + 1))"
        if kind == 7:
            return f"({a} {r.choice(COMPARISONS)} {b})"
        if kind == 8:
            return f"({self.condition(depth - 1)} ? {a} : {b})"
        if kind == 9:
            return f"(({r.choice(TYPES)}){a})"
        if kind == 10:
            return f"{r.choice(['-', '~', '!'])}{a}"
        if kind == 11:
            return f"{r.choice(['min_t', 'max_t'])}({r.choice(TYPES)}, {a}, {b})"
        return f"({a} {r.choice(['&&', '||'])} {b})"

    def condition(self, depth):
        return f"{self.expression(depth)} {self.r.choice(COMPARISONS)} {self.expression(depth)}"

    def statement(self, depth):
        r = self.r
        kind = r.randrange(10)
        target = r.choice(NAMES)
        if kind < 5 or depth == 0:
            return f"{target} {r.choice(['=', '=', '=', '+=', '-=', '&=', '|=', '^='])} {self.expression(2)};"
        if kind < 8:
            other = f" else {{ {self.statement(depth - 1)} }}" if r.random() < 0.5 else ""
            return f"if ({self.condition(1)}) {{ {self.statement(depth - 1)} {self.statement(depth - 1)} }}{other}"
        if kind == 8:
            return (f"for (int i = 0; i < {r.randint(1, 4)}; i++) {{ {self.statement(0)} "
                    f"if ({self.condition(0)}) {r.choice(['break', 'continue'])}; {self.statement(0)} }}")
        return (f"switch ({self.expression(1)} & 3) {{ case 0: {self.statement(0)} break; case 1: {self.statement(0)} "
                f"default: {self.statement(0)} }}")


def program(seed):
    """Its claim is nearly always wrong: what counts are the numbers."""
    maker = Maker(seed)
    r = maker.r
    lines = [f"{r.choice(TYPES)} {name} = {r.choice(['size', 'widget_cap', str(r.choice(EDGES))])};" for name in NAMES[1:]]
    lines += [maker.statement(2) for _ in range(r.randint(2, 6))]
    return Program(f"arithmetic {seed}", "random arithmetic", "\n\t".join(lines))
