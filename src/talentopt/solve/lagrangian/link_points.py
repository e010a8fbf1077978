"""Points of links as points of arcs: what a person's bookings make of mentors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talentopt.problem import Problem


def add_link_points(problem: Problem, points: Sequence[np.ndarray], values: np.ndarray) -> None:
    """Add to the arcs of a link's matching what a person is paid for the provider's value.

    Parameters
    ----------
    problem : Problem
    points : (n_people, n_values) float64 of every link
    values : (n_arcs,) float64
        Changed in place.
    """
    links, matchings = problem.links, problem.matchings
    for link, paid in enumerate(points):
        demands = np.flatnonzero(
            (matchings.demand_matching == links.matching[link]) & (matchings.demand_person >= 0)
        )
        person, offered = matchings.demand_person[demands], links.provider_value[link]
        arcs = (matchings.arc_ptr, matchings.arc_provider)
        _add_by_value(demands, person, *arcs, offered, paid, values)


@compiled
def _add_by_value(
    demands: np.ndarray,
    person: np.ndarray,
    arc_ptr: np.ndarray,
    arc_provider: np.ndarray,
    offered: np.ndarray,
    paid: np.ndarray,
    values: np.ndarray,
) -> None:
    """Add ``paid`` (n_people, n_values) to the arcs of demands by their providers' value."""
    for i in range(len(demands)):
        for arc in range(arc_ptr[demands[i]], arc_ptr[demands[i] + 1]):
            value = offered[arc_provider[arc]]
            if 0 <= value < paid.shape[1]:
                values[arc] += paid[person[i], value]
