"""Ways to write to a field of the object, to a global, or to a local, each as a statement within a program that is made up.

The same idiom is harmless or harmful by what it is pointed at: that is what a judge of soundness and of completeness needs.
"""

FIELDS = ["used", "flags", "spare", "knob", "list[3]", "node.weight", "inner.depth", "any.whole"]


def harmless(d, live):
    """Adds an idiom that writes nothing that is live, or that only reads; gives its name."""
    r = d.r
    if r.random() < 0.3:
        return reading(d)
    if r.random() < 0.65:
        bases = {each.split("[")[0] for each in live}
        field = r.choice([f for f in FIELDS if f.split("[")[0] not in bases])
        return to_field(d, field, r.choice(["0", "3", "7", "255"]))
    if r.random() < 0.5:
        name = "gadget_cap"
        if r.random() < 0.5:
            name = d.name("other")
            d.before.append(f"static int {name};")
        return to_global(d, name, r.choice(["0", "7"]))
    name = d.name("aside")
    d.say(f"int {name} = 4;")
    return to_local(d, name, "5")


def harmful(d, targets):
    """Adds an idiom that writes one of the targets, for some inputs at least; gives its name."""
    kind, what = d.r.choice(targets)
    number = d.r.choice(["3", "0", "11", "127"])
    if kind == "field":
        return to_field(d, what, number)
    return to_global(d, what, number) if kind == "global" else to_local(d, what, number)


def chosen(d, table, *given):
    """One of the table's idioms, by weight."""
    name = d.r.choices(list(table), [weight for weight, _ in table.values()])[0]
    table[name][1](d, *given)
    return name


def to_field(d, field, number):
    return chosen(d, FIELD_IDIOMS, field, number)


def to_global(d, name, number):
    return chosen(d, GLOBAL_IDIOMS, name, number)


def to_local(d, lvalue, number):
    return chosen(d, LOCAL_IDIOMS, lvalue, number)


def reading(d):
    return chosen(d, READING_IDIOMS)


# A field of the object.


def plain_store(d, f, n):
    d.say(f"{d.trigger()}w->{f} = {n};")


def while_next(d, f, n):
    p = d.name("p")
    d.say(f"struct widget *{p} = w;\n\twhile (is_busy({p}))\n\t\t{p} = {p}->next;\n\t{d.trigger()}{p}->{f} = {n};")


def for_next_inside(d, f, n):
    p, i = d.name("p"), d.name("i")
    d.say(f"struct widget *{p};\n\tint {i} = 0;\n\tfor ({p} = w; {p} && {i} < 3; {p} = {p}->next, {i}++)\n\t\t{p}->{f} = {n};")


def do_next(d, f, n):
    p = d.name("p")
    d.say(f"struct widget *{p} = w;\n\tdo {{\n\t\t{p} = {p}->next;\n\t}} while (is_busy(w));\n\t{d.trigger()}{p}->{f} = {n};")


def goto_next(d, f, n):
    p, a = d.name("p"), d.name("again")
    d.say(f"struct widget *{p} = w;\n{a}:\n\tif (is_busy({p})) {{\n\t\t{p} = {p}->next;\n\t\tgoto {a};\n\t}}\n\t{p}->{f} = {n};")


def table_of_objects(d, f, n):
    i = d.name("i")
    d.say(f"int {i};\n\tfor ({i} = 0; {i} < 4; {i}++)\n\t\tall_widgets[{i}]->{f} = {n};")


def pointer_over_table(d, f, n):
    p = d.name("p")
    d.say(f"struct widget **{p} = all_widgets;\n\twhile ({p} < all_widgets + 3)\n\t\t{p}++;\n\t(*{p})->{f} = {n};")


def node_in_loop(d, f, n):
    p = d.name("n")
    d.say(f"struct node *{p} = &w->node;\n\twhile (is_busy(w))\n\t\t{p} = {p}->next;\n\tcontainer_of({p}, struct widget, node)->{f} = {n};")


def found(d, f, n):
    d.say(f"{d.trigger()}find_widget({d.r.randrange(9)})->{f} = {n};")


def next_store(d, f, n):
    d.say(f"{d.trigger()}w->next->{f} = {n};")


def owner_store(d, f, n):
    d.say(f"{d.trigger()}w->gadget->owner->{f} = {n};")


def global_store(d, f, n):
    d.say(f"{d.trigger()}the_widget.{f} = {n};")


def field_pointer(d, f, n):
    q = d.name("q")
    d.say(f"__typeof__(w->{f}) *{q} = &w->{f};\n\t{d.trigger()}*{q} = {n};")


def field_pointer_chosen(d, f, n):
    q, x = d.name("q"), d.name("x")
    d.say(f"u32 {x} = 1, *{q} = size & 1 ? &{x} : (u32 *)&w->{f};\n\t*{q} = {n};")


def byte_view(d, f, n):
    i = d.name("i")
    d.say(f"unsigned {i};\n\tfor ({i} = 0; {i} < sizeof(u32); {i}++)\n\t\t((u8 *)&w->{f})[{i}] = {n} >> {i};")


def void_view(d, f, n):
    p = d.name("p")
    d.say(f"void *{p} = w;\n\t{d.trigger()}((struct widget *){p})->{f} = {n};")


def integer_view(d, f, n):
    p = d.name("p")
    d.say(f"uintptr_t {p} = (uintptr_t)w;\n\t{d.trigger()}((struct widget *){p})->{f} = {n};")


def offset_view(d, f, n):
    d.say(f"*(u32 *)((char *)w + __builtin_offsetof(struct widget, {f})) = {n};")


def private_view(d, f, n):
    d.say(f"w->private = w;\n\t{d.trigger()}((struct widget *)w->private)->{f} = {n};")


def helper(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct widget *w)", f"w->{f} = {n};")
    d.say(f"{d.trigger()}{g}(w);")


def far_chain(d, f, n):
    depth = d.r.choice([2, 3, 5, 8])
    names = [d.name("deep") for _ in range(depth)]
    for here, there in zip(names, names[1:]):
        d.file(f"void {here}(struct widget *w) {{ {there}(w); }}\n", f"void {there}(struct widget *w);\n")
    d.file(f"void {names[-1]}(struct widget *w) {{ w->{f} = {n}; }}\n")
    d.before.append(f"void {names[0]}(struct widget *w);")
    d.say(f"{d.trigger()}{names[0]}(w);")


def near_chain(d, f, n):
    depth = d.r.choice([3, 10, 45])
    names = [d.name("near") for _ in range(depth)]
    text = [f"static void {names[-1]}(struct widget *w) {{ w->{f} = {n}; }}"]
    for here, there in reversed(list(zip(names, names[1:]))):
        text.append(f"static noinline void {here}(struct widget *w) {{ {there}(w); }}")
    d.before += text
    d.say(f"{names[0]}(w);")


def helper_void(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(void *data)", f"struct widget *x = data;\n\tx->{f} = {n};")
    d.say(f"{d.trigger()}{g}(w);")


def helper_node(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct node *n)", f"container_of(n, struct widget, node)->{f} = {n};")
    d.say(f"{d.trigger()}{g}(&w->node);")


def helper_slot(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(void *slot)", f"*(u32 *)slot = {n};")
    d.say(f"{d.trigger()}{g}(&w->{f});")


def helper_gadget(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct gadget *g)", f"g->owner->{f} = {n};")
    d.say(f"{d.trigger()}{g}(w->gadget);")


def helper_global(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(void)", f"the_widget.{f} = {n};")
    d.say(f"{d.trigger()}{g}();")


def helper_kept_pointer(d, f, n):
    k, g = d.name("kept"), d.name("late")
    d.before.append(f"static struct widget *{k};")
    d.function(f"void {g}(void)", f"{k}->{f} = {n};", far=False)
    d.say(f"{k} = w;\n\t{d.trigger()}{g}();")


def two_parameters(d, f, n):
    g = d.name("two")
    d.function(f"void {g}(struct widget *a, struct widget *b)", f"a->state = b->state;\n\tb->{f} = {n};")
    d.say(f"{d.trigger()}{g}(w, w);")


def callback(d, f, n):
    g, a = d.name("late"), d.name("apply")
    d.function(f"void {g}(struct widget *w)", f"w->{f} = {n};")
    d.function(f"void {a}(struct widget *w, void (*f)(struct widget *))", "f(w);")
    d.say(f"{d.trigger()}{a}(w, {g});")


def hook_at_run_time(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct widget *w, int size)", f"w->{f} = {n};")
    d.say(f"w->hook = {g};\n\t{d.trigger()}w->hook(w, size);")


def static_pointer(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct widget *w)", f"w->{f} = {n};")
    d.before.append(f"static void (*{g}_hook)(struct widget *w) = {g};")
    d.say(f"{d.trigger()}{g}_hook(w);")


def array_of_functions(d, f, n):
    g, h, i = d.name("late"), d.name("late"), d.name("i")
    d.function(f"void {g}(struct widget *w)", f"w->{f} = {n};")
    d.function(f"void {h}(struct widget *w)", "w->state = 1;")
    d.before.append(f"static void (*const {g}_all[2])(struct widget *w) = {{ {h}, {g} }};")
    d.say(d.r.choice([f"{g}_all[size & 1](w);", f"int {i};\n\tfor ({i} = 0; {i} < 2; {i}++)\n\t\t{g}_all[{i}](w);"]))


def table_positional(d, f, n):
    g = d.name("ops")
    d.file(f"static void {g}_fix(struct widget *w) {{ w->{f} = {n}; }}\nstatic int {g}_set(struct widget *w, int n) {{ return 0; }}\n"
           f"static const struct widget_ops {g}_all = {{ {g}_fix, {g}_set }};\nconst struct widget_ops *{g} = &{g}_all;\n")
    d.before.append(f"extern const struct widget_ops *{g};")
    d.say(f"{d.trigger()}{g}->fix(w);")


def table_nested(d, f, n):
    g = d.name("family")
    d.file(f"static void {g}_fix(struct widget *w) {{ w->{f} = {n}; }}\n"
           f"const struct widget_family {g} = {{ .number = 2, .ops = {{ .fix = {g}_fix }} }};\n")
    d.before.append(f"extern const struct widget_family {g};")
    d.say(f"{d.trigger()}{g}.ops.fix(w);")


def table_assigned(d, f, n):
    g = d.name("late")
    d.function(f"void {g}(struct widget *w)", f"w->{f} = {n};")
    d.before.append(f"static struct widget_ops {g}_ops;")
    d.say(f"{g}_ops.fix = {g};\n\t{d.trigger()}{g}_ops.fix(w);")


def memory_set(d, f, n):
    d.say(f"{d.trigger()}memset(&w->{f}, {n}, sizeof w->{f});")


def memory_set_far(d, f, n):
    g = d.name("wipe")
    d.function(f"void {g}(void *p, size_t length)", f"memset(p, {n}, length);")
    d.say(f"{d.trigger()}{g}(&w->{f}, sizeof w->{f});")


def memory_copy(d, f, n):
    x = d.name("x")
    d.say(f"u32 {x} = {n};\n\t{d.trigger()}memcpy(&w->{f}, &{x}, sizeof {x});")


def record_copy(d, f, n):
    t = d.name("t")
    d.say(f"struct widget {t} = *w;\n\t{t}.{f} = {n};\n\t{d.trigger()}*w = {t};")


def record_copy_far(d, f, n):
    g = d.name("restore")
    d.function(f"void {g}(struct widget *to)", f"struct widget t = *to;\n\tt.{f} = {n};\n\tmemcpy(to, &t, sizeof t);")
    d.say(f"{d.trigger()}{g}(w);")


def atomic(d, f, n):
    d.say(d.trigger() + d.r.choice([
        f"__atomic_store_n(&w->{f}, {n}, __ATOMIC_RELAXED);", f"__sync_fetch_and_add(&w->{f}, {n} + 1);",
        f"__atomic_exchange_n(&w->{f}, {n}, __ATOMIC_SEQ_CST);", f"__sync_lock_test_and_set(&w->{f}, {n});",
        f"__sync_bool_compare_and_swap(&w->{f}, w->{f}, {n});", f"__atomic_or_fetch(&w->{f}, {n} | 64, __ATOMIC_SEQ_CST);"]))


def assembly(d, f, n):
    d.say(d.trigger() + d.r.choice([
        f'__asm__ volatile("movl ${n}, %0" : "=m" (w->{f}));',
        f'__asm__ volatile("movl ${n}, (%0)" : : "r" (&w->{f}) : "memory");']))


def cleanup(d, f, n):
    g = d.name("undo")
    d.function(f"void {g}(struct widget **p)", f"(*p)->{f} = {n};")
    d.say(f"{{ struct widget *held __attribute__((cleanup({g}), unused)) = w; }}")


def recursion(d, f, n):
    g = d.name("down")
    d.function(f"void {g}(struct widget *w, int n)", f"if (n > 0) {{\n\t\tw->{f} = {n};\n\t\t{g}(w, n - 1);\n\t}}", far=False)
    d.say(f"{g}(w, {d.r.choice(['3', 'size & 7'])});")


def record_of_other_type(d, f, n):
    v = d.name("view")
    d.before.append(f"struct {v} {{ int first; u32 words[31]; }};")
    d.say(f"((struct {v} *)w)->words[(__builtin_offsetof(struct widget, {f}) - 4) / 4] = {n};")


def word_index(d, f, n):
    i = d.name("i")
    d.say(f"int {i} = __builtin_offsetof(struct widget, {f}) / 4;\n\t{d.trigger()}((u32 *)w)[{i}] = {n};")


def comma_store(d, f, n):
    d.say(f"{d.trigger()}(void)(w->state++, w->{f} = {n});")


def if_differs(d, f, n):
    d.say(f"if (w->{f} != {n})\n\t\tw->{f} = {n};")


def in_switch(d, f, n):
    d.say(f"switch (size & 3) {{\n\tcase 1:\n\t\tw->state = 2;\n\tcase 2:\n\t\tw->{f} = {n};\n\t\tbreak;\n\tdefault:\n\t\tbreak;\n\t}}")


def in_expression(d, f, n):
    d.say(f"w->state = ({{ {d.trigger()}w->{f} = {n}; 1; }});")


def in_condition(d, f, n):
    d.say(f"if (size > 5 || (w->{f} = {n}, 0))\n\t\tw->state = 3;")


FIELD_IDIOMS = {
    "plain store": (1, plain_store), "loop over next, while": (2, while_next), "loop over next, for": (1, for_next_inside),
    "loop over next, do": (1, do_next), "loop over next, goto": (1, goto_next), "loop over a table of objects": (1, table_of_objects),
    "pointer over a table": (1, pointer_over_table), "loop over nodes": (1, node_in_loop), "object that is found": (1, found),
    "next": (1, next_store), "owner of another record": (1, owner_store), "the object as a global": (1, global_store),
    "pointer to the field": (2, field_pointer), "pointer that is chosen": (1, field_pointer_chosen), "byte by byte": (1, byte_view),
    "object as void pointer": (1, void_view), "object as integer": (1, integer_view), "field by its offset": (1, offset_view),
    "object in a private pointer": (1, private_view), "helper": (2, helper), "chain over files": (2, far_chain),
    "chain in one file": (1, near_chain), "helper with void pointer": (1, helper_void), "helper with a node": (1, helper_node),
    "helper with the field": (1, helper_slot), "helper with another record": (1, helper_gadget), "helper with a global": (1, helper_global),
    "helper with a pointer that is kept": (1, helper_kept_pointer), "two parameters, one object": (1, two_parameters),
    "callback": (2, callback), "hook set at run time": (1, hook_at_run_time), "static function pointer": (1, static_pointer),
    "array of functions": (1, array_of_functions), "table, positional": (1, table_positional), "table, nested": (1, table_nested),
    "table, assigned": (1, table_assigned), "memset": (1, memory_set), "memset in a helper": (1, memory_set_far),
    "memcpy": (1, memory_copy), "record copied": (1, record_copy), "record copied in a helper": (1, record_copy_far),
    "atomic": (2, atomic), "assembly": (1, assembly), "cleanup": (1, cleanup), "recursion": (1, recursion),
    "record as another": (1, record_of_other_type), "word by index": (1, word_index), "comma": (1, comma_store),
    "store if it differs": (1, if_differs), "fall-through": (1, in_switch), "statement expression": (1, in_expression),
    "side effect in a condition": (1, in_condition),
}


# A global.


def set_global(d, g, n):
    d.say(f"{d.trigger()}{g} = {n};")


def tuned(d, g, n):
    f = d.name("tune")
    far = d.r.random() < 0.5 and g.endswith("_cap")
    d.function(f"void {f}(void)", f"{g} = {n};", far=far)
    d.say(f"{d.trigger()}{f}();")


def tuned_deep(d, g, n):
    f = d.name("tune")
    d.function(f"void {f}c(void)", f"{g} = {n};", far=False)
    d.function(f"void {f}b(int n)", f"if (n)\n\t\t{f}c();", far=False)
    d.function(f"void {f}a(void)", f"{f}b(1);", far=False)
    d.say(f"{d.trigger()}{f}a();")


def tuned_by_pointer(d, g, n):
    f = d.name("tune")
    d.function(f"void {f}(int *knob)", f"*knob = {n};")
    d.say(f"{d.trigger()}{f}(&{g});")


def global_pointer(d, g, n):
    p = d.name("knob")
    d.say(f"int *{p} = &{g};\n\t{d.trigger()}*{p} = {n};")


def global_atomic(d, g, n):
    d.say(f"{d.trigger()}__atomic_store_n(&{g}, {n}, __ATOMIC_RELEASE);")


def global_set(d, g, n):
    d.say(f"{d.trigger()}memset(&{g}, {n}, sizeof {g});")


def global_in_loop(d, g, n):
    i = d.name("i")
    d.say(f"int {i};\n\tfor ({i} = 0; {i} < 3; {i}++)\n\t\t{g} = {n} + {i};")


def global_table(d, g, n):
    t = d.name("knobs")
    d.before.append(f"static int *{t}[2] = {{ &gadget_cap, &{g} }};")
    d.say(f"{d.trigger()}*{t}[1] = {n};")


def global_callback(d, g, n):
    f, a = d.name("tune"), d.name("apply")
    d.function(f"void {f}(void)", f"{g} = {n};", far=False)
    d.function(f"void {a}(void (*f)(void))", "f();")
    d.say(f"{d.trigger()}{a}({f});")


def global_static_pointer(d, g, n):
    p = d.name("knob")
    d.before.append(f"static int *{p} = &{g};")
    d.say(f"{d.trigger()}*{p} = {n};")


GLOBAL_IDIOMS = {
    "global set": (1, set_global), "global set by a helper": (2, tuned), "global set three calls away": (1, tuned_deep),
    "global set by its address": (1, tuned_by_pointer), "global set by a local pointer": (1, global_pointer),
    "global set atomically": (1, global_atomic), "global set by memset": (1, global_set), "global set in a loop": (1, global_in_loop),
    "global set through a table": (1, global_table), "global set in a callback": (1, global_callback),
    "global set by a static pointer": (1, global_static_pointer),
}


# A local.


def set_local(d, v, n):
    d.say(f"{d.trigger()}{v} = {n};")


def local_pointer(d, v, n):
    p = d.name("p")
    d.say(f"int *{p} = &{v};\n\t{d.trigger()}*{p} = {n};")


def local_loop(d, v, n):
    p = d.name("p")
    d.say(f"int *{p} = &{v};\n\twhile (is_busy(w))\n\t\t*{p} -= 1;")


def local_out(d, v, n):
    f = d.name("get")
    d.function(f"void {f}(int *n)", f"*n = {n};")
    d.say(f"{d.trigger()}{f}(&{v});")


def local_out_void(d, v, n):
    f = d.name("get")
    d.function(f"void {f}(void *n, int length)", "int i;\n\tfor (i = 0; i < length; i++)\n\t\t((u8 *)n)[i] = 1;")
    d.say(f"{d.trigger()}{f}(&{v}, sizeof(int));")


def local_kept(d, v, n):
    k, f = d.name("kept"), d.name("keep")
    d.before.append(f"static int *{k};")
    d.function(f"void {f}(int *n)", f"{k} = n;", far=False)
    d.function(f"void {f}_poke(void)", f"*{k} = {n};", far=False)
    d.say(f"{f}(&{v});\n\t{f}_poke();")


def local_in_record(d, v, n):
    b, f = d.name("box"), d.name("fill")
    d.before.append(f"struct {b} {{ int *to; int n; }};")
    d.function(f"void {f}(struct {b} *b)", "*b->to = b->n;", far=False)
    d.say(f"struct {b} {b} = {{ &{v}, {n} }};\n\t{d.trigger()}{f}(&{b});")


def local_in_object(d, v, n):
    f = d.name("poke")
    d.function(f"void {f}(struct widget *w)", f"*(int *)w->private = {n};")
    d.say(f"w->private = &{v};\n\t{d.trigger()}{f}(w);")


def local_array(d, v, n):
    p, i = d.name("p"), d.name("i")
    d.say(f"int *{p}[2] = {{ &{v}, &{v} }}, {i};\n\tfor ({i} = 0; {i} < 2; {i}++)\n\t\t*{p}[{i}] = {n};")


def local_swap(d, v, n):
    x, f = d.name("x"), d.name("swap")
    d.function(f"void {f}(int *a, int *b)", "int t = *a;\n\t*a = *b;\n\t*b = t;")
    d.say(f"int {x} = {n};\n\t{d.trigger()}{f}(&{x}, &{v});")


def local_atomic(d, v, n):
    d.say(f"{d.trigger()}__atomic_store_n(&{v}, {n}, __ATOMIC_RELAXED);")


LOCAL_IDIOMS = {
    "local set": (1, set_local), "local set by pointer": (2, local_pointer), "local set in a loop by pointer": (1, local_loop),
    "local as out parameter": (2, local_out), "local as void pointer": (1, local_out_void), "local's address kept": (1, local_kept),
    "local's address in a record": (1, local_in_record), "local's address in the object": (1, local_in_object),
    "local in an array of pointers": (1, local_array), "local swapped": (1, local_swap), "local set atomically": (1, local_atomic),
}


# What only reads, or writes another record.


def read_list(d):
    p, i = d.name("p"), d.name("n")
    d.say(f"int {i} = 0;\n\tstruct node *{p};\n\tfor ({p} = &w->node; {p} && {i} < 4; {p} = {p}->next)\n\t\t{i}++;\n\tw->state = {i};")


def read_next(d):
    p = d.name("p")
    d.say(f"struct widget *{p} = w;\n\twhile (is_busy({p}))\n\t\t{p} = {p}->next;\n\tif ({p}->state)\n\t\tw->tiny = 1;")


def read_helper(d):
    f = d.name("look")
    d.function(f"int {f}(const struct widget *w)", "return w->room + w->used;")
    d.say(f"w->small = {f}(w);")


def read_helper_far(d):
    f = d.name("look")
    d.function(f"int {f}(struct widget *w)", "int i, sum = 0;\n\tfor (i = 0; i < 8; i++)\n\t\tsum += w->list[i];\n\treturn sum;", far=True)
    d.say(f"if ({f}(w) > 100)\n\t\tw->tiny = 2;")


def gadget_room(d):
    d.say(f"{d.trigger()}w->gadget->room = 5;")


def gadget_loop(d):
    g = d.name("g")
    d.say(f"struct gadget *{g} = w->gadget;\n\twhile (is_busy(w))\n\t\t{g} = {g}->next;\n\t{g}->room = 9;")


def gadget_found(d):
    d.say(f"find_gadget({d.r.randrange(9)})->room = 4;")


def gadget_helper(d):
    f = d.name("fill")
    d.function(f"void {f}(struct gadget *g, int n)", "g->room = n;\n\tg->limit = n + 1;")
    d.say(f"{f}(w->gadget, size);")


def local_object(d):
    t = d.name("t")
    d.say(f"struct widget {t} = {{ .room = 3 }};\n\t{t}.room += 4;\n\tw->state = {t}.room;")


def local_object_helper(d):
    t, f = d.name("t"), d.name("fill")
    d.function(f"void {f}(struct widget *w)", "w->room = 4;\n\tw->used = 2;")
    d.say(f"struct widget {t};\n\t{f}(&{t});")


def local_table(d):
    a, i = d.name("a"), d.name("i")
    d.say(f"u32 {a}[8];\n\tint {i};\n\tfor ({i} = 0; {i} < 8; {i}++)\n\t\t{a}[{i}] = {i} * 3;\n\tw->tiny = {a}[size & 7];")


def statistic(d):
    s = d.name("seen")
    d.before.append(f"static u32 {s};")
    d.say(f"{s}++;")


def checked(d):
    d.say("if (w->state < 0)\n\t\treturn -22;")


READING_IDIOMS = {
    "list that is read": (1, read_list), "next that is read": (1, read_next), "helper that reads": (1, read_helper),
    "far helper that reads": (1, read_helper_far), "field of another record": (1, gadget_room), "loop over other records": (1, gadget_loop),
    "other record that is found": (1, gadget_found), "helper on another record": (1, gadget_helper), "object of its own": (1, local_object),
    "object of its own in a helper": (1, local_object_helper), "table of its own": (1, local_table), "statistic": (1, statistic),
    "early error": (1, checked),
}
