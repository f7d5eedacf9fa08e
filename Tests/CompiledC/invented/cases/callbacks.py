"""Functions that are called through a value: arguments, fields, tables of all kinds, arrays, cleanup attributes."""

from invented.program import CLAMP, cases, far, stored_then

LATE = "static void late(struct widget *w) { w->room = 2; }\n"
OPS = "extern const struct widget_ops *the_ops;"


def other(text, use="the_ops = &bad_ops", extern="extern const struct widget_ops bad_ops;"):
    """A table that does no harm is named; start-up code swaps it for one that stands in a driver."""
    call = use if "the_ops" in use else f"extern void {use[:-2]}(void); {use}"
    return {"before": OPS, "body": stored_then("the_ops->fix(w);"),
            "files": far("net/ops.c", "static void fix(struct widget *w) { w->used = 4; }\nstatic const struct widget_ops ops = { .fix = fix };\n"
                                      f"const struct widget_ops *the_ops = &ops;\n{extern if 'the_ops' in use else ''}\n"
                                      f"__attribute__((constructor)) void swap(void) {{ {call}; }}")
            | far("drivers/bad.c", f"extern const struct widget_ops *the_ops;\nstatic void spoil(struct widget *w) {{ w->room = 4; }}\n{text}")}


def ops_in(text, use="the_ops->fix(w);", before=OPS, path="net/ops.c"):
    functions = ("static void fix(struct widget *w) { w->room = 4; }\nstatic int set(struct widget *w, int n) { w->room = n + 1; return 0; }\n"
                 "static void note(struct widget *w, int n) { w->used = n; }\n")
    return {"before": before, "body": stored_then(use), "files": far(path, functions + text)}


SPOILERS = {
    "argument": (LATE + "static noinline void apply(struct widget *w, void (*f)(struct widget *)) { f(w); }", stored_then("apply(w, late);")),
    "argument, by its address": (LATE + "static void apply(struct widget *w, void (*f)(struct widget *)) { (*f)(w); }",
                                 stored_then("apply(w, &late);")),
    "argument through three": (
        LATE + "static void a3(struct widget *w, void (*f)(struct widget *)) { f(w); } static void a2(struct widget *w, "
        "void (*f)(struct widget *)) { a3(w, f); } static void a1(struct widget *w, void (*f)(struct widget *)) { a2(w, f); }",
        stored_then("a1(w, late);")),
    "argument, called in another file": {
        "before": LATE + "void apply(struct widget *w, void (*f)(struct widget *));", "body": stored_then("apply(w, late);"),
        "files": far("drivers/apply.c", "void apply(struct widget *w, void (*f)(struct widget *)) { f(w); }")},
    "argument, defined and called elsewhere": {
        "before": "void late(struct widget *w); void apply(struct widget *w, void (*f)(struct widget *));", "body": stored_then("apply(w, late);"),
        "files": far("drivers/apply.c", "void apply(struct widget *w, void (*f)(struct widget *)) { f(w); }")
        | far("lib/late.c", "void late(struct widget *w) { w->room = 2; }")},
    "argument that is kept, then called": {
        "before": LATE + "void keep(void (*f)(struct widget *)); void run(struct widget *w);", "body": stored_then("keep(late); run(w);"),
        "files": far("net/run.c", "void keep(void (*f)(struct widget *)) { kept = f; }\nvoid run(struct widget *w) { kept(w); }",
                     "static void (*kept)(struct widget *);\n")},
    "argument as a void pointer": (
        LATE + "static void apply(struct widget *w, void *f) { ((void (*)(struct widget *))f)(w); }", stored_then("apply(w, late);")),
    "argument with data": (
        "static void late(void *data) { ((struct widget *)data)->room = 2; } static void apply(void (*f)(void *), void *d) { f(d); }",
        stored_then("apply(late, w);")),
    "argument with data that is kept": {
        "before": "static void late(void *data) { ((struct widget *)data)->room = 2; } void defer(void (*f)(void *), void *d); void run(void);",
        "body": stored_then("defer(late, w); run();"),
        "files": far("kernel/run.c", "void defer(void (*f)(void *), void *d) { call = f; data = d; }\nvoid run(void) { call(data); }",
                     "static void (*call)(void *); static void *data;\n")},
    "chosen by the number": (LATE + "static void idle(struct widget *w) { }", stored_then("void (*f)(struct widget *) = size & 1 ? late : idle; f(w);")),
    "chosen by a switch": (
        LATE + "static void idle(struct widget *w) { }",
        stored_then("void (*f)(struct widget *); switch (size) { case 77: f = late; break; default: f = idle; } f(w);")),
    "static pointer": (LATE + "static void (*hook)(struct widget *) = late;", stored_then("hook(w);")),
    "static pointer, null at first": (LATE + "static void (*hook)(struct widget *);", stored_then("hook = late; hook(w);")),
    "global pointer elsewhere": {
        "before": "extern void (*hook)(struct widget *);", "body": stored_then("if (hook) hook(w);"),
        "files": far("sound/hook.c", "static void late(struct widget *w) { w->room = 2; }\nvoid (*hook)(struct widget *) = late;")},
    "global pointer set elsewhere": {
        "before": "extern void (*hook)(struct widget *); void arm(void);", "body": stored_then("arm(); if (hook) hook(w);"),
        "files": far("sound/hook.c", "void (*hook)(struct widget *);\nstatic void late(struct widget *w) { w->room = 2; }\nvoid arm(void) { hook = late; }")},
    "field of the object": ("static void late(struct widget *w, int n) { w->room = 2; }", stored_then("w->hook = late; w->hook(w, size);")),
    "field set before the store": ("static void late(struct widget *w, int n) { w->room = 2; }",
                                   CLAMP + "w->hook = late; w->room = size; w->hook(w, size); return 0;"),
    "field set in a callee": ("static void late(struct widget *w, int n) { w->room = 2; } static void arm(struct widget *w) { w->hook = late; }",
                              stored_then("arm(w); w->hook(w, 1);")),
    "field called in a callee": {
        "before": "static void late(struct widget *w, int n) { w->room = 2; } void run(struct widget *w);",
        "body": stored_then("w->hook = late; run(w);"), "files": far("fs/run.c", "void run(struct widget *w) { w->hook(w, 3); }")},
    "field through next": ("static void late(struct widget *w, int n) { w->room = 2; }", stored_then("w->hook = late; w->next->hook(w->next, 1);")),
    "table, positional": ops_in("static const struct widget_ops ops = { fix, set };\nconst struct widget_ops *the_ops = &ops;"),
    "table, designated": ops_in("static const struct widget_ops ops = { .fix = fix };\nconst struct widget_ops *the_ops = &ops;"),
    "table, old designators": ops_in("static const struct widget_ops ops = { fix: fix, set: set };\nconst struct widget_ops *the_ops = &ops;"),
    "table, by address": ops_in("static const struct widget_ops ops = { .fix = &fix };\nconst struct widget_ops *the_ops = &ops;"),
    "table, by a cast": ops_in(
        "static const struct widget_ops ops = { .fix = (void (*)(struct widget *))fix };\nconst struct widget_ops *the_ops = &ops;"),
    "table, by a macro": ops_in(
        "#define OPS(f, s) { .fix = f, .set = s }\nstatic const struct widget_ops ops = OPS(fix, set);\nconst struct widget_ops *the_ops = &ops;"),
    "table, by a macro for one": ops_in(
        "#define ENTRY(n) .n = n\nstatic const struct widget_ops ops = { ENTRY(fix), ENTRY(set) };\nconst struct widget_ops *the_ops = &ops;"),
    "table, mixed": ops_in("static const struct widget_ops ops = { .set = set, note, .fix = fix };\nconst struct widget_ops *the_ops = &ops;",
                           use="the_ops->fix(w);"),
    "table, position after a designator": ops_in(
        "static void note2(struct widget *w, int n) { w->room = n; }\nstatic const struct widget_ops ops = { .set = set, note2 };\n"
        "const struct widget_ops *the_ops = &ops;", use="the_ops->note(w, 3);"),
    "table, designated twice": ops_in(
        "static void idle(struct widget *w) { }\nstatic const struct widget_ops ops = { .fix = idle, .fix = fix };\nconst struct widget_ops *the_ops = &ops;"),
    "table, nested": ops_in("const struct widget_family family = { .ops = { .fix = fix } };", use="family.ops.fix(w);",
                            before="extern const struct widget_family family;"),
    "table, nested, positional": ops_in("const struct widget_family family = { 2, { fix, set } };", use="family.ops.fix(w);",
                                        before="extern const struct widget_family family;"),
    "table, nested, by path": ops_in("const struct widget_family family = { .number = 2, .ops.fix = fix };", use="family.ops.fix(w);",
                                     before="extern const struct widget_family family;"),
    "table, a table's table": ops_in(
        "static const struct widget_ops ops = { fix, set };\nconst struct widget_family family = { .other = &ops };", use="family.other->fix(w);",
        before="extern const struct widget_family family;"),
    "table, a compound literal": ops_in("const struct widget_ops *the_ops = &(const struct widget_ops){ .fix = fix };"),
    "table, an array of them": ops_in("const struct widget_ops all_ops[2] = { { 0 }, { .fix = fix } };", use="all_ops[1].fix(w);",
                                      before="extern const struct widget_ops all_ops[2];"),
    "table, an array by designated index": ops_in("const struct widget_ops all_ops[4] = { [3] = { .fix = fix } };", use="all_ops[3].fix(w);",
                                                  before="extern const struct widget_ops all_ops[4];"),
    "table, an array of pointers": ops_in(
        "static const struct widget_ops ops = { .fix = fix };\nconst struct widget_ops *const all_ops[2] = { 0, &ops };",
        use="if (all_ops[1]) all_ops[1]->fix(w);", before="extern const struct widget_ops *const all_ops[2];"),
    "table, in a block": ops_in(
        "void arm(const struct widget_ops **to) { static const struct widget_ops inner = { .fix = fix }; *to = &inner; }",
        use="const struct widget_ops *o; arm(&o); o->fix(w);", before="void arm(const struct widget_ops **to);"),
    "table, local": (LATE, stored_then("struct widget_ops ops = { .fix = late }; ops.fix(w);")),
    "table, local, handed on": (LATE + "static void run(struct widget *w, const struct widget_ops *o) { o->fix(w); }",
                                stored_then("struct widget_ops ops = { .fix = late }; run(w, &ops);")),
    "table, assigned": (LATE + "static struct widget_ops ops;", stored_then("ops.fix = late; ops.fix(w);")),
    "table, assigned elsewhere": ops_in(
        "struct widget_ops late_ops;\nvoid arm(void) { late_ops.fix = fix; }", use="arm(); late_ops.fix(w);",
        before="extern struct widget_ops late_ops; void arm(void);"),
    "table, copied": (LATE + "static const struct widget_ops from = { .fix = late }; static struct widget_ops to;", stored_then("to = from; to.fix(w);")),
    "table, copied and patched": (
        LATE + "static void idle(struct widget *w) { } static const struct widget_ops from = { .fix = idle };",
        stored_then("struct widget_ops to = from; to.fix = late; to.fix(w);")),
    "table, copied as bytes": (
        LATE + "static const struct widget_ops from = { .fix = late }; static struct widget_ops to;",
        stored_then("memcpy(&to, &from, sizeof to); to.fix(w);")),
    "table, behind #if": ops_in(
        "static const struct widget_ops ops = {\n#ifdef CONFIG_NOT_SET_ANYWHERE\n\t.note = note,\n#else\n\t.fix = fix,\n#endif\n};\n"
        "const struct widget_ops *the_ops = &ops;"),
    "table, braces in both branches": ops_in(
        "#ifdef CONFIG_NOT_SET_ANYWHERE\nstatic const struct widget_ops ops = {\n\t.note = note,\n#else\nstatic const struct widget_ops ops = {\n"
        "\t.fix = fix,\n#endif\n};\nconst struct widget_ops *the_ops = &ops;"),
    "table, one of two": ops_in(
        "static void idle(struct widget *w) { }\nconst struct widget_ops a_ops = { .fix = idle };\nconst struct widget_ops b_ops = { .fix = fix };\n"
        "const struct widget_ops *the_ops = &b_ops;"),
    "table, the other one elsewhere": {
        "before": OPS, "body": stored_then("the_ops->fix(w);"),
        "files": far("net/ops.c", "static void fix(struct widget *w) { w->used = 4; }\nstatic const struct widget_ops ops = { .fix = fix };\n"
                                  "const struct widget_ops *the_ops = &ops;\nextern const struct widget_ops bad_ops;\n"
                                  "__attribute__((constructor)) void swap(void) { the_ops = &bad_ops; }")
        | far("drivers/bad.c", "static void spoil(struct widget *w) { w->room = 4; }\nconst struct widget_ops bad_ops = { spoil };")},
    "table, the other one in a block": other("void lend(void) { static const struct widget_ops inner = { spoil }; the_ops = &inner; }", "lend()"),
    "table, the other one by a macro": other("#define OPS(f) { f }\nconst struct widget_ops bad_ops = OPS(spoil);"),
    "table, the other one by a macro for one": other("#define FIX(f) .fix = f\nconst struct widget_ops bad_ops = { .note = 0, FIX(spoil) };"),
    "table, the other one in an array": other("const struct widget_ops bad_ops[2] = { { .set = 0 }, { spoil } };", "the_ops = &bad_ops[1]", "extern const struct widget_ops bad_ops[2];"),
    "table, the other one in an array by its index": other("const struct widget_ops bad_ops[2] = { [1] = { spoil } };", "the_ops = &bad_ops[1]", "extern const struct widget_ops bad_ops[2];"),
    "table, the other one in a record": other("struct holder { int n; struct widget_ops ops; };\nstatic const struct holder holder = { 3, { spoil } };\nvoid lend(void) { the_ops = &holder.ops; }", "lend()"),
    "table, the other one in a record's record": other(
        "struct holder { int n; struct { struct widget_ops ops; } in; };\nstatic const struct holder holder = { 3, { { spoil } } };\nvoid lend(void) { the_ops = &holder.in.ops; }", "lend()"),
    "table, the other one without braces": other(
        "struct holder { int n; struct widget_ops ops; };\nstatic const struct holder holder = { 3, spoil };\nvoid lend(void) { the_ops = &holder.ops; }", "lend()"),
    "table, the other one as a literal": other("static const struct widget_ops *lent = &(const struct widget_ops){ spoil };\nvoid lend(void) { the_ops = lent; }", "lend()"),
    "table, the other one of another name": other("typedef const struct widget_ops table_of_ops;\ntable_of_ops bad_ops = { spoil };"),
    "table, the other one beside a harmless one": other("const struct widget_ops no_ops = { .note = 0 }, bad_ops = { spoil };"),
    "array of functions": (LATE + "static void idle(struct widget *w) { } static void (*const all[2])(struct widget *) = { idle, late };",
                           stored_then("all[1](w);")),
    "array of functions by the number": (
        LATE + "static void idle(struct widget *w) { } static void (*const all[2])(struct widget *) = { idle, late };",
        stored_then("all[size & 1](w);")),
    "array of functions in a loop": (
        LATE + "static void idle(struct widget *w) { } static void (*const all[])(struct widget *) = { idle, late, 0 };",
        stored_then("int i; for (i = 0; all[i]; i++) all[i](w);")),
    "array of functions by pointer": (
        LATE + "static void idle(struct widget *w) { } static void (*const all[])(struct widget *) = { idle, late, 0 };",
        stored_then("void (*const *f)(struct widget *) = all; while (*f) (*f++)(w);")),
    "array of records with functions": (
        LATE + "static const struct { int id; void (*f)(struct widget *); } all[2] = { { 3, 0 }, { 5, late } };",
        stored_then("int i; for (i = 0; i < 2; i++) if (all[i].f) all[i].f(w);")),
    "section of functions": (
        LATE + "static void (*const in_section)(struct widget *) __attribute__((used, section(\"calls\"))) = late;\n"
        "extern void (*const __start_calls[])(struct widget *), (*const __stop_calls[])(struct widget *);",
        stored_then("void (*const *f)(struct widget *); for (f = __start_calls; f < __stop_calls; f++) (*f)(w);")),
    "list of callbacks": (
        "struct call { struct call *next; void (*f)(struct widget *); };\n" + LATE + "static struct call last = { 0, late }, first = { &last, 0 };",
        stored_then("struct call *c; for (c = &first; c; c = c->next) if (c->f) c->f(w);")),
    "returned function": (LATE + "static void (*pick(int n))(struct widget *) { return late; }", stored_then("pick(3)(w);")),
    "function by its number": (LATE, stored_then("unsigned long f = (unsigned long)late; ((void (*)(struct widget *))f)(w);")),
    "cleanup": ("static void undo(struct widget **p) { (*p)->room = 2; }",
                CLAMP + "struct widget *h __attribute__((cleanup(undo))) = w; w->room = size; return 0;"),
    "cleanup in a block": ("static void undo(struct widget **p) { (*p)->room = 2; }",
                           stored_then("{ struct widget *h __attribute__((cleanup(undo))) = w; h->used = 1; }")),
    "cleanup in a loop": ("static void undo(struct widget **p) { (*p)->room = 2; }",
                          stored_then("int i; for (i = 0; i < 2; i++) { struct widget *h __attribute__((cleanup(undo))) = w; if (i) continue; }")),
    "cleanup of an int that is the number": ("static void undo(int *p) { the_widget.room = *p + 1; }",
                                             CLAMP + "int n __attribute__((cleanup(undo))) = size; w->room = size; return 0;"),
    "cleanup in another file": {
        "before": "void undo(struct widget **p);", "body": CLAMP + "struct widget *h __attribute__((cleanup(undo))) = w; w->room = size; return 0;",
        "files": far("lib/undo.c", "void undo(struct widget **p) { (*p)->room = 2; }")},
    "guard macro": (
        "#define guard(f, x) struct widget *guard_ __attribute__((cleanup(f), unused)) = (x)\nstatic void undo(struct widget **p) { (*p)->room = 2; }",
        CLAMP + "guard(undo, w); w->room = size; return 0;"),
    "guard in a for": (
        "static void undo(struct widget **p) { (*p)->room = 2; }",
        CLAMP + "w->room = size; for (struct widget *h __attribute__((cleanup(undo))) = w, *once = w; once; once = 0) h->used = 3; return 0;"),
    "nested function's twin: block of statements": (LATE, stored_then("({ late(w); 0; });")),
    "constructor sets the pointer": (
        LATE + "static void idle(struct widget *w) { } static void (*hook)(struct widget *) = idle;\n"
        "__attribute__((constructor)) static void arm(void) { hook = late; }", stored_then("hook(w);")),
}
TWINS = {
    "argument, another field": ("static void late(struct widget *w) { w->used = 2; }\n"
                                "static void apply(struct widget *w, void (*f)(struct widget *)) { f(w); }", stored_then("apply(w, late);")),
    "table, positional, another field": {
        "before": OPS, "body": stored_then("the_ops->fix(w);"),
        "files": far("net/ops.c", "static void fix(struct widget *w) { w->used = 4; }\nstatic const struct widget_ops ops = { fix };\n"
                                  "const struct widget_ops *the_ops = &ops;")},
    "table, const, another field": ("static void fix(struct widget *w) { w->used = 4; } static const struct widget_ops ops = { .fix = fix };",
                                    stored_then("ops.fix(w);")),
    "table, assigned, another field": ("static void late(struct widget *w) { w->used = 2; } static struct widget_ops ops;",
                                       stored_then("ops.fix = late; ops.fix(w);")),
    "array of functions, another field": (
        "static void one(struct widget *w) { w->used = 1; } static void two(struct widget *w) { w->flags = 1; }\n"
        "static void (*const all[2])(struct widget *) = { one, two };", stored_then("int i; for (i = 0; i < 2; i++) all[i](w);")),
    "field of the object, another field": ("static void late(struct widget *w, int n) { w->used = n; }", stored_then("w->hook = late; w->hook(w, 4);")),
    "cleanup, another field": ("static void undo(struct widget **p) { (*p)->used = 2; }",
                               CLAMP + "struct widget *h __attribute__((cleanup(undo))) = w; w->room = size; return 0;"),
    "never called": ("static void late(struct widget *w) { w->room = 2; } static void run(void (*f)(struct widget *)) { }", stored_then("run(late);")),
    "chosen, both another field": (
        "static void one(struct widget *w) { w->used = 1; } static void two(struct widget *w) { w->flags = 1; }",
        stored_then("void (*f)(struct widget *) = size & 1 ? one : two; f(w);")),
    "stores it": ("static int put(struct widget *w, int n) { w->room = n; return 0; }\n"
                  "static int apply(int (*f)(struct widget *, int), struct widget *w, int n) { return f(w, n); }",
                  CLAMP + "return apply(put, w, size);"),
}

CASES = [*cases("callbacks", {f"callback: {n}": c for n, c in SPOILERS.items()}, right=False),
         *cases("callbacks, harmless", {f"harmless callback: {n}": c for n, c in TWINS.items()}, right=True)]
