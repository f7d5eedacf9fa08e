"""What a called function does to the number, to the object and to the knob."""

from invented.program import CLAMP, cases, far

TABLE = {
    "second store in a callee": (
        "static void later(struct widget *w) { w->room = 3; }",
        CLAMP + "w->room = size; later(w); return 0;"),
    "store in another file": CLAMP + "w->room = size; widget_other(w, 0); return 0;",
    "store behind a function pointer": (
        "static void later(struct widget *w) { w->room = 3; } static void (*hook)(struct widget *) = later;",
        CLAMP + "w->room = size; hook(w); return 0;"),
    "store through a local function pointer": (
        "static void later(struct widget *w) { w->room = 3; }",
        CLAMP + "void (*f)(struct widget *) = later; w->room = size; f(w); return 0;"),
    "pointer to the field in a callee": (
        "static void bump(u32 *p) { *p += 1; }",
        CLAMP + "w->room = size; bump(&w->room); return 0;"),
    "alias by two parameters": (
        "static void two(struct widget *a, struct widget *b, int size) { a->room = size; b->room = 4; }",
        CLAMP + "two(w, w, size); return 0;"),
    "recursion": ("static int half(int n) { return (u32)n > 10 ? half((u32)n / 2) : n; }", CLAMP + "size = half(size);"),
    "short circuit with a call": (
        "static int note(struct widget *w) { w->room = 99; return 1; }",
        CLAMP + "w->room = size; if (size > 5 || note(w)) barrier(); return 0;"),
    "global through a callee": (
        "static int kept; static void keep(int n) { kept = n; } static int kept_again(void) { return kept; }",
        CLAMP + "keep(size); size = kept_again();"),
    "out parameter": ("static void get(int *n, int size) { *n = size + 2; }", CLAMP + "int n = 1; get(&n, size); size = n;"),
    "weak alias": (
        "static int real(int n) { return n + 4; } extern int other_name(int n); int other_name(int n) { return real(n); }",
        CLAMP + "size = other_name(size);"),
    "function pointer in the object": CLAMP + "w->room = size; w->hook(w, size); return 0;",
    "function pointer set before": (
        "static void set(struct widget *w, int n) { w->room = 11; }",
        CLAMP + "w->hook = set; w->room = size; w->hook(w, size); return 0;"),
    "table of functions": (
        "static int one(int n) { return n + 1; } static int two(int n) { return n + 2; } static int (*const f[2])(int) = { one, two };",
        CLAMP + "size = f[size & 1](size);"),
    "variadic": (
        "static int last(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); int a = __builtin_va_arg(l, int); __builtin_va_end(l); return a; }",
        CLAMP + "size = last(1, size + 1);"),
    "the clamp in a helper": (
        "static int capped(int n, int cap) { if ((u32)n > (u32)cap) return cap; return n; }",
        "size = capped(size, widget_cap);"),
    "the clamp by pointer": ("static void capped(int *n) { if ((u32)*n > (u32)widget_cap) *n = widget_cap; }", "capped(&size);"),
    "the cap changed before": "widget_cap = 9; " + CLAMP,
    "the cap changed after": CLAMP + "widget_cap = 9; " + "w->room = size + widget_cap; return 0;",
    "the cap changed in a callee's loop": (
        "static void lower(void) { for (int i = 0; i < 3; i++) { barrier(); widget_cap = i; } } static void deep(void) { lower(); lower(); }",
        "deep(); " + CLAMP),
    "the cap changed in a callee": ("static void lower(void) { widget_cap = 3; }", "lower(); " + CLAMP),
    "nested function call order": (
        "static int n; static int next(void) { return ++n; } static int sub(int a, int b) { return a * 10 + b; }",
        CLAMP + "n = 0; int a = next(); int b = next(); size = sub(a, b) + size;"),
    "another file's static of that name": {
        "before": "int cut(int n); int near(int n);", "body": "size = near(size); size = cut(size);",
        "files": far("net/near.c", "static int cut(int n) { return n; }\nint near(int n) { return cut(n) ? n : 0; }")
        | far("drivers/cut.c", "int cut(int n) { return n > 7 ? 7 : n; }"), "claim": "(u32) size"},
    "another file's static alone": {
        "before": "int cut(int n);", "body": "size = cut(size);",
        "files": far("net/near.c", "static int cut(int n) { return n; }\nint near(int n) { return cut(n); }"),
        "outside": "int cut(int n) { return n > 7 ? 7 : n; }", "claim": "(u32) size"},
    "a leaf far away": {
        "before": "int cut(int n);", "body": "size = cut(size); " + CLAMP,
        "files": far("drivers/cut.c", "int cut(int n) { return n > 7 ? 7 : n; }")},
    "a leaf far away that sets the cap": {
        "before": "int cut(int n);", "body": "size = cut(size); " + CLAMP,
        "files": far("drivers/cut.c", "int cut(int n) { widget_cap = 3; return n; }")},
    "two leaves far away": {
        "before": "int cut(int n);", "body": "size = cut(size); " + CLAMP,
        "files": far("drivers/cut.c", "__attribute__((weak)) int cut(int n) { return n; }") | far("mm/cut.c", "int cut(int n) { return n > 7 ? 7 : n; }")},
    "K&R definition": ("static int twice(n) int n; { return n + n; }", CLAMP + "size = twice(size);"),
}


CASES = list(cases("calls", TABLE))
