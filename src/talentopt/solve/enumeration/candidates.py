"""What may be branched on: totals of placements and of people, who holds what, pairs, starts.

With everybody's options decided the relaxation is nearly whole, so that starts are
branched on last; how many hold a placement moves the bound most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.solve.enumeration.branching import Condition, Count, Decision, Limit, Missing

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.enumeration.branching import Node
    from talentopt.solve.enumeration.generation import Generation

WHOLE = 0.02
"""Distance from a whole number within which a value counts as one."""

TOTALS, OPTIONS, OTHERS, STARTS = 6, 8, 8, 8
"""Candidates of each kind, the most undecided first."""


Candidate = tuple[Condition, Condition]
"""Two decisions of which every plan follows one."""


class Candidates:
    """Finds what is undecided in a solution.

    Parameters
    ----------
    problem : Problem
    generation : Generation
    lacking : bool
        Whether people may lack placements: only then is it branched on how many somebody holds.
    highest : float
        Most that the lowest total is when some placement is missing.

    Attributes
    ----------
    totals : list of (n,) int64
        The model's columns of each placement's, then perhaps each person's, exclusive bookings.
    """

    def __init__(
        self, problem: Problem, generation: Generation, *, lacking: bool, highest: float = np.inf
    ) -> None:
        """Group the choices by placement, and by person and option."""
        model, parts = generation.model, generation.structure.parts
        shared = generation.structure.shared_columns
        self._parts, self._shared, self._highest = parts, shared, highest
        self._worst = shared == model.worst
        self._whole = ~model.shortage[shared]
        option = [model.start_option[part.columns - model.n_arcs] for part in parts]
        columns = np.concatenate([part.columns for part in parts])
        placement = problem.itineraries.option_placement[np.concatenate(option)]
        of_placement = [columns[placement == held] for held in np.unique(placement)]
        self._n_placements = len(of_placement)
        self.totals = of_placement + [part.columns for part in parts if lacking]
        self._options = [
            (number, np.flatnonzero(mine == one))
            for number, mine in enumerate(option)
            for one in np.unique(mine)
        ]

    def of(self, node: Node) -> list[Candidate]:
        """List what is most undecided in a node's solution; none when all of it is whole."""
        if node.booked is None:
            return []
        booked, others = node.booked, np.where(self._whole, node.shared, 0.0)
        held = np.array([float(booked[total].sum()) for total in self.totals])
        shares = [booked[self._parts[part].columns[mine]] for part, mine in self._options]
        taken = np.array([float(share.sum()) for share in shares])
        of_placement, of_person = np.split(held, [self._n_placements])
        totals = _undecided(of_placement)[:TOTALS]
        if len(of_person):
            # Who lacks placements: what others lack then, and the lowest total, follow.
            lacking = np.where(abs(of_person - np.rint(of_person)) > WHOLE, node.missing, 0.0)
            totals += [self._n_placements + part for part in _undecided(lacking)[:TOTALS]]
        found = self._missing(node)
        found += [_counted(total, held[total]) for total in totals]
        found += [_decided(*self._options[at]) for at in _undecided(taken)[:OPTIONS]]
        found += [
            _limited(int(self._shared[at]), others[at]) for at in _undecided(others)[:OTHERS]
        ]
        return found or self._starts(shares)

    def _missing(self, node: Node) -> list[Candidate]:
        """How much is missing, or whether any is: if so, the lowest total is low."""
        missing = float(node.missing.sum())
        if missing > WHOLE and (node.shared[self._worst] > self._highest + WHOLE).any():
            return [(Missing(-np.inf, 0.0), Missing(1.0, np.inf))]
        below = float(np.floor(missing))
        if not _undecided(np.array([missing])):
            return []
        return [(Missing(-np.inf, below), Missing(below + 1.0, np.inf))]

    def _starts(self, shares: list[np.ndarray]) -> list[Candidate]:
        """Options that may begin early or late: choices are in order of their start."""
        sums = [np.cumsum(share) for share in shares]
        middle = [int(np.argmin(abs(early - 0.5))) for early in sums]
        values = np.array([early[at] for early, at in zip(sums, middle, strict=True)])
        found: list[Candidate] = []
        for at in _undecided(values)[:STARTS]:
            part, choices = self._options[at]
            found.append(_decided(part, choices[: middle[at] + 1]))
        return found


def _undecided(values: np.ndarray) -> list[int]:
    """Places of values that are not whole, the farthest from it first."""
    distance = abs(values - np.rint(values))
    order = np.argsort(-distance, kind="stable")
    return [int(at) for at in order if distance[at] > WHOLE]


def _counted(total: int, held: float) -> Candidate:
    below = float(np.floor(held))
    return Count(total, -np.inf, below), Count(total, below + 1.0, np.inf)


def _limited(column: int, value: float) -> Candidate:
    below = float(np.floor(value))
    return Limit(column, -np.inf, below), Limit(column, below + 1.0, np.inf)


def _decided(part: int, choices: np.ndarray) -> Candidate:
    some = tuple(choices.tolist())
    return Decision(part, some, taken=True), Decision(part, some, taken=False)
