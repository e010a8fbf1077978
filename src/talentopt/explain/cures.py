"""The smallest edits of a scenario that would cure a shortage, each shown by a plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.arranging import no_more_of_others
from talentopt.explain.itinerary import OwnItinerary
from talentopt.explain.moves import movers
from talentopt.problem import Assignment, measure
from talentopt.problem.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.insight.standing import Standing
    from talentopt.problem import Problem

NO_EDIT = "no edit: re-arranging this person alone cures it"
OTHERS_MOVE = "no edit: re-arranging this person and those who move cures it"


@dataclass(frozen=True, slots=True)
class Remedy:
    """Edits after which a person's shortage is smaller.

    Attributes
    ----------
    edits : tuple of str
    gain : float
        Points that the whole plan gains with these edits when only this person and those who
        move are re-arranged.
    cured : float
        Units of the shortage that go away.
    moving : tuple of str
        Everybody, this person too, whose pairs or bookings differ.
    """

    edits: tuple[str, ...]
    gain: float
    cured: float
    moving: tuple[str, ...]

    @property
    def free(self) -> bool:
        """Whether nothing needs to be edited."""
        return self.edits in ((NO_EDIT,), (OTHERS_MOVE,))


@dataclass(frozen=True, slots=True)
class Cure(Remedy):
    """A remedy with the plan that shows it.

    Attributes
    ----------
    assignment : Assignment
        Allowed in `problem`.
    problem : Problem
        With the edits.
    """

    assignment: Assignment
    problem: Problem


def cure_placements(standing: Standing, person: int, stage: int) -> Cure | None:
    """Find the seats that a person short of a stage's placements lacks.

    Everybody else stays. The person's itinerary is arranged at its best as if
    every placement had one more seat, full ones being avoided; the seats that
    it uses beyond those there are make the edits. Placements that the cure can
    do without are then left out, one after the other.
    """
    everywhere = np.ones(standing.problem.itineraries.n_placements, dtype=bool)
    found = _with_seats_at(standing, person, stage, everywhere)
    if found is None:
        return None
    for placement in np.flatnonzero(_edited(standing, found)).tolist():
        fewer = _edited(standing, found)
        if not fewer[placement]:
            continue
        fewer[placement] = False
        cure = _with_seats_at(standing, person, stage, fewer)
        if (
            cure is not None
            and cure.cured >= found.cured
            and not lacks_more(standing, cure.assignment, person, stage)
        ):
            found = cure
    return found


def lacks_more(standing: Standing, after: Assignment, person: int, besides: int = -1) -> bool:
    """Whether a person lacks more of a stage (`besides` one) than in the plan in hand."""
    itineraries = standing.problem.itineraries
    held = [
        np.minimum(
            measure.placements_held(itineraries, plan.options)[person],
            itineraries.stage_min[person],
        )
        for plan in (standing.assignment, after)
    ]
    worse = held[1] < held[0]
    return bool(worse[np.arange(len(worse)) != besides].any())


def cure_without_seats(standing: Standing, person: int, stage: int) -> Cure | None:
    """Re-arrange a person short of a stage's placements within the seats there are."""
    nowhere = np.zeros(standing.problem.itineraries.n_placements, dtype=bool)
    return _with_seats_at(standing, person, stage, nowhere)


def _edited(standing: Standing, cure: Cure) -> np.ndarray:
    """(n_placements,) bool: where a cure adds seats."""
    more = cure.problem.itineraries.seats > standing.problem.itineraries.seats
    return np.asarray(more.any(axis=1))


def _with_seats_at(standing: Standing, person: int, stage: int, where: np.ndarray) -> Cure | None:
    """Find the seats needed when only some placements may get one more."""
    short = float(standing.problem.itineraries.stage_missing[person, stage])
    dear = _with_charge(standing, person, stage, where, short)
    return dear or _with_charge(standing, person, stage, where, 0.0)


def _with_charge(
    standing: Standing, person: int, stage: int, where: np.ndarray, short: float
) -> Cure | None:
    """Find seats; `short` is what filling the gap is worth."""
    problem, plan = standing.problem, standing.assignment
    itineraries = problem.itineraries
    more = _with_seats(problem, itineraries.seats + (where[:, None] & (itineraries.seats > 0)))
    if where.any():
        more = no_more_of_others(more, plan, np.array([person]), stage)
    mine = measure.person_of(itineraries, plan.options) == person
    others = measure.seats_used(itineraries, plan.options[~mine], plan.starts[~mine])
    # Full seats are avoided as far as filling the gap still pays, so that edits stay few.
    alike = itineraries.placement_stage == stage
    longest = int(itineraries.placement_duration[alike].max(initial=1))
    charge = short / (2 * longest)
    charges = np.where(others >= itineraries.seats, charge, 0.0)
    answer = OwnItinerary(more, plan, person, charges).best()
    if answer.assignment is None:
        return None
    before = measure.placements_held(itineraries, plan.options)[person, stage]
    now = measure.placements_held(itineraries, answer.assignment.options)[person, stage]
    closes = min(now, itineraries.stage_min[person, stage]) - before
    return shown(standing, answer.assignment, float(closes)) if closes > 0 else None


def added_seats(standing: Standing, cure: Cure) -> Iterator[tuple[int, np.ndarray]]:
    """List placements with the runs of periods in which a cure gives them one more seat."""
    yield from runs(cure.problem.itineraries.seats - standing.problem.itineraries.seats)


def runs(added: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Split (n_placements, n_periods) counts into placements and periods of one count above 0."""
    for placement in np.flatnonzero(added.any(axis=1)).tolist():
        periods = np.flatnonzero(added[placement])
        steps = (np.diff(periods) > 1) | (np.diff(added[placement, periods]) != 0)
        for run in np.split(periods, np.flatnonzero(steps) + 1):
            yield placement, run


def seat_for(standing: Standing, person: int, option: int) -> Cure | None:
    """Find the seats that an exclusive booking which the person has not would take."""
    problem, plan = standing.problem, standing.assignment
    itineraries = problem.itineraries
    wanted = np.zeros((itineraries.n_placements, 1), dtype=bool)
    wanted[itineraries.option_placement[option]] = True
    more = _with_seats(problem, itineraries.seats + (wanted & (itineraries.seats > 0)))
    answer = OwnItinerary(more, plan, person).best_with(option)
    return None if answer.assignment is None else shown(standing, answer.assignment, 0.0)


def with_booking(standing: Standing, option: int, start: int, cured: float) -> Cure | None:
    """Add one booking, and the seats that it lacks; None when another rule forbids it.

    Parameters
    ----------
    standing : Standing
    option, start : int
        Everything else of the plan stays.
    cured : float
        Units of the shortage that it closes.
    """
    plan = standing.assignment
    options, starts = np.append(plan.options, option), np.append(plan.starts, start)
    return shown(standing, Assignment.of(plan.arcs, options, starts), cured)


def shown(standing: Standing, after: Assignment, cured: float) -> Cure | None:
    """Add the seats that a plan uses beyond those there are.

    Returns
    -------
    Cure or None
        None when the plan is not allowed even then.
    """
    itineraries = standing.problem.itineraries
    used = measure.seats_used(itineraries, after.options, after.starts)
    edited = _with_seats(standing.problem, np.maximum(itineraries.seats, used))
    value = evaluate(edited, after)
    if value.violations:
        return None
    moving = tuple(sorted(movers(standing.problem, standing.names, standing.assignment, after)))
    nothing = NO_EDIT if len(moving) <= 1 else OTHERS_MOVE
    edits = seat_edits(standing, np.maximum(used - itineraries.seats, 0)) or (nothing,)
    return Cure(edits, value.value - standing.evaluation.value, cured, moving, after, edited)


def _with_seats(problem: Problem, seats: np.ndarray) -> Problem:
    itineraries = replace(problem.itineraries, seats=seats.astype(np.int32))
    return replace(problem, itineraries=itineraries)


def added_alone(used: np.ndarray, cells: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """(n_placements, n_periods) int64: one more seat in these placements and periods."""
    added = np.zeros_like(used)
    added[cells] = 1
    return added


def seat_edits(standing: Standing, added: np.ndarray) -> tuple[str, ...]:
    """Write (n_placements, n_periods) counts of seats that are not there as edits."""
    return tuple(
        write_seats(standing, placement, run, int(added[placement, run[0]]))
        for placement, run in runs(added)
    )


def write_seats(standing: Standing, placement: int, run: np.ndarray, count: int) -> str:
    """Write more seats in consecutive periods as an edit."""
    names = standing.names
    first, last = names.periods[run[0]], names.periods[run[-1]]
    when = f"in {first}" if first == last else f"from {first} to {last}"
    more = "one more seat" if count == 1 else f"{count} more seats"
    return f"{more} in {names.placements[placement]} {when}"
