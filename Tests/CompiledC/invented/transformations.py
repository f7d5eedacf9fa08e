"""What becomes of the number on its way, as C and as a claim: transformations, places to park it, exits, stores."""

import dataclasses

WIDE = [3, 5, 8, 77, 100, 128, 1000]


def cap_code(d, v):
    r = d.r
    form = r.randrange(12)
    if form == 0:
        d.say(f"if ((u32){v} > (u32)widget_cap)\n\t\t{v} = widget_cap;")
    elif form == 1:
        d.say(f"{v} = min_t(u32, {v}, widget_cap);")
    elif form == 2:
        d.say(f"{v} = (u32){v} < (u32)widget_cap ? {v} : widget_cap;")
    elif form == 3:
        f = d.name("cut")
        d.function(f"int {f}(int n)", "return (u32)n > (u32)widget_cap ? widget_cap : n;")
        d.say(f"{v} = {f}({v});")
        d.part("cap in a helper")
    elif form == 4:
        f = d.name("cut")
        d.function(f"void {f}(int *n)", "if ((u32)*n > (u32)widget_cap)\n\t\t*n = widget_cap;", far=r.random() < 0.3)
        d.say(f"{f}(&{v});")
        d.part("cap by pointer")
    elif form == 5:
        c, n = d.name("cap"), d.name("fits")
        d.say(f"int {c} = widget_cap;\n\tif ((u32){v} <= (u32){c})\n\t\tgoto {n};\n\t{v} = {c};\n{n}:;")
    elif form == 6:
        d.say(f"{v} = min_t(u32, {v}, READ_ONCE(widget_cap));")
    elif form == 7:
        f = d.name("cut")
        d.function(f"int {f}(int n, int cap)", "if ((u32)n > (u32)cap)\n\t\treturn cap;\n\treturn n;")
        d.say(f"{v} = {f}({v}, widget_cap);")
        d.part("cap in a helper")
    elif form == 8:
        p = d.name("p")
        d.say(f"int *{p} = &{v};\n\tif ((u32)*{p} > (u32)widget_cap)\n\t\t*{p} = widget_cap;")
        d.part("cap by pointer")
    elif form == 9:
        d.say(f"{v} = ({{ int t_ = {v}; if (!((u32)widget_cap >= (u32)t_)) t_ = widget_cap; t_; }});")
    elif form == 10:
        c = d.name("cap")
        d.say(f"int *{c} = &widget_cap;\n\tif ((u32){v} > (u32)*{c})\n\t\t{v} = *{c};")
        d.part("cap read by pointer")
    else:
        d.say(f"switch ((u32){v} > (u32)widget_cap) {{\n\tcase 1:\n\t\t{v} = widget_cap;\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}}")


def helper(d, v, expression):
    """Applies an expression of `n` in place, in a helper, or by pointer."""
    form = d.r.randrange(5)
    if form <= 1:
        d.say(f"{v} = {expression.replace('n', v)};")
    elif form == 2:
        f = d.name("change")
        d.function(f"int {f}(int n)", f"return {expression};")
        d.say(f"{v} = {f}({v});")
        d.part("change in a helper")
    elif form == 3:
        f = d.name("change")
        d.function(f"void {f}(int *to, int n)", f"*to = {expression};")
        d.say(f"{f}(&{v}, {v});")
        d.part("change by pointer")
    else:
        p = d.name("p")
        d.say(f"int *{p} = &{v}, **{p}p = &{p};\n\t**{p}p = {expression.replace('n', '*' + p)};")
        d.part("change by two pointers")


@dataclasses.dataclass
class Step:
    """One transformation: `form` with a constant."""

    form: str
    k: int

    @property
    def reads_cap(self):
        return self.form in ("cap", "signed cap")

    def claim(self, e, form=None, k=None):
        form, k = form or self.form, self.k if k is None else k
        return {
            "cap": f"min({e}, (u32) widget_cap)", "signed cap": f"(u32) min((s32) ({e}), widget_cap)",
            "floor": f"max({e}, (u32) {k})", "signed floor": f"(u32) max((s32) ({e}), {k})", "plus": f"({e} + (u32) {k})",
            "mask": f"({e} & (u32) {k})", "narrow": f"(u32) (u16) ({e})", "byte": f"(u32) (u8) ({e})", "shift": f"({e} >> {k % 5})",
            "double": f"({e} * (u32) 2)", "signed narrow": f"(u32) (s16) ({e})",
        }[form]

    def code(self, d, v):
        k = self.k
        if self.form == "cap":
            return cap_code(d, v)
        if self.form == "signed cap":
            d.say(d.r.choice([f"if ({v} > widget_cap)\n\t\t{v} = widget_cap;", f"{v} = min({v}, widget_cap);"]))
            return None
        expression = {
            "floor": f"((u32)n < {k}u ? {k} : n)", "signed floor": f"(n < {k} ? {k} : n)", "plus": f"(n + {k})",
            "mask": f"(n & {k})", "narrow": "((u16)n)", "byte": "((u8)n)", "shift": f"((u32)n >> {k % 5})", "double": "(n * 2)",
            "signed narrow": "((s16)n)",
        }[self.form]
        return helper(d, v, expression)

    def wrong(self, r, right):
        """A claim like the right one of this step that says something else, and in which way it does."""
        inner = right
        other = {"cap": "signed cap", "signed cap": "cap", "floor": "signed floor", "signed floor": "floor", "narrow": "signed narrow",
                 "signed narrow": "narrow", "byte": "narrow"}.get(self.form)
        if other and r.random() < 0.6:
            return self.replaced(inner, other, self.k), f"{other} for {self.form}"
        if self.form in ("floor", "signed floor", "plus", "mask"):
            return self.replaced(inner, self.form, self.k + 1), "off by one"
        return f"({inner} == (u32) 5 ? (u32) 4 : {inner})", "wrong for one number"

    def replaced(self, claim, form, k):
        start, end = self.claim("\0").split("\0")
        return self.claim(claim[len(start):len(claim) - len(end)], form, k)


def choose(r):
    steps = [Step("cap", 0)] if r.random() < 0.75 else []
    for _ in range(r.choice([0, 0, 0, 1, 1, 2])):
        form = r.choice(["floor", "signed floor", "plus", "mask", "narrow", "byte", "shift", "double", "signed narrow", "signed cap"])
        steps.insert(r.randint(0, len(steps)), Step(form, 255 if form == "mask" else r.choice(WIDE)))
    return steps or [Step("plus", 3)]


@dataclasses.dataclass
class Parked:
    """Where the number waits: what must not be written meanwhile, for harmless idioms and as a spoiler's target."""

    lines: str = ""
    live: tuple = ()
    target: tuple = ()

    def back(self, d, v):
        d.say(self.lines.replace("@", v))


def park(d, v):
    r = d.r
    form = r.randrange(14)
    if form < 4:
        return Parked(live=(v,), target=("local", v)) if form < 2 else Parked()
    if form < 7:
        field = r.choice(["used", "flags", "spare"])
        d.say(f"w->{field} = {v};\n\t{v} = 0;")
        d.part("parked in a field")
        return Parked(f"@ = w->{field};", (field,), ("field", field))
    if form == 7:
        name = d.name("kept")
        d.before.append(f"static int {name};")
        d.say(f"{name} = {v};\n\t{v} = 1;")
        d.part("parked in a global")
        return Parked(f"@ = {name};", (name,), ("global", name))
    if form == 8:
        a, i = d.name("a"), r.randrange(4)
        d.say(f"int {a}[4] = {{ 1, 2, 3, 4 }};\n\t{a}[{i}] = {v};")
        d.part("parked in an array")
        return Parked(f"@ = {a}[{i}];", (a,), ("local", f"{a}[{i}]"))
    if form == 9:
        a = d.name("a")
        d.say(f"int {a}[4] = {{ 1, 2, 3, 4 }}, {a}i = size & 3;\n\t{a}[{a}i] = {v};\n\t{v} = 9;")
        d.part("parked by index")
        return Parked(f"@ = {a}[{a}i];", (a,), ("local", f"{a}[{a}i]"))
    if form == 10:
        t = d.name("t")
        d.say(f"struct inner {t} = {{ {v} }}, *{t}p = &{t};\n\t{v} = 0;")
        d.part("parked in a record")
        return Parked(f"@ = {t}p->depth;", (t,), ("local", f"{t}.depth"))
    if form == 11:
        i = r.randrange(8)
        d.say(f"w->list[{i}] = {v};\n\t{v} = 3;")
        d.part("parked in an element")
        return Parked(f"@ = w->list[{i}];", ("list",), ("field", f"list[{i}]"))
    if form == 12:
        d.say(f"struct node *n_ = &w->node;\n\tn_->weight = {v};\n\t{v} = 2;")
        d.part("parked in a node")
        return Parked("@ = w->node.weight;", ("node.weight",), ("field", "node.weight"))
    f = d.name("same")
    d.function(f"int {f}(struct widget *w, int n)", "if (w->state > 1000)\n\t\treturn n;\n\treturn n;")
    d.say(f"{v} = {f}(w, {v});")
    d.part("identity in a helper")
    return Parked()


def early_exit(d, v, claim, wrong):
    """An exit before the store. One that hangs on the number makes `never` part of the claim, whether it succeeds or fails."""
    r = d.r
    number = r.choice([1, 5, 77, 128, 4096])
    d.rows += [(number + plus, cap) for plus in (0, 1, -3, -5, -8, -77, -100, number) for cap in (-1, 5, number)]
    form = r.randrange(4)
    if wrong:
        if form == 0:
            d.say(f"if ({v} == {number})\n\t\treturn 0;")
            return claim, "early success that is forgotten"
        if form == 1:
            d.say(f"if ({v} == {number})\n\t\tgoto done;\n\tif (0) {{\n\tdone:\n\t\treturn 0;\n\t}}")
            return claim, "jump to success that is forgotten"
        if form == 2:
            f = d.name("wanted")
            d.function(f"int {f}(int n)", f"return n != {number};")
            d.say(f"if (!{f}({v}))\n\t\treturn 0;")
            return claim, "early success by a helper that is forgotten"
        d.say(f"if ({v} == {number})\n\t\treturn 0;")
        return f"({claim} == (u32) {number + 1} ? never : {claim})", "early success elsewhere"
    if form == 0:
        d.say(f"if ({v} == {number})\n\t\treturn 0;")
        return f"({claim} == (u32) {number} ? never : {claim})", "early success"
    if form == 1:
        d.say("if (w->state < 0)\n\t\treturn -22;")
        return claim, "early error on the state"
    if form == 2:
        d.say("if (!w->gadget)\n\t\treturn -12;")
        return claim, "early error on a pointer"
    d.say(f"if ({v} == {number})\n\t\treturn -22;")
    return f"({claim} == (u32) {number} ? never : {claim})", "early error"


def store(d, v):
    r = d.r
    form = r.randrange(18)
    if form < 5:
        d.say(f"w->room = {v};")
    elif form == 5:
        p = d.name("slot")
        d.say(f"u32 *{p} = &w->room;\n\t*{p} = {v};")
        d.part("stored through a pointer to the field")
    elif form in (6, 7, 8):
        f = d.name("put")
        d.function(f"void {f}(struct widget *w, int n)", "w->room = n;", far=form == 8)
        d.say(f"{f}(w, {v});")
        d.part("stored in a helper")
    elif form == 9:
        p = d.name("same")
        d.say(f"struct widget *{p} = w;\n\t{p}->room = {v};")
    elif form == 10:
        d.say(f"WRITE_ONCE(w->room, {v});")
    elif form == 11:
        f, g = d.name("put"), d.name("apply")
        d.function(f"void {f}(struct widget *w, int n)", "w->room = n;", far=False)
        d.function(f"void {g}(void (*f)(struct widget *, int), struct widget *w, int n)", "f(w, n);", far=False)
        d.say(f"{g}({f}, w, {v});")
        d.part("stored in a callback")
    elif form == 12:
        f = d.name("put")
        d.function(f"int {f}(struct widget *w, int n)", "w->room = n;\n\treturn 0;", far=False)
        d.before.append(f"static const struct widget_ops {f}_ops = {{ .set = {f} }};")
        d.say(f"{f}_ops.set(w, {v});")
        d.part("stored through a table")
    elif form == 13:
        p = d.name("n")
        d.say(f"struct node *{p} = &w->node;\n\tcontainer_of({p}, struct widget, node)->room = {v};")
        d.part("stored through container_of")
    elif form == 14:
        t = d.name("t")
        d.say(f"struct widget {t} = *w;\n\t{t}.room = {v};\n\t*w = {t};")
        d.part("stored as a whole record")
    elif form == 15:
        d.say(f"if (w->room != {v})\n\t\tw->room = {v};")
        d.part("stored if it differs")
    elif form == 16:
        d.say(f"w->room = 0;\n\tw->room |= {v};")
    else:
        f = d.name("put")
        d.function(f"void {f}(void *to, int n)", "struct widget *w = to;\n\tw->room = n;")
        d.say(f"{f}(w, {v});")
        d.part("stored through a void pointer")
