"""One person who stands for all who stay, so that the worst-off term stays exact."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array, hstack

from talentopt.problem import Rows

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Matchings, Problem


def with_lowest(problem: Problem, total: float) -> Problem:
    """Add a person without options whose total is given.

    The total is the points of a pair that is always chosen, in a matching of
    its own, with a provider of its own.

    Parameters
    ----------
    problem : Problem
    total : float
        Lowest total of those who stay.
    """
    person = problem.itineraries.n_people
    values = problem.links.provider_value
    blank = np.full((len(values), 1), -1, dtype=np.int32)
    return replace(
        problem,
        matchings=_with_pair(problem.matchings, person, total),
        itineraries=_with_person(problem.itineraries),
        rows=_with_column(problem),
        links=replace(
            problem.links,
            provider_value=np.concatenate([values, blank], axis=1),
            points=np.pad(problem.links.points, ((0, 0), (0, 1))),
        ),
    )


def _with_pair(matchings: Matchings, person: int, total: float) -> Matchings:
    loads = np.ones(matchings.n_arcs + 1)
    if matchings.unit_loads:
        loads = np.broadcast_to(np.ones(1), (matchings.n_arcs + 1,))
    else:
        loads[:-1] = matchings.arc_load
    role_capacity = np.pad(matchings.role_capacity, ((0, 1), (0, 1)), constant_values=np.inf)
    return replace(
        matchings,
        n_matchings=matchings.n_matchings + 1,
        n_seekers=matchings.n_seekers + 1,
        n_providers=matchings.n_providers + 1,
        demand_matching=_and(matchings.demand_matching, matchings.n_matchings),
        demand_seeker=_and(matchings.demand_seeker, matchings.n_seekers),
        demand_person=_and(matchings.demand_person, person),
        demand_need=_and(matchings.demand_need, 1),
        demand_missing=_and(matchings.demand_missing, 0.0),
        arc_ptr=_and(matchings.arc_ptr, matchings.n_arcs + 1),
        arc_provider=_and(matchings.arc_provider, matchings.n_providers),
        arc_points=_and(matchings.arc_points, total),
        arc_load=loads,
        fixed_arcs=_and(matchings.fixed_arcs, matchings.n_arcs),
        capacity=_and(matchings.capacity, np.inf),
        role_capacity=role_capacity,
    )


def _with_person(itineraries: Itineraries) -> Itineraries:
    def more(array: np.ndarray, value: float = 0) -> np.ndarray:
        """Add a row for the person."""
        row = np.full((1, *array.shape[1:]), value, dtype=array.dtype)
        return np.concatenate([array, row])

    return replace(
        itineraries,
        n_people=itineraries.n_people + 1,
        stage_min=more(itineraries.stage_min),
        stage_max=more(itineraries.stage_max),
        stage_missing=more(itineraries.stage_missing),
        idle_price=more(itineraries.idle_price),
        idle_from=more(itineraries.idle_from),
        move_price=more(itineraries.move_price),
        home=more(itineraries.home, -1),
        option_ptr=more(itineraries.option_ptr, int(itineraries.option_ptr[-1])),
        limit_left=np.pad(itineraries.limit_left, ((0, 0), (0, 1), (0, 0))),
        clause_done=more(itineraries.clause_done),
        hours_min=more(itineraries.hours_min),
        hours_missing=more(itineraries.hours_missing),
    )


def _with_column(problem: Problem) -> Rows:
    """Give the pair its column, which no row counts."""
    rows, n_arcs = problem.rows, problem.matchings.n_arcs
    empty = csr_array((len(rows), 1))
    matrix = hstack([rows.matrix[:, :n_arcs], empty, rows.matrix[:, n_arcs:]], format="csr")
    return Rows(csr_array(matrix), rows.lower, rows.upper, rows.price)


def _and(array: np.ndarray, value: float) -> np.ndarray:
    return np.append(array, np.array([value], dtype=array.dtype))
