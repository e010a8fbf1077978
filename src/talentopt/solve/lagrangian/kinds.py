"""What booking a placement does to how far an itinerary has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from talentopt.problem import Itineraries

MOST_FLAGS = 62
"""Prerequisites that fit the bits of a whole number."""


class TooManyPrerequisites(Exception):
    """The prerequisites do not fit the bits of a whole number."""


class Kinds(NamedTuple):
    """Kinds of exclusive placements, by stage, and the prerequisites as flags (bits).

    Attributes
    ----------
    of_placement : (n_placements,) int64
        -1 = concurrent.
    stage, value : (n_kinds,) int64
        `value` counts the distinct values of all stages; -1 = none.
    needs, meets : (n_kinds,) int64
    n_values : int
    done : (n_people,) int64
        Flags that history meets.
    needed : (n_stages + 1,) int64
        Flags that placements of this and later stages need.
    """

    of_placement: np.ndarray
    stage: np.ndarray
    value: np.ndarray
    needs: np.ndarray
    meets: np.ndarray
    n_values: int
    done: np.ndarray
    needed: np.ndarray


def stage_caps(itineraries: Itineraries) -> np.ndarray:
    """(n_people, n_stages) int64: the most exclusive placements that fit."""
    shortest = np.full(itineraries.n_stages, itineraries.n_periods + 1, dtype=np.int64)
    np.minimum.at(shortest, itineraries.placement_stage, itineraries.placement_duration)
    caps = np.minimum(itineraries.stage_max, itineraries.n_periods // np.maximum(shortest, 1))
    stage = itineraries.placement_stage[itineraries.option_placement]
    options = np.zeros(caps.shape, dtype=np.int64)
    np.add.at(options, (itineraries.option_person(), stage), 1)
    caps = np.minimum(np.maximum(caps, 0), options)
    return np.asarray(caps * itineraries.stage_exclusive)


def kinds_of(itineraries: Itineraries) -> Kinds:
    """Find the kinds of a problem.

    Raises
    ------
    TooManyPrerequisites
    """
    needs, meets, done = _flags(itineraries)
    exclusive = np.flatnonzero(itineraries.placement_exclusive)
    named = itineraries.placement_distinct[exclusive]
    values = np.unique(named[named >= 0])
    value = np.where(named >= 0, np.searchsorted(values, named), -1)
    columns = [itineraries.placement_stage[exclusive], value, needs[exclusive], meets[exclusive]]
    found, number = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    of_placement = np.full(itineraries.n_placements, -1, dtype=np.int64)
    of_placement[exclusive] = number.ravel()
    stage, value, kind_needs, kind_meets = np.ascontiguousarray(found.T)
    needed = np.zeros(itineraries.n_stages + 1, dtype=np.int64)
    np.bitwise_or.at(needed, stage, kind_needs)
    needed = np.bitwise_or.accumulate(needed[::-1])[::-1].copy()
    return Kinds(of_placement, stage, value, kind_needs, kind_meets, len(values), done, needed)


def _flags(itineraries: Itineraries) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the flags that placements need and meet, and that people's histories meet."""
    flags: dict[bytes, int] = {}
    needs = np.zeros(itineraries.n_placements, dtype=np.int64)
    meets = np.zeros(itineraries.n_placements, dtype=np.int64)
    done = np.zeros(itineraries.n_people, dtype=np.int64)
    for clause, placement in enumerate(itineraries.clause_placement):
        begin, end = itineraries.clause_ptr[clause : clause + 2]
        met_by = itineraries.clause_met_by[begin:end]
        history = itineraries.clause_done[:, clause]
        # History may meet a clause, so clauses met by the same placements share a
        # flag only when they are met for the same people.
        flag = flags.setdefault(np.sort(met_by).tobytes() + history.tobytes(), len(flags))
        if flag >= MOST_FLAGS:
            raise TooManyPrerequisites
        needs[placement] |= 1 << flag
        meets[met_by] |= 1 << flag
        done |= history.astype(np.int64) << flag
    return needs, meets, done
