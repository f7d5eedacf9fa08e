"""Ways to write to a field of the object, to a global, or to a local, each as a statement within a program that is made up.

The same idiom is harmless or harmful by what it is pointed at: that is what a judge of soundness and of completeness needs.
"""

from invented.field_idioms import FIELD_IDIOMS
from invented.reading_idioms import READING_IDIOMS
from invented.variable_idioms import GLOBAL_IDIOMS, LOCAL_IDIOMS

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
