"""What somebody would try who wants to prove walker wrong: functions with the kernel's names, and what the preprocessor does.

The names are those that a reader of the kernel takes for known. Here they are what this tree, or nobody, says they are.
"""

from invented.program import CLAMP, after_the_store, cases, far, stored_then


def undefined(declaration, outside, use):
    """A function that the tree declares and does not define."""
    return {"before": declaration, "body": stored_then(use), "outside": outside}


def defined(before, use):
    return {"before": before, "body": stored_then(use)}


WRITERS = {
    "copy_from_user": undefined(
        "unsigned long copy_from_user(void *to, const void *from, unsigned long n);",
        "unsigned long copy_from_user(void *to, const void *from, unsigned long n) { memset(to, 5, n); return 0; }",
        "if (copy_from_user(&w->room, w->private, sizeof w->room)) return -14;"),
    "copy_from_user of the record": undefined(
        "unsigned long copy_from_user(void *to, const void *from, unsigned long n);",
        "unsigned long copy_from_user(void *to, const void *from, unsigned long n) { memset(to, 5, n); return 0; }",
        "if (copy_from_user(w, w->private, 12)) return -14;"),
    "__copy_from_user": undefined(
        "unsigned long __copy_from_user(void *to, const void *from, unsigned long n);",
        "unsigned long __copy_from_user(void *to, const void *from, unsigned long n) { memset(to, 5, n); return 0; }",
        "__copy_from_user(&w->room, w->private, 4);"),
    "copy_struct_from_user": undefined(
        "int copy_struct_from_user(void *to, size_t n, const void *from, size_t m);",
        "int copy_struct_from_user(void *to, size_t n, const void *from, size_t m) { memset(to, 5, n); return 0; }",
        "copy_struct_from_user(w, 12, w->private, 12);"),
    "strncpy_from_user": undefined(
        "long strncpy_from_user(char *to, const char *from, long n);", "long strncpy_from_user(char *to, const char *from, long n) { memset(to, 5, n); return n; }",
        "strncpy_from_user((char *)&w->room, 0, 4);"),
    "get_user by a macro": defined(
        "#define get_user(x, p) ({ (x) = *(p); 0; })", "u32 there = 9; get_user(w->room, &there);"),
    "strscpy": undefined("long strscpy(char *to, const char *from, size_t n);", "long strscpy(char *to, const char *from, size_t n) { memset(to, 5, n); return n; }",
                         "strscpy((char *)&w->room, \"abc\", 4);"),
    "strcpy": undefined("char *strcpy(char *to, const char *from);", "", "strcpy((char *)&w->room, \"abc\");"),
    "memcpy of a string": "memcpy(&w->room, \"abc\", 4);",
    "snprintf": undefined("int snprintf(char *to, size_t n, const char *format, ...);", "", "snprintf((char *)&w->room, 4, \"%d\", size);"),
    "sscanf": undefined("int sscanf(const char *from, const char *format, ...);", "", "sscanf(\"9\", \"%u\", &w->room);"),
    "kstrtouint": undefined("int kstrtouint(const char *s, unsigned base, u32 *to);", "int kstrtouint(const char *s, unsigned base, u32 *to) { *to = 9; return 0; }",
                            "if (kstrtouint(\"9\", 0, &w->room)) return -22;"),
    "get_random_bytes": undefined("void get_random_bytes(void *to, size_t n);", "void get_random_bytes(void *to, size_t n) { memset(to, 4, n); }",
                                  "get_random_bytes(&w->room, sizeof w->room);"),
    "memzero_explicit": undefined("void memzero_explicit(void *p, size_t n);", "void memzero_explicit(void *p, size_t n) { memset(p, 0, n); }",
                                  "memzero_explicit(w, 12);"),
    "bzero": undefined("void bzero(void *p, size_t n);", "", "bzero(&w->room, 4);"),
    "memset16": undefined("void *memset16(u16 *p, u16 v, size_t n);", "void *memset16(u16 *p, u16 v, size_t n) { while (n--) *p++ = v; return p; }",
                          "memset16((u16 *)&w->room, 7, 1);"),
    "memcpy_fromio": undefined("void memcpy_fromio(void *to, const volatile void *from, size_t n);",
                               "void memcpy_fromio(void *to, const volatile void *from, size_t n) { memset(to, 1, n); }", "memcpy_fromio(&w->room, 0, 4);"),
    "bitmap_zero": undefined("void bitmap_zero(unsigned long *p, unsigned n);", "void bitmap_zero(unsigned long *p, unsigned n) { memset(p, 0, n / 8); }",
                             "bitmap_zero((unsigned long *)w, 64);"),
    "set_bit": undefined("void set_bit(long n, volatile unsigned long *p);", "void set_bit(long n, volatile unsigned long *p) { *p |= 1ul << n; }",
                         "set_bit(33, (unsigned long *)w); set_bit(34, (unsigned long *)w); set_bit(45, (unsigned long *)w);"),
    "clear_bit": undefined("void clear_bit(long n, volatile unsigned long *p);", "void clear_bit(long n, volatile unsigned long *p) { *p &= ~(1ul << n); }",
                           "clear_bit(32, (unsigned long *)w);"),
    "test_and_set_bit": undefined("int test_and_set_bit(long n, volatile unsigned long *p);",
                                  "int test_and_set_bit(long n, volatile unsigned long *p) { int old = *p >> n & 1; *p |= 1ul << n; return old; }",
                                  "w->used = test_and_set_bit(40, (unsigned long *)w);"),
    "atomic_set": undefined("typedef struct { int counter; } atomic_t; void atomic_set(atomic_t *v, int n);",
                            "void atomic_set(int *v, int n) { *v = n; }", "atomic_set((atomic_t *)&w->room, 3);"),
    "atomic_inc": undefined("typedef struct { int counter; } atomic_t; void atomic_inc(atomic_t *v);", "void atomic_inc(int *v) { ++*v; }", "atomic_inc((atomic_t *)&w->room);"),
    "atomic_dec_and_test": undefined("typedef struct { int counter; } atomic_t; int atomic_dec_and_test(atomic_t *v);",
                                     "int atomic_dec_and_test(int *v) { return !--*v; }", "if (atomic_dec_and_test((atomic_t *)&w->room)) w->used = 1;"),
    "atomic_cmpxchg": undefined("typedef struct { int counter; } atomic_t; int atomic_cmpxchg(atomic_t *v, int o, int n);",
                                "int atomic_cmpxchg(int *v, int o, int n) { int old = *v; if (old == o) *v = n; return old; }",
                                "atomic_cmpxchg((atomic_t *)&w->room, size, 78);"),
    "refcount_set": undefined("typedef struct { int refs; } refcount_t; void refcount_set(refcount_t *r, int n);", "void refcount_set(int *v, int n) { *v = n; }",
                              "refcount_set((refcount_t *)&w->room, 1);"),
    "atomic_long over two fields": undefined("typedef struct { long counter; } atomic_long_t; void atomic_long_set(atomic_long_t *v, long n);",
                                             "void atomic_long_set(long *v, long n) { *v = n; }", "atomic_long_set((atomic_long_t *)w, 0);"),
    "xchg that is a function": undefined("u32 xchg(u32 *p, u32 v);", "u32 xchg(u32 *p, u32 v) { u32 old = *p; *p = v; return old; }", "w->used = xchg(&w->room, 4);"),
    "smp_store_release": defined("#define smp_store_release(p, v) do { barrier(); *(volatile __typeof__(*(p)) *)(p) = (v); } while (0)",
                                 "smp_store_release(&w->room, 3);"),
    "rcu_assign_pointer's like": defined("#define rcu_assign(p, v) (*(volatile __typeof__(p) *)&(p) = (v))", "rcu_assign(w->room, 3);"),
    "swap": defined("#define swap(a, b) do { __typeof__(a) t_ = (a); (a) = (b); (b) = t_; } while (0)", "swap(w->room, w->used);"),
    "put_unaligned": defined("static inline void put_unaligned(u32 v, void *p) { struct { u32 v; } __attribute__((packed)) *x = p; x->v = v; }",
                             "put_unaligned(3, (char *)w + 4);"),
    "hlist_add": defined("struct hnode { struct hnode *next, **back; }; static void hlist_add(struct hnode *n, struct hnode **h) { n->next = *h; n->back = h; *h = n; }",
                         "struct hnode *h = 0; hlist_add((struct hnode *)w, &h);"),
    "this_cpu_write": defined("#define this_cpu_write(x, v) ((x) = (v))", "this_cpu_write(w->room, 3);"),
    "kref_put with a release": {
        "before": "struct kref { int n; }; int kref_put(struct kref *k, void (*release)(struct kref *));\n"
                  "static void gone(struct kref *k) { container_of((int *)k, struct widget, state)->room = 3; }",
        "body": stored_then("kref_put((struct kref *)&w->state, gone);"),
        "files": far("lib/kref.c", "int kref_put(struct kref *k, void (*release)(struct kref *)) { if (!k->n) release(k); return 1; }", "struct kref { int n; };\n")},
    "call_rcu": {
        "before": "struct head { void (*f)(struct head *); }; void call_rcu(struct head *h, void (*f)(struct head *));\n"
                  "struct mine { struct head head; struct widget *w; }; static void late(struct head *h) { ((struct mine *)h)->w->room = 3; }",
        "body": stored_then("struct mine m = { { 0 }, w }; call_rcu(&m.head, late);"),
        "outside": "struct head { void (*f)(struct head *); }; void call_rcu(struct head *h, void (*f)(struct head *)) { f(h); }"},
    "on_each_cpu": {
        "before": "void on_each_cpu(void (*f)(void *), void *data, int wait);\nstatic void late(void *p) { ((struct widget *)p)->room = 3; }",
        "body": stored_then("on_each_cpu(late, w, 1);"), "outside": "void on_each_cpu(void (*f)(void *), void *d, int wait) { f(d); }"},
    "sort": {
        "before": "void sort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *), void (*swap)(void *, void *, int));\n"
                  "static int cmp(const void *a, const void *b) { return *(int *)a - *(int *)b; }",
        "body": stored_then("w->used = 3; w->room |= 4; sort(&w->room, 2, 4, cmp, 0);"),
        "outside": "void sort(u32 *b, size_t n, size_t s, int (*c)(const void *, const void *), void *x) { if (c(b, b + 1) > 0) { u32 t = *b; *b = b[1]; b[1] = t; } }"},
    "printk with %n": undefined("int printk(const char *format, ...);",
                                "int printk(const char *f, ...) { __builtin_va_list l; __builtin_va_start(l, f); *__builtin_va_arg(l, u32 *) = 3; __builtin_va_end(l); return 0; }",
                                "printk(\"%n\", &w->room);"),
    "spin_lock that writes": defined("static void spin_lock(u32 *l) { *l = 1; }", "spin_lock(&w->room);"),
    "mutex_lock elsewhere that writes": {
        "before": "void mutex_lock(struct widget *w);", "body": stored_then("mutex_lock(w);"), "files": far("kernel/m.c", "void mutex_lock(struct widget *w) { w->room = 1; }")},
    "rcu_read_lock that writes": {"before": "void rcu_read_lock(void);", "body": stored_then("rcu_read_lock();"),
                                  "files": far("kernel/m.c", "void rcu_read_lock(void) { the_widget.room = 1; }")},
    "trace_ function that writes": {"before": "void trace_widget(struct widget *w);", "body": stored_then("trace_widget(w);"),
                                    "files": far("kernel/t.c", "void trace_widget(struct widget *w) { w->room = 1; }")},
    "security_ hook that writes": {"before": "int security_widget(struct widget *w);", "body": stored_then("if (security_widget(w)) return -1;"),
                                   "files": far("security/s.c", "int security_widget(struct widget *w) { w->room = 1; return 0; }")},
    "cond_resched that writes": {"before": "int cond_resched(void);", "body": stored_then("cond_resched();"),
                                 "files": far("kernel/t.c", "int cond_resched(void) { the_widget.room = 1; return 0; }")},
    "schedule that writes": {"before": "void schedule(void);", "body": stored_then("schedule();"), "outside": "void schedule(void) { the_widget.room = 1; }"},
    "WARN_ON that writes": defined("#define WARN_ON(x) ({ int r_ = !!(x); r_; })", "WARN_ON(w->room = 3);"),
    "BUG_ON that writes": defined("#define BUG_ON(x) do { if (x) __builtin_trap(); } while (0)", "BUG_ON(!(w->room = 3));"),
    "memset that is a macro": defined("#undef memset\n#define memset(p, v, n) ((void)(w->room = 3))", "memset(w->list, 0, 4);"),
    "memset that is its own": defined("#define memset own_memset\nstatic void *own_memset(void *p, int v, size_t n) { ((struct widget *)p)->room = 3; return p; }",
                                      "memset(w, 0, 0);"),
    "READ_ONCE that writes": defined("#undef READ_ONCE\n#define READ_ONCE(x) ((x)++)", "w->used = READ_ONCE(w->room);"),
    "barrier that writes": defined("#undef barrier\n#define barrier() (w->room = 3)", "barrier();"),
    "container_of that is another": defined("#undef container_of\n#define container_of(p, t, m) ((t *)((char *)(p) - 4 + 0 * sizeof(((t *)0)->m)))",
                                            "*(u32 *)container_of(&w->used, struct widget, used) = 3;"),
    "lockdep_assert that writes": defined("#define lockdep_assert_held(l) do { (void)(l); } while (0)", "lockdep_assert_held(w->room = 3);"),
    "pr_debug that writes": defined("#define pr_debug(f, ...) ({ if (1) say(f, ##__VA_ARGS__); })\nstatic void say(const char *f, ...) { }", "pr_debug(\"%d\", w->room++);"),
}
NUMBERS = {
    "fls that is another": ("static int fls(int n) { return 3; }", CLAMP + "size = fls(size);"),
    "ilog2 that is another": ("#define ilog2(n) ((n) / 2)", CLAMP + "size = ilog2((u32)size);"),
    "roundup_pow_of_two that is another": ("static u32 roundup_pow_of_two(u32 n) { return (n + 1) & ~1u; }", CLAMP + "size = roundup_pow_of_two(size);"),
    "min that is signed": ("#undef min\n#define min(a, b) ((int)(a) < (int)(b) ? (a) : (b))", "size = min(size, widget_cap);"),
    "min that is a maximum": ("#undef min_t\n#define min_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))", "size = min_t(u32, size, widget_cap);"),
    "min_t that forgets the type": ("#undef min_t\n#define min_t(t, a, b) ((a) < (b) ? (a) : (b))", "size = min_t(u32, size, widget_cap);"),
    "min_t of a byte": ("", "size = min_t(u8, size, widget_cap);"),
    "clamp by three": ("#define clamp(v, l, h) min(max(v, l), h)", "size = clamp(size, 0, widget_cap);"),
    "likely that negates": ("#define likely(x) __builtin_expect(!(x), 1)", "if (likely((u32)size > (u32)widget_cap)) size = widget_cap;"),
    "unlikely that negates": ("#define unlikely(x) (!(x))", "if (unlikely((u32)size > (u32)widget_cap)) size = widget_cap;"),
    "swab32 that is another": ("static u32 swab32(u32 n) { return n ^ 1; }", CLAMP + "size = swab32(size);"),
    "cpu_to_be32 that is nothing": ("#define cpu_to_be32(x) ((u32)(x))", CLAMP + "size = cpu_to_be32(size) + 1;"),
    "hweight32 that is another": ("static int hweight32(u32 n) { return n & 1; }", CLAMP + "size = hweight32(size);"),
    "test_bit that is another": ("static int test_bit(int n, const unsigned long *p) { return n == 5; }", CLAMP + "unsigned long b = 0; if (test_bit(5, &b)) size = 3;"),
    "capable that is true": {"before": "int capable(int n);", "body": "if (!capable(21)) { " + CLAMP + " }", "files": far("kernel/c.c", "int capable(int n) { return 1; }")},
    "capable for some": {"before": "int capable(int n);", "body": CLAMP + "if (capable(21)) size = 3;", "outside": "int capable(int n) { return 1; }"},
    "IS_ERR that is true": ("static int IS_ERR(const void *p) { return 1; }", CLAMP + "if (IS_ERR(w)) size = 3;"),
    "WARN_ON that is true": ("#define WARN_ON(x) ((x), 1)", CLAMP + "if (WARN_ON(0)) size = 3;"),
    "READ_ONCE that adds": ("#undef READ_ONCE\n#define READ_ONCE(x) ((x) + 1)", "if ((u32)size > (u32)READ_ONCE(widget_cap)) size = READ_ONCE(widget_cap);"),
    "array_index_nospec that is another": ("#define array_index_nospec(i, n) ((i) & 1)", CLAMP + "size = array_index_nospec(size, 4);"),
    "IS_ENABLED that is one": ("#define IS_ENABLED(x) 1", CLAMP + "if (IS_ENABLED(CONFIG_NOTHING)) size = 3;"),
    "PAGE_SIZE that is another": ("#define PAGE_SIZE 64", CLAMP + "if (size > PAGE_SIZE) size = PAGE_SIZE;"),
    "static_branch that is true": ("struct key { int on; }; static struct key key = { 1 };\n#define static_branch_unlikely(k) ((k)->on > 0)",
                                   CLAMP + "if (static_branch_unlikely(&key)) size = 3;"),
    "kmalloc that is small": {"before": "void *kmalloc(size_t n, int flags);", "body": CLAMP + "int *p = kmalloc(8, 0); if (!p) return 0; p[0] = size; p[1] = 3; size = p[size & 1];",
                              "outside": "static char pool[64]; void *kmalloc(size_t n, int flags) { return pool; }"},
    "kzalloc twice, one object": {
        "before": "void *pool_take(void);", "body": CLAMP + "int *p = pool_take(), *q = pool_take(); *p = size; *q = 3; size = *p;",
        "files": far("lib/pool.c", "static int pool;\nvoid *pool_take(void) { return &pool; }")},
}
TEXT = {
    "the field is renamed": ("#define room used", "w->room = 3; w->used = size; return 0;"),
    "the type is renamed": ("#define u32 u16", CLAMP + "u32 n = size; size = n;"),
    "int is short": ("", CLAMP + "\n#define int short\nint n = size;\n#undef int\nsize = n;"),
    "if is negated": ("#define if(x) if (!(x))", "if ((u32)size > (u32)widget_cap) size = widget_cap;"),
    "return stores": ("#define return w->room ^= 1; return", CLAMP),
    "else is gone": ("#define else", CLAMP + "if (size == 77) size = 3; else size++;"),
    "while is if": ("#define while if", CLAMP + "while (size & 1) size++; while (size & 2) size += 2;"),
    "the knob is a sum": ("#define widget_cap (widget_cap + 1)", CLAMP),
    "the number is another": ("", "\n#define size (size ^ 4)\nu32 n = size; if (n > (u32)widget_cap) n = widget_cap; w->room = n; return 0;"),
    "a comment that goes on": ("", CLAMP + "// not here \\\n size = 3;\n size ^= 8;"),
    "a line that goes on": ("#define STEP size = \\\n3;", CLAMP + "STEP"),
    "tokens pasted": ("#define CAT(a, b) a##b", CLAMP + "CAT(si, ze) = 3;"),
    "tokens pasted late": ("#define CAT_(a, b) a##b\n#define CAT(a, b) CAT_(a, b)\n#define THIS size", CLAMP + "CAT(TH, IS)++;"),
    "a macro that is a list": ("#define ALL(x) x(used) x(room) x(flags)\n#define CLEAR(f) w->f = 0;", stored_then("ALL(CLEAR)")),
    "variadic macro": ("#define EACH(f, ...) f(__VA_ARGS__)\n#define SET(a, b) w->a = b", stored_then("EACH(SET, room, 3);")),
    "an #if of an expression": ("#define LEVEL 3\n", CLAMP + "\n#if LEVEL > 2 && !defined(NOTHING)\nsize++;\n#endif\n"),
    "an #if of an undefined name": ("", CLAMP + "\n#if NOTHING\nsize = 0;\n#else\nsize++;\n#endif\n"),
    "an #elif": ("#define LEVEL 2\n", CLAMP + "\n#if LEVEL == 1\nsize += 1;\n#elif LEVEL == 2\nsize += 2;\n#else\nsize += 3;\n#endif\n"),
    "an #ifdef in an expression": ("#define ONE\n", CLAMP + "size = size +\n#ifdef ONE\n1\n#else\n2\n#endif\n;"),
    "an #include in the middle": {"body": CLAMP + '\n#include "step.h"\n', "files": {"net/step.h": "size += 5;\n"}},
    "an #include of a macro's name": {"before": '#define FILE "step.h"', "body": CLAMP + "\n#include FILE\n", "files": {"net/step.h": "size += 5;\n"}},
    "a header that differs by a macro": {
        "before": '#define DEEP\n#include "depth.h"', "body": CLAMP + "size = depth(size);",
        "files": {"net/depth.h": "#ifdef DEEP\nstatic int depth(int n) { return n + 9; }\n#else\nstatic int depth(int n) { return n; }\n#endif\n"}},
    "a counter": ("#define NAME_(a, b) a##b\n#define NAME(a, b) NAME_(a, b)", CLAMP + "int NAME(n, __COUNTER__) = size; n0++; size = n0;"),
    "line directives": ("", CLAMP + '\n# 900 "elsewhere.c"\nsize++;\n'),
    "_Pragma": ("", CLAMP + '_Pragma("GCC diagnostic push") size++; _Pragma("GCC diagnostic pop")'),
    "digraphs": ("", CLAMP + "int a<:2:> = <% 3, 4 %>; size = a<:size & 1:>;"),
    "attribute between": ("", CLAMP + "__attribute__((unused)) int n = size; size = n + 1;"),
    "extension": ("", CLAMP + "size = __extension__ (size + 1);"),
    "auto type": ("", CLAMP + "__auto_type n = (u8)size; size = n;"),
    "label with an attribute": ("", CLAMP + "if (size == 77) goto there; size++; there: __attribute__((unused)); barrier();"),
    "a local label": ("", CLAMP + "({ __label__ there; if (size == 77) goto there; size++; there: 0; });"),
    "a declaration in a switch": ("", CLAMP + "switch (size & 1) { int n; case 0: n = 3; size = n; break; case 1: n = 4; size = n; }"),
    "a function in a parameter's shadow": ("static int cap(void) { return 3; }", CLAMP + "int (*f)(void) = cap; { int cap = 5; size = cap + f(); }"),
    "extern in a block": ("", CLAMP + "{ extern int gadget_cap; size += gadget_cap + 1; }"),
    "a type of the variable's name": ("typedef int number;", CLAMP + "{ number number = size; size = number + 1; }"),
}
RIGHT = {
    "copy_to_user": undefined("unsigned long copy_to_user(void *to, const void *from, unsigned long n);",
                              "unsigned long copy_to_user(void *to, const void *from, unsigned long n) { return 0; }",
                              "if (copy_to_user(w->private, &w->room, 4)) return -14;"),
    "memset beside": "memset(w->list, 0, sizeof w->list);",
    "WARN_ON beside": defined("#define WARN_ON(x) ({ int r_ = !!(x); r_; })", "if (WARN_ON(w->state > 9)) w->used = 1;"),
    "likely": ("#define likely(x) __builtin_expect(!!(x), 1)", "if (likely((u32)size > (u32)widget_cap)) size = widget_cap;"),
    "a list of fields without it": ("#define ALL(x) x(used) x(flags)\n#define CLEAR(f) w->f = 0;", stored_then("ALL(CLEAR)")),
    "line directives around": ("", CLAMP + '\n# 900 "elsewhere.c"\nw->used = 1;\n'),
}
CASES = [
    *cases("adversary: names that write", after_the_store({f"names: {n}": c for n, c in WRITERS.items()}), right=False),
    *cases("adversary: names that compute", {f"names: {n}": c for n, c in NUMBERS.items()}),
    *cases("adversary: preprocessor", {f"preprocessor: {n}": c for n, c in TEXT.items()}),
    *cases("adversary: names, right", after_the_store({f"names, right: {n}": c for n, c in RIGHT.items()}), right=True),
]
