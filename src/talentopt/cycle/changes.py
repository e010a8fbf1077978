"""Every change from the previous plan: who, what, why, and at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.compile.matchings import find_arcs
from talentopt.problem.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario

COLUMNS = ("change", "kind", "person", "what", "before", "after", "why", "price")


def list_changes(
    scenario: Scenario, compiled: Compiled, plan: Plan, warm: Assignment, chosen: Assignment
) -> pd.DataFrame:
    """List what differs from the previous plan.

    Parameters
    ----------
    scenario : Scenario
        With a previous plan.
    compiled : Compiled
    plan : Plan
        The new plan.
    warm : Assignment
        What of the previous plan is still possible.
    chosen : Assignment
        The new plan's assignment.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`. `change` is ``gone``, ``moved`` or ``new``; `kind`
        a matching or a stage; `why` the fact that forbids what was there, or
        what the person's total gains; `price` the points lost for it.
    """
    assert scenario.previous is not None
    before = evaluate(compiled.problem, warm).person_totals
    after = evaluate(compiled.problem, chosen).person_totals
    gains = dict(zip(compiled.index.people, (after - before).tolist(), strict=True))
    rows = _pairs(scenario, compiled, plan, gains) + _bookings(scenario, compiled, plan, gains)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["person", "kind", "what"], kind="stable", ignore_index=True)


def kept_shares(scenario: Scenario, plan: Plan) -> dict[str, float]:
    """Compute the share of the previous plan's pairs and bookings that is unchanged.

    Only what starts in the calendar counts; 1 where there was nothing.
    """
    assert scenario.previous is not None
    pairs = _keys(scenario.previous.pairs, ["matching", "seeker", "provider"])
    placements = scenario.previous.placements
    placements = placements[placements["start"] >= 0]
    starts = placements["start"].map(scenario.calendar.label)
    bookings = set(zip(placements["participant"], placements["placement"], starts, strict=True))
    kept = _keys(plan.placements, ["participant", "placement", "start"])
    return {
        "pairs": _share(pairs, _keys(plan.pairs, ["matching", "seeker", "provider"])),
        "placements": _share(bookings, kept),
    }


def _keys(table: pd.DataFrame, columns: list[str]) -> set[tuple[str, ...]]:
    return set(table[columns].itertuples(index=False, name=None))


def _share(before: AbstractSet[tuple[str, ...]], after: AbstractSet[tuple[str, ...]]) -> float:
    return len(before & after) / len(before) if before else 1.0


def _pairs(
    scenario: Scenario, compiled: Compiled, plan: Plan, gains: dict[str, float]
) -> list[tuple[object, ...]]:
    assert scenario.previous is not None
    columns = ["matching", "seeker", "provider"]
    before, after = _keys(scenario.previous.pairs, columns), _keys(plan.pairs, columns)
    prices = _prices(plan, "pair_change")
    facts = _PairFacts(scenario, compiled)
    rows: list[tuple[object, ...]] = []
    for matching, seeker, provider in sorted(before - after):
        why = facts.obstacle(matching, seeker, provider) or _gain(seeker, gains)
        price = prices.get((seeker, f"{matching}/{provider}"), 0.0)
        rows.append(("gone", matching, seeker, provider, provider, "", why, price))
    for matching, seeker, provider in sorted(after - before):
        rows.append(("new", matching, seeker, provider, "", provider, _gain(seeker, gains), 0.0))
    return rows


def _bookings(
    scenario: Scenario, compiled: Compiled, plan: Plan, gains: dict[str, float]
) -> list[tuple[object, ...]]:
    assert scenario.previous is not None
    placements = scenario.previous.placements
    was = {
        (str(row["participant"]), str(row["placement"])): int(row["start"])
        for row in placements.to_dict("records")
        if row["start"] >= 0
    }
    now = {
        (str(row["participant"]), str(row["placement"])): str(row["start"])
        for row in plan.placements.to_dict("records")
    }
    stages = dict(
        zip(
            scenario.tables["placements"]["id"],
            scenario.tables["placements"]["stage"],
            strict=True,
        )
    )
    prices = _prices(plan, "placement_change")
    facts = _BookingFacts(scenario, compiled)
    rows: list[tuple[object, ...]] = []
    for (person, placement), start in sorted(was.items()):
        label, after = scenario.calendar.label(start), now.get((person, placement), "")
        if after == label:
            continue
        why = facts.obstacle(person, placement, start) or _gain(person, gains)
        price = prices.get((person, placement), 0.0)
        change = "moved" if after else "gone"
        stage = stages.get(placement, "")
        rows.append((change, stage, person, placement, label, after, why, price))
    for (person, placement), label in sorted(now.items()):
        if (person, placement) not in was:
            why = _gain(person, gains)
            rows.append(("new", stages[placement], person, placement, "", label, why, 0.0))
    return rows


def _prices(plan: Plan, rule: str) -> dict[tuple[str, str], float]:
    """Price of each change, as a positive number, by (subject, object)."""
    rows = plan.scores[plan.scores["rule"] == rule]
    keys = zip(rows["subject"], rows["object"], strict=True)
    return {(str(a), str(b)): -float(p) for (a, b), p in zip(keys, rows["points"], strict=True)}


def _gain(person: str, gains: dict[str, float]) -> str:
    gain = gains.get(person)
    if gain is None:
        return "pays for the plan as a whole"
    if gain > 0:
        return f"{person} gains {gain:.2f} points over the old plan's rest"
    return "makes room for others: the plan as a whole gains"


class _PairFacts:
    """Why a pair of the previous plan cannot be any more."""

    def __init__(self, scenario: Scenario, compiled: Compiled) -> None:
        self.scenario = scenario
        self.matchings = compiled.problem.matchings
        index = compiled.index
        self.roles = {name: number for number, name in enumerate(index.matchings)}
        self.seekers = {identity: number for number, identity in enumerate(index.seekers)}
        self.providers = {identity: number for number, identity in enumerate(index.providers)}
        demands = zip(self.matchings.demand_matching, self.matchings.demand_seeker, strict=True)
        self.demands = {(int(m), int(s)): d for d, (m, s) in enumerate(demands)}

    def obstacle(self, matching: str, seeker: str, provider: str) -> str:
        """Name the fact; blank when the pair is still possible by itself."""
        model = self.scenario.model.matchings.get(matching)
        if model is None:
            return f"the model has no matching {matching!r} any more"
        for table, who in ((model.seekers, seeker), (model.providers, provider)):
            if who not in set(self.scenario.tables[table]["id"]):
                return f"{who} is no longer in {self.scenario.files.get(table, table)}"
        seeker_number = self.seekers.get((model.seekers, seeker), -1)
        demand = self.demands.get((self.roles[matching], seeker_number))
        number = self.providers.get((model.providers, provider))
        if demand is None or number is None:
            return "no longer eligible"
        found = find_arcs(
            self.matchings.arc_ptr,
            self.matchings.arc_provider,
            np.asarray([demand]),
            np.asarray([number]),
        )
        return "" if found[0] >= 0 else "no longer eligible, offered or allowed"


class _BookingFacts:
    """Why a booking of the previous plan cannot be any more."""

    def __init__(self, scenario: Scenario, compiled: Compiled) -> None:
        self.scenario = scenario
        self.itineraries = compiled.problem.itineraries
        self.people = {name: number for number, name in enumerate(compiled.index.people)}
        self.placements = {name: n for n, name in enumerate(compiled.index.placements)}

    def obstacle(self, person: str, placement: str, start: int) -> str:
        """Name the fact; blank when the booking is still possible by itself."""
        if person not in self.people:
            return f"{person} has left the programme"
        if placement not in self.placements:
            return f"{placement} is no longer offered"
        absence = self._absence(person, placement, start)
        if absence:
            return absence
        who, where = self.people[person], self.placements[placement]
        first, last = self.itineraries.option_ptr[who : who + 2]
        mine = self.itineraries.option_placement[first:last]
        option = int(first + np.searchsorted(mine, where))
        if option >= last or self.itineraries.option_placement[option] != where:
            return "no longer eligible or allowed, or nowhere open in the person's time"
        allowed = self.itineraries.may_start(np.asarray([option]), np.asarray([start]))
        if not allowed[0]:
            return "closed, without seats or outside the person's time then"
        return ""

    def _absence(self, person: str, placement: str, start: int) -> str:
        where = self.placements[placement]
        stage = self.itineraries.placement_stage[where]
        if not self.itineraries.stage_exclusive[stage]:
            return ""
        end = start + int(self.itineraries.placement_duration[where])
        absences = self.scenario.tables["absences"]
        mine = absences[
            (absences["person"] == person) & (absences["from"] < end) & (absences["to"] >= start)
        ]
        if mine.empty:
            return ""
        row = mine.iloc[0]
        label = self.scenario.calendar.label
        reason = f" ({row['reason']})" if row["reason"] else ""
        return f"absent from {label(row['from'])} to {label(row['to'])}{reason}"
