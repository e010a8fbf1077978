"""The true optimum of a tiny problem, by trying every assignment through `evaluate`.

Assignments that break a rule which more choices cannot mend are cut off early,
with `evaluate` itself as the judge of people taken one at a time.
"""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import prod

from talentopt.problem import Assignment, Problem
from talentopt.problem.evaluate import evaluate

MENDABLE = {"fixed pair", "fixed booking", "understaffed", "hard row"}
"""Violations that adding pairs or bookings may cure."""


def brute_force(problem: Problem) -> tuple[float, Assignment] | None:
    """Best value and assignment; None when no assignment is allowed."""
    best: tuple[float, Assignment] | None = None
    for arcs, bookings in product(_arc_sets(problem), _booking_sets(problem)):
        options, starts = zip(*bookings, strict=True) if bookings else ((), ())
        assignment = Assignment.of(arcs, options, starts)
        evaluation = evaluate(problem, assignment)
        if evaluation.violations:
            continue
        if best is None or evaluation.value > best[0]:
            best = evaluation.value, assignment
    return best


def size(problem: Problem) -> int:
    """Count the assignments, allowed or not: at most so many does `brute_force` try."""
    options, _ = problem.itineraries.all_starts()
    bookings = prod(count + 1 for count in Counter(options.tolist()).values())
    return bookings << problem.matchings.n_arcs


def _arc_sets(problem: Problem) -> list[tuple[int, ...]]:
    sets: list[tuple[int, ...]] = [()]
    for arc in range(problem.matchings.n_arcs):
        grown = [(*chosen, arc) for chosen in sets]
        sets += [s for s in grown if _promising(problem, s, ())]
    return sets


def _booking_sets(problem: Problem) -> list[tuple[tuple[int, int], ...]]:
    options, starts = problem.itineraries.all_starts()
    sets: list[tuple[tuple[int, int], ...]] = [()]
    every = list(zip(options.tolist(), starts.tolist(), strict=True))
    for option in sorted(set(options.tolist())):
        here = [booking for booking in every if booking[0] == option]
        grown = [(*chosen, booking) for chosen in sets for booking in here]
        sets += [s for s in grown if _promising(problem, (), s)]
    return sets


def _promising(
    problem: Problem, arcs: tuple[int, ...], bookings: tuple[tuple[int, int], ...]
) -> bool:
    """Whether only rules that further choices may mend are broken."""
    options, starts = zip(*bookings, strict=True) if bookings else ((), ())
    broken = evaluate(problem, Assignment.of(arcs, options, starts)).violations
    return set(broken) <= MENDABLE | {"prerequisite"}
