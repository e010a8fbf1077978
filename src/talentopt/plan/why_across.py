"""Why minimum seats, teams and quotas are missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.problem import measure

if TYPE_CHECKING:
    from talentopt.plan.names import Names
    from talentopt.problem import Assignment, Problem


def understaffed_reason(
    problem: Problem, names: Names, assignment: Assignment, placement: int, used: np.ndarray
) -> str:
    """Say when a placement has too few people, and who could have been there.

    Parameters
    ----------
    placement : int
    used : (n_periods,) int64
        People at the placement in each period.
    """
    itineraries = problem.itineraries
    needed = itineraries.min_seats[placement]
    short = np.flatnonzero(used < needed)
    spans = ", ".join(
        f"{names.periods[span[0]]}{f' to {names.periods[span[-1]]}' if len(span) > 1 else ''}"
        for span in runs(short)
    )
    could, busy = _who_could(problem, assignment, placement, int(short[0]))
    fact = f"fewer people than the minimum in {spans}; in {names.periods[short[0]]} "
    fact += f"{used[short[0]]} of {needed[short[0]]}, "
    if could == 0:
        return fact + "nobody else may be there then"
    return fact + f"{could} more may be there then, {busy} of them placed elsewhere"


def runs(periods: np.ndarray) -> list[np.ndarray]:
    """Split ascending periods into runs of consecutive ones."""
    return np.split(periods, np.flatnonzero(np.diff(periods) > 1) + 1)


def _who_could(
    problem: Problem, assignment: Assignment, placement: int, period: int
) -> tuple[int, int]:
    """Count the people not there who may be, and those of them placed elsewhere then."""
    itineraries = problem.itineraries
    options = np.flatnonzero(itineraries.option_placement == placement)
    options = options[~np.isin(options, assignment.options)]
    covers = np.zeros(len(options), dtype=bool)
    for start in range(period - int(itineraries.placement_duration[placement]) + 1, period + 1):
        covers |= itineraries.may_start(options, np.full(len(options), start))
    person = measure.person_of(itineraries, options[covers])
    exclusive = measure.Exclusive(itineraries, assignment.options, assignment.starts)
    then = (exclusive.start <= period) & (exclusive.end > period)
    return len(person), int(np.isin(person, exclusive.person[then]).sum())


def row_reason(problem: Problem, assignment: Assignment, row: int, skill: str) -> str:
    """Say what a team or quota counts, what it needs and what could count at most."""
    rows = problem.rows
    activity = measure.row_activity(problem, assignment)[row]
    coefficients = rows.matrix[[row]].data
    most = coefficients[coefficients > 0].sum()
    what = f"with enough {skill}" if skill else "counted"
    if activity < rows.lower[row]:
        fact = f"{activity:g} of at least {rows.lower[row]:g} {what}"
        if most < rows.lower[row]:
            return fact + f"; only {most:g} could be, so that it cannot be met"
        return fact + f"; {most:g} could be, if nothing else bound them"
    return f"{activity:g} {what}, at most {rows.upper[row]:g} allowed"
