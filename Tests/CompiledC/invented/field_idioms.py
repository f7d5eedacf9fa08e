"""Ways to write a number to a field of the object `w`, named by its path. FIELD_IDIOMS has them with their weights."""


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
