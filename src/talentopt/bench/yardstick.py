"""A fixed piece of work that tells how fast this machine is at this moment."""

from __future__ import annotations

import time

import numpy as np

REPEATS = 3


def yardstick() -> float:
    """Processor seconds of the work: the fewest of a few tries.

    Half of it is Python (dictionaries, sorting), half is numpy, as in the solvers.
    """
    return min(_once() for _ in range(REPEATS))


def _once() -> float:
    started = time.process_time()
    rng = np.random.default_rng(0)
    numbers = rng.random(400_000)
    for _ in range(6):
        numbers = np.sort(rng.permutation(numbers)) * 1.0000001
    counts: dict[int, int] = {}
    for number in (numbers * 5000).astype(np.int64).tolist():
        counts[number] = counts.get(number, 0) + 1
    sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return time.process_time() - started
