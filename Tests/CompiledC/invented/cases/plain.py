"""What has to be proved: clamps, helpers, loops that read, callees that write elsewhere."""

from invented.program import CAPPED, CLAMP, cases, far, stored_then

TABLE = {
    "plain": CLAMP,
    "plain min_t": "size = min_t(u32, size, widget_cap);",
    "plain ternary": "size = (u32)size < (u32)widget_cap ? size : widget_cap;",
    "plain clamp by goto": "if ((u32)size <= (u32)widget_cap) goto fits; size = widget_cap; fits:;",
    "plain clamp, inverted": "if (!((u32)size <= (u32)widget_cap)) { size = widget_cap; }",
    "plain clamp of a copy": "u32 n = size, cap = widget_cap; if (n > cap) n = cap; w->room = n; return 0;",
    "plain READ_ONCE, WRITE_ONCE": "WRITE_ONCE(w->room, min_t(u32, size, READ_ONCE(widget_cap))); return 0;",
    "plain switch": "switch ((u32)size > (u32)widget_cap) { case 1: size = widget_cap; break; default: break; }",
    "plain statement expression": "size = ({ u32 n = size; if (n > (u32)widget_cap) n = widget_cap; n; });",
    "plain helper": ("static int cut(int n) { return (u32)n > (u32)widget_cap ? widget_cap : n; }", "size = cut(size);"),
    "plain helper of two": ("static u32 lesser(u32 a, u32 b) { return a < b ? a : b; }", "size = lesser(size, widget_cap);"),
    "plain helper with a pointer": ("static void cut(int *n) { if ((u32)*n > (u32)widget_cap) *n = widget_cap; }", "cut(&size);"),
    "plain helper that stores": ("static void put(struct widget *w, int n) { w->room = n; }", CLAMP + "put(w, size); return 0;"),
    "plain helper in a chain": (
        "static int c(int n) { return (u32)n > (u32)widget_cap ? widget_cap : n; } static int b(int n) { return c(n); } "
        "static int a(int n) { return b(n); }", "size = a(size);"),
    "plain helper in another file": {
        "before": "int cut(int n);", "body": "size = cut(size);",
        "files": far("net/cut.c", "int cut(int n) { return (u32)n > (u32)widget_cap ? widget_cap : n; }")},
    "plain helper in another file that stores": {
        "before": "void put(struct widget *w, int n);", "body": CLAMP + "put(w, size); return 0;",
        "files": far("net/put.c", "void put(struct widget *w, int n) { w->room = n; }")},
    "plain helper with an error": (
        "static int check(struct widget *w, int n) { return w->state == 3 ? -22 : 0; }",
        "int err = check(w, size); if (err) return err; " + CLAMP),
    "plain error on the number": {"claim": f"size < 0 ? never : {CAPPED}", "body": "if (size < 0) return -22; " + CLAMP},
    "plain error by goto": "int err = -22; if (w->state == 9) goto out; " + CLAMP + "w->room = size; err = 0; out: return err;",
    "plain error before anything": "if (!w->gadget) return -12; " + CLAMP,
    "plain list that is read": CLAMP + "int n = 0; struct node *p; for (p = &w->node; p && n < 4; p = p->next) n++; w->used = n;",
    "plain list that is read after": stored_then(
        "int n = 0, sum = 0; struct node *p; for (p = &w->node; p && n < 4; p = p->next) { n++; sum += p->weight; } w->used = sum;"),
    "plain loop over an array that is read": stored_then("u32 sum = 0; int i; for (i = 0; i < 8; i++) sum += w->list[i]; w->used = sum;"),
    "plain while that waits": stored_then("while (is_busy(w)) barrier();"),
    "plain pointer in a loop that reads": stored_then("struct widget *p = w; while (is_busy(p)) p = p->next; w->used = p->state;"),
    "plain loop that writes another field": stored_then("int i; for (i = 0; i < 8; i++) w->list[i] = i;"),
    "plain pointer in a loop, another field": stored_then("struct widget *p = w; while (is_busy(p)) p = p->next; p->used = 3;"),
    "plain callee that writes another field": (
        "static void note(struct widget *w) { w->used = 5; }", stored_then("note(w);")),
    "plain callee in a file that writes another field": {
        "before": "void note(struct widget *w);", "body": stored_then("note(w);"),
        "files": far("net/note.c", "void note(struct widget *w) { w->used = 5; w->flags |= 2; }")},
    "plain callee in drivers that writes another field": {
        "before": "void note(struct widget *w);", "body": stored_then("note(w);"),
        "files": far("drivers/note.c", "void note(struct widget *w) { w->used = 5; }")},
    "plain chain of callees that write another field": {
        "before": "void note(struct widget *w);", "body": stored_then("note(w);"),
        "files": far("net/n1.c", "void note(struct widget *w) { note2(w); }", "void note2(struct widget *w);\n")
        | far("net/n2.c", "void note2(struct widget *w) { note3(w); }", "void note3(struct widget *w);\n")
        | far("net/n3.c", "void note3(struct widget *w) { w->used++; }")},
    "plain callee that reads": ("static int look(const struct widget *w) { return w->room + 1; }", stored_then("w->used = look(w);")),
    "plain callee on another record": (
        "static void fill(struct gadget *g) { g->room = 9; g->limit = 3; }", stored_then("fill(w->gadget);")),
    "plain other record's field of the same name": stored_then("w->gadget->room = 3;"),
    "plain local object": stored_then("struct widget t = { .room = 5 }; t.room++; w->used = t.room;"),
    "plain local object in a callee": (
        "static void fill(struct widget *w) { w->room = 9; }", stored_then("struct widget t; fill(&t); w->used = t.room;")),
    "plain statistic": ("static int seen;", stored_then("seen++;")),
    "plain knob of another": ("static void tune(void) { gadget_cap = 3; }", "tune(); " + CLAMP),
    "plain knob changed after": ("static void tune(void) { widget_cap = 3; }", stored_then("tune();")),
    "plain callback that writes another field": (
        "static void late(struct widget *w) { w->used = 2; } static noinline void apply(struct widget *w, void (*f)(struct widget *)) { f(w); }",
        stored_then("apply(w, late);")),
    "plain table of functions": (
        "static int put(struct widget *w, int n) { w->room = n; return 0; } static const struct widget_ops ops = { .set = put };",
        CLAMP + "return ops.set(w, size);"),
    "plain field parked": CLAMP + "w->used = size; w->flags = 0; size = w->used;",
    "plain local parked": CLAMP + "int kept = size; size = 0; size = kept;",
    "plain pointer to a local": CLAMP + "int n = size, *p = &n; size = *p;",
    "plain pointer to another local": CLAMP + "int n = 4, *p = &n; *p = 9; w->used = n;",
    "plain pointer to the field": CLAMP + "u32 *slot = &w->room; *slot = size; return 0;",
    "plain store twice": "w->room = 0; " + CLAMP,
    "plain memset of another field": stored_then("memset(w->list, 0, sizeof w->list);"),
    "plain memset before": "memset(w->list, 0, sizeof w->list); " + CLAMP,
    "plain bit-fields beside": stored_then("w->bits = 3; w->ubits = 9;"),
    "plain cleanup that writes another field": (
        "static void undo(struct widget **w) { (*w)->used = 2; }",
        CLAMP + "struct widget *held __attribute__((unused, cleanup(undo))) = w; w->room = size; return 0;"),
    "plain lock by a flag": stored_then("w->flags |= 1; barrier(); w->flags &= ~1u;"),
    "plain never": {"claim": "(u32) size > 32 ? never : (u32) size", "body": "if ((u32)size > 32) return 0;"},
    "plain second claim": {"claim": "max(min((u32) size, (u32) widget_cap), (u32) 8)", "body": CLAMP + "if ((u32)size < 8) size = 8;"},
    "plain narrowing": {"claim": "(u32) (u16) size", "body": "w->small = size; size = w->small;"},
    "plain sum": {"claim": "(u32) size + (u32) 1", "body": "size++;"},
}

CASES = list(cases("plain", TABLE, right=True, plain=True))
