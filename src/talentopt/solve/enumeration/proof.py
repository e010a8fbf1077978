"""The proof: every itinerary that a better plan could contain, in one last search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from talentopt.solve.enumeration.master import assemble
from talentopt.solve.highs import BOUND_TOLERANCE, to_highs

if TYPE_CHECKING:
    from talentopt.solve.control import Control
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.master import Pool

MOST_PER_PERSON = 20_000
MOST_TOGETHER = 60_000
MOST_NODES = 2_000
"""Nodes of a reproducible search."""


def prove(generation: Generation, control: Control) -> None:
    """Search all plans between the value and the bound, if these are few enough.

    An itinerary that is worth less than its person's best by more than the gap, at
    the prices of the bound, is in no better plan (Baldacci, Christofides and Mingozzi,
    "An exact algorithm for the vehicle routing problem", 2008).
    """
    if control.value is None:
        return
    pools = _within(generation, generation.bound - control.value)
    if pools is None:
        return
    master = assemble(generation.model, generation.structure, pools)
    highs = to_highs(master.model, whole=True)
    highs.setOptionValue("threads", max(1, control.limits.workers))
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", BOUND_TOLERANCE)
    if control.limits.reproducible:
        highs.setOptionValue("mip_max_nodes", MOST_NODES)
        highs.setOptionValue("threads", 1)
    else:
        highs.setOptionValue("time_limit", max(0.1, control.seconds_left))

    start = highspy.HighsSolution()
    known = master.vector(control.best) if control.best is not None else None
    if known is not None:
        start.col_value = known
        highs.setSolution(start)

    def improved(event: Any) -> None:
        control.offer(master.decode(np.asarray(event.data_out.mip_solution)))

    def asked(event: Any) -> None:
        event.data_in.user_interrupt = control.interrupted

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
    highs.run()
    if highs.getSolution().value_valid:
        control.offer(master.decode(np.asarray(highs.getSolution().col_value)))
    nothing = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    bound = -np.inf if nothing else highs.getInfo().mip_dual_bound + BOUND_TOLERANCE
    control.tighten(max(bound, control.value))


def _within(generation: Generation, gap: float) -> tuple[Pool, ...] | None:
    """All itineraries within the gap; None when they are too many."""
    pools, total = [], 0
    priced = generation.price_rows(generation.best_prices)
    for part in range(len(generation.structure.parts)):
        found = generation.within(part, priced, gap, MOST_PER_PERSON)
        if found is None:
            return None
        total += len(found.loss)
        if total > MOST_TOGETHER:
            return None
        pools.append(found)
    return tuple(pools)
