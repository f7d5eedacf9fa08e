"""The cases that were written by hand, by kind."""

from invented.cases import atomics, calls, memory, moved, numbers, plain


def every_case():
    for module in (plain, numbers, memory, calls, moved, atomics):
        yield from module.CASES
