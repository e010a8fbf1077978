"""Three cycles with planted events, judged by the audit and recounted from the files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from talentopt.audit.check import audit
from talentopt.cli.main import run
from talentopt.cycle.world import World
from talentopt.generate import generate
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

PAIR, BOOKING = ["matching", "seeker", "provider"], ["participant", "placement", "start"]
QUICK = ("--solver", "greedy", "--reproducible", "--time-limit", "0.3")


@dataclass
class Cycle:
    """One re-planned cycle: the scenario then, the plan before, the plan after."""

    at: str
    scenario: Path
    before: Path
    plan: Path

    def table(self, name, before=False):
        path = (self.before if before else self.plan) / f"{name}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False)

    @property
    def changes(self):
        return self.table("changes")

    @property
    def summary(self):
        return json.loads((self.plan / "plan.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Plan ten people, and plant events before each of three re-plans."""
    here = tmp_path_factory.mktemp("story")
    world = World(generate(here / "scenario", participants=10, seed=11))
    assert run(["solve", str(here / "scenario"), "-o", str(here / "plan0"), *QUICK]) == 0
    planted, cycles = {}, []
    for number, (at, plant) in enumerate(
        [("2027-01", _people), ("2027-07", _suppliers), ("2028-01", _nothing)], start=1
    ):
        before = here / f"plan{number - 1}"
        planted |= plant(world, pd.read_csv(before / "placements.csv", dtype=str), before, at)
        scenario = world.write(here / f"scenario{number}", 24)
        plan = here / f"plan{number}"
        command = ["reassign", str(scenario), "--previous", str(before), "--at", at]
        assert run([*command, "-o", str(plan), *QUICK]) == 0
        cycles.append(Cycle(at, scenario, before, plan))
    return cycles, planted


def _people(world, bookings, before, at):
    """Plant a leaver, a newcomer and an absence."""
    later = bookings[(bookings["start"] > at) & (bookings["stage"] == "rotation")]
    leaver, absent = later["participant"].unique()[:2]
    hit = later[later["participant"] == absent].iloc[0]
    world.copy("participants", "id", leaver, {"id": "NEW", "start": at, "end": ""})
    world.copy("participant_skills", "participant", leaver, {"participant": "NEW"})
    world.remove("participants", leaver)
    span = {"person": absent, "from": hit["start"], "to": hit["start"]}
    world.add("absences", [span | {"reason": "illness"}])
    return {"leaver": leaver, "absent": (absent, hit["placement"])}


def _suppliers(world, bookings, before, at):
    """Close a unit, lose a mentor, withdraw a placement."""
    later = bookings[(bookings["start"] > at) & (bookings["stage"] == "rotation")]
    rows = world.cells("placements").set_index("id", drop=False)
    withdrawn, closed = later["placement"].unique()[:2]
    area = rows.loc[withdrawn, "area"]
    unit = rows.loc[rows["id"] == closed, "unit"].iloc[0]
    ids = rows.loc[(rows["unit"] == unit) & (rows["id"] != withdrawn), "id"]
    for placement in ids:
        world.set("placements", placement, "seats", "0")
        world.drop("seats", {"placement": placement})
    world.remove("placements", withdrawn)
    if (rows["area"] == area).sum() == 1:
        for table, column in (("preferences", "option"), ("prerequisites", "area")):
            world.drop(table, {column: area})
        world.drop("prerequisites", {"requires": area})
    pairs = pd.read_csv(before / "pairs.csv", dtype=str)
    fixed = world.cells("pairs")["provider"]
    peers = world.ids("participants")
    mentor = next(p for p in pairs["provider"] if p not in {*fixed, *peers})
    world.remove("mentors", mentor)
    begun = set(bookings.loc[bookings["start"] < at, "placement"])
    hit = later[later["placement"].isin(ids)]
    assert len(hit)
    return {"withdrawn": withdrawn, "closed": set(ids), "mentor": mentor, "begun": begun}


def _nothing(world, bookings, before, at):
    return {}


def keys(table, columns):
    return set(table[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_audit_agrees(story, number):
    cycle = story[0][number]
    verdict = audit(read(cycle.scenario, previous=cycle.before, at=cycle.at), cycle.plan)
    assert verdict.ok, verdict
    assert verdict.objective == pytest.approx(cycle.summary["objective"])
    paid = sum(verdict.components.get(rule, 0) for rule in ("pair_change", "placement_change"))
    assert cycle.changes["price"].astype(float).sum() == pytest.approx(-paid)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_has_begun_stays(story, number):
    cycle = story[0][number]
    before, after = cycle.table("placements", before=True), cycle.table("placements")
    scenario = read(cycle.scenario)
    there = before["participant"].isin(scenario.tables["participants"]["id"])
    there &= before["placement"].isin(scenario.tables["placements"]["id"])
    begun = before[there & (before["start"] < cycle.at)]
    assert len(begun)
    assert keys(begun, BOOKING) == keys(after[after["start"] < cycle.at], BOOKING)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_shares_are_right(story, number):
    cycle = story[0][number]
    for name, columns in (("pairs", PAIR), ("placements", BOOKING)):
        before, after = (
            keys(cycle.table(name, before=True), columns),
            keys(cycle.table(name), columns),
        )
        share = len(before & after) / len(before)
        assert cycle.summary["kept"][name] == pytest.approx(share)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_change_is_listed_once_with_its_reason(story, number):
    cycle = story[0][number]
    changes = cycle.changes
    assert (changes["why"] != "").all()
    matchings = changes["kind"].isin(read(cycle.scenario).model.matchings)
    pairs = set(
        changes.loc[matchings, ["change", "kind", "person", "what"]].itertuples(
            index=False, name=None
        )
    )
    before, after = keys(cycle.table("pairs", before=True), PAIR), keys(cycle.table("pairs"), PAIR)
    assert pairs == {("gone", *key) for key in before - after} | {
        ("new", *key) for key in after - before
    }
    bookings = changes.loc[~matchings, ["change", "person", "what", "before", "after"]]
    was, now = (
        {(p, w): s for p, w, s in keys(cycle.table("placements", before=earlier), BOOKING)}
        for earlier in (True, False)
    )
    expected = {
        ("new" if old is None else "moved" if new else "gone", *key, old or "", new or "")
        for key in was.keys() | now.keys()
        for old, new in [(was.get(key), now.get(key))]
        if old != new
    }
    assert sorted(bookings.itertuples(index=False, name=None)) == sorted(expected)


def test_every_planted_event_is_the_reason_told(story):
    cycles, planted = story
    first, second = cycles[0].changes, cycles[1].changes
    gone = first[first["person"] == planted["leaver"]]
    assert len(gone)
    assert gone["why"].str.contains("no longer in participants.csv").all()
    assert (gone["price"].astype(float) == 0).all()
    person, placement = planted["absent"]
    hit = first[(first["person"] == person) & (first["what"] == placement)].iloc[0]
    assert hit["why"].startswith("absent from ")
    assert "illness" in hit["why"]
    new = first[(first["person"] == "NEW") & (first["change"] == "new")]
    assert len(new) >= 3
    assert new["why"].str.startswith("NEW (newcomer) gains ").all()
    lost = second[second["what"] == planted["withdrawn"]]
    assert len(lost)
    assert lost["why"].str.endswith("is no longer in placements.csv").all()
    lost = second[second["what"] == planted["mentor"]]
    assert len(lost)
    assert lost["why"].str.endswith("is no longer in mentors.csv").all()
    closed = second[second["what"].isin(planted["closed"]) & (second["before"] >= "2027-07")]
    assert len(closed)
    assert closed["why"].str.contains("has no seats in .* [(]placements.csv, line ").all()
