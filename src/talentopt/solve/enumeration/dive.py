"""A first good plan: fix the most settled itinerary, price again, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from talentopt.solve.enumeration.generation import Generation

ROUNDS = 2
"""Most rounds of pricing after each itinerary that is fixed."""

SHARE = 6
"""One in so many of the free people is fixed at a time, and always at least one."""

EXPLORED = 1_000
"""Most itineraries looked at per person and round."""

SETTLED = 0.999
NO_BOX = 1e5


def dive(generation: Generation, until: Callable[[], bool]) -> list[tuple[int, ...]] | None:
    """Round the master, one person after the other.

    Returns
    -------
    list of tuple of int
        The itinerary of every part; None when there is none or time is over.
    """
    generation.box, generation.explored = NO_BOX, EXPLORED
    generation.move_box()
    fixed: dict[int, int] = {}
    values = generation.solve_master()
    while len(fixed) < len(generation.structure.parts):
        for column in _next(generation, values, fixed):
            generation.fix(column)
            fixed[generation.columns[column].part] = column
        values = generation.solve_master()
        for _ in range(ROUNDS):
            if until():
                break
            if generation.round(lambda part: part not in fixed) == 0:
                break
            values = generation.solve_master()
        if until() or generation.missed > 1e-6:
            break
    for column in fixed.values():
        generation.release(column)
    if len(fixed) < len(generation.structure.parts):
        return None
    return [generation.columns[fixed[part]].choices for part in range(len(fixed))]


def _next(generation: Generation, values: np.ndarray, fixed: dict[int, int]) -> list[int]:
    """Pick the most settled itineraries of different free parts."""
    share = values[generation.first_itinerary :]
    part = np.array([column.part for column in generation.columns])
    free = np.flatnonzero(~np.isin(part, list(fixed)))
    order = free[np.argsort(-share[free], kind="stable")]
    _, first = np.unique(part[order], return_index=True)
    most_settled = order[np.sort(first)]
    count = max(1, len(most_settled) // SHARE, int((share[most_settled] > SETTLED).sum()))
    return [int(column) for column in most_settled[:count]]
