"""A program that is being made up: its lines, what stands before its function, and the files of its helpers."""

import os.path

FOLDERS = ["net", "net/core", "drivers/widget", "sound/core", "lib", "fs/widget", "kernel", "mm", "security/widget", "block"]


class Draft:
    def __init__(self, r, mark):
        """`mark` is in every name, so that many programs can be compiled as one."""
        self.r = r
        self.mark = mark
        self.lines = []
        self.before = []
        self.files = {}
        self.rows = []
        self.parts = []
        self.count = 0

    def say(self, text):
        if text:
            self.lines.append(text)

    def name(self, stem):
        self.count += 1
        return f"{stem}{self.mark}_{self.count}"

    def part(self, name):
        self.parts.append(name)

    def trigger(self):
        """A condition that holds for some inputs, which are tried; or none, in half of the cases."""
        number = self.r.choice([0, 5, 77, 128, 4096, -1])
        self.rows += [(number, -1), (number, 5), (number, number)]
        return self.r.choice(["", "", "", f"if (size == {number}) ", "if (size & 1) ", f"if (widget_cap == {self.r.choice([5, 77, 128])}) "])

    def function(self, head, body, far=None):
        """Defines `head { body }`: static before the function, or in a file of a folder far away, and declared."""
        if far is None:
            far = self.r.random() < 0.45
        if not far:
            self.before.append(f"static {self.r.choice(['', '', 'noinline '])}{head}\n{{\n\t{body}\n}}")
            return
        self.before.append(f"{head};")
        self.file(f"{head}\n{{\n\t{body}\n}}\n")

    def file(self, text, declarations=""):
        folder = self.r.choice(FOLDERS)
        path = f"{folder}/{self.name('far')}.c"
        header = os.path.relpath("net/widget.h", folder)
        self.files[path] = f'#include "{header}"\n{declarations}{text}'
