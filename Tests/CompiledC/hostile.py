#!/usr/bin/env python3
"""Code that is hard to follow, in an invented kernel: what walker derives must be what the compiled C computes, or nothing.

    hostile.py WALKER [--random N] [--seed N] [--only TEXT]

Each case stores a number on its way through an invented system call; the idioms are those that could fool a reader of C.
With --random, so many programs made up at random come on top. Exit status 1 where a derived number is wrong that is not
KNOWN to be, or where hardly anything is derived.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import compiled

HEADER = """
#ifndef WIDGET_H
#define WIDGET_H
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
struct inner { u32 depth; };
struct widget {
	int state; u32 room; u32 spare; int knob; u16 small; u8 tiny; int bits : 5; unsigned int ubits : 7;
	struct inner inner; union { u32 whole; u16 half[2]; u8 bytes[4]; } any; int list[4]; struct widget *next;
	void (*hook)(struct widget *w, int size);
};
extern int widget_cap;
extern struct widget the_widget;
int widget_other(struct widget *w, int size);
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define barrier() __asm__ __volatile__("" : : : "memory")
#define min(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ < b_ ? a_ : b_; })
#define max(a, b) ({ __typeof__(a) a_ = (a); __typeof__(b) b_ = (b); a_ > b_ ? a_ : b_; })
#define min_t(t, a, b) min((t)(a), (t)(b))
#define max_t(t, a, b) max((t)(a), (t)(b))
#define noinline __attribute__((noinline))
#endif
"""
OTHER = """#include "widget.h"
int widget_other(struct widget *w, int size)
{
	w->room = 21;
	return 0;
}
"""
PROGRAM = """#include "widget.h"
int widget_cap;
struct widget the_widget;
int sys_widget(struct widget *w, int size);
int printf(const char *, ...); int scanf(const char *, ...); void *memset(void *, int, unsigned long);
static void nothing(struct widget *w, int size) { }
int main(void)
{
	int size, cap;
	while (scanf("%d %d", &size, &cap) == 2) {
		memset(&the_widget, 0, sizeof the_widget);
		the_widget.hook = nothing; the_widget.next = &the_widget; widget_cap = cap;
		int err = sys_widget(&the_widget, size);
		if (err) printf("returned\\n"); else printf("%u\\n", the_widget.room);
	}
	return 0;
}
"""
WALKTHROUGH = """---
title: A widget's room
entry: {function: [sys_widget]}
track: size
results:
  room:
    stored-in: struct widget.room
    eras:
      - id: capped
        claim: "min((u32) size, (u32) widget_cap)"
---
Nothing.

## Entry {#entry}
```anchor
function: sys_widget
role: entry
```
Nothing.
"""

# name: (before the function, in the function, before the plain store at the end).
CLAMP = "if ((u32)size > (u32)widget_cap) size = widget_cap; "
CASES = {
    "plain": ("", CLAMP),
    "signed clamp": ("", "if (size > widget_cap) size = widget_cap;"),
    "store before the clamp": ("", "w->room = size; " + CLAMP + "return 0;"),
    "second store": ("", CLAMP + "w->room = size; w->room = 12; return 0;"),
    "second store in a callee": ("static void later(struct widget *w) { w->room = 3; }", CLAMP + "w->room = size; later(w); return 0;"),
    "store in another file": ("", CLAMP + "w->room = size; widget_other(w, 0); return 0;"),
    "store behind a function pointer": (
        "static void later(struct widget *w) { w->room = 3; } static void (*hook)(struct widget *) = later;",
        CLAMP + "w->room = size; hook(w); return 0;"),
    "store through a local function pointer": (
        "static void later(struct widget *w) { w->room = 3; }",
        CLAMP + "void (*f)(struct widget *) = later; w->room = size; f(w); return 0;"),
    "pointer to the field": ("", CLAMP + "u32 *p = &w->room; *p = size; *p += 1; return 0;"),
    "pointer to the field in a callee": ("static void bump(u32 *p) { *p += 1; }", CLAMP + "w->room = size; bump(&w->room); return 0;"),
    "alias by a global": ("", CLAMP + "w->room = size; the_widget.room = 5; return 0;"),
    "alias by next": ("", CLAMP + "w->room = size; w->next->room = 6; return 0;"),
    "alias by two parameters": ("static void two(struct widget *a, struct widget *b, int size) { a->room = size; b->room = 4; }",
                                CLAMP + "two(w, w, size); return 0;"),
    "alias by arithmetic": ("", CLAMP + "w->room = size; ((u32 *)w)[1] = 9; return 0;"),
    "alias by a byte pointer": ("", CLAMP + "w->room = size; ((u8 *)&w->room)[1] = 0; return 0;"),
    "memset": ("void *memset(void *, int, unsigned long);", CLAMP + "w->room = size; memset(&w->room, 0, sizeof w->room); return 0;"),
    "struct assignment": ("", CLAMP + "struct widget other = { .room = 8 }; w->room = size; *w = other; return 0;"),
    "struct copied out and in": ("", CLAMP + "struct widget other = *w; other.room = size; *w = other; return 0;"),
    "typedef that narrows": ("typedef u8 count_t;", CLAMP + "count_t c = size; w->room = c; return 0;"),
    "union that narrows": ("", CLAMP + "union { int all; s16 low; } u; u.all = size; w->room = u.low; return 0;"),
    "union in the struct": ("", CLAMP + "w->any.whole = size; w->any.half[1] = 0; w->room = w->any.whole; return 0;"),
    "bit-field": ("", CLAMP + "w->bits = size; w->room = w->bits; return 0;"),
    "unsigned bit-field": ("", CLAMP + "w->ubits = size; w->room = w->ubits + 1; return 0;"),
    "bool": ("", CLAMP + "_Bool b = size; w->room = b; return 0;"),
    "short": ("", CLAMP + "w->small = size; w->room = w->small; return 0;"),
    "compound on a short": ("", CLAMP + "w->small = size; w->small += 1; w->room = w->small; return 0;"),
    "compound on a byte": ("", CLAMP + "w->tiny = size; w->tiny <<= 3; w->tiny -= 5; w->room = w->tiny; return 0;"),
    "volatile": ("", CLAMP + "volatile int v = size; w->room = v; return 0;"),
    "barrier": ("", CLAMP + "w->room = size; barrier(); return 0;"),
    "WRITE_ONCE": ("", CLAMP + "WRITE_ONCE(w->room, size); return 0;"),
    "retry by goto": ("", CLAMP + "again: if ((u32)size > 100) { size = (u32)size / 2; goto again; }"),
    "retry once": ("", CLAMP + "int tries = 0; again: size++; if (tries++ < 2) goto again;"),
    "while": ("", CLAMP + "while ((u32)size > 1000) size = (u32)size >> 1;"),
    "do while": ("", CLAMP + "do size = (u32)size >> 1; while ((u32)size > 1000);"),
    "for with continue": ("", CLAMP + "int i, n = 0; for (i = 0; i < 5; i++) { if (i == 2) continue; n += size; } size = n;"),
    "for with break": ("", CLAMP + "int i; for (i = 0; i < 20; i++) if ((1u << i) >= (u32)size) break; size = i;"),
    "log loop": ("", CLAMP + "u8 log; for (log = 3; (1 << log) < (u32)size && log < 31; log++); size = 1u << log;"),
    "recursion": ("static int half(int n) { return (u32)n > 10 ? half((u32)n / 2) : n; }", CLAMP + "size = half(size);"),
    "comma": ("", CLAMP + "w->room = (size++, size); return 0;"),
    "assignment in a condition": ("", CLAMP + "int n; if ((n = size & 7) != 3) size = n;"),
    "side effects in &&": ("", CLAMP + "int n = 1; if (size > 5 && (n = 9)) barrier(); size += n;"),
    "side effects in ?:": ("", CLAMP + "int n = 1; size > 5 ? (n = 2) : (n = 3); size += n;"),
    "short circuit with a call": ("static int note(struct widget *w) { w->room = 99; return 1; }",
                                  CLAMP + "w->room = size; if (size > 5 || note(w)) barrier(); return 0;"),
    "switch": ("", CLAMP + "switch (size) { case 1: size = 10; break; case 2: case 3: size = 20; break; default: break; }"),
    "switch that falls through": ("", CLAMP + "switch (size) { case 1: size = 10; case 2: size += 5; default: size += 1; }"),
    "switch with a range": ("", CLAMP + "switch (size) { case 10 ... 20: size = 1; break; case -5: size = 2; }"),
    "switch with a default in the middle": ("", CLAMP + "switch (size & 3) { case 0: size = 1; break; default: size = 2; break; case 3: size = 3; }"),
    "switch into a loop": ("", CLAMP + "int n = size & 3; switch (n) { case 0: do { size++; case 1: size++; case 2: size++; } while (--n > 0); }"),
    "shadowing": ("", CLAMP + "{ int size = 7; (void)size; } w->room = size; return 0;"),
    "shadowing in a loop": ("", CLAMP + "for (int size = 0; size < 3; size++) barrier();"),
    "K&R definition": ("static int twice(n) int n; { return n + n; }", CLAMP + "size = twice(size);"),
    "nested macros": ("#define A(x) B(x, x)\n#define B(x, y) ((x) > 50 ? C(y) : (x))\n#define C(z) ((z) - 50)\n", CLAMP + "size = A(size);"),
    "macro that evaluates twice": ("#define BIGGER(a, b) ((a) > (b) ? (a) : (b))\n", CLAMP + "int i = size; size = BIGGER(i++, 10);"),
    "macro redefined": ("#define LIMIT 10\n#undef LIMIT\n#define LIMIT 20\n", CLAMP + "if (size > LIMIT) size = LIMIT;"),
    "macro of a keyword": ("#define int short\nstatic int cut(long n) { return n; }\n#undef int\n", CLAMP + "size = cut(size);"),
    "table": ("static const u8 table[8] = { 7, 6, 5, 4, 3, 2, 1, 0 };", CLAMP + "size = table[size & 7];"),
    "table that is written": ("static u8 table[8];", CLAMP + "table[size & 7] = 9; size = table[3];"),
    "array of the struct": ("", CLAMP + "w->list[size & 3] = 5; w->list[1] = size; size = w->list[size & 3];"),
    "array by a variable that changes": ("", CLAMP + "int i = size & 3; w->list[i] = size; i = 1; w->list[i] = 5; size = w->list[i];"),
    "array, by index then by number": ("", CLAMP + "w->list[1] = 3; w->list[size & 3] = size; size = w->list[1];"),
    "array through a pointer": ("", CLAMP + "int *p = w->list; p[size & 3] = 7; size = p[1];"),
    "array of arrays": ("", CLAMP + "int all[2][2] = {{1, 2}, {3, 4}}; all[size & 1][0] = size; size = all[1][size & 1];"),
    "array beside what is followed": ("", CLAMP + "w->list[size & 3] = 5; w->knob = w->list[0];"),
    "static local": ("", CLAMP + "static int before = 1; size += before;"),
    "global": ("static int kept;", CLAMP + "kept = size; size = 0; size = kept + 1;"),
    "global through a callee": ("static int kept; static void keep(int n) { kept = n; } static int kept_again(void) { return kept; }",
                                CLAMP + "keep(size); size = kept_again();"),
    "out parameter": ("static void get(int *n, int size) { *n = size + 2; }", CLAMP + "int n = 1; get(&n, size); size = n;"),
    "struct by value": ("static struct inner make(int n) { struct inner i = { n + 1 }; return i; }", CLAMP + "size = make(size).depth;"),
    "compound literal": ("", CLAMP + "struct inner i = (struct inner){ .depth = size }; size = i.depth + 1;"),
    "struct through a pointer": ("", CLAMP + "struct inner *i = &w->inner; i->depth = size; i->depth++; size = w->inner.depth;"),
    "early return": ("", CLAMP + "if (size > 1000) return 0;"),
    "early return on a knob": ("", CLAMP + "if (widget_cap == 77) return 0;"),
    "early return on the object": ("", CLAMP + "if (w->knob != 0) return 0;"),
    "error after the store": ("", CLAMP + "w->room = size; if (size == 5) return -1; return 0;"),
    "undo after the store": ("", CLAMP + "w->room = size; if (size == 5) { w->room = 0; return 0; } return 0;"),
    "conditional store": ("", CLAMP + "if (size & 1) w->room = size; return 0;"),
    "two stores by condition": ("", CLAMP + "if (size & 1) w->room = size; else w->room = size + 1; return 0;"),
    "clamp of the field": ("", CLAMP + "w->room = size; if (w->room > 40) w->room = 40; return 0;"),
    "field read back signed": ("", CLAMP + "w->room = size; if ((int)w->room < 0) w->room = 1; return 0;"),
    "increment of the field": ("", CLAMP + "w->room = size; w->room++; ++w->room; w->room--; return 0;"),
    "division": ("", CLAMP + "size = size / 3;"),
    "division of a negative": ("", "size = size / 3 + size % 3;"),
    "division by the number": ("", CLAMP + "size = size ? 1000 / size : 0;"),
    "unsigned division": ("", "size = (u32)size / 3;"),
    "shift right of a negative": ("", "size = size >> 2;"),
    "shift by the number": ("", CLAMP + "size = 1u << (size & 31);"),
    "char sign": ("", CLAMP + "char c = size; size = c;"),
    "mixed signs": ("", "u16 a = size; s8 b = widget_cap; size = a * b;"),
    "mixed comparison": ("", "if (size < sizeof(int)) size = 1;"),
    "long of unsigned": ("", "long n = (u32)size; size = n > widget_cap ? 1 : 2;"),
    "64-bit sum": ("", "u64 n = (u64)size + (u32)widget_cap; size = n >> 32 ? 3 : 4;"),
    "negation of unsigned": ("", "size = -(u32)size > 5u;"),
    "not": ("", CLAMP + "size = !size + ~size;"),
    "ternary of mixed types": ("", "size = (widget_cap > 5 ? (s8)size : 300u) > 100;"),
    "gnu ?:": ("", CLAMP + "size = size ?: 16;"),
    "statement expression": ("", CLAMP + "size = ({ int n = size; if (n > 3) n = 3; n; });"),
    "statement expression with return": ("", CLAMP + "size = ({ if (size == 4) return 0; size + 1; });"),
    "min and max": ("", "size = min_t(u32, size, widget_cap); size = max_t(int, size, 8);"),
    "min of short": ("", "size = min_t(u16, size, widget_cap);"),
    "builtin expect": ("", "if (__builtin_expect(!!((u32)size > (u32)widget_cap), 0)) size = widget_cap;"),
    "choose expr": ("", CLAMP + "size = __builtin_choose_expr(sizeof(size) == 4, size + 1, size + 2);"),
    "constant_p": ("", CLAMP + "size = __builtin_constant_p(size) ? 1 : size + 2;"),
    "builtin clz": ("", CLAMP + "size = size ? 32 - __builtin_clz(size) : 0;"),
    "builtin overflow": ("", "int n; if (__builtin_add_overflow(size, widget_cap, &n)) n = 1; size = n;"),
    "typeof": ("", CLAMP + "__typeof__(w->small) n = size; size = n;"),
    "sizeof with a side effect": ("", CLAMP + "int n = sizeof(size++); size += n;"),
    "enum": ("enum { FEW = 3, MANY };", CLAMP + "if (size > MANY) size = FEW + MANY;"),
    "#if": ("#define NEW 1\n", CLAMP + "\n#if NEW\nsize += 3;\n#else\nsize += 4;\n#endif\n"),
    "label address": ("", CLAMP + "void *there = &&out; if (size > 9) goto *there; size = 2; out:"),
    "nested function call order": ("static int n; static int next(void) { return ++n; } static int sub(int a, int b) { return a * 10 + b; }",
                                   CLAMP + "n = 0; int a = next(); int b = next(); size = sub(a, b) + size;"),
    "cast through a pointer": ("", CLAMP + "int n = size; size = *(u8 *)&n;"),
    "unaligned store": ("", CLAMP + "w->room = 0; *(u16 *)((char *)&w->room + 1) = size; return 0;"),
    "container_of": ("#define container(p) ((struct widget *)((char *)(p) - __builtin_offsetof(struct widget, inner)))\n",
                     CLAMP + "struct inner *i = &w->inner; container(i)->room = size; return 0;"),
    "asm that writes": ("", CLAMP + "__asm__(\"addl $1, %0\" : \"+r\" (size));"),
    "asm that writes memory": ("", CLAMP + "w->room = size; __asm__ volatile(\"movl $4, %0\" : \"=m\" (w->room)); return 0;"),
    "asm behind a memory clobber": ("", CLAMP + "w->room = size; u32 *p = &w->room; __asm__ volatile(\"movl $4, (%0)\" : : \"r\" (p) : \"memory\"); return 0;"),
    "cleanup attribute": ("static void undo(struct widget **w) { (*w)->room = 2; }",
                          CLAMP + "struct widget *held __attribute__((cleanup(undo))) = w; w->room = size; return 0;"),
    "cleanup attribute behind a macro": (
        "#define AUTO(f) __attribute__((cleanup(f)))\nstatic void deep(struct widget *w) { w->room = 2; } static void undo(struct widget **w) { deep(*w); }",
        CLAMP + "struct widget *held AUTO(undo) = w; w->room = size; return 0;"),
    "cleanup attribute without a write": (
        "static void undo(struct widget **w) { (*w)->knob = 2; }",
        CLAMP + "struct widget *held __attribute__((unused, cleanup(undo))) = w; w->room = size; return 0;"),
    "atomic add": ("", CLAMP + "w->room = size; __sync_fetch_and_add(&w->room, 2); return 0;"),
    "exchange": ("", CLAMP + "w->room = 1; int old = __atomic_exchange_n(&w->room, size, 5); w->room += old; return 0;"),
    "compare and swap": ("", CLAMP + "w->room = 1; __sync_val_compare_and_swap(&w->room, 1, size); return 0;"),
    "weak alias": ("static int real(int n) { return n + 4; } extern int other_name(int n); int other_name(int n) { return real(n); }",
                   CLAMP + "size = other_name(size);"),
    "function pointer in the object": ("", CLAMP + "w->room = size; w->hook(w, size); return 0;"),
    "function pointer set before": ("static void set(struct widget *w, int n) { w->room = 11; }",
                                    CLAMP + "w->hook = set; w->room = size; w->hook(w, size); return 0;"),
    "table of functions": ("static int one(int n) { return n + 1; } static int two(int n) { return n + 2; } static int (*const f[2])(int) = { one, two };",
                           CLAMP + "size = f[size & 1](size);"),
    "variadic": ("static int last(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); int a = __builtin_va_arg(l, int); __builtin_va_end(l); return a; }",
                 CLAMP + "size = last(1, size + 1);"),
    "vla": ("", CLAMP + "int n[(size & 7) + 1]; n[size & 7] = size; size = n[size & 7] + sizeof(n);"),
    "constant folding of a float": ("", CLAMP + "size = size * 1.5;"),
    "long double": ("", CLAMP + "double d = size; size = d / 2;"),
    "int128": ("", "__int128 n = (__int128)size * widget_cap; size = n >> 40;"),
    "const cast away": ("static const int fixed = 5;", CLAMP + "size += fixed;"),
    "goto over a store": ("", CLAMP + "if (size == 9) goto skip; w->room = size; return 0; skip: w->room = 1; return 0;"),
    "goto into a block": ("", CLAMP + "if (size == 9) goto in; { w->room = 3; in: w->room = size; } return 0;"),
    "dead store": ("", CLAMP + "if (0) w->room = 3; while (0) w->room = 4; w->room = size; return 0;"),
    "the clamp in a helper": ("static int capped(int n, int cap) { if ((u32)n > (u32)cap) return cap; return n; }", "size = capped(size, widget_cap);"),
    "the clamp by pointer": ("static void capped(int *n) { if ((u32)*n > (u32)widget_cap) *n = widget_cap; }", "capped(&size);"),
    "the cap changed before": ("", "widget_cap = 9; " + CLAMP),
    "the cap changed after": ("", CLAMP + "widget_cap = 9; " + "w->room = size + widget_cap; return 0;"),
    "the cap changed in a callee's loop": (
        "static void lower(void) { for (int i = 0; i < 3; i++) { barrier(); widget_cap = i; } } static void deep(void) { lower(); lower(); }",
        "deep(); " + CLAMP),
    "the cap changed in a callee": ("static void lower(void) { widget_cap = 3; }", "lower(); " + CLAMP),
}

KNOWN = set()
"""What walker is known to get wrong. Nothing else may be; what is no longer wrong is to be taken out."""


class Mini:
    """The invented kernel in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for path in ("arch/x86/include/asm/types.h", "arch/x86/include/asm/page.h", "include/linux/nothing.h"):
            self.write(path, "")
        self.write("Makefile", "VERSION = 9\nPATCHLEVEL = 9\nSUBLEVEL = 9\n")
        self.write("net/widget.h", HEADER)
        self.write("net/other.c", OTHER)
        self.write("main.c", PROGRAM)
        self.walkthrough = self.folder.parent / "annotations" / "widget"
        self.walkthrough.mkdir(parents=True, exist_ok=True)
        (self.walkthrough / "walkthrough.md").write_text(WALKTHROUGH)

    def write(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def compare(self, walker, before, body, rows):
        """(what walker says of the first row or of the first that differs, whether it is right)."""
        self.write("net/entry.c", f'#include "widget.h"\n{before}\nint sys_widget(struct widget *w, int size)\n{{\n{body}\n\t'
                   "w->room = size;\n\treturn 0;\n}\n")
        program = self.folder / "program"
        made = subprocess.run(
            [compiled.tool("clang"), "-O1", "-w", "-std=gnu11", "-fwrapv", "-fno-strict-aliasing", "-I", str(self.folder / "net"),
             *map(str, [self.folder / "main.c", self.folder / "net/entry.c", self.folder / "net/other.c"]), "-o", str(program)],
            capture_output=True, text=True)
        if made.returncode:
            return "does not compile: " + made.stderr.splitlines()[0], None
        text = "".join(f"{a} {b}\n" for a, b in rows)
        try:
            real = subprocess.run([str(program)], input=text, capture_output=True, text=True, timeout=20).stdout.split()
        except subprocess.TimeoutExpired:
            return "runs for ever", None
        try:
            said = compiled.bridge(walker, "evaluate", self.folder, self.walkthrough, input="size widget_cap\n" + text,
                                   timeout=120).splitlines()
        except compiled.BridgeError as error:
            return f"no walk: {error}", None
        proof = said[1]
        for (row, truth, claimed) in zip(rows, real, said[2:]):
            if claimed.startswith(("not derivable", "no value is given")) or " if reached" in claimed or claimed == "outside":
                return claimed, None
            if claimed == "not reached" and truth in ("0", "returned") or claimed == "undefined":
                continue
            if claimed != truth:
                return f"size {row[0]}, cap {row[1]}: compiled C says {truth}, walker {claimed} ({proof})", False
        return proof, True


EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 20, 50, 51, 77, 100, 127, 128, 255, 256, 1000, 1001, 32767, 32768, 65535, 65536,
         2**31 - 1, -1, -2, -5, -128, -129, -65536, -2**31]


def invented(seed):
    """A program of assignments, branches and small loops over a few variables of mixed types."""
    r = random.Random(seed)
    types = ["int", "u32", "u16", "s16", "u8", "s8", "s64", "u64"]
    names = ["size", "a", "b", "c"]
    lines = [f"{r.choice(types)} {n} = {r.choice(['size', 'widget_cap', str(r.choice(EDGES))])};" for n in names[1:]]

    def expression(depth):
        if depth == 0 or r.random() < 0.25:
            return r.choice(names + ["widget_cap", str(r.choice([0, 1, 2, 3, 7, 8, 16, 100, 255, 4096, 65535])), "5u", "3LL"])
        a, b = expression(depth - 1), expression(depth - 1)
        kind = r.randrange(13)
        if kind < 5:
            return f"({a} {r.choice(['+', '-', '*', '&', '|', '^'])} {b})"
        if kind == 5:
            return f"({a} {r.choice(['<<', '>>'])} ({b} & 15))"
        if kind == 6:
            return f"({a} {r.choice(['/', '%'])} (({b} & 31) + 1))"
        if kind == 7:
            return f"({a} {r.choice(['<', '>', '<=', '>=', '==', '!='])} {b})"
        if kind == 8:
            return f"({condition(depth - 1)} ? {a} : {b})"
        if kind == 9:
            return f"(({r.choice(types)}){a})"
        if kind == 10:
            return f"{r.choice(['-', '~', '!'])}{a}"
        if kind == 11:
            return f"{r.choice(['min_t', 'max_t'])}({r.choice(types)}, {a}, {b})"
        return f"({a} {r.choice(['&&', '||'])} {b})"

    def condition(depth):
        return f"{expression(depth)} {r.choice(['<', '>', '<=', '>=', '==', '!='])} {expression(depth)}"

    def statement(depth):
        kind = r.randrange(10)
        target = r.choice(names)
        if kind < 5 or depth == 0:
            return f"{target} {r.choice(['=', '=', '=', '+=', '-=', '&=', '|=', '^='])} {expression(2)};"
        if kind < 8:
            other = f" else {{ {statement(depth - 1)} }}" if r.random() < 0.5 else ""
            return f"if ({condition(1)}) {{ {statement(depth - 1)} {statement(depth - 1)} }}{other}"
        if kind == 8:
            return f"for (int i = 0; i < {r.randint(1, 4)}; i++) {{ {statement(0)} if ({condition(0)}) {r.choice(['break', 'continue'])}; {statement(0)} }}"
        return f"switch ({expression(1)} & 3) {{ case 0: {statement(0)} break; case 1: {statement(0)} default: {statement(0)} }}"

    lines += [statement(2) for _ in range(r.randint(2, 6))]
    return "", "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("walker")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    chosen = random.Random(3)
    rows = [(a, b) for a in EDGES for b in [5, 64, 77, 128, 65536, -1, 0]]
    rows += [(chosen.getrandbits(32) - 2**31, chosen.getrandbits(32) - 2**31) for _ in range(200)]
    cases = {n: c for n, c in CASES.items() if given.only in n}
    cases |= {f"random {n}": invented(n) for n in range(given.seed, given.seed + given.random)}
    wrong, silent = [], []
    with tempfile.TemporaryDirectory(prefix="walker-hostile-") as scratch:

        def tried(numbered):
            number, (before, body) = numbered
            return Mini(pathlib.Path(scratch) / str(number) / "kernel").compare(given.walker, before, body, rows)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for name, (said, right) in zip(cases, pool.map(tried, enumerate(cases.values()))):
                if right is False:
                    wrong.append(name)
                if right is None:
                    silent.append(name)
                if given.verbose or right is False and name not in KNOWN:
                    print(f"{ {True: 'right', False: 'WRONG', None: 'silent'}[right] }: {name}: {said}", flush=True)
    right = len(cases) - len(wrong) - len(silent)
    new = [name for name in wrong if name not in KNOWN]
    print(f"hostile code: {len(cases)} cases: {right} right, {len(silent)} not derived, {len(wrong) - len(new)} known to be "
          f"wrong, {len(new)} wrong")
    for name in sorted(KNOWN & (cases.keys() - set(wrong))):
        print(f"  no longer wrong: {name}; take it out of KNOWN")
    sys.exit(1 if new or right < len(cases) // 2 else 0)


if __name__ == "__main__":
    main()
