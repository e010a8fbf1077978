"""The true optimum of a tiny problem, by trying every assignment through `evaluate`.

Sets of pairs and sets of bookings are first judged apart: what breaks a rule that more
choices cannot mend is cut off. Together they earn what they earn apart, plus links, priced
rows and the worst-off term, of which a simple upper limit is known; only combinations that
this limit leaves a chance are evaluated, the most promising first.
"""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import Assignment, Problem
from talentopt.problem.evaluate import Evaluation, evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

MENDABLE = {"fixed pair", "fixed booking", "understaffed", "hard row", "prerequisite"}
"""Violations that adding pairs or bookings may cure."""

TOGETHER = ("link", "rows", "worst_off")
"""Terms that pairs and bookings share."""

SLACK = 1e-6

Booked = tuple[tuple[int, int], ...]
"""Options and starts."""


def brute_force(problem: Problem) -> tuple[float, Assignment] | None:
    """Best value and assignment; None when no assignment is allowed."""
    arcs, bookings = _arc_sets(problem), _booking_sets(problem)
    arcs = [one for one in arcs if "fixed pair" not in one[1].violations]
    alone = {"fixed booking", "understaffed", "prerequisite"}
    bookings = [one for one in bookings if not alone & set(one[1].violations)]
    if not (arcs and bookings):
        return None
    limits = _limits(problem, [one[1] for one in arcs], [one[1] for one in bookings])
    best: tuple[float, Assignment] | None = None
    for cell in np.argsort(-limits, axis=None, kind="stable").tolist():
        a, b = divmod(cell, len(bookings))
        if best is not None and limits[a, b] <= best[0] + SLACK / 2:
            break
        assignment = _assignment(arcs[a][0], bookings[b][0])
        evaluation = evaluate(problem, assignment)
        assert evaluation.value <= limits[a, b] + SLACK
        if not evaluation.violations and (best is None or evaluation.value > best[0]):
            best = evaluation.value, assignment
    return best


def size(problem: Problem) -> int:
    """Count the assignments, allowed or not: at most so many does `brute_force` try."""
    options, _ = problem.itineraries.all_starts()
    bookings = prod(count + 1 for count in Counter(options.tolist()).values())
    return bookings << problem.matchings.n_arcs


def _limits(
    problem: Problem, arcs: Sequence[Evaluation], bookings: Sequence[Evaluation]
) -> np.ndarray:
    """(n_arc_sets, n_booking_sets) float64: more than this no combination is worth."""
    nothing = evaluate(problem, Assignment.of())
    links = np.maximum(problem.links.points, 0.0).sum(axis=0)
    own_arcs, own_bookings = (
        np.array([_own(one) - _own(nothing) for one in many]) for many in (arcs, bookings)
    )
    limits = own_arcs[:, None] + own_bookings[None, :] + _own(nothing) + links.sum()
    if problem.worst_off and len(links):
        most = np.array([one.person_totals for one in bookings]) - nothing.person_totals + links
        for row, one in zip(limits, arcs, strict=True):
            row += problem.worst_off * (one.person_totals + most).min(axis=1)
    return limits


def _own(evaluation: Evaluation) -> float:
    return sum(value for name, value in evaluation.terms.items() if name not in TOGETHER)


def _assignment(arcs: tuple[int, ...], bookings: Booked) -> Assignment:
    options, starts = zip(*bookings, strict=True) if bookings else ((), ())
    return Assignment.of(arcs, options, starts)


def _arc_sets(problem: Problem) -> list[tuple[tuple[int, ...], Evaluation]]:
    """Sets of pairs that break nothing which more choices cannot mend."""
    sets = [((), evaluate(problem, Assignment.of()))]
    for arc in range(problem.matchings.n_arcs):
        grown = [(*chosen, arc) for chosen, _ in sets]
        judged = [(some, evaluate(problem, _assignment(some, ()))) for some in grown]
        sets += [one for one in judged if set(one[1].violations) <= MENDABLE]
    return sets


def _booking_sets(problem: Problem) -> list[tuple[Booked, Evaluation]]:
    """Sets of bookings that break nothing which more choices cannot mend."""
    options, starts = problem.itineraries.all_starts()
    sets: list[tuple[Booked, Evaluation]] = [((), evaluate(problem, Assignment.of()))]
    every = list(zip(options.tolist(), starts.tolist(), strict=True))
    for option in sorted(set(options.tolist())):
        here = [booking for booking in every if booking[0] == option]
        grown = [(*chosen, booking) for chosen, _ in sets for booking in here]
        judged = [(some, evaluate(problem, _assignment((), some))) for some in grown]
        sets += [one for one in judged if set(one[1].violations) <= MENDABLE]
    return sets
