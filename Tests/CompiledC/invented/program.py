"""One invented program: a system call that stores a number, and a claim about it."""

import dataclasses
import os.path

CAPPED = "min((u32) size, (u32) widget_cap)"
CLAMP = "if ((u32)size > (u32)widget_cap) size = widget_cap; "


def stored_then(text):
    """The claimed store, then this, then success."""
    return f"{CLAMP}w->room = size; {text} return 0;"


def far(path, text, declarations=""):
    """A file of the kernel, by path, which includes the header."""
    header = os.path.relpath("net/widget.h", os.path.dirname(path))
    return {path: f'#include "{header}"\n{declarations}{text}\n'}


@dataclasses.dataclass
class Program:
    """What is written into the invented kernel, and what is claimed of struct widget.room after sys_widget(w, size)."""

    name: str
    kind: str
    body: str
    """The function's statements; `w->room = size; return 0;` follows them."""
    before: str = ""
    """Text at file scope, before the function."""
    files: dict = dataclasses.field(default_factory=dict)
    """More files of the kernel, by path."""
    outside: str = ""
    """Definitions that the compiled program has and the kernel tree has not: functions that walker can't look into."""
    claim: str = CAPPED
    right: bool | None = None
    """Whether the claim holds, as the author means it; None leaves that to the compiled program."""
    plain: bool = False
    """Easy enough that a right claim has to be proved."""
    rows: list = dataclasses.field(default_factory=list)
    """More inputs to try, (size, cap)."""
    is_marked: bool = False
    """No name at file scope is another program's as well."""
    asks: list = dataclasses.field(default_factory=list)
    """Rows for which `walker eval` is asked too: there a knob that is not given has the kernel's default."""
    parts: tuple = ()
    """The idioms that a program made at random consists of."""
    spoiler: str = ""
    """That which makes its claim wrong."""

    @property
    def has_names_of_its_own(self):
        """Whether it can be compiled in one file with others: at file scope stands nothing, or nothing that others have too."""
        return self.is_marked or not (self.before or self.files or self.outside or "#" in self.body)

    @property
    def entry(self):
        """The text of net/entry.c."""
        return (f'#include "widget.h"\n{self.before}\nint sys_widget(struct widget *w, int size)\n{{\n\t{self.body}\n'
                "\tw->room = size;\n\treturn 0;\n}\n")


def after_the_store(table):
    """The table with each statement that stands for a body put behind the claimed store."""
    return {name: {"body": stored_then(given)} if isinstance(given, str) else given for name, given in table.items()}


def cases(kind, table, **common):
    """Programs from a table by name: the body alone; (before, body); or a dictionary of Program's fields."""
    for name, given in table.items():
        if isinstance(given, str):
            given = {"body": given}
        elif isinstance(given, tuple):
            given = {"before": given[0], "body": given[1]}
        yield Program(**({"name": name, "kind": kind} | common | given))
