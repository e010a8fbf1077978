"""The facts that make a pair or booking ineligible, with file and row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.compile.bookings import ANY
from talentopt.compile.conflicts import why_no_booking, why_no_pair
from talentopt.compile.matchings import Numbering, find_markets
from talentopt.compile.preferences import Preferences
from talentopt.compile.programme import compile_programme
from talentopt.compile.side import Sides
from talentopt.compile.skills import Skills

if TYPE_CHECKING:
    from talentopt.explain.wanted import Wanted
    from talentopt.read.scenario import Scenario


def facts_against(scenario: Scenario, wanted: Wanted) -> list[str]:
    """Say every fact of the files that rules a pair or booking out.

    Parameters
    ----------
    scenario : Scenario
    wanted : Wanted
        Of a scenario compiled from this one; ineligible.
    """
    sides, skills = Sides(scenario), Skills(scenario)
    preferences = Preferences(scenario.tables["preferences"])
    if wanted.matching >= 0:
        providers = Numbering.of((m.providers for m in scenario.model.matchings.values()), sides)
        market = find_markets(scenario, sides, skills, preferences, providers)[wanted.matching]
        provider = wanted.target - market.first_provider
        return list(why_no_pair(scenario, market, wanted.person, provider))
    model = scenario.model.itineraries
    assert model is not None
    people = sides["participants"]
    programme = compile_programme(scenario, model, people, skills, preferences)
    start = ANY if wanted.start < 0 else wanted.start
    return list(why_no_booking(scenario, programme, wanted.person, wanted.target, start))
