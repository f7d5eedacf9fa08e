"""What only reads the object, or writes another one. READING_IDIOMS has them with their weights."""


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
