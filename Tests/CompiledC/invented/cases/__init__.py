"""The cases that were written by hand, by kind."""

from invented.cases import (adversary_calls, adversary_flow, adversary_memory, adversary_names, atomics, callbacks, calls, exits, knobs,
                            locals, memory, moved, numbers, plain, writers)

MODULES = [plain, numbers, memory, calls, moved, atomics, writers, callbacks, exits, locals, knobs,
           adversary_memory, adversary_calls, adversary_flow, adversary_names]


def every_case():
    for module in MODULES:
        yield from module.CASES
