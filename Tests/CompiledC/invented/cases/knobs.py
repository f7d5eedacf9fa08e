"""Knobs: written by whoever, and told apart from what only has the same name."""

from invented.program import CLAMP, cases, far

CHANGED = {
    "beside": "widget_cap = 7; " + CLAMP,
    "for some": "if (size == 77) widget_cap = 5; " + CLAMP,
    "by a compound": "widget_cap -= 1; " + CLAMP,
    "by an increment": "if ((u32)size > (u32)widget_cap++) size = widget_cap; ",
    "between test and use": "if ((u32)size > (u32)widget_cap) { widget_cap = 3; size = widget_cap; }",
    "by a callee": ("static void tune(void) { widget_cap = 7; }", "tune(); " + CLAMP),
    "by a callee in a file": {"before": "void tune(void);", "body": "tune(); " + CLAMP, "files": far("net/tune.c", "void tune(void) { widget_cap = 7; }")},
    "by a callee in drivers": {"before": "void tune(void);", "body": "tune(); " + CLAMP, "files": far("drivers/t/tune.c", "void tune(void) { widget_cap = 7; }")},
    "by a callee, deep": {
        "before": "void tune(void);", "body": "tune(); " + CLAMP,
        "files": far("net/tune.c", "void tune(void) { tune2(); }", "void tune2(void);\n") | far("lib/tune2.c", "void tune2(void) { tune3(); }", "void tune3(void);\n")
        | far("mm/tune3.c", "void tune3(void) { widget_cap = 7; }")},
    "by a callee with its address": {"before": "void tune(int *knob);", "body": "tune(&widget_cap); " + CLAMP,
                                     "files": far("net/tune.c", "void tune(int *knob) { *knob = 7; }")},
    "by a callee with its address kept": {
        "before": "void keep(int *knob); void tune(void);", "body": "keep(&widget_cap); tune(); " + CLAMP,
        "files": far("net/tune.c", "void keep(int *knob) { kept = knob; }\nvoid tune(void) { *kept = 7; }", "static int *kept;\n")},
    "by a callee's own pointer to it": {"before": "void tune(void);", "body": "tune(); " + CLAMP,
                                        "files": far("net/tune.c", "void tune(void) { *knob = 7; }", "static int *knob = &widget_cap;\n")},
    "by a callee's table of pointers": {
        "before": "void tune(int n);", "body": "tune(1); " + CLAMP,
        "files": far("net/tune.c", "void tune(int n) { *knobs[n] = 7; }", "static int *knobs[2] = { &gadget_cap, &widget_cap };\n")},
    "by a callee's record": {
        "before": "void tune(void);", "body": "tune(); " + CLAMP,
        "files": far("net/tune.c", "void tune(void) { *(int *)table[0].data = 7; }",
                     "static struct { const char *name; void *data; } table[] = { { \"cap\", &widget_cap } };\n")},
    "by a void pointer": {"before": "void tune(void *p, int n);", "body": "tune(&widget_cap, sizeof widget_cap); " + CLAMP,
                          "files": far("net/tune.c", "void tune(void *p, int n) { memset(p, 1, n); }")},
    "by a callback": ("static void tune(void) { widget_cap = 7; } static void run(void (*f)(void)) { f(); }", "run(tune); " + CLAMP),
    "by an ops table": {
        "before": "extern const struct widget_ops *the_ops;", "body": "the_ops->fix(w); " + CLAMP,
        "files": far("net/ops.c", "static void fix(struct widget *w) { widget_cap = 4; }\nstatic const struct widget_ops ops = { fix };\n"
                                  "const struct widget_ops *the_ops = &ops;")},
    "by a pointer": "int *k = &widget_cap; *k = 7; " + CLAMP,
    "by a pointer of another type": "*(u16 *)&widget_cap = 7; " + CLAMP,
    "by a byte": "((u8 *)&widget_cap)[1] = 1; " + CLAMP,
    "by memset": "memset(&widget_cap, 0, sizeof widget_cap); " + CLAMP,
    "by memcpy": "int n = 5; memcpy(&widget_cap, &n, 4); " + CLAMP,
    "by atomics": "__sync_fetch_and_add(&widget_cap, 3); " + CLAMP,
    "by a loop": "int i; for (i = 0; i < 3; i++) widget_cap >>= 1; " + CLAMP,
    "by an unknown loop": "while (is_busy(w)) widget_cap = 3; " + CLAMP,
    "by a cleanup": ("static void undo(int *n) { widget_cap = *n; }", "{ int n __attribute__((cleanup(undo))) = 9; w->used = n; } " + CLAMP),
    "by a macro": ("#define TUNE(n) do { widget_cap = (n); } while (0)", "TUNE(7); " + CLAMP),
    "by a condition": "if ((widget_cap = 7) && w->state) return -1; " + CLAMP,
    "by the clamp's helper": ("static int cut(int n) { int c = widget_cap; widget_cap = 0; return (u32)n > (u32)widget_cap ? widget_cap : c; }", "size = cut(size);"),
    "by an array before it": ("int knobs[2];\n#define widget_cap knobs[1]", "int i; for (i = 0; i < 2; i++) knobs[i] = 7; " + CLAMP),
    "by assembly": '__asm__ volatile("movl $7, (%0)" : : "r" (&widget_cap) : "memory"); ' + CLAMP,
    "by a callee not in the tree": {"before": "void tune(void);", "body": "tune(); " + CLAMP, "outside": "void tune(void) { widget_cap = 7; }"},
    "shadowed by a local": "int widget_cap = 7; " + CLAMP,
    "shadowed by a parameter": ("static int cut(int n, int widget_cap) { return (u32)n > (u32)widget_cap ? widget_cap : n; }", "size = cut(size, 7);"),
    "shadowed by a macro": ("#define widget_cap 7", CLAMP),
    "shadowed by a static": ("static int cap_of_its_own = 7;\n#define widget_cap cap_of_its_own", CLAMP),
    "shadowed in a block": "{ extern int gadget_cap; int *widget_cap = &gadget_cap; size = (u32)size > (u32)*widget_cap ? *widget_cap : size; }",
    "another knob": "if ((u32)size > (u32)gadget_cap) size = gadget_cap;",
    "a field of the same name": ("struct limits { int widget_cap; }; static struct limits limits = { 9 };",
                                 "if ((u32)size > (u32)limits.widget_cap) size = limits.widget_cap;"),
}
LATER = {
    "changed after the clamp": CLAMP + "widget_cap = 7;",
    "changed after the store": CLAMP + "w->room = size; widget_cap = 7; return 0;",
    "changed on an error": "if (w->state) { widget_cap = 7; return -1; } " + CLAMP,
    "changed and restored": "int old = widget_cap; widget_cap = 7; widget_cap = old; " + CLAMP,
    "another is changed": "gadget_cap = 7; " + CLAMP,
    "another is changed by a callee": {"before": "void tune(void);", "body": "tune(); " + CLAMP, "files": far("net/tune.c", "void tune(void) { gadget_cap = 7; }")},
    "read by a pointer": "const int *k = &widget_cap; if ((u32)size > (u32)*k) size = *k;",
    "read by a helper": ("static int cap(void) { return widget_cap; }", "if ((u32)size > (u32)cap()) size = cap();"),
    "read in a file": {"before": "int cap(void);", "body": "if ((u32)size > (u32)cap()) size = cap();", "files": far("net/cap.c", "int cap(void) { return widget_cap; }")},
}

SYSCTL = {"include/linux/sysctl.h": """#ifndef SYSCTL_H
#define SYSCTL_H
typedef int proc_handler(const struct ctl_table *t, int write, void *buffer, unsigned long *length, long long *at);
struct ctl_table { const char *procname; void *data; int maxlen; unsigned short mode; proc_handler *proc_handler; void *extra1, *extra2; };
proc_handler proc_dointvec, proc_dointvec_minmax;
struct net { int id; struct { int sysctl_rmem[3]; int sysctl_room; int val; } ipv4; struct { int sysctl_room; } core; };
extern struct net init_net;
void *register_net_sysctl(struct net *net, const char *path, struct ctl_table *table);
void *register_sysctl(const char *path, struct ctl_table *table);
#endif
"""}
SYSCTL["include/linux/sysctl.h"] = SYSCTL["include/linux/sysctl.h"].replace("typedef int proc", "struct ctl_table;\ntypedef int proc")
OUTSIDE = """#include "kernel/include/linux/sysctl.h"
__attribute__((weak)) struct net init_net;
int proc_dointvec(const struct ctl_table *t, int write, void *buffer, unsigned long *length, long long *at) { return 0; }
int proc_dointvec_minmax(const struct ctl_table *t, int write, void *buffer, unsigned long *length, long long *at) { return 0; }
void *register_net_sysctl(struct net *net, const char *path, struct ctl_table *table) { return 0; }
void *register_sysctl(const char *path, struct ctl_table *table) { return 0; }
struct net *net_of(struct widget *w) { return &init_net; }
"""
INCLUDE = '#include "../include/linux/sysctl.h"\n'
ASKED = [(5000, 9), (50, 9), (3, 9), (0, 9), (-7, 9), (200, 100000)]


def entry(name, data, more=""):
    return (f'{{ .procname = "{name}", .data = {data}, .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec, {more}}},\n')


def table(*entries, path="net/core"):
    return ("static struct ctl_table some_table[] = {\n" + "".join(entries) + "};\n"
            f'void some_register(void) {{ register_net_sysctl(&init_net, "{path}", some_table); }}\n')


def exposed(before, body, tables, where="net/table.c", **more):
    """A program beside a file with sysctl tables; walker is asked for numbers with each other knob at its default."""
    text = f'#include "../include/linux/sysctl.h"\n#include "../net/widget.h"\n{tables}\n'
    return {"before": INCLUDE + before, "body": body, "files": SYSCTL | ({where: text} if tables else {}), "outside": OUTSIDE,
            "asks": ASKED, "rows": ASKED} | more


LIMIT = "if (size > {0}) size = {0};"
NET_OF = "struct net *net_of(struct widget *w);"
IDENTITY = {
    "two fields of one name, exposed elsewhere": exposed(
        "struct id { int val; }; struct owner { struct id first, second; }; static struct owner owner = { { 1 }, { 2 } };\n"
        "static struct owner *owner_of(struct widget *w) { return &owner; }",
        "struct owner *o = owner_of(w); if (o->first.val != o->second.val) size = 7;",
        "struct other { int val; } the_other;\n" + table(entry("other_val", "&the_other.val")), claim="(u32) size"),
    "two fields of one name, by parameters": exposed(
        "struct id { int val; }; struct owner { struct id first, second; };\nstruct owner *nobody(void);",
        "struct owner *o = nobody(); if (o->first.val != o->second.val) size = 7;",
        "struct other { int val; } the_other;\n" + table(entry("other_val", "&the_other.val")), claim="(u32) size",
        outside=OUTSIDE + "struct owner { int first, second; }; static struct owner n = { 1, 2 }; struct owner *nobody(void) { return &n; }"),
    "static of the same name elsewhere": exposed(
        "static int limit = 7;", LIMIT.format("limit"), "static int limit = 100;\n" + table(entry("limit", "&limit"))),
    "static of the same name, in a function": exposed(
        "", "static int limit = 7; " + LIMIT.format("limit"), "static int limit = 100;\n" + table(entry("limit", "&limit"))),
    "local of the same name": exposed("", "int limit = 7; " + LIMIT.format("limit"), "int limit = 100;\n" + table(entry("limit", "&limit"))),
    "parameter of the same name": exposed(
        "static int cut(int n, int limit) { return n > limit ? limit : n; }", "size = cut(size, 7);", "int limit = 100;\n" + table(entry("limit", "&limit"))),
    "field of another record": exposed(
        "struct limits { int room; }; static struct limits mine = { 7 };", LIMIT.format("mine.room"),
        "struct others { int room; }; static struct others theirs = { 100 };\n" + table(entry("room", "&theirs.room"))),
    "field of another object": exposed(
        "struct limits { int room; }; static struct limits mine = { 7 };", LIMIT.format("mine.room"),
        "struct limits { int room; }; static struct limits theirs = { 100 };\n" + table(entry("room", "&theirs.room"))),
    "field at another path": exposed("", LIMIT.format("init_net.core.sysctl_room"),
                                     "struct net init_net = { .core = { 7 }, .ipv4 = { .sysctl_room = 100 } };\n" + table(entry("room", "&init_net.ipv4.sysctl_room"))),
    "two of one path": exposed("", LIMIT.format("init_net.core.sysctl_room"),
                               "struct net init_net = { .core = { 7 }, .ipv4 = { .sysctl_room = 100 } };\n"
                               + table(entry("room", "&init_net.ipv4.sysctl_room"), entry("core_room", "&init_net.core.sysctl_room"))),
    "element 2 of an array": exposed("", LIMIT.format("init_net.ipv4.sysctl_rmem[2]"),
                                     "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem"))),
    "elements 0 and 2 of an array": exposed(
        "", LIMIT.format("init_net.ipv4.sysctl_rmem[2]") + " if (size < init_net.ipv4.sysctl_rmem[0]) size = init_net.ipv4.sysctl_rmem[0];",
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem[0]"))),
    "one element exposed, another read": exposed(
        "", LIMIT.format("init_net.ipv4.sysctl_rmem[0]"),
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem_max", "&init_net.ipv4.sysctl_rmem[2]"))),
    "elements exposed one by one": exposed(
        "", LIMIT.format("init_net.ipv4.sysctl_rmem[1]"),
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n"
        + table(entry("rmem_min", "&init_net.ipv4.sysctl_rmem[0]"), entry("rmem_default", "&init_net.ipv4.sysctl_rmem[1]"))),
    "namespace's own": exposed(
        NET_OF, LIMIT.format("net_of(w)->core.sysctl_room"),
        "struct net init_net = { .core = { 7 }, .ipv4 = { .sysctl_room = 100 } };\n" + table(entry("room", "&init_net.core.sysctl_room"))),
    "namespace's own, at another path": exposed(
        NET_OF, LIMIT.format("net_of(w)->core.sysctl_room"),
        "struct net init_net = { .core = { 7 }, .ipv4 = { .sysctl_room = 100 } };\n" + table(entry("room", "&init_net.ipv4.sysctl_room"))),
    "namespace's element 2": exposed(
        NET_OF, LIMIT.format("net_of(w)->ipv4.sysctl_rmem[2]"),
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem"))),
    "namespace's elements 0 and 2": exposed(
        NET_OF, "struct net *net = net_of(w); if (size > net->ipv4.sysctl_rmem[2]) size = net->ipv4.sysctl_rmem[2]; "
                "if (size < net->ipv4.sysctl_rmem[0]) size = net->ipv4.sysctl_rmem[0];",
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem"))),
    "namespace's element 1 by a local": exposed(
        NET_OF, "int i = 1; " + LIMIT.format("net_of(w)->ipv4.sysctl_rmem[i]"),
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem"))),
    "namespace's element, one exposed": exposed(
        NET_OF, LIMIT.format("net_of(w)->ipv4.sysctl_rmem[0]"),
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem_max", "&init_net.ipv4.sysctl_rmem[2]"))),
    "two namespaces of one knob": exposed(
        NET_OF + "\nstruct net *net_beside(struct widget *w);",
        "if (net_of(w)->core.sysctl_room != net_beside(w)->core.sysctl_room) size = 7;",
        "struct net init_net = { .core = { 7 } };\n" + table(entry("room", "&init_net.core.sysctl_room")), claim="(u32) size",
        outside=OUTSIDE + "static struct net beside = { .core = { 8 } };\nstruct net *net_beside(struct widget *w) { return &beside; }\n"),
    "the initial namespace and another": exposed(
        NET_OF, "if (init_net.core.sysctl_room != net_of(w)->core.sysctl_room) size = 7;",
        "struct net init_net = { .core = { 7 } };\n" + table(entry("room", "&init_net.core.sysctl_room")), claim="(u32) size",
        outside=OUTSIDE.replace("return &init_net;", "static struct net other = { .core = { 8 } }; return &other;")),
    "another record's field of the knob's name": exposed(
        NET_OF + "\nstruct owner { int sysctl_room; }; static struct owner owner = { 7 }; static struct owner *owner_of(struct widget *w) { return &owner; }",
        LIMIT.format("owner_of(w)->sysctl_room"),
        "struct net init_net = { .core = { 100 } };\n" + table(entry("room", "&init_net.core.sysctl_room"))),
    "element 0 for all": exposed(
        NET_OF, "struct net *net = net_of(w); if (net->ipv4.sysctl_rmem[0] != net->ipv4.sysctl_rmem[2]) size = 7;",
        "struct net init_net = { .ipv4 = { .sysctl_rmem = { 4, 100, 1000 } } };\n" + table(entry("rmem", "&init_net.ipv4.sysctl_rmem")),
        claim="(u32) size"),
    "array by pointer": exposed(
        "static int all[3] = { 4, 100, 1000 };\n" + table(entry("all", "all")), "int *p = all; " + LIMIT.format("p[2]"), "struct net init_net;\n"),
    "array by an offset": exposed(
        "static int all[3] = { 4, 100, 1000 };\n" + table(entry("all", "all + 1")), LIMIT.format("all[1]"), "struct net init_net;\n"),
    "array, whole": exposed(
        "static int all[3] = { 4, 100, 1000 };\n" + table(entry("all", "&all")), LIMIT.format("all[2]") + " if (size < all[0]) size = all[0];", "struct net init_net;\n"),
    "table patched at run time": exposed(
        "", LIMIT.format("init_net.core.sysctl_room"),
        "struct net init_net = { .core = { 7 }, .ipv4 = { .sysctl_room = 100 } };\n" + table(entry("room", "&init_net.ipv4.sysctl_room"))
        + "void patch(void) { some_table[0].data = &init_net.core.sysctl_room; }\n"),
    "default that is left out": exposed("extern struct net init_net;", LIMIT.format("init_net.core.sysctl_room"),
                                        "struct net init_net = { .id = 3 };\n" + table(entry("room", "&init_net.core.sysctl_room"))),
    "default in hexadecimal": exposed("extern int room_max;", LIMIT.format("room_max"), "int room_max = 0x10;\n" + table(entry("room_max", "&room_max"))),
    "default in octal": exposed("extern int room_max;", LIMIT.format("room_max"), "int room_max = 010;\n" + table(entry("room_max", "&room_max"))),
    "default as an expression": exposed(
        "extern int room_max;", LIMIT.format("room_max"), "#define UNIT 4\nenum { MANY = 5 };\nint room_max = (UNIT << 2) + MANY * sizeof(short);\n" + table(entry("room_max", "&room_max"))),
    "default that is negative": exposed("extern int room_max;", LIMIT.format("room_max"), "int room_max = -1;\n" + table(entry("room_max", "&room_max"))),
    "default of another's initializer": exposed(
        "extern int room_max;", LIMIT.format("room_max"), "int room_min = 3, room_max = 12, room_more = 40;\n" + table(entry("room_max", "&room_max"))),
    "default by #if": exposed(
        "extern int room_max;", LIMIT.format("room_max"),
        "#ifdef CONFIG_NOT_SET_ANYWHERE\nint room_max = 3;\n#else\nint room_max = 12;\n#endif\n" + table(entry("room_max", "&room_max"))),
    "default by a macro of two": exposed(
        "extern int room_max;", LIMIT.format("room_max"), "#define LIMITS(a, b) int room_min = a; int room_max = b\nLIMITS(3, 12);\n" + table(entry("room_max", "&room_max"))),
    "default of a character": exposed("extern int room_max;", LIMIT.format("room_max"), "int room_max = 'A';\n" + table(entry("room_max", "&room_max"))),
    "default that is narrowed": exposed("extern unsigned char room_max;", LIMIT.format("room_max"), "unsigned char room_max = 300;\n" + table(entry("room_max", "&room_max"))),
    "tentative and defined": exposed("extern int room_max;", LIMIT.format("room_max"), "int room_max;\nint room_max = 12;\n" + table(entry("room_max", "&room_max"))),
    "no table at all": exposed("static int room_max = 12;", LIMIT.format("room_max"), ""),
    "const": exposed("static const int room_max = 12;", LIMIT.format("room_max"), ""),
    "default that the write handler changes": exposed(
        "extern int room_max;", LIMIT.format("room_max"),
        "int room_max = 12;\nstatic int round_up(int n) { return (n + 63) & ~63; }\n"
        "int room_handler(const struct ctl_table *t, int write, void *b, unsigned long *l, long long *at)\n"
        "{ int e = proc_dointvec(t, write, b, l, at); if (write && !e) room_max = round_up(room_max); return e; }\n"
        + table(entry("room_max", "&room_max").replace("proc_dointvec", "room_handler"))),
    "default that is a macro, nobody writes it": exposed("#define UNIT (1 << 4)\nint room_min = UNIT;", LIMIT.format("room_min"), ""),
    "default that start-up code changes": exposed(
        "extern int room_max;", LIMIT.format("room_max"),
        "#define core_initcall(f) __attribute__((constructor)) static void f##_at_start(void) { f(); }\n"
        "int room_max = 12;\nstatic int start(void) { room_max = 40; return 0; }\ncore_initcall(start)\n" + table(entry("room_max", "&room_max"))),
    "default that a parameter of the boot line may change": exposed(
        "extern int room_max;", LIMIT.format("room_max"),
        "int room_max = 12;\nstatic int setup(const char *s) { room_max = s[0] - '0'; return 1; }\nint (*const the_setup)(const char *) = setup;\n"
        + table(entry("room_max", "&room_max"))),
    "default of a bool": exposed("extern bool room_on;", "if (room_on) size = 7;", "bool room_on = 1;\n" + table(entry("room_on", "&room_on"))),
    "default of an inner initializer": exposed(
        "extern struct net init_net;", LIMIT.format("init_net.ipv4.sysctl_room"),
        "struct net init_net = { 3, { { 1, 2, 4 }, 9 } };\n" + table(entry("room", "&init_net.ipv4.sysctl_room"))),
    "default by a later designator": exposed(
        "extern struct net init_net;", LIMIT.format("init_net.ipv4.sysctl_room"),
        "struct net init_net = { .ipv4.sysctl_room = 3, .ipv4.sysctl_room = 9 };\n" + table(entry("room", "&init_net.ipv4.sysctl_room"))),
    "default of an element by its index": exposed(
        "extern int all[3];", LIMIT.format("all[1]"), "int all[3] = { [2] = 1000, [1] = 100 };\n" + table(entry("all_default", "&all[1]"))),
    "default of an element that is left out": exposed(
        "extern int all[3];", LIMIT.format("all[2]"), "int all[3] = { 4, 100 };\n" + table(entry("all", "all"))),
    "commented out": exposed("extern int room_max;", LIMIT.format("room_max"),
                             "/* int room_max = 3; */\nint room_max = 12; // = 5\n" + table(entry("room_max", "&room_max"))),
    "in a string": exposed("extern int room_max;", LIMIT.format("room_max"),
                           'const char *help = "int room_max = 3;";\nint room_max = 12;\n' + table(entry("room_max", "&room_max"))),
}
CASES = [*cases("knob is changed", {f"knob changed {n}": c for n, c in CHANGED.items()}, right=False),
         *cases("knob, right", {f"knob {n}": c for n, c in LATER.items()}, right=True),
         *cases("knob identity", {f"knob: {n}": c for n, c in IDENTITY.items()})]
