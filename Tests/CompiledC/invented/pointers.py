"""Programs made up at random that take a number through memory: pointers, lists, arrays, callbacks, helpers in other files.

A program takes the number through one to three transformations, may park it somewhere in memory, and stores it. Between
these steps stand *idioms* that write elsewhere. In about half of the programs one of them is a spoiler: the same idiom,
but it writes what the result rests on; or the claim, an early exit or a transformation is wrong in one subtle way. Which
it is depends on the seed alone.
"""

import random

from invented import idioms, transformations
from invented.draft import Draft
from invented.program import Program


def program(seed):
    r = random.Random(f"pointers {seed}")
    draft = Draft(r, seed)
    spoiled = r.random() < 0.5
    # Where the spoiler is: an idiom at one of the live places, or one of the steps.
    spoiler = r.choice(["before", "parked", "parked", "after", "after", "after", "exit", "claim"]) if spoiled else None
    kind = "random, right claim"
    spoiled_by = ""

    def quiet(count, live=()):
        for _ in range(count):
            draft.part(idioms.harmless(draft, live))

    def spoil(targets):
        nonlocal kind, spoiled_by
        spoiled_by = idioms.harmful(draft, targets)
        kind = f"random, {targets[0][0]} is overwritten"

    draft.say("int v = size;" if r.random() < 0.3 else "")
    v = "v" if draft.lines else "size"
    quiet(r.choice([0, 0, 1]), live=("widget_cap",))
    steps = transformations.choose(r)
    capped = any(step.reads_cap for step in steps)
    if spoiler == "before":
        if capped:
            spoil([("global", "widget_cap")])
        else:
            spoiler = "after"
    claim = "(u32) size"
    wrong_step = r.randrange(len(steps)) if spoiler == "claim" else None
    for place, step in enumerate(steps):
        step.code(draft, v)
        claim = step.claim(claim)
        if place == wrong_step:
            claim, spoiled_by = step.wrong(r, claim)
            kind = "random, claim says another number"
    parked = transformations.park(draft, v)
    quiet(r.choice([0, 0, 1]), live=parked.live)
    if spoiler == "parked":
        if parked.live:
            spoil([parked.target])
        else:
            spoiler = "after"
    parked.back(draft, v)
    if spoiler == "exit":
        claim, spoiled_by = transformations.early_exit(draft, v, claim, wrong=True)
        kind = "random, early success is forgotten"
    elif r.random() < 0.2:
        claim, name = transformations.early_exit(draft, v, claim, wrong=False)
        draft.part(name)
    transformations.store(draft, v)
    quiet(r.choice([0, 1, 1, 2]), live=("room",))
    if spoiler == "after":
        spoil([("field", "room")])
        quiet(r.choice([0, 0, 1]), live=("room",))
    draft.say("return 0;")
    return Program(
        f"pointers {seed}", kind, "\n\t".join(filter(None, draft.lines)), "\n".join(draft.before), dict(draft.files), claim=claim,
        right=None if spoiled else True, rows=draft.rows, is_marked=True, parts=tuple(draft.parts),
        spoiler=spoiled_by)
