"""The cases that were written by hand, by kind."""

from invented.cases import calls, memory, numbers, plain


def every_case():
    for module in (plain, numbers, memory, calls):
        yield from module.CASES
