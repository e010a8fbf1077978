"""The proof: every itinerary that a better plan could contain, in one last search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np

from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.program import contract, expand, joined
from talentopt.solve.highs import BOUND_TOLERANCE, to_highs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talentopt.solve.enumeration.columns import Columns
    from talentopt.solve.enumeration.generation import Generation
    from talentopt.solve.enumeration.paths import Worth

MOST_PER_PERSON = 20_000


class Proof(NamedTuple):
    """What a search found.

    Attributes
    ----------
    bound : float
        No plan made of the itineraries is worth more; -inf when there is none.
    values : (n_columns,) float64 or None
        The best plan, if there is one.
    """

    bound: float
    values: np.ndarray | None


def within(generation: Generation, value: float, most: int) -> Columns | None:
    """Enumerate the itineraries that a plan above a value could contain.

    Returns
    -------
    Columns or None
        None when they are more than `most`.
    """
    worth = generation.value(generation.prices).worth
    return near(generation, worth, generation.tops, generation.bound - value, most)


def near(
    generation: Generation, worth: Sequence[Worth], tops: np.ndarray, gap: float, most: int
) -> Columns | None:
    """Enumerate the itineraries that a plan could contain which is worth a bound less a gap.

    An itinerary that is worth less than its person's best by more than the gap, at
    the prices of the bound, is in no such plan (Baldacci, Christofides and Mingozzi,
    "An exact algorithm for the vehicle routing problem", 2008).

    Parameters
    ----------
    generation : Generation
    worth : sequence of Worth
        Of each part's choices at the prices of the bound.
    tops : (n_parts,) float64
        Most that an itinerary of each part is worth at these.
    gap : float
    most : int

    Returns
    -------
    Columns or None
        None when they are more than `most`.
    """
    found = generation.pricing.within(
        generation.everybody, worth, tops - gap - 1e-6, min(most, MOST_PER_PERSON)
    )
    if found is None or sum(len(one.facts) for one in found) > most:
        return None
    return collect(generation.structure, generation.model.n_columns, found)


def search(
    generation: Generation,
    columns: Columns,
    start: np.ndarray | None,
    settings: dict[str, Any],
    until: Callable[[], bool],
    tell: Callable[[np.ndarray], object],
) -> Proof:
    """Find the best plan that is made of some itineraries.

    Parameters
    ----------
    generation : Generation
    columns : Columns
    start : (n_columns,) float64, optional
        A plan made of them, as values of the model's columns.
    settings : dict
        Options of HiGHS.
    until : callable
        Whether to give up.
    tell : callable
        Hears every better plan, as values of the model's columns.
    """
    highs = to_highs(joined(generation, columns), whole=True)
    entries = highs.getNumNz()
    generation.work.began(entries)
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", BOUND_TOLERANCE)
    for name, setting in settings.items():
        highs.setOptionValue(name, setting)

    known = None if start is None else contract(generation, columns, start)
    if known is not None:
        first = highspy.HighsSolution()
        first.col_value = known
        highs.setSolution(first)

    def improved(event: Any) -> None:
        tell(expand(generation, columns, np.asarray(event.data_out.mip_solution)))

    def asked(event: Any) -> None:
        generation.work.searched(entries)
        event.data_in.user_interrupt = until()

    highs.cbMipImprovingSolution.subscribe(improved)
    highs.cbMipInterrupt.subscribe(asked)
    highs.run()
    status, information = highs.getModelStatus(), highs.getInfo()
    solution = highs.getSolution()
    values = None
    if solution.value_valid:
        values = expand(generation, columns, np.asarray(solution.col_value))
    if status == highspy.HighsModelStatus.kInfeasible:
        return Proof(-np.inf, values)
    started = status == highspy.HighsModelStatus.kOptimal or information.mip_node_count > 0
    bound = information.mip_dual_bound + BOUND_TOLERANCE if started else np.inf
    return Proof(bound, values)
