"""The facts that keep a promise of the previous plan from being kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.conflicts import why_no_booking, why_no_pair
from talentopt.compile.matchings import Numbering, find_arcs, find_markets
from talentopt.compile.preferences import Preferences
from talentopt.compile.programme import compile_programme
from talentopt.compile.side import Sides
from talentopt.compile.skills import Skills

if TYPE_CHECKING:
    from talentopt.compile.compiler import Compiled
    from talentopt.compile.matchings import Market
    from talentopt.compile.programme import Programme
    from talentopt.read.scenario import Scenario

NO_REASON = "the rules of today do not allow it"


class Obstacles:
    """Answers why a pair or booking cannot be any more.

    Parameters
    ----------
    scenario : Scenario
    compiled : Compiled
    """

    def __init__(self, scenario: Scenario, compiled: Compiled) -> None:
        self._scenario, self._problem = scenario, compiled.problem
        self._people = {name: number for number, name in enumerate(compiled.index.people)}
        self._placements = {name: n for n, name in enumerate(compiled.index.placements)}

    def pair(self, matching: str, seeker: str, provider: str) -> str:
        """Name the fact; blank when the pair is still possible by itself."""
        market = self._markets.get(matching)
        if market is None:
            return f"the model has no matching {matching!r} any more"
        found = []
        for side, who in (
            (market.crossing.seekers, seeker),
            (market.crossing.providers, provider),
        ):
            found.append(int(side.find(np.array([who], dtype=object))[0]))
            if found[-1] < 0:
                return f"{who} is no longer in {self._scenario.files.get(side.table, side.table)}"
        matchings = self._problem.matchings
        arcs = find_arcs(
            matchings.arc_ptr,
            matchings.arc_provider,
            np.array([market.first_demand + found[0]]),
            np.array([market.first_provider + found[1]]),
        )
        if arcs[0] >= 0:
            return ""
        return next(why_no_pair(self._scenario, market, *found), NO_REASON)

    def booking(self, person: str, placement: str, start: int) -> str:
        """Name the fact; blank when the booking is still possible by itself."""
        if person not in self._people:
            return f"{person} is no longer in {self._scenario.files['participants']}"
        if placement not in self._placements:
            return f"{placement} is no longer in {self._scenario.files['placements']}"
        who, where = self._people[person], self._placements[placement]
        itineraries = self._problem.itineraries
        options = np.arange(*itineraries.option_ptr[who : who + 2])
        options = options[itineraries.option_placement[options] == where]
        if itineraries.may_start(options, np.full(len(options), start)).any():
            return ""
        away = self._absence(person, where, start)
        if away:
            return away
        return next(why_no_booking(self._scenario, self._programme, who, where, start), NO_REASON)

    def _absence(self, person: str, placement: int, start: int) -> str:
        itineraries = self._problem.itineraries
        if not itineraries.placement_exclusive[placement]:
            return ""
        end = start + int(itineraries.placement_duration[placement])
        rows = self._scenario.tables["absences"]
        mine = rows[(rows["person"] == person) & (rows["from"] < end) & (rows["to"] >= start)]
        if mine.empty:
            return ""
        row, label = mine.iloc[0], self._scenario.calendar.label
        reason = f"{row['reason']}, " if row["reason"] else ""
        where = f"{self._scenario.files['absences']}, line {mine.index[0]}"
        return f"absent from {label(row['from'])} to {label(row['to'])} ({reason}{where})"

    @cached_property
    def _tables(self) -> tuple[Sides, Skills, Preferences]:
        scenario = self._scenario
        return Sides(scenario), Skills(scenario), Preferences(scenario.tables["preferences"])

    @cached_property
    def _markets(self) -> dict[str, Market]:
        sides, skills, preferences = self._tables
        models = self._scenario.model.matchings.values()
        providers = Numbering.of((model.providers for model in models), sides)
        markets = find_markets(self._scenario, sides, skills, preferences, providers)
        return {market.name: market for market in markets}

    @cached_property
    def _programme(self) -> Programme:
        sides, skills, preferences = self._tables
        model = self._scenario.model.itineraries
        assert model is not None
        return compile_programme(self._scenario, model, sides["participants"], skills, preferences)
