"""Ways to write a number to a global, or to a local variable. GLOBAL_IDIOMS and LOCAL_IDIOMS have them with their weights."""


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
