"""The cases that were written by hand, by kind."""

from invented.cases import atomics, callbacks, calls, memory, moved, numbers, plain, writers


def every_case():
    for module in (plain, numbers, memory, calls, moved, atomics, writers, callbacks):
        yield from module.CASES
