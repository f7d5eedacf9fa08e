"""Ways on which nothing is stored, though the call succeeds: a claim has to say `never`; and ways that end with an error."""

from invented.program import CAPPED, CLAMP, cases, far

CLAIM_77 = f"{CAPPED} == 77 ? never : {CAPPED}"

FORGOTTEN = {
    "for one number": CLAMP + "if (size == 77) return 0;",
    "for one number before the clamp": "if (size == 77) return 0; " + CLAMP,
    "for negative ones": CLAMP + "if (size < 0) return 0;",
    "for large ones": CLAMP + "if ((u32)size > 4095) return 0;",
    "for a range": CLAMP + "if (size > 10 && size < 20) return 0;",
    "for odd ones": CLAMP + "if (size & 1) return 0;",
    "for one cap": CLAMP + "if (widget_cap == 77) return 0;",
    "for equal ones": "if (size == widget_cap) return 0; " + CLAMP,
    "by else": CLAMP + "if (size != 77) { w->room = size; } return 0;",
    "by goto": CLAMP + "if (size == 77) goto out; w->room = size; out: return 0;",
    "by goto over two": CLAMP + "if (size == 77) goto out; if (size == 5) goto unlock; w->room = size; unlock: w->used = 1; out: return 0;",
    "by switch": CLAMP + "switch (size) { case 77: case 5: return 0; }",
    "by switch default": CLAMP + "switch (size & 3) { case 0: case 1: case 2: w->room = size; default: return 0; }",
    "by a helper": ("static int wanted(int n) { return n != 77; }", CLAMP + "if (!wanted(size)) return 0;"),
    "by a helper in a file": {"before": "int wanted(int n);", "body": CLAMP + "if (!wanted(size)) return 0;",
                              "files": far("drivers/wanted.c", "int wanted(int n) { return n != 77; }")},
    "by a helper that returns success early": (
        "static int put(struct widget *w, int n) { if (n == 77) return 0; w->room = n; return 0; }", CLAMP + "return put(w, size);"),
    "by an error that is dropped": (
        "static int put(struct widget *w, int n) { if (n == 77) return -22; w->room = n; return 0; }", CLAMP + "put(w, size); return 0;"),
    "by an error that is replaced": (
        "static int put(struct widget *w, int n) { if (n == 77) return -22; w->room = n; return 0; }",
        CLAMP + "int err = put(w, size); if (err == -22) err = 0; return err;"),
    "by an error that is masked": (
        "static int put(struct widget *w, int n) { if (n == 77) return -22; w->room = n; return 0; }", CLAMP + "return put(w, size) > 0;"),
    "by continue": CLAMP + "int i; for (i = 0; i < 1; i++) { if (size == 77) continue; w->room = size; } return 0;",
    "by break": CLAMP + "do { if (size == 77) break; w->room = size; } while (0); return 0;",
    "by &&": CLAMP + "size != 77 && (w->room = size); return 0;",
    "by ||": CLAMP + "size == 77 || (w->room = size); return 0;",
    "by ?:": CLAMP + "size == 77 ? 0 : (w->room = size); return 0;",
    "by a statement expression": CLAMP + "w->used = ({ if (size == 77) return 0; size; });",
    "by a loop that turns never": CLAMP + "int n = size == 77 ? 0 : 1; while (n--) w->room = size; return 0;",
    "by a loop over bits": CLAMP + "u32 m; for (m = size == 77 ? 0 : 1; m; m >>= 1) w->room = size; return 0;",
    "by the lvalue": CLAMP + "*(size == 77 ? &w->used : &w->room) = size; return 0;",
    "by the object": CLAMP + "struct widget other, *to = size == 77 ? &other : w; to->room = size; return 0;",
    "by a table": ("static void idle(struct widget *w, int n) { } static void put(struct widget *w, int n) { w->room = n; }\n"
                   "static void (*const all[2])(struct widget *, int) = { put, idle };", CLAMP + "all[size == 77](w, size); return 0;"),
    "by a flag set before": "int quiet = size == 77; " + CLAMP + "if (quiet) return 0;",
    "by a flag in the object": "w->flags = size == 77; " + CLAMP + "if (w->flags) return 0;",
    "by a computed goto": CLAMP + "void *to[2] = { &&put, &&out }; goto *to[size == 77]; put: w->room = size; out: return 0;",
    "by bitwise or of errors": CLAMP + "int e = (size == 77) | 0; if (!e) w->room = size; return 0;",
    "by a wide comparison": CLAMP + "if ((u64)(u32)size * 2 > 8190) return 0;",
    "by a wrapped sum": CLAMP + "if ((u32)size + 5 < 5) return 0;",
    "by two helpers": (
        "static int one(int n) { return n == 77 ? 0 : 2; } static int two(int n) { return one(n) ? 1 : 0; }", CLAMP + "if (!two(size)) return 0;"),
    "by recursion": ("static int odd(int n) { return n <= 0 ? 0 : n == 1 ? 1 : odd(n - 2); }", CLAMP + "if (odd(size & 7)) return 0;"),
    "positive result is success": CLAMP + "if (size == 77) return 0; w->room = size; return 0;",
}
RIGHT = {
    "never for one number": {"claim": CLAIM_77, "body": CLAMP + "if (size == 77) return 0;"},
    "never by goto": {"claim": CLAIM_77, "body": CLAMP + "if (size == 77) goto out; w->room = size; out: return 0;"},
    "never by else": {"claim": CLAIM_77, "body": CLAMP + "if (size != 77) w->room = size; return 0;"},
    "never by a helper": {"claim": CLAIM_77, "before": "static int wanted(int n) { return n != 77; }",
                          "body": CLAMP + "if (!wanted(size)) return 0;"},
    "never by a helper that stores": {
        "claim": CLAIM_77, "before": "static int put(struct widget *w, int n) { if (n == 77) return 0; w->room = n; return 0; }",
        "body": CLAMP + "return put(w, size);"},
    "never for large ones": {"claim": "(u32) size > 4095 ? never : (u32) size", "body": "if ((u32)size > 4095) return 0;"},
    "error for one number": {"claim": CLAIM_77, "body": CLAMP + "if (size == 77) return -22;"},
    "error for negative ones": {"claim": f"size < 0 ? never : {CAPPED}", "body": "if (size < 0) return -22; " + CLAMP},
    "error by goto": {"claim": f"size == 77 ? never : {CAPPED}",
                      "body": "int err = -22; if (size == 77) goto out; " + CLAMP + "w->room = size; err = 0; out: return err;"},
    "error by a helper": {"claim": f"size == 77 ? never : {CAPPED}", "before": "static int check(int n) { return n == 77 ? -22 : 0; }",
                          "body": "int e = check(size); if (e) return e; " + CLAMP},
    "error after the store": {"claim": CLAIM_77, "body": CLAMP + "w->room = size; if (size == 77) return -5; return 0;"},
    "error on the state": "if (w->state) return -16; " + CLAMP,
    "error of a call": {"before": "int allowed(struct widget *w);", "body": "if (!allowed(w)) return -1; " + CLAMP,
                        "files": far("security/allowed.c", "int allowed(struct widget *w) { return w->state == 0; }")},
}
CASES = [*cases("early success", {f"forgotten {n}": c for n, c in FORGOTTEN.items()}, right=False),
         *cases("exits, right", RIGHT, right=True)]
