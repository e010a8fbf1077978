"""What a person may hold within a level, as a numbered set of states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Problem

MOST_STATES = 40_000
"""Most states of one person; beyond them enumeration is refused."""


class TooManyStates(Exception):
    """A person may hold too many different sets."""


@dataclass(frozen=True, slots=True)
class States:
    """Tables of `paths.Choices` that describe states; see there."""

    item: np.ndarray
    grow: np.ndarray
    level_of: np.ndarray
    empty: np.ndarray
    left: np.ndarray


def number_states(
    problem: Problem, person: int, level: np.ndarray, placement: np.ndarray, n_levels: int
) -> States:
    """List the sets of items that a person may hold in each level.

    Parameters
    ----------
    problem : Problem
    person : int
    level, placement : (n,) int64
        Of each of the person's choices.
    n_levels : int

    Raises
    ------
    TooManyStates
        If there are more than `MOST_STATES`.
    """
    itineraries = problem.itineraries
    distinct = itineraries.placement_distinct[placement].astype(np.int64)
    stage = itineraries.placement_stage[placement].astype(np.int64)
    value = np.where(distinct >= 0, distinct, -1 - placement)
    item = np.zeros(len(level), dtype=np.int64)
    sets: list[tuple[int, frozenset[int]]] = []
    stages: list[dict[int, int]] = []
    for number in range(n_levels):
        here = np.flatnonzero(level == number)
        _, first, item[here] = np.unique(value[here], return_index=True, return_inverse=True)
        stages.append(dict(enumerate(stage[here[first]].tolist())))
        sets += [(number, held) for held in _sets(problem, person, stages[number])]
        if len(sets) > MOST_STATES:
            raise TooManyStates
    index = {held: state for state, held in enumerate(sets)}
    grow = np.full((len(sets), max(map(len, stages), default=0) or 1), -1)
    for state, (number, held) in enumerate(sets):
        for one in stages[number].keys() - held:
            grow[state, one] = index.get((number, held | {one}), -1)
    empty = np.array([index[number, frozenset()] for number in range(n_levels)])
    return States(
        item,
        grow,
        np.array([number for number, _ in sets]),
        empty,
        _left(problem, person, sets, stages, empty),
    )


def _sets(problem: Problem, person: int, stage_of: dict[int, int]) -> list[frozenset[int]]:
    """All sets of items within the stages' maxima, smaller ones first."""
    most = problem.itineraries.stage_max[person]
    layer = {frozenset[int]()}
    found = [frozenset[int]()]
    while layer:
        grown = set()
        for held in layer:
            for one in stage_of.keys() - held:
                stage = stage_of[one]
                if sum(stage_of[other] == stage for other in held) < most[stage]:
                    grown.add(held | {one})
        layer = grown
        found += sorted(layer, key=sorted)
        if len(found) > MOST_STATES:
            raise TooManyStates
    return found


def _left(
    problem: Problem,
    person: int,
    sets: list[tuple[int, frozenset[int]]],
    stages: list[dict[int, int]],
    empty: np.ndarray,
) -> np.ndarray:
    """(n_states, n_levels + 1): shortages certain once a later level, or the end, comes."""
    itineraries = problem.itineraries
    own = np.zeros(len(sets))
    for state, (number, held) in enumerate(sets):
        for stage in set(stages[number].values()):
            count = sum(stages[number][one] == stage for one in held)
            short = max(int(itineraries.stage_min[person, stage]) - count, 0)
            own[state] += short * float(itineraries.stage_missing[person, stage])
    skipped = np.concatenate([[0.0], np.cumsum(own[empty])])
    level = np.array([number for number, _ in sets])
    following = np.arange(len(empty) + 1)
    between = skipped[following] - skipped[level + 1][:, None]
    return own[:, None] + np.where(following > level[:, None], between, 0.0)
