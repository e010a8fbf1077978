"""A plan in hand as itineraries of the pricing kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Assignment
    from talentopt.solve.columns.market import Market
    from talentopt.solve.columns.tables import Paths


def paths_of(market: Market, plan: Assignment | None) -> Paths | None:
    """Write the exclusive bookings of a plan as itineraries; None without a plan."""
    if plan is None:
        return None
    itineraries, pricer = market.problem.itineraries, market.pricer
    slot_of = np.full(itineraries.n_options, -1, np.int64)
    slot_of[pricer.structure.slot_option] = np.arange(len(pricer.structure.slot_option))
    slot = slot_of[plan.options]
    slot, start = slot[slot >= 0], plan.starts[slot >= 0]
    person = np.searchsorted(itineraries.option_ptr, pricer.structure.slot_option[slot], "right")
    order = np.lexsort((start, person))
    slot, start, person = slot[order], start[order], person[order] - 1
    paths = pricer.empty_paths()
    first = np.searchsorted(person, person)
    rank = np.arange(len(person)) - first
    paths.slot[person, rank] = slot - pricer.first_slot[person]
    paths.start[person, rank] = start
    paths.length[:] = np.bincount(person, minlength=itineraries.n_people)
    return paths
