"""Keeps the garbage collector's pauses short: while it looks for cycles, nobody is answered.

A full look goes through everything that lives, a tenth of a second for what Muster and its libraries are made of when
it has started. That stays until the end, so it is left out: what is looked through then is what came since.
"""

import gc


def leave_out_what_stays() -> None:
    """Leave everything that lives now out of all later looks; to be called once, when all is built."""
    gc.collect()
    gc.freeze()
