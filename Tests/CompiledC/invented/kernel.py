"""The invented kernel as a folder: its headers, what stands in it beside a program, and the walkthrough of a claim."""

import pathlib

HEADER = """#ifndef WIDGET_H
#define WIDGET_H
typedef unsigned char u8; typedef signed char s8; typedef unsigned short u16; typedef short s16;
typedef unsigned int u32; typedef int s32; typedef unsigned long long u64; typedef long long s64;
typedef unsigned long size_t; typedef unsigned long uintptr_t; typedef _Bool bool;
struct widget; struct gadget;
struct node { struct node *next; int weight; };
struct inner { u32 depth; };
struct widget {
	int state; u32 room; u32 used; u32 flags; u32 spare; int knob; u16 small; u8 tiny; int bits : 5; unsigned int ubits : 7;
	struct inner inner; union { u32 whole; u16 half[2]; u8 bytes[4]; } any; u32 list[8]; struct widget *next;
	void (*hook)(struct widget *w, int size); struct node node; void *private; struct gadget *gadget;
};
struct gadget { int state; u32 room; u32 limit; struct widget *owner; struct gadget *next; };
struct widget_ops { void (*fix)(struct widget *w); int (*set)(struct widget *w, int size); void (*note)(struct widget *w, int n); };
struct widget_family { int number; struct widget_ops ops; const struct widget_ops *other; };
extern int widget_cap, gadget_cap; extern struct widget the_widget; extern struct gadget the_gadget;
extern struct widget *all_widgets[4];
void *elsewhere(void); int is_busy(struct widget *w); struct widget *find_widget(int key); struct gadget *find_gadget(int key);
int widget_other(struct widget *w, int size);
void *memset(void *, int, size_t); void *memcpy(void *, const void *, size_t); void *memmove(void *, const void *, size_t);
#define container_of(p, t, m) ((t *)((char *)(p) - __builtin_offsetof(t, m)))
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

MAIN = """#include "net/widget.h"
int widget_cap, gadget_cap;
struct widget the_widget;
struct gadget the_gadget;
struct widget *all_widgets[4];
static int calls;
int sys_widget(struct widget *w, int size);
void *elsewhere(void) { return &the_widget.room; }
int is_busy(struct widget *w) { return calls++ < 1; }
struct widget *find_widget(int key) { return &the_widget; }
struct gadget *find_gadget(int key) { return &the_gadget; }
static void nothing(struct widget *w, int size) { }
int widget_start(int cap, int room, int size)
{
	int i;
	memset(&the_widget, 0, sizeof the_widget);
	memset(&the_gadget, 0, sizeof the_gadget);
	calls = 0;
	the_widget.hook = nothing; the_widget.next = &the_widget; the_widget.node.next = &the_widget.node;
	the_widget.private = &the_widget; the_widget.gadget = &the_gadget;
	the_gadget.owner = &the_widget; the_gadget.next = &the_gadget;
	for (i = 0; i < 4; i++)
		all_widgets[i] = &the_widget;
	the_widget.room = room;
	widget_cap = cap;
	return sys_widget(&the_widget, size);
}
"""
"""Everything that can point to the widget does: what may be an alias is one."""

OTHER = """#include "widget.h"
int widget_other(struct widget *w, int size)
{
	w->room = 21;
	return 0;
}
"""

WALKTHROUGH = """---
title: A widget's room
entry: {{function: [sys_widget]}}
track: size
results:
  room:
    stored-in: struct widget.room
    eras:
      - id: claimed
        claim: "{claim}"
---
Nothing.

## Entry {{#entry}}
```anchor
function: sys_widget
role: entry
```
Nothing.
"""

FIXED = {
    "arch/x86/include/asm/types.h": "", "arch/x86/include/asm/page.h": "", "include/linux/nothing.h": "",
    "Makefile": "VERSION = 9\nPATCHLEVEL = 9\nSUBLEVEL = 9\n",
    "net/widget.h": HEADER, "net/other.c": OTHER, "main.c": MAIN,
}


def files(program):
    """Every file of the kernel with this program in it, by path."""
    return FIXED | program.files | {"net/entry.c": program.entry}


def write(program, folder):
    """Writes the kernel to folder/kernel and its walkthrough to folder/annotations/widget."""
    folder = pathlib.Path(folder)
    for path, text in files(program).items():
        target = folder / "kernel" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    walkthrough = folder / "annotations" / "widget" / "walkthrough.md"
    walkthrough.parent.mkdir(parents=True, exist_ok=True)
    walkthrough.write_text(WALKTHROUGH.format(claim=program.claim))
