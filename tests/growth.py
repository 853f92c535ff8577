"""Whether work grows with the length of what it is given and no faster: no clock's limit, only two lengths compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 8
NOISE = 3  # times what is linear: caches, collections of garbage
FLOOR = 0.05  # seconds of processor time below which nobody cares


def grows_with_length(prepare: Callable[[int], T], work: Callable[[T], object], short: int, long: int) -> bool:
    """Whether work on the long input costs at most in proportion to the short one.

    prepare makes an input of a size, unmeasured. Each length keeps its quietest round, and the first round that shows proportion
    ends it: a busy machine makes some rounds slow, what is quadratic makes all of them slow.
    """
    quietest = {short: float("inf"), long: float("inf")}
    for _ in range(ROUNDS):
        for size in quietest:
            given = prepare(size)
            begun = time.process_time()
            work(given)
            quietest[size] = min(quietest[size], time.process_time() - begun)
        if quietest[long] <= FLOOR + NOISE * quietest[short] * long / short:
            return True
    return False
