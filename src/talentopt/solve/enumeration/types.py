"""The type of each person: people whose itineraries have the same states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.states import Kind, Type, number_states

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.enumeration.states import States


def exclusive_clauses(problem: Problem) -> np.ndarray:
    """(n,) int64: prerequisite clauses about exclusive placements only; states keep these."""
    itineraries = problem.itineraries
    exclusive = itineraries.placement_exclusive
    owner = np.repeat(
        np.arange(len(itineraries.clause_placement)), np.diff(itineraries.clause_ptr)
    )
    inside = exclusive[itineraries.clause_placement]
    inside[owner[~exclusive[itineraries.clause_met_by]]] = False
    return np.flatnonzero(inside)


class Types:
    """Numbers the states of each type once.

    Parameters
    ----------
    problem : Problem
    n_levels : int
    """

    def __init__(self, problem: Problem, n_levels: int) -> None:
        """Give every prerequisite its bit."""
        itineraries = problem.itineraries
        self.itineraries, self.n_levels = itineraries, n_levels
        self._known: dict[Type, States] = {}
        self._clauses = exclusive_clauses(problem).tolist()
        self._needs = [0] * itineraries.n_placements
        self._meets = [0] * itineraries.n_placements
        for flag, clause in enumerate(self._clauses):
            self._needs[itineraries.clause_placement[clause]] |= 1 << flag
            inside = slice(itineraries.clause_ptr[clause], itineraries.clause_ptr[clause + 1])
            for placement in itineraries.clause_met_by[inside].tolist():
                self._meets[placement] |= 1 << flag

    def of(
        self, person: int, level: np.ndarray, placement: np.ndarray, events: np.ndarray
    ) -> tuple[States, np.ndarray, list[set[int]]]:
        """Find the states of a person.

        Parameters
        ----------
        person : int
        level, placement, events : (n,) int64
            Of each of the person's choices; the events that it makes happen as bits.

        Returns
        -------
        states : States
        kind : (n,) int64
            Of each choice.
        stages : list of set of int
            The stages of each level in which the person has a choice.

        Raises
        ------
        TooManyStates
        """
        itineraries = self.itineraries
        kinds: dict[Kind, int] = {}
        number: dict[tuple[int, int], int] = {}
        stages: list[set[int]] = [set() for _ in range(self.n_levels)]
        room, counted = self._limits(person, np.unique(placement).tolist())
        different = set(zip(level.tolist(), placement.tolist(), events.tolist(), strict=True))
        for at, k, bits in sorted(different):
            stage, item = int(itineraries.placement_stage[k]), self._item(k)
            needs, meets, limits = self._needs[k], self._meets[k], counted.get(k, ())
            kind = Kind(at, stage, item, needs, meets, limits, bits)
            number[k, bits] = kinds.setdefault(kind, len(kinds))
            stages[at].add(stage)
        items = {(kind.stage, kind.item) for kind in kinds}
        available = np.bincount([stage for stage, _ in items], minlength=itineraries.n_stages)
        most = np.minimum(np.maximum(itineraries.stage_max[person], 0), available)
        done = 0
        for flag, clause in enumerate(self._clauses):
            done |= int(itineraries.clause_done[person, clause]) << flag
        found = Type(tuple(kinds), tuple(most.tolist()), room, done, self.n_levels)
        if found not in self._known:
            self._known[found] = number_states(found)
        pairs = zip(placement.tolist(), events.tolist(), strict=True)
        of_choice = np.array([number[pair] for pair in pairs], dtype=np.int64)
        return self._known[found], of_choice, stages

    def _item(self, placement: int) -> int:
        value = int(self.itineraries.placement_distinct[placement])
        return value if value >= 0 else -1 - placement

    def _limits(
        self, person: int, placements: list[int]
    ) -> tuple[tuple[int, ...], dict[int, tuple[int, ...]]]:
        """Find the limits that a person can reach: their room, and which count each placement."""
        itineraries = self.itineraries
        room: list[int] = []
        counted: dict[int, tuple[int, ...]] = {}
        for limit, values in enumerate(itineraries.limit_value):
            for value in np.unique(values[placements]).tolist():
                mine = [k for k in placements if value >= 0 and values[k] == value]
                items = {(int(itineraries.placement_stage[k]), self._item(k)) for k in mine}
                left = max(0, int(itineraries.limit_left[limit, person, value])) if mine else 0
                if len(items) > left:
                    for k in mine:
                        counted[k] = (*counted.get(k, ()), len(room))
                    room.append(left)
        return tuple(room), counted
