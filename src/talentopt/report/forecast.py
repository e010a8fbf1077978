"""Where demand exceeds supply, before anything is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talentopt.compile.compiler import Compiled
    from talentopt.problem import Itineraries, Matchings
    from talentopt.read.scenario import Scenario


class Balance(NamedTuple):
    """One comparison of what is needed and what there is.

    Attributes
    ----------
    what : str
    needed, supply : float
        `supply` may be inf.
    unit : str
        What is counted.
    """

    what: str
    needed: float
    supply: float
    unit: str

    @property
    def short(self) -> float:
        """How much the demand exceeds the supply, at least 0."""
        return max(0.0, self.needed - self.supply)

    def __str__(self) -> str:
        """Write the comparison as one line."""
        there = "no limit" if np.isinf(self.supply) else f"{self.supply:g}"
        line = f"{self.what}: {self.needed:g} {self.unit} needed, {there} there"
        return f"{line}; SHORT BY {self.short:g}" if self.short > 0 else line


def forecast(compiled: Compiled, scenario: Scenario) -> list[Balance]:
    """Compare demand and supply of every matching, stage and area.

    What is short here is missing in every plan; what is not may still be,
    since rules act together.
    """
    matchings, itineraries = compiled.problem.matchings, compiled.problem.itineraries
    fit = bookings_that_fit(itineraries.seats, itineraries.placement_duration)
    return [
        *_matchings(matchings, compiled.index.matchings),
        *_all_roles(matchings, compiled.index.providers),
        *_stages(itineraries, compiled.index.stages, fit),
        *_values(compiled, scenario, fit),
    ]


def _matchings(matchings: Matchings, names: tuple[str, ...]) -> Iterator[Balance]:
    arcs = np.diff(matchings.arc_ptr)
    for number, name in enumerate(names):
        mine = (matchings.demand_matching == number) & (matchings.demand_missing > 0)
        if not mine.any():
            continue
        need = matchings.demand_need[mine]
        most = np.minimum(matchings.role_capacity[number], matchings.capacity)
        supply = most[_offered(matchings, number)].sum()
        yield Balance(f"matching {name}", need.sum(), supply, "places")
        lonely = np.maximum(need - arcs[mine], 0)
        if lonely.any():
            eligible = need.sum() - lonely.sum()
            yield Balance(f"matching {name}, eligible pairs", need.sum(), eligible, "places")


def _offered(matchings: Matchings, number: int) -> np.ndarray:
    """(n,) the providers that anybody may be paired with in this matching."""
    demands = np.flatnonzero(matchings.demand_matching == number)
    if len(demands) == 0:
        return np.zeros(0, dtype=np.int64)
    arcs = slice(matchings.arc_ptr[demands[0]], matchings.arc_ptr[demands[-1] + 1])
    offered = np.zeros(matchings.n_providers, dtype=bool)
    offered[matchings.arc_provider[arcs]] = True
    return np.flatnonzero(offered)


def _all_roles(matchings: Matchings, providers: tuple[tuple[str, str], ...]) -> Iterator[Balance]:
    """Compare all matchings that share a table of providers with their total capacity."""
    tables = np.array([table for table, _ in providers], dtype=object)
    for table in dict.fromkeys(tables):
        mine = np.flatnonzero(tables == table)
        numbers = [
            n for n in range(matchings.n_matchings) if np.isin(_offered(matchings, n), mine).any()
        ]
        if len(numbers) < 2:
            continue
        wanted = np.isin(matchings.demand_matching, numbers) & (matchings.demand_missing > 0)
        roles = matchings.role_capacity[numbers][:, mine].sum(axis=0)
        supply = np.minimum(roles, matchings.capacity[mine]).sum()
        needed = matchings.demand_need[wanted].sum()
        yield Balance(f"{table}, all matchings together", needed, supply, "places")


def _stages(
    itineraries: Itineraries, names: tuple[str, ...], fit: np.ndarray
) -> Iterator[Balance]:
    stage_of = itineraries.placement_stage
    person = itineraries.option_person()
    duration = itineraries.placement_duration[itineraries.option_placement]
    for number, name in enumerate(names):
        least = itineraries.stage_min[:, number]
        if not (least > 0).any():
            continue
        mine = np.flatnonzero(stage_of == number)
        needed = np.maximum(least, 0)
        yield Balance(f"stage {name}", needed.sum(), fit[mine].sum(), "placements")
        options = np.flatnonzero(stage_of[itineraries.option_placement] == number)
        periods = _least_periods(person[options], duration[options], needed)
        yield Balance(f"stage {name}", periods, itineraries.seats[mine].sum(), "person-periods")
        open_to = np.bincount(person[options], minlength=itineraries.n_people)
        lonely = np.maximum(needed - open_to, 0).sum()
        if lonely:
            there = needed.sum() - lonely
            yield Balance(f"stage {name}, open to the people", needed.sum(), there, "placements")


def _least_periods(person: np.ndarray, duration: np.ndarray, needed: np.ndarray) -> int:
    """Add up the shortest durations of each person's options, as many as are needed."""
    shape = len(needed), int(duration.max(initial=0)) + 1
    key = person.astype(np.int64) * shape[1] + duration
    there = np.bincount(key, minlength=shape[0] * shape[1]).reshape(shape)
    up_to = np.minimum(np.cumsum(there, axis=1), needed[:, None])
    return int((np.diff(up_to, axis=1, prepend=0) * np.arange(shape[1])).sum())


def bookings_that_fit(seats: np.ndarray, duration: np.ndarray) -> np.ndarray:
    """Count the bookings of equal length that fit under the seats of each placement.

    Starting each as early as possible leaves the most room for the rest.

    Parameters
    ----------
    seats : (n_placements, n_periods) int
    duration : (n_placements,) int

    Returns
    -------
    (n_placements,) int64
    """
    fit = np.zeros(len(seats), dtype=np.int64)
    for length in np.unique(duration):
        alike = duration == length
        free = seats[alike].astype(np.int64)
        for start in range(free.shape[1] - int(length) + 1):
            held = free[:, start : start + int(length)]
            more = held.min(axis=1)
            held -= more[:, None]
            fit[alike] += more
    return fit


def _values(compiled: Compiled, scenario: Scenario, fit: np.ndarray) -> Iterator[Balance]:
    """Compare, per area, the people who cannot do without it and the bookings that fit."""
    itineraries, index = compiled.problem.itineraries, compiled.index
    stages = scenario.model.itineraries.stages if scenario.model.itineraries else []
    value = itineraries.placement_distinct
    numbers = np.unique(value[value >= 0])
    stage_of = {int(v): int(itineraries.placement_stage[value == v][0]) for v in numbers}
    lonely = {stage: _without_other_choice(itineraries, stage) for stage in set(stage_of.values())}
    for value_number, number in stage_of.items():
        places = np.flatnonzero(value == value_number)
        needed = int(lonely[number][value_number])
        there = int(fit[places].sum())
        column = stages[number].distinct
        row = scenario.tables["placements"].iloc[int(places[0])]
        if needed > there:
            what = f"stage {index.stages[number]}, {column} {row[str(column)]}"
            yield Balance(what, needed, there, "placements by people who have no other choice")


def _without_other_choice(itineraries: Itineraries, stage: int) -> np.ndarray:
    """(n_values,) int64: people who miss a placement of a stage unless it has that value."""
    value = itineraries.placement_distinct[itineraries.option_placement]
    mine = itineraries.placement_stage[itineraries.option_placement] == stage
    person = itineraries.option_person()
    valued = mine & (value >= 0)
    n_values = int(itineraries.placement_distinct.max()) + 1
    has = np.zeros((itineraries.n_people, n_values), dtype=bool)
    has[person[valued], value[valued]] = True
    blank = np.bincount(person[mine & (value < 0)], minlength=itineraries.n_people)
    tight = has.sum(axis=1) + blank - 1 < itineraries.stage_min[:, stage]
    return np.asarray(has[tight].sum(axis=0))
