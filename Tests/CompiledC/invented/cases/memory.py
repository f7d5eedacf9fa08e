"""What is stored where: fields, arrays, unions, aliases, whole records."""

from invented.program import CLAMP, cases

TABLE = {
    "store before the clamp": "w->room = size; " + CLAMP + "return 0;",
    "second store": CLAMP + "w->room = size; w->room = 12; return 0;",
    "pointer to the field": CLAMP + "u32 *p = &w->room; *p = size; *p += 1; return 0;",
    "alias by a global": CLAMP + "w->room = size; the_widget.room = 5; return 0;",
    "alias by next": CLAMP + "w->room = size; w->next->room = 6; return 0;",
    "alias by arithmetic": CLAMP + "w->room = size; ((u32 *)w)[1] = 9; return 0;",
    "alias by a byte pointer": CLAMP + "w->room = size; ((u8 *)&w->room)[1] = 0; return 0;",
    "memset": (
        "void *memset(void *, int, unsigned long);",
        CLAMP + "w->room = size; memset(&w->room, 0, sizeof w->room); return 0;"),
    "struct assignment": CLAMP + "struct widget other = { .room = 8 }; w->room = size; *w = other; return 0;",
    "struct copied out and in": CLAMP + "struct widget other = *w; other.room = size; *w = other; return 0;",
    "union that narrows": CLAMP + "union { int all; s16 low; } u; u.all = size; w->room = u.low; return 0;",
    "union in the struct": CLAMP + "w->any.whole = size; w->any.half[1] = 0; w->room = w->any.whole; return 0;",
    "bit-field": CLAMP + "w->bits = size; w->room = w->bits; return 0;",
    "unsigned bit-field": CLAMP + "w->ubits = size; w->room = w->ubits + 1; return 0;",
    "short": CLAMP + "w->small = size; w->room = w->small; return 0;",
    "compound on a short": CLAMP + "w->small = size; w->small += 1; w->room = w->small; return 0;",
    "compound on a byte": CLAMP + "w->tiny = size; w->tiny <<= 3; w->tiny -= 5; w->room = w->tiny; return 0;",
    "volatile": CLAMP + "volatile int v = size; w->room = v; return 0;",
    "barrier": CLAMP + "w->room = size; barrier(); return 0;",
    "WRITE_ONCE": CLAMP + "WRITE_ONCE(w->room, size); return 0;",
    "table": ("static const u8 table[8] = { 7, 6, 5, 4, 3, 2, 1, 0 };", CLAMP + "size = table[size & 7];"),
    "table that is written": ("static u8 table[8];", CLAMP + "table[size & 7] = 9; size = table[3];"),
    "array of the struct": CLAMP + "w->list[size & 3] = 5; w->list[1] = size; size = w->list[size & 3];",
    "array by a variable that changes": CLAMP + "int i = size & 3; w->list[i] = size; i = 1; w->list[i] = 5; size = w->list[i];",
    "array, by index then by number": CLAMP + "w->list[1] = 3; w->list[size & 3] = size; size = w->list[1];",
    "array through a pointer": CLAMP + "int *p = w->list; p[size & 3] = 7; size = p[1];",
    "array of arrays": CLAMP + "int all[2][2] = {{1, 2}, {3, 4}}; all[size & 1][0] = size; size = all[1][size & 1];",
    "array beside what is followed": CLAMP + "w->list[size & 3] = 5; w->knob = w->list[0];",
    "static local": CLAMP + "static int before = 1; size += before;",
    "global": ("static int kept;", CLAMP + "kept = size; size = 0; size = kept + 1;"),
    "struct by value": (
        "static struct inner make(int n) { struct inner i = { n + 1 }; return i; }",
        CLAMP + "size = make(size).depth;"),
    "compound literal": CLAMP + "struct inner i = (struct inner){ .depth = size }; size = i.depth + 1;",
    "struct through a pointer": CLAMP + "struct inner *i = &w->inner; i->depth = size; i->depth++; size = w->inner.depth;",
    "clamp of the field": CLAMP + "w->room = size; if (w->room > 40) w->room = 40; return 0;",
    "field read back signed": CLAMP + "w->room = size; if ((int)w->room < 0) w->room = 1; return 0;",
    "increment of the field": CLAMP + "w->room = size; w->room++; ++w->room; w->room--; return 0;",
    "cast through a pointer": CLAMP + "int n = size; size = *(u8 *)&n;",
    "unaligned store": CLAMP + "w->room = 0; *(u16 *)((char *)&w->room + 1) = size; return 0;",
    "container_of": (
        "#define container(p) ((struct widget *)((char *)(p) - __builtin_offsetof(struct widget, inner)))\n",
        CLAMP + "struct inner *i = &w->inner; container(i)->room = size; return 0;"),
    "asm that writes": CLAMP + "__asm__(\"addl $1, %0\" : \"+r\" (size));",
    "asm that writes memory": CLAMP + "w->room = size; __asm__ volatile(\"movl $4, %0\" : \"=m\" (w->room)); return 0;",
    "asm behind a memory clobber":
        CLAMP + "w->room = size; u32 *p = &w->room; __asm__ volatile(\"movl $4, (%0)\" : : \"r\" (p) : \"memory\"); return 0;",
    "atomic add": CLAMP + "w->room = size; __sync_fetch_and_add(&w->room, 2); return 0;",
    "exchange": CLAMP + "w->room = 1; int old = __atomic_exchange_n(&w->room, size, 5); w->room += old; return 0;",
    "compare and swap": CLAMP + "w->room = 1; __sync_val_compare_and_swap(&w->room, 1, size); return 0;",
    "vla": CLAMP + "int n[(size & 7) + 1]; n[size & 7] = size; size = n[size & 7] + sizeof(n);",
    "const cast away": ("static const int fixed = 5;", CLAMP + "size += fixed;"),
    "undo after the store": CLAMP + "w->room = size; if (size == 5) { w->room = 0; return 0; } return 0;",
    "conditional store": CLAMP + "if (size & 1) w->room = size; return 0;",
    "two stores by condition": CLAMP + "if (size & 1) w->room = size; else w->room = size + 1; return 0;",
    "goto over a store": CLAMP + "if (size == 9) goto skip; w->room = size; return 0; skip: w->room = 1; return 0;",
    "goto into a block": CLAMP + "if (size == 9) goto in; { w->room = 3; in: w->room = size; } return 0;",
    "dead store": CLAMP + "if (0) w->room = 3; while (0) w->room = 4; w->room = size; return 0;",
    "cleanup attribute": (
        "static void undo(struct widget **w) { (*w)->room = 2; }",
        CLAMP + "struct widget *held __attribute__((cleanup(undo))) = w; w->room = size; return 0;"),
    "cleanup attribute behind a macro": (
        "#define AUTO(f) __attribute__((cleanup(f)))\nstatic void deep(struct widget *w) { w->room = 2; } static void undo(struct widget **w) { deep(*w); }",
        CLAMP + "struct widget *held AUTO(undo) = w; w->room = size; return 0;"),
    "cleanup attribute without a write": (
        "static void undo(struct widget **w) { (*w)->knob = 2; }",
        CLAMP + "struct widget *held __attribute__((unused, cleanup(undo))) = w; w->room = size; return 0;"),
}


CASES = list(cases("memory", TABLE))
