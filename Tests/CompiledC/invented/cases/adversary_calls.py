"""What somebody would try who wants to prove walker wrong: calls whose effects are summed up rather than followed."""

from invented.program import CLAMP, after_the_store, cases, far, stored_then

W = "struct widget *w"


def called(declaration, files, use="late(w);", **more):
    return {"before": declaration, "body": stored_then(use), "files": files} | more


LATE = f"void late({W});"
SUMMARIES = {
    # A summary that is made while another one is being made: the writer is behind the way back.
    "two that call each other": called(LATE, far("net/a.c", f"void late({W}) {{ if (w->used < 2) {{ w->used++; other(w); }} }}\n"
                                                            f"void other({W}) {{ if (w->used > 1) w->room = 3; else late(w); }}", f"void other({W});\n")),
    "two that call each other, over files": called(
        LATE, far("net/a.c", f"void late({W}) {{ if (w->used++ < 2) other(w); }}", f"void other({W});\n")
        | far("drivers/b.c", f"void other({W}) {{ late(w); w->room = 3; }}", f"void late({W});\n")),
    "three in a circle": called(
        LATE, far("net/a.c", f"void late({W}) {{ if (w->used++ < 3) b(w); }}", f"void b({W});\n")
        | far("lib/b.c", f"void b({W}) {{ c(w); }}", f"void c({W});\n")
        | far("mm/c.c", f"void c({W}) {{ if (w->used > 2) d(w); late(w); }}", f"void late({W}); void d({W});\n")
        | far("fs/d.c", f"void d({W}) {{ w->room = 3; }}")),
    "two circles that meet": called(
        f"void one({W}); void two({W});",
        far("net/a.c", f"void one({W}) {{ if (w->used++ < 2) two(w); }}\nvoid two({W}) {{ if (w->used < 4) {{ w->used++; one(w); three(w); }} }}\n"
                       f"void three({W}) {{ if (w->used < 5) two(w); w->room = 3; }}", f"void two({W}); void three({W});\n"), use="one(w); w->used = 9; two(w);"),
    "a circle, entered at its other end first": called(
        f"void one({W}); void two({W});",
        far("net/a.c", f"void two({W}) {{ if (w->used++ < 1) one(w); else w->room = 3; }}\nvoid one({W}) {{ if (w->used++ < 1) two(w); }}", f"void one({W});\n"),
        use="w->used = 1; one(w); w->used = 0; two(w); w->used = 1; two(w);"),
    "recursion that hands on another field": called(
        "void late(u32 *p, int n);", far("net/a.c", "void late(u32 *p, int n) { if (n) late(p - 1, n - 1); else *p = 3; }"), use="late(&w->used, 1);"),
    "recursion that moves to next": called(
        f"void late({W}, int n);", far("net/a.c", f"void late({W}, int n) {{ if (n) late(w->next, n - 1); else w->room = 3; }}"), use="late(w, 3);"),
    "recursion that swaps its arguments": called(
        f"void late({W}, struct widget *v, int n);",
        far("net/a.c", f"void late({W}, struct widget *v, int n) {{ if (n) late(v, w, n - 1); else w->room = 3; }}"), use="struct widget t; late(&t, w, 1);"),
    # The same text means two things.
    "same text, another macro": called(
        f"void one({W}); void two({W});",
        far("net/one.c", f"static void step({W}) {{ w->FIELD = 1; }}\nvoid one({W}) {{ step(w); }}", "#define FIELD used\n")
        | far("net/two.c", f"static void step({W}) {{ w->FIELD = 1; }}\nvoid two({W}) {{ step(w); }}", "#define FIELD room\n"), use="one(w); two(w);"),
    "same text, another static function": called(
        f"void one({W}); void two({W});",
        far("net/one.c", f"static void step({W}) {{ set(w); }}\nvoid one({W}) {{ step(w); }}", f"static void set({W}) {{ w->used = 1; }}\n")
        | far("net/two.c", f"static void step({W}) {{ set(w); }}\nvoid two({W}) {{ step(w); }}", f"static void set({W}) {{ w->room = 1; }}\n"), use="one(w); two(w);"),
    "same text, another type": called(
        f"void one({W}); void two({W});",
        far("net/one.c", "static void step(void *p) { ((struct view *)p)->x = 1; }\nvoid one(struct widget *w) { step(w); }", "struct view { int a, b, x; };\n")
        | far("net/two.c", "static void step(void *p) { ((struct view *)p)->x = 1; }\nvoid two(struct widget *w) { step(w); }", "struct view { int a, x; };\n"),
        use="one(w); two(w);"),
    "same text, another constant": called(
        f"void one({W}); void two({W});",
        far("net/one.c", f"static void step({W}) {{ ((u32 *)w)[PLACE] = 1; }}\nvoid one({W}) {{ step(w); }}", "enum { PLACE = 2 };\n")
        | far("net/two.c", f"static void step({W}) {{ ((u32 *)w)[PLACE] = 1; }}\nvoid two({W}) {{ step(w); }}", "enum { PLACE = 1 };\n"), use="one(w); two(w);"),
    "same text, another static variable": called(
        f"void one({W}); void two({W});",
        far("net/one.c", f"static void step({W}) {{ ((u32 *)w)[place] = 1; }}\nvoid one({W}) {{ step(w); }}", "static int place = 2;\n")
        | far("net/two.c", f"static void step({W}) {{ ((u32 *)w)[place] = 1; }}\nvoid two({W}) {{ step(w); }}", "static int place = 1;\n"), use="one(w); two(w);"),
    "a template that is included twice": called(
        f"void one({W}); void two({W});",
        {"net/step.h": f"void NAME({W}) {{ w->FIELD = 1; }}\n#undef NAME\n#undef FIELD\n"}
        | far("net/both.c", '#define NAME one\n#define FIELD used\n#include "step.h"\n#define NAME two\n#define FIELD room\n#include "step.h"'),
        use="one(w); two(w);"),
    "a file that includes a file": called(LATE, far("net/outer.c", '#include "inner.inc"') | {"net/inner.inc": f"void late({W}) {{ w->room = 3; }}\n"}),
    "a function whose summary depends on its callback": called(
        f"void run({W}, void (*f)({W}));\nstatic void calm({W}) {{ w->used = 1; }} static void wild({W}) {{ w->room = 1; }}",
        far("net/run.c", f"void run({W}, void (*f)({W})) {{ f(w); }}"), use="run(w, calm); run(w, wild);"),
    "a function whose summary depends on its object": called(
        f"void fill({W});", far("net/fill.c", f"void fill({W}) {{ w->room = 7; }}"), use="struct widget t; fill(&t); fill(w);"),
    "a function whose summary depends on a flag": called(
        f"void fill({W}, int room);", far("net/fill.c", f"void fill({W}, int room) {{ if (room) w->room = 7; else w->used = 7; }}"), use="fill(w, 0); fill(w, 1);"),
    "a function whose summary depends on a global": called(
        f"extern int mode; void fill({W});", far("net/fill.c", f"int mode;\nvoid fill({W}) {{ if (mode) w->room = 7; }}"), use="fill(w); mode = 1; fill(w);"),
    "a function whose summary depends on an offset": called(
        f"void put({W}, int at);", far("net/put.c", f"void put({W}, int at) {{ ((u32 *)w)[at] = 7; }}"), use="put(w, 2); put(w, 1);"),
    "a function whose summary depends on a length": called(
        "void wipe(void *p, int n);", far("net/put.c", "void wipe(void *p, int n) { memset(p, 0, n); }"), use="wipe(w, 4); wipe(w, 8);"),
    # What leads to the object.
    "returned pointer": called(f"u32 *slot({W});", far("lib/slot.c", f"u32 *slot({W}) {{ return &w->room; }}"), use="*slot(w) = 3;"),
    "returned pointer, void": called(f"void *slot({W});", far("lib/slot.c", f"void *slot({W}) {{ return &w->room; }}"), use="*(int *)slot(w) = 3;"),
    "returned pointer, as a number": called(f"unsigned long slot({W});", far("lib/slot.c", f"unsigned long slot({W}) {{ return (unsigned long)&w->room; }}"),
                                            use="*(u32 *)slot(w) = 3;"),
    "returned object": called(f"struct widget *same({W});", far("lib/slot.c", f"struct widget *same({W}) {{ return w; }}"), use="same(w)->room = 3;"),
    "returned object that looks allocated": called(
        "struct widget *widget_alloc(void);", far("lib/slot.c", "struct widget *widget_alloc(void) { return &the_widget; }"), use="widget_alloc()->room = 3;"),
    "returned object out of a cache": called(
        f"void widget_free({W}); struct widget *widget_alloc(void);",
        far("lib/slot.c", f"void widget_free({W}) {{ last = w; }}\nstruct widget *widget_alloc(void) {{ return last; }}", "static struct widget *last;\n"),
        use="widget_free(w); widget_alloc()->room = 3;"),
    "returned record": called(f"struct box {{ {W}; }}; struct box boxed({W});", far("lib/slot.c", f"struct box boxed({W}) {{ return (struct box){{ w }}; }}",
                                                                                  f"struct box {{ {W}; }};\n"), use="boxed(w).w->room = 3;"),
    "out parameter": called(f"void slot({W}, u32 **to);", far("lib/slot.c", f"void slot({W}, u32 **to) {{ *to = &w->room; }}"), use="u32 *p; slot(w, &p); *p = 3;"),
    "out parameter that was something else": called(
        f"void slot({W}, u32 **to);", far("lib/slot.c", f"void slot({W}, u32 **to) {{ *to = &w->room; }}"), use="u32 x, *p = &x; slot(w, &p); *p = 3;"),
    "out record": called(
        f"struct cursor {{ u32 *at; int n; }}; void start({W}, struct cursor *c);",
        far("lib/slot.c", f"void start({W}, struct cursor *c) {{ c->at = &w->used; c->n = 1; }}", "struct cursor { u32 *at; int n; };\n"),
        use="struct cursor c; start(w, &c); c.at[-c.n] = 3;"),
    "iterator in a file": called(
        "struct cursor { struct node *at; }; int step(struct cursor *c);",
        far("lib/step.c", "int step(struct cursor *c) { c->at = c->at->next; return is_busy(0); }", "struct cursor { struct node *at; };\n"),
        use="struct cursor c = { &w->node }; while (step(&c)) barrier(); container_of(c.at, struct widget, node)->room = 3;"),
    "registered, then told": called(
        f"struct listener {{ void (*f)({W}); struct listener *next; }}; void listen_to(struct listener *l); void tell({W});\n"
        f"static void late({W}) {{ w->room = 3; }}",
        far("kernel/tell.c", f"void listen_to(struct listener *l) {{ l->next = all; all = l; }}\n"
                             f"void tell({W}) {{ struct listener *l; for (l = all; l; l = l->next) l->f(w); }}",
            f"struct listener {{ void (*f)({W}); struct listener *next; }}; static struct listener *all;\n"),
        use="static struct listener l = { late }; listen_to(&l); tell(w);"),
    "a job that is run": called(
        "struct job { void (*f)(struct job *); }; void run(struct job *j); struct mine { struct job job; struct widget *w; };\n"
        "static void late(struct job *j) { container_of(j, struct mine, job)->w->room = 3; }",
        far("kernel/run.c", "void run(struct job *j) { j->f(j); }", "struct job { void (*f)(struct job *); };\n"),
        use="struct mine m = { { late }, w }; run(&m.job);"),
    "a job that is run later": called(
        "struct job { void (*f)(struct job *); }; void queue(struct job *j); void flush(void); struct mine { struct job job; struct widget *w; };\n"
        "static void late(struct job *j) { container_of(j, struct mine, job)->w->room = 3; }",
        far("kernel/run.c", "void queue(struct job *j) { queued = j; }\nvoid flush(void) { if (queued) queued->f(queued); }",
            "struct job { void (*f)(struct job *); }; static struct job *queued;\n"),
        use="struct mine m = { { late }, w }; queue(&m.job); flush();"),
    "a table that is handed on": called(
        f"void run(const struct widget_ops *o, {W});\nstatic void late({W}) {{ w->room = 3; }} static const struct widget_ops ops = {{ .fix = late }};",
        far("fs/run.c", f"void run(const struct widget_ops *o, {W}) {{ if (o->fix) o->fix(w); }}"), use="run(&ops, w);"),
    "a table in the object": called(
        f"void run({W});\nstatic void late({W}) {{ w->room = 3; }} static const struct widget_ops ops = {{ .fix = late }};",
        far("fs/run.c", f"void run({W}) {{ const struct widget_ops *o = w->private; o->fix(w); }}"), use="w->private = (void *)&ops; run(w);"),
    "the key of a table": called(
        f"void run(int key, {W});",
        far("fs/run.c", f"static void calm({W}) {{ }}\nstatic void late({W}) {{ w->room = 3; }}\nstatic void (*const all[4])({W}) = {{ calm, calm, [3] = late, [2] = calm }};\n"
                        f"void run(int key, {W}) {{ all[key & 3](w); }}"), use="run(3, w);"),
    "const that is cast away": called("void look(const struct widget *w);", far("lib/look.c", "void look(const struct widget *w) { ((struct widget *)w)->room = 3; }"),
                                      use="look(w);"),
    "const that is cast away, deep": called(
        "int look(const void *p);", far("lib/look.c", "int look(const void *p) { return poke((void *)p); }", "int poke(void *p);\n")
        | far("mm/poke.c", "int poke(void *p) { *((int *)p + 1) = 3; return 1; }"), use="w->used = look(w);"),
    "by value, with a pointer in it": called(
        "struct box { int n; u32 *to; }; void late(struct box b);", far("lib/b.c", "void late(struct box b) { *b.to = b.n; }", "struct box { int n; u32 *to; };\n"),
        use="late((struct box){ 3, &w->room });"),
    "variadic": called("void late(int n, ...);",
                       far("lib/v.c", "void late(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); while (n--) *__builtin_va_arg(l, u32 *) = 3; __builtin_va_end(l); }"),
                       use="late(2, &w->used, &w->room);"),
    "variadic that hands its list on": called(
        "void late(int n, ...);", far("lib/v.c", "static void inner(int n, __builtin_va_list l) { while (n--) __builtin_va_arg(l, struct widget *)->room = 3; }\n"
                                                "void late(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); inner(n, l); __builtin_va_end(l); }"), use="late(1, w);"),
    "without a prototype": called("void late();", far("lib/v.c", f"void late({W}, int n) {{ w->room = n; }}"), use="late(w, 3);"),
    "through a cast to other parameters": called(
        "void late(void);", far("lib/v.c", f"void late({W}) {{ w->room = 3; }}"), use="((void (*)(struct widget *))late)(w);"),
    "a name given by the assembler": called(
        f'void calm({W}) __asm__("wild");', far("lib/v.c", f"void calm({W}) {{ }}\nvoid wild({W}) {{ w->room = 3; }}"), use="calm(w);"),
    "a function in assembly": called(LATE, far("lib/v.c", '__asm__(".globl late\\nlate: movl $3, 4(%rdi)\\nret\\n");')),
    "a function in assembly, without arguments": called(
        "void late(void);", far("lib/v.c", '__asm__(".globl late\\nlate: movl $3, the_widget+4(%rip)\\nret\\n");'), use="late();"),
    "a function in assembly's own file": called(LATE, {"arch/x86/lib/late.S": ".globl late\nlate: movl $3, 4(%rdi)\nret\n"}),
    "an alias of a variable": called(
        "extern struct widget *again;", far("lib/v.c", "struct widget *first = &the_widget;\nextern struct widget *again __attribute__((alias(\"first\")));"), use="again->room = 3;"),
    "a thread's variable": called(
        "extern __thread struct widget *mine; void arm(struct widget *w);",
        far("lib/v.c", "__thread struct widget *mine;\nvoid arm(struct widget *w) { mine = w; }"), use="arm(w); mine->room = 3;"),
    "a static of a function": called(
        f"void late({W});", far("lib/v.c", f"void late({W}) {{ static {W[:-1]}kept; if (kept) kept->room = 3; kept = w; }}"), use="late(w); late(0);"),
    "an array that is filled": called(
        "int collect(struct widget **to, int n);", far("lib/v.c", "int collect(struct widget **to, int n) { int i; for (i = 0; i < n; i++) to[i] = all_widgets[i]; return n; }"),
        use="struct widget *some[2]; int n = collect(some, 2); while (n--) some[n]->room = n + 3;"),
    "a cleanup in a callee": called(
        LATE, far("lib/v.c", f"static void undo({W[:-1]}*p) {{ (*p)->room = 3; }}\nvoid late({W}) {{ struct widget *h __attribute__((cleanup(undo))) = w; w->used = 1; }}")),
    "a constructor's pointer": called(
        f"extern void (*hook)({W});",
        far("lib/v.c", f"void (*hook)({W});\nstatic void late({W}) {{ w->room = 3; }}\n__attribute__((constructor)) static void arm(void) {{ hook = late; }}"),
        use="if (hook) hook(w);"),
    "a switch of functions": called(
        f"void late({W}, int n);",
        far("lib/v.c", f"static void a({W}) {{ }}\nstatic void b({W}) {{ w->room = 3; }}\nvoid late({W}, int n) {{ void (*f)({W}) = a; switch (n & 3) {{ case 2: f = b; }} f(w); }}"),
        use="late(w, size);"),
    "a loop of calls": called(LATE, far("lib/v.c", f"void late({W}) {{ if (w->used++ == 2) w->room = 3; }}"), use="int i; w->used = 0; for (i = 0; i < 5; i++) late(w);"),
    "a loop of calls, long": called(LATE, far("lib/v.c", f"void late({W}) {{ if (w->used++ == 200) w->room = 3; }}"),
                                    use="int i; w->used = 0; for (i = 0; i < 300; i++) late(w);"),
    "a call in a condition": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="if (size == 77 && late(w)) w->used = 1;"),
    "a call in an index": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="w->list[late(w)] = 2;"),
    "a call in an initializer": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="int n = late(w), m = n; w->used = m;"),
    "a call in an array's size": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="int n[late(w)]; n[0] = 1; w->used = n[0];"),
    "a call in a return": {"before": f"int late({W});", "body": CLAMP + "w->room = size; return late(w);", "files": far("lib/v.c", f"int late({W}) {{ w->room |= 3; return 0; }}")},
    "a call in a switch": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="switch (late(w)) { default: w->used = 1; }"),
    "a call in a for": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return w->used++ < 2; }}"), use="for (w->used = 0; late(w);) barrier();"),
    "a call in a comma": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="w->used = (late(w), 2);"),
    "a call in a cast to void": called(f"int late({W});", far("lib/v.c", f"int late({W}) {{ w->room = 3; return 1; }}"), use="(void)late(w);"),
    "a call that returns what it was": called(
        f"u32 late({W});", far("lib/v.c", f"u32 late({W}) {{ u32 old = w->room; w->room = 0; return old; }}"), use="w->used = late(w);"),
    "the store's value by a call that stores": {
        "before": f"static int late({W}) {{ w->room = 3; return 4; }}", "body": CLAMP + "w->room = late(w) ? size + 1 : size; return 0;"},
    "the followed number by a call that changes its copy": (
        f"static int copy; static void late(void) {{ copy++; }}", CLAMP + "copy = size; late(); size = copy;"),
    "parameter that is changed": ("static int next(int n) { n++; return n; }", CLAMP + "size = next(size);"),
    "argument converted": ("static int narrow(u8 n) { return n; }", CLAMP + "size = narrow(size);"),
    "argument converted by a cast function": (
        "static int wide(long n) { return n >> 32; }", CLAMP + "size = ((int (*)(long))wide)(size | 0x80000000);"),
    "result converted": ("static u16 narrow(int n) { return n; }", CLAMP + "size = narrow(size);"),
    "result converted to bool": ("static bool any(int n) { return n; }", CLAMP + "size = any(size);"),
    "result of a void pointer": ("static void *p(long n) { return (void *)n; }", CLAMP + "size = (long)p((u16)size);"),
}
RIGHT = {
    "two that call each other, another field": called(
        LATE, far("net/a.c", f"void late({W}) {{ if (w->used++ < 2) other(w); }}", f"void other({W});\n")
        | far("drivers/b.c", f"void other({W}) {{ late(w); w->flags = 3; }}", f"void late({W});\n")),
    "same text, the macro that is meant": called(
        f"void one({W});",
        far("net/one.c", f"static void step({W}) {{ w->FIELD = 1; }}\nvoid one({W}) {{ step(w); }}", "#define FIELD used\n")
        | far("net/two.c", f"static void step({W}) {{ w->FIELD = 1; }}\nvoid two({W}) {{ step(w); }}", "#define FIELD room\n"), use="one(w);"),
    "a callback that is calm": called(
        f"void run({W}, void (*f)({W}));\nstatic void calm({W}) {{ w->used = 1; }}", far("net/run.c", f"void run({W}, void (*f)({W})) {{ f(w); }}"), use="run(w, calm);"),
    "a job beside": called(
        "struct job { void (*f)(struct job *); }; void run(struct job *j); struct mine { struct job job; struct widget *w; };\n"
        "static void late(struct job *j) { container_of(j, struct mine, job)->w->used = 3; }",
        far("kernel/run.c", "void run(struct job *j) { j->f(j); }", "struct job { void (*f)(struct job *); };\n"),
        use="struct mine m = { { late }, w }; run(&m.job);"),
    "returned pointer to a neighbour": called(f"u32 *slot({W});", far("lib/slot.c", f"u32 *slot({W}) {{ return &w->used; }}"), use="*slot(w) = 3;"),
    "returned number of a neighbour": called(f"u32 get({W});", far("lib/slot.c", f"u32 get({W}) {{ return w->used; }}"), use="w->flags = get(w) + 1;"),
    "a record of locals": called(
        "struct cursor { int at, n; }; void step(struct cursor *c);", far("lib/step.c", "void step(struct cursor *c) { c->at += c->n; }", "struct cursor { int at, n; };\n"),
        use="struct cursor c = { 1, 2 }; step(&c); w->used = c.at;"),
    "a message": called("void say(const char *format, ...);", far("lib/say.c", "void say(const char *format, ...) { }"), use='say("%d of %d", size, widget_cap);'),
    "a count elsewhere": called("void count(void);", far("lib/count.c", "static u64 counted;\nvoid count(void) { counted++; }"), use="count();"),
    "a lock": called(
        "struct lock { int held; }; static struct lock the_lock; void lock(struct lock *l); void unlock(struct lock *l);",
        far("kernel/lock.c", "void lock(struct lock *l) { while (__atomic_exchange_n(&l->held, 1, 5)) barrier(); }\n"
                             "void unlock(struct lock *l) { __atomic_store_n(&l->held, 0, 5); }", "struct lock { int held; };\n"), use="lock(&the_lock); unlock(&the_lock);"),
    "a reference count": called(
        f"void get({W}); void put({W});", far("kernel/ref.c", f"void get({W}) {{ __sync_fetch_and_add(&w->knob, 1); }}\n"
                                              f"void put({W}) {{ if (!__sync_sub_and_fetch(&w->knob, 1)) w->state = 0; }}"), use="get(w); put(w);"),
    "45 deep, beside": called(
        "".join(f"static noinline int d{n}(int n) {{ return {f'd{n - 1}(n) + 1' if n else 'n'}; }}\n" for n in range(46)), {}, use="w->used = d45(1);"),
}
CASES = [*cases("adversary: calls", after_the_store({f"calls: {n}": c for n, c in SUMMARIES.items()}), right=False),
         *cases("adversary: calls, right", after_the_store({f"calls, right: {n}": c for n, c in RIGHT.items()}), right=True)]
