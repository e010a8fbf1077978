"""Time passes: the same seed brings the same events, and every plan passes its audit."""

from __future__ import annotations

import pandas as pd
import pytest

from talentopt.audit.check import audit
from talentopt.cli.main import run
from talentopt.cycle.events import Happenings, Rates
from talentopt.cycle.world import World
from talentopt.generate import generate
from talentopt.read.reader import read

CALM = {"stability.placement_change": "50", "stability.caps.placements": "0.9"}
OPTIONS = ("--cycles", "3", "--solver", "greedy", "--time-limit", "0.2")
MANY = [text for what in ("join", "leave", "mentor") for text in ("--rate", f"{what}=0.2")]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return generate(tmp_path_factory.mktemp("simulate") / "scenario", participants=8, seed=5)


@pytest.fixture(scope="module")
def simulated(scenario, tmp_path_factory):
    folder = tmp_path_factory.mktemp("simulated") / "out"
    policies = [
        "--policy", "free:stability.placement_change=0,publish=9",
        "--policy", "calm:" + ",".join(f"{path}={value}" for path, value in CALM.items()),
    ]  # fmt: skip
    command = ["simulate", str(scenario), "-o", str(folder), "--seed", "3", *OPTIONS, *MANY]
    assert run([*command, *policies]) == 0
    return folder


def test_figures_cover_every_cycle_of_every_policy(simulated):
    table = pd.read_csv(simulated / "simulation.csv")
    assert table[["policy", "cycle"]].to_numpy().tolist() == [
        [policy, cycle] for cycle in range(3) for policy in ("free", "calm")
    ]
    assert table["kept_placements"].isna().sum() == 2
    assert table["gaps_closed"].between(0, 1).all()
    assert (table.groupby("policy")["gaps_closed"].agg(lambda of: of.iloc[-1] > of.iloc[0])).all()
    events = pd.read_csv(simulated / "events.csv", dtype=str, keep_default_na=False)
    assert {"joins", "leaves", "mentor leaves"} <= set(events["what"])
    last = table[table["cycle"] == 2]
    joined, left = ((events["what"] == what).sum() for what in ("joins", "leaves"))
    assert set(last["people"]) == {8 + joined - left}


@pytest.mark.parametrize("cycle", [1, 2])
def test_every_plan_passes_its_audit(simulated, cycle):
    at = ("2027-01", "2027-07")[cycle - 1]
    published = ("2027-04", "2027-10")[cycle - 1]
    for policy, more in (
        ("free", {"overrides": {"stability.placement_change": "0"}, "publish_until": published}),
        ("calm", {"overrides": CALM}),
    ):
        plans = simulated / "plans" / policy
        place = simulated / "scenarios" / str(cycle)
        read_scenario = read(place, previous=plans / str(cycle - 1), at=at, **more)
        verdict = audit(read_scenario, plans / str(cycle))
        assert verdict.ok, verdict


def test_the_same_seed_brings_the_same_figures(scenario, simulated, tmp_path):
    command = ["simulate", str(scenario), "-o", str(tmp_path / "again"), "--seed", "3", *OPTIONS]
    policy = "calm:" + ",".join(f"{path}={value}" for path, value in CALM.items())
    assert run([*command, *MANY, "--policy", policy]) == 0
    again = pd.read_csv(tmp_path / "again" / "simulation.csv")
    before = pd.read_csv(simulated / "simulation.csv")
    before = before[before["policy"] == "calm"].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, before)
    for name in ("events.csv", "scenarios/2/participants.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (simulated / name).read_bytes()


def test_who_leaves_is_forgotten_and_who_joins_is_complete(scenario, tmp_path):
    world, calendar = World(scenario), read(scenario).calendar
    rates = Rates(join=0.5, leave=0.5, ill=0.5, mentor=0.5, slip=0.5, withdraw=0.5)
    events = Happenings(world, calendar, rates, seed=1, cycle=1, at=6, every=6, end=42).happen()
    after = read(world.write(tmp_path / "after", 30))
    left = {event.who for event in events if event.what in ("leaves", "mentor leaves")}
    for table in after.tables.values():
        for column in table.select_dtypes(exclude="number"):
            assert not set(table[column]) & left
    joined = [event.who for event in events if event.what == "joins"]
    people = after.tables["participants"].set_index("id")
    assert (people.loc[joined, "start"] == 6).all()
    assert set(joined) <= set(after.tables["participant_skills"]["participant"])
    withdrawn = [event.who for event in events if event.what == "is withdrawn"]
    seats = after.tables["seats"]
    assert withdrawn
    for placement in withdrawn:
        mine = seats[(seats["placement"] == placement) & (seats["period"] >= 6)]
        assert (mine["seats"] == 0).all()


def test_wrong_use_is_refused(scenario, tmp_path):
    command = ["simulate", str(scenario), "-o", str(tmp_path / "new"), "--cycles", "2"]
    for wrong in (
        ["--policy", "a/b:x=1"],
        ["--policy", "a:publish=soon"],
        ["--policy", "a", "--policy", "a"],
        ["--rate", "ill=2"],
        ["--rate", "earthquakes=0.1"],
    ):
        assert run([*command, *wrong]) == 2
    assert run(["simulate", str(scenario), "-o", str(scenario), "--cycles", "2"]) == 2
    assert run([*command, "--set", "no.such.number=1"]) == 3
