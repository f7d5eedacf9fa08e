"""Writers that the function only calls: many files and folders away, of whole records, through void pointers and embedding."""

from invented.program import CLAMP, cases, far, stored_then

LATE = "void late(struct widget *w);"


def chain(folders, last, name="deep"):
    """A function in each folder that calls the next one's; the last has the given body."""
    files = {}
    for place, folder in enumerate(folders):
        here, there = f"{name}{place}", f"{name}{place + 1}"
        body = last if place == len(folders) - 1 else f"{there}(w);"
        files |= far(f"{folder}/{here}.c", f"void {here}(struct widget *w) {{ {body} }}", f"void {there}(struct widget *w);\n")
    return files


def late_in(path, body, declarations=""):
    return {"before": LATE, "body": stored_then("late(w);"), "files": far(path, f"void late(struct widget *w) {{ {body} }}", declarations)}


def near_chain(depth, last):
    """A chain of static functions."""
    text = [f"static void c{depth}(struct widget *w) {{ {last} }}"]
    text += [f"static noinline void c{n}(struct widget *w) {{ c{n + 1}(w); }}" for n in reversed(range(depth))]
    return "\n".join(text)


SPOILERS = {
    "writer beside": late_in("net/late.c", "w->room = 1;"),
    "writer in drivers": late_in("drivers/late.c", "w->room = 1;"),
    "writer deep in drivers": late_in("drivers/a/b/c/late.c", "w->room = 1;"),
    "writer in sound": late_in("sound/core/late.c", "w->room = 1;"),
    "writer in lib": late_in("lib/late.c", "w->room = 1;"),
    "writer in a header": {"before": '#include "late.h"', "body": stored_then("late(w);"),
                           "files": {"net/late.h": "static inline void late(struct widget *w) { w->room = 1; }\n"}},
    "writer in arch": late_in("arch/x86/kernel/late.c", "w->room = 1;"),
    "writer in the root": {"before": LATE, "body": stored_then("late(w);"),
                           "files": {"late.c": '#include "net/widget.h"\nvoid late(struct widget *w) { w->room = 1; }\n'}},
    "5 files": {"before": "void deep0(struct widget *w);", "body": stored_then("deep0(w);"), "files": chain(["net"] * 5, "w->room = 1;")},
    "5 folders": {"before": "void deep0(struct widget *w);", "body": stored_then("deep0(w);"),
                  "files": chain(["net", "drivers/x", "sound/y", "lib", "kernel"], "w->room = 1;")},
    "12 folders": {"before": "void deep0(struct widget *w);", "body": stored_then("deep0(w);"),
                   "files": chain(["net", "drivers", "sound", "lib", "kernel", "mm", "fs", "block", "crypto", "ipc", "security", "virt"],
                                  "w->room = 1;")},
    "45 functions": {"before": near_chain(45, "w->room = 2;"), "body": stored_then("c0(w);")},
    "200 functions": {"before": near_chain(200, "w->room = 2;"), "body": stored_then("c0(w);")},
    "45 functions, before the store, of the knob": {
        "before": near_chain(45, "widget_cap = 3;"), "body": "c0(w); " + CLAMP},
    "45 functions that return": {
        "before": "static int r45(int n) { return n + 1; }\n"
                  + "\n".join(f"static noinline int r{n}(int n) {{ return r{n + 1}(n); }}" for n in reversed(range(45))),
        "body": CLAMP + "size = r0(size);"},
    "assigns the whole record": late_in("net/late.c", "*w = (struct widget){ .state = 1 };"),
    "assigns another object": late_in("net/late.c", "struct widget other = { .room = 3 }; *w = other;"),
    "clears the whole record": late_in("net/late.c", "memset(w, 0, sizeof *w);"),
    "clears by a wrapper": late_in("net/late.c", "wipe(w, sizeof *w);", "static void wipe(void *p, size_t n) { memset(p, 0, n); }\n"),
    "copies over the record": late_in("net/late.c", "struct widget t = { .room = 4 }; memcpy(w, &t, sizeof t);"),
    "moves over the record": late_in("net/late.c", "memmove(&w->state, &w->used, 8);"),
    "clears part of the record": late_in("net/late.c", "memset(&w->state, 0, __builtin_offsetof(struct widget, used));"),
    "clears by bytes": late_in("net/late.c", "char *p = (char *)w; int i; for (i = 0; i < 12; i++) p[i] = 0;"),
    "clears from an inner record": late_in("net/late.c", "memset((char *)&w->used - 4, 0, 4);"),
    "a struct group": late_in("net/late.c", "*(u64 *)&w->state = 0;"),
    "by offset": late_in("net/late.c", "*(u32 *)((char *)w + 4) = 9;"),
    "by a table of offsets": late_in(
        "net/late.c", "int i; for (i = 0; i < 2; i++) *(u32 *)((char *)w + offsets[i]) = 9;",
        "static const int offsets[2] = { __builtin_offsetof(struct widget, used), __builtin_offsetof(struct widget, room) };\n"),
    "as another record": late_in("net/late.c", "((struct pair *)w)->second = 9;", "struct pair { int first, second; };\n"),
    "as a record that embeds it": {
        "before": "struct big { struct widget w; int more; }; void late(struct big *b);", "body": stored_then("late((struct big *)w);"),
        "files": far("net/late.c", "void late(struct big *b) { b->w.room = 3; }", "struct big { struct widget w; int more; };\n")},
    "as a record that it begins with": late_in("net/late.c", "((struct base *)w)->room = 3;", "struct base { int state; u32 room; };\n"),
    "by a void pointer": {"before": "void late(void *p);", "body": stored_then("late(w);"),
                          "files": far("net/late.c", "void late(void *p) { struct widget *w = p; w->room = 1; }")},
    "by a void pointer to the field": {"before": "void late(void *p);", "body": stored_then("late(&w->room);"),
                                       "files": far("net/late.c", "void late(void *p) { *(u32 *)p = 1; }")},
    "by an unsigned long": {"before": "void late(unsigned long p);", "body": stored_then("late((unsigned long)w);"),
                            "files": far("net/late.c", "void late(unsigned long p) { ((struct widget *)p)->room = 1; }")},
    "by an unsigned long, deep": {
        "before": "void late(unsigned long p);", "body": stored_then("late((unsigned long)w);"),
        "files": far("net/late.c", "void late(unsigned long p) { later(p + 0); }", "void later(unsigned long p);\n")
        | far("lib/later.c", "void later(unsigned long p) { *(u32 *)(p + 4) = 8; }")},
    "by container_of an inner record": {
        "before": "void late(struct inner *i);", "body": stored_then("late(&w->inner);"),
        "files": far("net/late.c", "void late(struct inner *i) { container_of(i, struct widget, inner)->room = 1; }")},
    "by container_of a node, deep": {
        "before": "void late(struct node *n);", "body": stored_then("late(&w->node);"),
        "files": far("net/late.c", "void late(struct node *n) { later(n); }", "void later(struct node *n);\n")
        | far("drivers/later.c", "void later(struct node *n) { container_of(n, struct widget, node)->room = 1; }")},
    "by container_of a plain field": {
        "before": "void late(u32 *used);", "body": stored_then("late(&w->used);"),
        "files": far("net/late.c", "void late(u32 *used) { container_of(used, struct widget, used)->room = 1; }")},
    "by the neighbour's address": {"before": "void late(u32 *used);", "body": stored_then("late(&w->used);"),
                                   "files": far("net/late.c", "void late(u32 *used) { used[-1] = 1; }")},
    "by another record that points to it": {
        "before": "void late(struct gadget *g);", "body": stored_then("late(w->gadget);"),
        "files": far("net/late.c", "void late(struct gadget *g) { g->owner->room = 1; }")},
    "by two records": {
        "before": "void late(struct gadget *g);", "body": stored_then("late(w->gadget);"),
        "files": far("net/late.c", "void late(struct gadget *g) { g->next->owner->next->room = 1; }")},
    "by a global": {"before": "void late(void);", "body": stored_then("late();"),
                    "files": far("net/late.c", "void late(void) { the_widget.room = 1; }")},
    "by a table of objects": {"before": "void late(int n);", "body": stored_then("late(2);"),
                              "files": far("net/late.c", "void late(int n) { all_widgets[n]->room = 1; }")},
    "by a pointer that is kept there": {
        "before": "void keep(struct widget *w); void late(void);", "body": stored_then("keep(w); late();"),
        "files": far("net/late.c", "void keep(struct widget *w) { kept = w; }\nvoid late(void) { kept->room = 1; }", "static struct widget *kept;\n")},
    "by a field's pointer that is kept": {
        "before": "void keep(u32 *w); void late(void);", "body": stored_then("keep(&w->room); late();"),
        "files": far("net/late.c", "void keep(u32 *p) { kept = p; }\nvoid late(void) { *kept = 1; }", "static u32 *kept;\n")},
    "kept before the store": {
        "before": "void keep(u32 *w); void late(void);", "body": CLAMP + "keep(&w->room); w->room = size; late(); return 0;",
        "files": far("net/late.c", "void keep(u32 *p) { kept = p; }\nvoid late(void) { *kept = 1; }", "static u32 *kept;\n")},
    "by a private pointer": late_in("net/late.c", "((struct widget *)w->private)->room = 1;"),
    "by a private pointer set before": {
        "before": LATE, "body": CLAMP + "w->room = size; w->private = &w->room; late(w); return 0;",
        "files": far("net/late.c", "void late(struct widget *w) { *(u32 *)w->private = 1; }")},
    "by what it finds": {"before": "void late(int key);", "body": stored_then("late(3);"),
                         "files": far("net/late.c", "void late(int key) { find_widget(key)->room = 1; }")},
    "for some numbers": late_in("net/late.c", "if (w->room == 77) w->room = 78;"),
    "returns and writes": {"before": "int late(struct widget *w);", "body": CLAMP + "w->room = size; return late(w);",
                           "files": far("net/late.c", "int late(struct widget *w) { w->room = 3; return 0; }")},
    "writes, then is an error for some": {
        "before": "int late(struct widget *w);", "body": CLAMP + "w->room = size; return late(w);",
        "files": far("net/late.c", "int late(struct widget *w) { if (w->room == 77) return -5; w->room |= 1; return 0; }")},
    "an increment": late_in("net/late.c", "w->room++;"),
    "by a macro": late_in("net/late.c", "SET(w, room, 3);", "#define SET(o, f, v) ((o)->f = (v))\n"),
    "by pasted tokens": late_in("net/late.c", "SET(ro, om, 3);", "#define SET(a, b, v) (w->a##b = (v))\n"),
    "by a local copy of the pointer": late_in("net/late.c", "struct widget *x; x = w; x->room = 3;"),
    "by the address of the pointer": late_in("net/late.c", "struct widget **x = &w; (*x)->room = 3;"),
    "by an array of pointers": late_in("net/late.c", "struct widget *x[2] = { 0, w }; x[1]->room = 3;"),
    "by a conditional lvalue": late_in("net/late.c", "*(w->state ? &w->used : &w->room) = 3;"),
    "swap of two fields": late_in("net/late.c", "u32 t = w->room; w->room = w->used; w->used = t;"),
    "two functions of one name": {
        "before": "void late(struct widget *w);", "body": stored_then("late(w);"),
        "files": far("net/one.c", "static void step(struct widget *w) { w->used = 1; }\nvoid one(struct widget *w) { step(w); }")
        | far("net/late.c", "static void step(struct widget *w) { w->room = 1; }\nvoid late(struct widget *w) { step(w); }")},
    "defined twice, by #if": {
        "before": LATE, "body": stored_then("late(w);"),
        "files": far("net/late.c", "#ifdef CONFIG_NOT_SET_ANYWHERE\nvoid late(struct widget *w) { }\n#else\n"
                                   "void late(struct widget *w) { w->room = 3; }\n#endif")},
    "by an alias of its name": {
        "before": LATE, "body": stored_then("late(w);"),
        "files": far("net/late.c", 'void really(struct widget *w) { w->room = 3; }\nvoid late(struct widget *w) __attribute__((alias("really")));')},
    "by a macro that renames it": {
        "before": "#define late real_late\nvoid late(struct widget *w);", "body": stored_then("late(w);"),
        "files": far("net/late.c", "void late(struct widget *w) { }\nvoid real_late(struct widget *w) { w->room = 3; }")},
    "weak and strong": {
        "before": LATE, "body": stored_then("late(w);"),
        "files": far("net/weak.c", "__attribute__((weak)) void late(struct widget *w) { }")
        | far("net/z.c", "void late(struct widget *w) { w->room = 3; }")},
    "defined by a macro": {
        "before": LATE, "body": stored_then("late(w);"),
        "files": far("net/late.c", "DEFINE(late, room)", "#define DEFINE(n, f) void n(struct widget *w) { w->f = 1; }\n")},
    "the K&R way": {"before": LATE, "body": stored_then("late(w);"),
                    "files": far("net/late.c", "void late(w) struct widget *w; { w->room = 1; }")},
    "not in the tree": {"before": LATE, "body": stored_then("late(w);"), "outside": "void late(struct widget *w) { w->room = 1; }"},
    "not in the tree, by a global": {"before": "void late(void);", "body": stored_then("late();"),
                                     "outside": "void late(void) { the_widget.room = 1; }"},
    "int pointer from outside": {"before": "int *nowhere(void);", "body": stored_then("*nowhere() = 3;"),
                                 "outside": "int *nowhere(void) { return (int *)&the_widget.room; }"},
    "void pointer from elsewhere": stored_then("*(int *)elsewhere() = 3;"),
    "object from outside": {"before": "struct widget *nowhere(void);", "body": stored_then("nowhere()->room = 3;"),
                            "outside": "struct widget *nowhere(void) { return &the_widget; }"},
    "memset elsewhere": stored_then("memset(elsewhere(), 0, 4);"),
    "memcpy elsewhere": stored_then("u32 n = 9; memcpy(elsewhere(), &n, 4);"),
    "bytes elsewhere": stored_then("char *p = elsewhere(); p[0] = 1; p[1] = 1;"),
    "offset from a field's address elsewhere": stored_then("((u32 *)elsewhere())[0] = 5;"),
    "writer through elsewhere in a callee": {
        "before": "void late(void);", "body": stored_then("late();"), "files": far("net/late.c", "void late(void) { *(u32 *)elsewhere() = 2; }")},
    "record that holds a pointer": {
        "before": "struct box { u32 *slot; }; static void late(struct box *b) { *b->slot = 3; }",
        "body": stored_then("struct box b = { &w->room }; late(&b);")},
    "record that holds a pointer, by value": {
        "before": "struct box { u32 *slot; }; static void late(struct box b) { *b.slot = 3; }",
        "body": stored_then("late((struct box){ &w->room });")},
    "record that holds the object": {
        "before": "struct box { struct widget *w; int n; }; void late(struct box *b);", "body": stored_then("struct box b = { w, 3 }; late(&b);"),
        "files": far("net/late.c", "void late(struct box *b) { b->w->room = b->n; }", "struct box { struct widget *w; int n; };\n")},
    "array of pointers to fields": {
        "before": "static void late(u32 **p, int n) { while (n--) *p[n] = 7; }",
        "body": stored_then("u32 *p[2] = { &w->used, &w->room }; late(p, 2);")},
    "variadic": {
        "before": "static void late(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); *__builtin_va_arg(l, u32 *) = n; __builtin_va_end(l); }",
        "body": stored_then("late(3, &w->room);")},
}
TWINS = {
    "writer in drivers, another field": late_in("drivers/late.c", "w->used = 1;"),
    "5 folders, another field": {"before": "void deep0(struct widget *w);", "body": stored_then("deep0(w);"),
                                 "files": chain(["net", "drivers/x", "sound/y", "lib", "kernel"], "w->used = 1;")},
    "45 functions, another field": {"before": near_chain(45, "w->used = 2;"), "body": stored_then("c0(w);")},
    "clears another field": late_in("net/late.c", "memset(w->list, 0, sizeof w->list);"),
    "another record of the same layout": {
        "before": "void late(struct gadget *g);", "body": stored_then("late(w->gadget);"),
        "files": far("net/late.c", "void late(struct gadget *g) { g->room = 1; }")},
    "void pointer, another field": {"before": "void late(void *p);", "body": stored_then("late(w);"),
                                    "files": far("net/late.c", "void late(void *p) { struct widget *w = p; w->used = 1; }")},
    "node's own field": {"before": "void late(struct node *n);", "body": stored_then("late(&w->node);"),
                         "files": far("net/late.c", "void late(struct node *n) { n->weight = 3; }")},
    "a record of its own": {"before": "void late(int n);", "body": stored_then("late(3);"),
                            "files": far("net/late.c", "void late(int n) { struct widget t = { .room = 1 }; t.room += n; }")},
    "a field of the same name in a record of its own": late_in(
        "net/late.c", "struct shape s = { 0 }; s.room = 4; w->used = s.room;", "struct shape { int x; u32 room; };\n"),
    "a wrapper with another field's address": {
        "before": "static void wipe(void *p, size_t n) { memset(p, 0, n); }", "body": stored_then("wipe(&w->used, sizeof w->used);")},
    "record that holds another pointer": {
        "before": "struct box { u32 *slot; }; static void late(struct box *b) { *b->slot = 3; }",
        "body": stored_then("struct box b = { &w->used }; late(&b);")},
    "before the store": {"before": LATE, "body": CLAMP + "late(w);",
                         "files": far("drivers/late.c", "void late(struct widget *w) { w->room = 1; }")},
    "a function of the same name elsewhere": {
        "before": "void late(struct widget *w);", "body": stored_then("late(w);"),
        "files": far("net/one.c", "static void step(struct widget *w) { w->room = 1; }\nvoid one(struct widget *w) { step(w); }")
        | far("net/late.c", "static void step(struct widget *w) { w->used = 1; }\nvoid late(struct widget *w) { step(w); }")},
}


def filled(table):
    return {name: {"body": given} if isinstance(given, str) else given for name, given in table.items()}


CASES = [*cases("writers", filled({f"writer: {n}": c for n, c in SPOILERS.items()}), right=False),
         *cases("writers, harmless", filled({f"harmless writer: {n}": c for n, c in TWINS.items()}), right=True)]
