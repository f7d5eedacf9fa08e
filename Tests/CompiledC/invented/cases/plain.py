"""What has to be proved: clamps, helpers, loops that read, callees that write elsewhere."""

from invented.program import CLAMP, cases

TABLE = {
    "plain": CLAMP,
}

CASES = list(cases("plain", TABLE, right=True, plain=True))
