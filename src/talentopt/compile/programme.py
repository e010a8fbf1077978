"""Everything about itineraries, from tables to arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.bookings import Bookings
from talentopt.compile.crossing import Crossing
from talentopt.compile.history import History
from talentopt.compile.limits import compile_limits
from talentopt.compile.options import (
    Entry,
    Options,
    Windows,
    compile_options,
    excluded_by_history,
    find_options,
)
from talentopt.compile.prerequisites import compile_prerequisites
from talentopt.compile.previous import PreviousBookings
from talentopt.compile.side import shared_codes
from talentopt.compile.stability import Promises, promised_bookings
from talentopt.compile.stages import Hours, count_hours, count_stages
from talentopt.compile.venues import Venues, understaffing_price
from talentopt.problem.itineraries import Itineraries
from talentopt.problem.starts import n_words, pack

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.preferences import Preferences
    from talentopt.compile.side import Side
    from talentopt.compile.skills import Skills
    from talentopt.read import model as models
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Programme:
    """The itineraries of a scenario and the facts they were made of.

    Attributes
    ----------
    model : models.Itineraries
    people : Side
    crossing : Crossing
        People against placements.
    venues : Venues
    history : History
    previous : PreviousBookings
    bookings : Bookings
    entry : Entry
    free, away : (n_people, n_periods) bool
        Periods in the programme; periods of absence.
    distinct : (n_placements,) int32
    hours : Hours
    options : Options
    promises : Promises
        The published bookings of the previous plan.
    """

    model: models.Itineraries
    people: Side
    crossing: Crossing
    venues: Venues
    history: History
    previous: PreviousBookings
    bookings: Bookings
    entry: Entry
    free: np.ndarray
    away: np.ndarray
    distinct: np.ndarray
    hours: Hours
    options: Options
    promises: Promises


def compile_programme(
    scenario: Scenario,
    model: models.Itineraries,
    people: Side,
    skills: Skills,
    preferences: Preferences,
) -> Programme:
    """Make the options of a scenario whose model has itineraries."""
    tables, n_periods = scenario.tables, scenario.calendar.n_periods
    venues = Venues.of(scenario, model)
    stages = venues.side.texts("stage")
    crossing = Crossing(people, venues.side, skills, preferences, ("id", "area", "unit"), stages)
    history = History.of(tables["bookings"], people, venues.side)
    previous = PreviousBookings.of(scenario, people, venues.side, history)
    bookings = Bookings.of(tables["bookings"], people, venues.side, previous.kept())
    entry = Entry(people, venues, skills, tables["placement_skills"])
    free = _periods(people.frame["start"], people.frame["end"], n_periods)
    away = _absent(tables["absences"], people, n_periods)
    distinct = venues.distinct_codes(model)
    options = compile_options(
        model,
        crossing,
        venues,
        entry,
        Windows(free, away, venues),
        bookings,
        excluded_by_history(history, distinct),
        _changeable(scenario.at or 0, n_periods),
    )
    promises = promised_bookings(scenario.model.stability, previous, people, venues, options)
    hours = count_hours(model, people, venues, history)
    return Programme(
        model,
        people,
        crossing,
        venues,
        history,
        previous,
        bookings,
        entry,
        free,
        away,
        distinct,
        hours,
        options,
        promises,
    )


def itineraries_of(programme: Programme, scenario: Scenario) -> Itineraries:
    """Make the arrays of all itineraries."""
    model, people, venues = programme.model, programme.people, programme.venues
    history, options, hours = programme.history, programme.options, programme.hours
    kept = programme.previous.kept()
    counts = count_stages(model, people, venues, history, kept, scenario.tables["requirements"])
    limit_value, limit_left = compile_limits(model.limits, people, venues, history, kept)
    clauses = compile_prerequisites(
        scenario.tables["prerequisites"], len(people), venues, history, kept
    )
    place, home, move_price = _moves(model.move, people, venues)
    kept_options, kept_starts, kept_points = programme.promises.priced()
    return Itineraries(
        n_people=len(people),
        n_periods=scenario.calendar.n_periods,
        n_placements=len(venues),
        n_stages=len(model.stages),
        ordered=model.ordered,
        stage_exclusive=np.array([not stage.concurrent for stage in model.stages], dtype=bool),
        stage_min=counts.least,
        stage_max=counts.most,
        stage_missing=counts.missing,
        idle_price=people.amounts(model.idle.points if model.idle else 0.0),
        idle_from=np.maximum(people.numbers("start"), 0).astype(np.int32),
        move_price=move_price,
        home=home,
        placement_stage=venues.stage,
        placement_duration=venues.duration,
        placement_load=venues.load,
        placement_place=place,
        placement_distinct=programme.distinct,
        seats=venues.seats_beside(kept),
        min_seats=venues.min_seats,
        understaffed_price=understaffing_price(model.understaffed),
        concurrent_load=np.inf if model.concurrent_load is None else model.concurrent_load,
        option_ptr=options.option_ptr,
        option_placement=options.option_placement,
        option_points=options.option_points,
        option_starts=options.option_starts,
        fixed_options=_fixed(programme),
        kept_options=kept_options,
        kept_starts=kept_starts,
        kept_booking_points=kept_points,
        limit_value=limit_value,
        limit_left=limit_left,
        clause_placement=clauses.placement,
        clause_ptr=clauses.ptr,
        clause_met_by=clauses.met_by,
        clause_done=clauses.done,
        hours_stage=hours.stage,
        hours_min=hours.least,
        hours_missing=hours.missing,
        placement_hours_of=hours.placement_of,
        placement_hours=hours.placement_hours,
    )


def _fixed(programme: Programme) -> np.ndarray:
    """(n_fixed,) int64: options that the table fixes or the previous plan began."""
    bookings = programme.bookings
    mine = np.isin(bookings.status.astype(str), ["fixed", "begun"])
    found = find_options(programme.options, bookings.person[mine], bookings.placement[mine])
    return np.unique(found[found >= 0])


def _periods(first: pd.Series, last: pd.Series, n_periods: int) -> np.ndarray:
    """(n, n_periods) bool: the periods from first to last, within the calendar."""
    periods = np.arange(n_periods)
    begin, end = first.to_numpy(dtype=np.int64), last.to_numpy(dtype=np.int64)
    return np.asarray((periods >= begin[:, None]) & (periods <= end[:, None]))


def _absent(absences: pd.DataFrame, people: Side, n_periods: int) -> np.ndarray:
    """(n_people, n_periods) bool: when participants are away."""
    away = np.zeros((len(people), n_periods), dtype=bool)
    person = people.find(absences["person"])
    for row, periods in zip(
        person, _periods(absences["from"], absences["to"], n_periods), strict=True
    ):
        if row >= 0:
            away[row] |= periods
    return away


def _changeable(at: int, n_periods: int) -> np.ndarray:
    """(n_words,) uint64: mask of the periods from `at` on."""
    return np.asarray(pack((np.arange(n_periods) >= at)[None, :])[0]).reshape(n_words(n_periods))


def _moves(
    move: models.Move | None, people: Side, venues: Venues
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Code the places of placements and people; price everybody's moves."""
    nowhere = np.full(len(people), -1, dtype=np.int32)
    if move is None:
        return np.full(len(venues), -1, dtype=np.int32), nowhere, np.zeros(len(people))
    place, home = shared_codes(venues.side.texts(move.column), people.texts(move.column))
    return place, home if move.from_home else nowhere, people.amounts(move.points)
