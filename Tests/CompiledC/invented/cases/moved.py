"""Stores through pointers that a loop moved: over lists, arrays, tables, by index; and their harmless twins."""

from invented.program import CLAMP, after_the_store, cases, stored_then

SPOILERS = {
    "while over next": "struct widget *p = w; while (is_busy(p)) p = p->next; p->room = 3;",
    "while over next, not entered": "struct widget *p = w; while (p->state) p = p->next; p->room = 3;",
    "for over next": "struct widget *p; for (p = w; is_busy(p); p = p->next) barrier(); p->room = 3;",
    "for over next, inside": "struct widget *p; int i = 0; for (p = w; i < 3; p = p->next) { p->room = i; i++; }",
    "for ever with break": "struct widget *p = w; for (;;) { p = p->next; if (!is_busy(p)) break; } p->room = 3;",
    "for ever, stores inside": "struct widget *p = w; for (;;) { p = p->next; p->room = 8; if (!is_busy(p)) break; }",
    "do over next": "struct widget *p = w; do p = p->next; while (is_busy(p)); p->room = 3;",
    "goto over next": "struct widget *p = w; again: if (is_busy(p)) { p = p->next; goto again; } p->room = 3;",
    "goto backwards into a store": "struct widget *p = 0; int n = 0; again: if (p) p->room = 6; p = w->next; if (n++ < 2) goto again;",
    "two pointers, one behind": "struct widget *p = w, *q = w; while (is_busy(p)) { q = p; p = p->next; } q->room = 3;",
    "pointer to pointer": "struct widget **p = &w->next; while (is_busy(w)) p = &(*p)->next; (*p)->room = 3;",
    "pointer swapped in a loop": (
        "struct widget other, *p = &other, *q = w, *t; int i; for (i = 0; i < 3; i++) { t = p; p = q; q = t; } p->room = 3;"),
    "pointer chosen in a loop": "struct widget other, *p = &other; int i; for (i = 0; i < 4; i++) if (i == (size & 3)) p = w; p->room = 3;",
    "nodes by container_of": "struct node *n = &w->node; while (is_busy(w)) n = n->next; container_of(n, struct widget, node)->room = 9;",
    "nodes by container_of, inside": (
        "struct node *n; int i = 0; for (n = &w->node; i < 2; n = n->next, i++) container_of(n, struct widget, node)->room = i;"),
    "list macro": {
        "before": "#define each(p, head) for (p = (head)->next; p != (head); p = p->next)",
        "body": stored_then("struct node head = { &w->node }, *n; w->node.next = &head; "
                            "each(n, &head) container_of(n, struct widget, node)->room = 4;")},
    "table of objects by index": "int i; for (i = 0; i < 4; i++) all_widgets[i]->room = i;",
    "table of objects, found": "int i = 0; while (i < 3 && is_busy(all_widgets[i])) i++; all_widgets[i]->room = 7;",
    "table of objects by pointer": "struct widget **p; for (p = all_widgets; p < all_widgets + 4; p++) (*p)->room = 1;",
    "table of objects backwards": "int i = 4; while (i--) all_widgets[i]->room = i + 5;",
    "table entry by the number": "all_widgets[size & 3]->room = 5;",
    "words of the object": "u32 *p = (u32 *)w; int i; for (i = 0; i < 3; i++) p[i] = 0;",
    "words of the object by pointer": "u32 *p = (u32 *)w, *end = p + 2; while (p < end) *p++ = 1;",
    "words backwards from a later field": "u32 *p = &w->used; p[-1] = 3;",
    "words forwards from an earlier field": "int *p = &w->state; p[1] = 3;",
    "bytes of the object": "u8 *p = (u8 *)w; int i; for (i = 0; i < 8; i++) p[i] = 0;",
    "bytes of the field": "u8 *p = (u8 *)&w->room; int i; for (i = 0; i < 4; i++) *p++ = i;",
    "one byte by the number": "((u8 *)&w->room)[size & 3] = 7;",
    "list element past the end": "((u32 *)w->list)[(int)(__builtin_offsetof(struct widget, room) - __builtin_offsetof(struct widget, list)) / 4] = 5;",
    "pointer by a turn's condition": "struct widget *p = 0; int i; for (i = 0; i < 2; i++) { if (p) p->room = 12; p = w; }",
    "pointer set in the last turn": "struct widget other, *p = &other; int i; for (i = 0; i < 5; i++) { p->room = 2; if (i == 3) p = w; }",
    "nested loops": "struct widget *p = w; int i, j; for (i = 0; i < 2; i++) for (j = 0; j < 2; j++) { p = p->next; p->room = i + j; }",
    "loop with a helper that moves": {
        "before": "static struct widget *after(struct widget *p) { return p->next; }",
        "body": stored_then("struct widget *p = w; while (is_busy(p)) p = after(p); p->room = 3;")},
    "loop in a helper that finds": {
        "before": "static struct widget *last(struct widget *p) { while (is_busy(p)) p = p->next; return p; }",
        "body": stored_then("last(w)->room = 3;")},
    "loop in a helper that moves by pointer": {
        "before": "static void on(struct widget **p) { while (is_busy(*p)) *p = (*p)->next; }",
        "body": stored_then("struct widget *p = w; on(&p); p->room = 3;")},
    "recursion that finds": {
        "before": "static struct widget *last(struct widget *p, int n) { return n ? last(p->next, n - 1) : p; }",
        "body": stored_then("last(w, 3)->room = 3;")},
    "recursion by the number": {
        "before": "static struct widget *last(struct widget *p, int n) { return n ? last(p->next, n - 1) : p; }",
        "body": stored_then("last(w, size & 15)->room = 3;")},
    "another field, then read": {
        "body": CLAMP + "w->used = size; struct widget *v = w; while (is_busy(v)) v = v->next; v->used = 11; w->room = w->used; return 0;"},
    "local by a pointer in a loop": {"body": CLAMP + "int v = size, *p = &v; while (is_busy(w)) *p -= 1; w->room = v; return 0;"},
    "local by a moved pointer": {
        "body": CLAMP + "int a[2] = { size, 0 }, *p = a + 1; while (is_busy(w)) p--; *p = 7; w->room = a[0]; return 0;"},
    "element by a moved index": {
        "body": CLAMP + "int i = 3; w->list[1] = size; while (i > 1) i--; w->list[i] = 5; w->room = w->list[1]; return 0;"},
    "element by an unknown index": {
        "body": CLAMP + "int i = 0; w->list[1] = size; while (is_busy(w)) i++; w->list[i] = 5; w->room = w->list[1]; return 0;"},
    "counter that is the number": {"body": CLAMP + "struct widget *p = w; while (is_busy(p)) { size++; p = p->next; }"},
    "early success in a loop": {"body": CLAMP + "struct widget *p = w; while (is_busy(p)) { if (size == 77) return 0; p = p->next; }"},
    "break before the store": {"body": CLAMP + "for (;;) { if (size == 77) break; w->room = size; return 0; } return 0;"},
    "knob lowered in a loop": {"body": "while (is_busy(w)) widget_cap = 7; " + CLAMP},
    "knob by a moved pointer": {"body": "int *k[3] = { &gadget_cap, &widget_cap, 0 }, **p = k; while (is_busy(w)) p++; **p = 7; " + CLAMP},
}
TWINS = {
    "while over next, another field": "struct widget *p = w; while (is_busy(p)) p = p->next; p->used = 3;",
    "goto over next, another field": "struct widget *p = w; again: if (is_busy(p)) { p = p->next; goto again; } p->flags = 3;",
    "nodes, their own field": "struct node *n = &w->node; while (is_busy(w)) n = n->next; n->weight = 9;",
    "table of objects, another field": "int i; for (i = 0; i < 4; i++) all_widgets[i]->spare = i;",
    "other records in a loop": "struct gadget *g = w->gadget; while (is_busy(w)) g = g->next; g->room = 3;",
    "elements of the object's array": "int i; for (i = 0; i < 8; i++) w->list[i] = 0;",
    "elements by pointer": "u32 *p = w->list; while (p < w->list + 8) *p++ = 0;",
    "elements by the number": "w->list[size & 7] = 3;",
    "local array by pointer": "int a[8], *p; for (p = a; p < a + 8; p++) *p = 0; w->used = a[3];",
    "stored again by the loop": "struct widget *p = w; while (is_busy(p)) p = p->next; p->room = 3; w->room = size;",
}


CASES = [*cases("moved pointers", after_the_store(SPOILERS), right=False), *cases("moved pointers, harmless", after_the_store(TWINS), right=True)]
