"""Mentors, then rotations, then projects: what planners do by hand, each step solved well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from benchmarks.solvers.own import needs_bookings
from talentopt.bench.plugins import Competitor
from talentopt.problem import Assignment, Events, Problem
from talentopt.solve.control import Control, Limits

if TYPE_CHECKING:
    from talentopt.problem import Itineraries, Matchings


def solve(problem: Problem, control: Control) -> None:
    """Solve the steps one after another; what a step decides, later ones keep."""
    itineraries = problem.itineraries
    stage = itineraries.placement_stage[itineraries.option_placement]
    exclusive = np.flatnonzero(itineraries.stage_exclusive)
    projects = exclusive[-1] if len(exclusive) > 1 else itineraries.n_stages
    fixed = np.isin(np.arange(itineraries.n_options), itineraries.fixed_options)
    everything = np.ones(itineraries.n_options, dtype=bool)
    steps = [
        ("mentors", fixed),
        ("rotations", fixed | (stage < projects)),
        ("projects", everything),
    ]
    decided = Assignment.of()
    arcs = np.ones(problem.matchings.n_arcs, dtype=bool)
    for number, (name, options) in enumerate(steps):
        control.enter(f"sequential: {name}")
        last = number == len(steps) - 1
        part = restrict(problem, arcs, options, decided, whole=last)
        seconds = control.seconds_left / (len(steps) - number)
        found = _solve_part(part.problem, seconds, control, part.inside(decided))
        if found is None:
            return
        decided = part.translate(found)
        arcs = np.isin(np.arange(len(arcs)), decided.arcs)
    control.offer(decided)


class Part:
    """A problem with some arcs and options only, and where these were in the whole."""

    def __init__(self, problem: Problem, arcs: np.ndarray, options: np.ndarray) -> None:
        self.problem, self._arcs, self._options = problem, arcs, options

    def translate(self, found: Assignment) -> Assignment:
        """Name the arcs and options as the whole problem does."""
        return Assignment.of(self._arcs[found.arcs], self._options[found.options], found.starts)

    def inside(self, whole: Assignment) -> Assignment:
        """Name the arcs and options of the whole problem as this part does."""
        return Assignment.of(
            np.searchsorted(self._arcs, whole.arcs),
            np.searchsorted(self._options, whole.options),
            whole.starts,
        )


def restrict(
    problem: Problem, arcs: np.ndarray, options: np.ndarray, decided: Assignment, *, whole: bool
) -> Part:
    """Keep some arcs and options, and make what is decided fixed.

    Parameters
    ----------
    problem : Problem
    arcs, options : (n_arcs,) and (n_options,) bool
        What is kept; contains what is decided.
    decided : Assignment
        Stays as it is.
    whole : bool
        False: what must be reached at least may wait for a later step.
    """
    matchings, fixed_arcs = _keep_arcs(problem.matchings, arcs, decided.arcs)
    itineraries = _keep_options(problem.itineraries, options, decided)
    if not whole:
        itineraries = replace(itineraries, min_seats=np.zeros_like(itineraries.min_seats))
    columns = np.concatenate([arcs, options, np.ones(len(problem.events), dtype=bool)])
    rows = replace(problem.rows, matrix=csr_array(problem.rows.matrix[:, np.flatnonzero(columns)]))
    if not whole:
        rows = replace(rows, lower=np.full(len(rows), -np.inf))
    part = replace(
        problem,
        matchings=replace(matchings, fixed_arcs=fixed_arcs),
        itineraries=itineraries,
        rows=rows,
        events=_keep_events(problem.events, options),
    )
    return Part(part, np.flatnonzero(arcs), np.flatnonzero(options))


def _keep_arcs(
    matchings: Matchings, kept: np.ndarray, decided: np.ndarray
) -> tuple[Matchings, np.ndarray]:
    number = np.cumsum(kept) - 1
    fixed = np.union1d(matchings.fixed_arcs, decided)
    still = kept[matchings.kept_arcs]
    smaller = replace(
        matchings,
        arc_ptr=np.concatenate([[0], np.cumsum(kept)])[matchings.arc_ptr].astype(np.int64),
        arc_provider=matchings.arc_provider[kept],
        arc_points=matchings.arc_points[kept],
        arc_load=np.broadcast_to(1.0, kept.sum())
        if matchings.unit_loads
        else matchings.arc_load[kept],
        kept_arcs=number[matchings.kept_arcs[still]],
        kept_arc_points=matchings.kept_arc_points[still],
    )
    return smaller, number[fixed]


def _keep_options(itineraries: Itineraries, kept: np.ndarray, decided: Assignment) -> Itineraries:
    number = np.cumsum(kept) - 1
    masks = itineraries.option_starts.copy()
    masks[decided.options] = 0
    word, bit = decided.starts // 64, (decided.starts % 64).astype(np.uint64)
    masks[decided.options, word] = np.uint64(1) << bit
    fixed = np.union1d(itineraries.fixed_options, decided.options)
    still = kept[itineraries.kept_options]
    return replace(
        itineraries,
        option_ptr=np.concatenate([[0], np.cumsum(kept)])[itineraries.option_ptr].astype(np.int64),
        option_placement=itineraries.option_placement[kept],
        option_points=itineraries.option_points[kept],
        option_starts=masks[kept],
        fixed_options=number[fixed],
        kept_options=number[itineraries.kept_options[still]],
        kept_starts=itineraries.kept_starts[still],
        kept_booking_points=itineraries.kept_booking_points[still],
    )


def _keep_events(events: Events, kept: np.ndarray) -> Events:
    """Events without the options that are gone; an event without any cannot happen."""
    inside = kept[events.options]
    number = np.cumsum(kept) - 1
    return Events(
        events.person,
        np.concatenate([[0], np.cumsum(inside)])[events.ptr].astype(np.int64),
        number[events.options[inside]],
        events.latest_start[inside],
    )


def _solve_part(
    problem: Problem, seconds: float, control: Control, start: Assignment
) -> Assignment | None:
    """Improve on what is decided already, which is a plan of the part unless minima are hard."""
    from talentopt.solve.registry import find_solver

    limits = Limits(seconds=seconds, workers=control.limits.workers, seed=control.limits.seed)
    inner = Control(problem, limits, warm=start)
    find_solver("auto")(problem, inner)
    return inner.best


COMPETITOR = Competitor(
    "sequential",
    "all mentors first, then onboarding and rotations, then projects and the rest; each step "
    "by our default solver in a third of what is left of the time, then fixed",
    solve,
    unsuitable=needs_bookings,
    compiles=True,
)
