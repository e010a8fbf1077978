"""What is left to decide once some people's itineraries are settled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.columns import Found, collect
from talentopt.solve.enumeration.generation import Generation
from talentopt.solve.enumeration.paths import losses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Assignment, Problem
    from talentopt.problem.encode import LinearModel
    from talentopt.solve.enumeration.columns import Columns


IMPOSSIBLE = 1e8
"""Points taken off choices whose seats are gone."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A smaller problem.

    Attributes
    ----------
    generation : Generation
        Of the people who are free.
    group : tuple of int
        Their parts in the whole problem.
    settled : (n_columns,) float64
        The model's columns as the others decide them.
    """

    generation: Generation
    group: tuple[int, ...]
    settled: np.ndarray


def itineraries_of(generation: Generation, assignment: Assignment) -> Columns | None:
    """Read every part's itinerary from an assignment; None when one is not allowed."""
    values = generation.model.vector(assignment)
    found = []
    for number, part in enumerate(generation.structure.parts):
        members = np.flatnonzero(values[part.columns] > 0.5)
        ptr = np.array([0, len(members)])
        found.append(Found(number, ptr, members, losses(part.choices, ptr, members)))
    columns = collect(generation.structure, generation.model.n_columns, found)
    return columns if len(columns) == len(found) else None


def reduce(
    generation: Generation,
    chosen: Columns,
    group: Sequence[int],
    frozen: tuple[np.ndarray, np.ndarray] | None = None,
) -> Reduced:
    """Settle the itineraries of some people and leave a group free.

    Parameters
    ----------
    generation : Generation
        Of the whole problem.
    chosen : Columns
        Itineraries of people outside the group.
    group : sequence of int
        Parts that are free.
    frozen : pair of (n,) arrays, optional
        Columns of the model that keep a value, and these values.
    """
    model, coefficients = generation.model, generation.restricted.coefficients
    generation.work.reduced(model.matrix.nnz)
    used = np.zeros(model.n_rows)
    used[coefficients.rows] = np.asarray(coefficients.uses(chosen).sum(axis=1)).ravel()
    smaller = replace(
        model,
        row_lower=model.row_lower - used,
        row_upper=model.row_upper - used,
        constant=model.constant + float(coefficients.points(chosen).sum()),
    )
    structure = generation.structure
    never = IMPOSSIBLE * _without_seats(generation, smaller)
    parts = tuple(
        replace(one, bonus=one.bonus - never[one.columns])
        for one in (structure.parts[part] for part in group)
    )
    low, high = generation.bounds
    if frozen is not None:
        low, high = low.copy(), high.copy()
        low[frozen[0]] = high[frozen[0]] = frozen[1]
    settled = np.asarray(chosen.chosen.T @ np.ones(len(chosen)))
    return Reduced(
        Generation(smaller, replace(structure, parts=parts), (low, high), 1, generation.work),
        tuple(group),
        settled,
    )


def _without_seats(generation: Generation, smaller: LinearModel) -> np.ndarray:
    """(n_columns,) float64: 1 for columns that need a seat which is gone."""
    kind = "seats/placement/period"
    if kind not in smaller.kinds:
        return np.zeros(smaller.n_columns)
    rows = generation.restricted.coefficients.rows
    full = smaller.row_kind[rows] == smaller.kinds.index(kind)
    full &= smaller.row_upper[rows] < 0.5
    gone = generation.restricted.coefficients.matrix.T @ full.astype(np.float64)
    gone[generation.structure.shared_columns] = 0.0
    return np.asarray(gone > 0.5, dtype=np.float64)


def pairs_of_others(problem: Problem, people: Sequence[int]) -> np.ndarray:
    """(n,) int64: arcs of the demands of people outside a group."""
    matchings = problem.matchings
    owner = np.repeat(matchings.demand_person, np.diff(matchings.arc_ptr))
    return np.flatnonzero((owner >= 0) & ~np.isin(owner, people))
