"""What the plan could not meet, how much of it, what it costs and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.plan.names import Names
from talentopt.plan.plan import SHORTAGES
from talentopt.plan.scores import rows_missed
from talentopt.plan.why_across import row_reason, understaffed_reason
from talentopt.plan.why_booking import BookingReasons
from talentopt.plan.why_pair import PairReasons
from talentopt.plan.why_row import FullRows
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.compile.index import Index
    from talentopt.problem import Assignment, Problem
    from talentopt.read.scenario import Scenario

Shortage = tuple[str, str, float, float, str]


def shortages(
    problem: Problem,
    index: Index,
    scenario: Scenario,
    assignment: Assignment,
    *,
    optimal: bool,
) -> pd.DataFrame:
    """List every priced shortage with the facts that bind.

    Parameters
    ----------
    optimal : bool
        The plan is proven best, so that a place left free is no oversight.

    Returns
    -------
    DataFrame
        The columns of `Plan.shortages`. Rules and subjects are those of
        `Plan.scores`, amounts and points are positive; what is short over
        several periods is one row.
    """
    names = Names.of(index, scenario.calendar)
    full = FullRows(problem, index, assignment)
    left = "using it would lose more points elsewhere" if optimal else "a longer search may use it"
    pairs = PairReasons(problem, names, assignment, full, left)
    table = scenario.tables["placements"]
    areas = dict(zip(table["id"], table["area"], strict=True))
    bookings = BookingReasons(problem, names, areas, assignment, full, left)
    rows = [
        *_providers(problem, names, assignment, pairs),
        *_placements(problem, names, assignment, bookings),
        *_hours(problem, index, names, assignment, bookings),
        *_seats(problem, names, assignment),
        *_rows(problem, index, assignment),
    ]
    frame = pd.DataFrame(rows, columns=list(SHORTAGES))
    return frame.astype({"amount": np.float64, "points": np.float64})


def _providers(
    problem: Problem, names: Names, assignment: Assignment, why: PairReasons
) -> Iterator[Shortage]:
    matchings = problem.matchings
    short = np.maximum(measure.providers_missing(matchings, assignment.arcs), 0)
    points = short * matchings.demand_missing
    for demand in np.flatnonzero(points > 0).tolist():
        seeker = names.seekers[matchings.demand_seeker[demand]]
        matching = names.matchings[matchings.demand_matching[demand]]
        need = matchings.demand_need[demand]
        fact = f"{matching}: {need - short[demand]} of {need} found; {why.missing(demand)}"
        yield "missing", seeker, short[demand], points[demand], fact


def _placements(
    problem: Problem, names: Names, assignment: Assignment, why: BookingReasons
) -> Iterator[Shortage]:
    itineraries = problem.itineraries
    held = measure.placements_held(itineraries, assignment.options)
    short = np.maximum(itineraries.stage_min - held, 0)
    points = short * itineraries.stage_missing
    for person, stage in np.argwhere(points > 0):
        need = itineraries.stage_min[person, stage]
        fact = f"{names.stages[stage]}: {held[person, stage]} of {need} placed; "
        fact += why.missing_placements(person, stage, int(short[person, stage]))
        yield "missing", names.people[person], short[person, stage], points[person, stage], fact


def _hours(
    problem: Problem, index: Index, names: Names, assignment: Assignment, why: BookingReasons
) -> Iterator[Shortage]:
    itineraries = problem.itineraries
    short = measure.hours_missing(itineraries, assignment.options)
    points = short * itineraries.hours_missing
    for person, hours in np.argwhere(points > 0):
        stage, layer = index.hours[hours]
        need, missing = itineraries.hours_min[person, hours], short[person, hours]
        fact = f"{stage}/{layer}: {need - missing:g} of {need:g} hours; "
        fact += why.missing_hours(person, hours)
        yield "missing", names.people[person], missing, points[person, hours], fact


def _seats(problem: Problem, names: Names, assignment: Assignment) -> Iterator[Shortage]:
    itineraries = problem.itineraries
    price = itineraries.understaffed_price
    if not np.isfinite(price) or price <= 0:
        return
    used = measure.seats_used(itineraries, assignment.options, assignment.starts)
    empty = measure.seats_empty(itineraries, used)
    for placement in np.flatnonzero(empty.any(axis=1)).tolist():
        amount = empty[placement].sum()
        fact = understaffed_reason(problem, names, assignment, placement, used[placement])
        yield "understaffed", names.placements[placement], amount, amount * price, fact


def _rows(problem: Problem, index: Index, assignment: Assignment) -> Iterator[Shortage]:
    missed, price = rows_missed(problem, assignment), problem.rows.price
    for row, (kind, name, detail) in enumerate(index.rows):
        if missed[row] > 0 and np.isfinite(price[row]) and price[row] > 0:
            fact = row_reason(problem, assignment, row, detail)
            yield kind, name, missed[row], missed[row] * price[row], fact
