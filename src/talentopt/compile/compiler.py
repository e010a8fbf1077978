"""From a scenario to a problem, its ids, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.compile.budgets import add_budgets
from talentopt.compile.caps import add_caps, find_cap_conflicts, find_caps
from talentopt.compile.conflicts import find_booking_conflicts, find_pair_conflicts
from talentopt.compile.index import Conflict, Index
from talentopt.compile.links import compile_links
from talentopt.compile.matchings import (
    Market,
    Numbering,
    compile_matchings,
    find_arcs,
    find_markets,
)
from talentopt.compile.preferences import Preferences
from talentopt.compile.programme import Programme, compile_programme, itineraries_of
from talentopt.compile.quotas import EventBuilder, add_matching_quotas, add_stage_quotas
from talentopt.compile.rows import RowBuilder
from talentopt.compile.side import Sides
from talentopt.compile.skills import Skills
from talentopt.compile.stability import promised_pairs
from talentopt.compile.teams import add_teams
from talentopt.problem.problem import Problem
from talentopt.read import model as models

if TYPE_CHECKING:
    from talentopt.problem.matchings import Matchings
    from talentopt.read.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Compiled:
    """A scenario as a problem.

    Attributes
    ----------
    problem : Problem
        Fixed entries that cannot be are left out of it.
    index : Index
        The ids behind the problem's numbers.
    conflicts : tuple of Conflict
        Fixed entries that cannot be; empty for a scenario that may be solved.
    """

    problem: Problem
    index: Index
    conflicts: tuple[Conflict, ...]


def compile_scenario(scenario: Scenario) -> Compiled:
    """Compile every rule of a scenario once.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Compiled
    """
    model, sides = scenario.model, Sides(scenario)
    people, skills = sides["participants"], Skills(scenario)
    preferences = Preferences(scenario.tables["preferences"])
    seekers = Numbering.of((m.seekers for m in model.matchings.values()), sides)
    providers = Numbering.of((m.providers for m in model.matchings.values()), sides)
    markets = find_markets(scenario, sides, skills, preferences, providers)
    matchings = _fix_pairs(compile_matchings(markets, seekers, providers, sides), markets)
    promises = promised_pairs(model.stability, scenario.previous, markets, matchings)
    kept_arcs, _, kept_points = promises.priced()
    matchings = replace(matchings, kept_arcs=kept_arcs, kept_arc_points=kept_points)
    conflicts = find_pair_conflicts(scenario, markets, matchings)
    stages = model.itineraries or models.Itineraries(stages=[])
    programme = compile_programme(scenario, stages, people, skills, preferences)
    conflicts += find_booking_conflicts(scenario, programme)
    caps = find_caps(scenario, markets, promises, programme)
    conflicts += find_cap_conflicts(scenario, caps, markets, promises, programme)
    rows = RowBuilder(matchings.n_arcs, len(programme.options.option_placement))
    events = EventBuilder()
    _add_rows_across_people(
        rows, events, scenario, sides, skills, markets, providers, matchings, programme
    )
    add_caps(rows, events, caps, promises, programme, scenario.calendar.n_periods)
    happening = events.finish()
    problem = Problem(
        matchings,
        itineraries_of(programme, scenario),
        rows.finish(len(happening)),
        happening,
        compile_links(model.links, markets, matchings.n_providers, programme),
        float(model.fairness.worst_off),
        0.0 - promises.loss - programme.promises.loss,
    )
    index = Index(
        people=tuple(people.ids),
        placements=tuple(programme.venues.side.ids),
        stages=tuple(stage.stage for stage in stages.stages),
        matchings=tuple(model.matchings),
        seekers=seekers.identities,
        providers=providers.identities,
        hours=programme.hours.names,
        limits=tuple(limit.column for limit in stages.limits),
        rows=tuple(rows.names),
        links=tuple(f"{link.matching}/{link.column}/{link.stage}" for link in model.links),
    )
    return Compiled(problem, index, tuple(conflicts))


def _fix_pairs(matchings: Matchings, markets: list[Market]) -> Matchings:
    """Add the arcs that the pairs table fixes."""
    fixed = [np.zeros(0, dtype=np.int64)]
    for market in markets:
        mine = market.pairs.status == "fixed"
        fixed.append(
            find_arcs(
                matchings.arc_ptr,
                matchings.arc_provider,
                market.first_demand + market.pairs.seeker[mine],
                market.first_provider + market.pairs.provider[mine],
            )
        )
    arcs = np.unique(np.concatenate(fixed))
    return replace(matchings, fixed_arcs=arcs[arcs >= 0])


def _add_rows_across_people(
    rows: RowBuilder,
    events: EventBuilder,
    scenario: Scenario,
    sides: Sides,
    skills: Skills,
    markets: list[Market],
    providers: Numbering,
    matchings: Matchings,
    programme: Programme,
) -> None:
    """Add the rows of budgets, teams and quotas, and the events that quotas count."""
    tables = scenario.tables
    add_budgets(rows, tables["budgets"], providers, sides, matchings, programme)
    add_teams(rows, tables["placement_skills"], skills, programme)
    add_matching_quotas(rows, tables["quotas"], markets, matchings)
    add_stage_quotas(rows, events, tables["quotas"], programme, scenario.calendar.n_periods)
