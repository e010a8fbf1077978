"""The next cycle through the command line: what began is kept, every change has a reason."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest

from talentopt.audit.check import audit
from talentopt.cli.main import run
from talentopt.generate import generate
from talentopt.read.reader import read

QUICK = ("--reproducible", "--time-limit", "0.2")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Make a scenario of twelve people and its first plan."""
    folder = tmp_path_factory.mktemp("cycle")
    scenario = generate(folder / "scenario", participants=12, seed=3)
    solve = ["solve", str(scenario), "-o", str(folder / "first"), "--solver", "greedy", *QUICK]
    assert run(solve) == 0
    return scenario, folder / "first"


def reassign(scenario, previous, at, folder):
    command = ["reassign", str(scenario), "--previous", str(previous), "--at", at]
    code = run([*command, "-o", str(folder), "--solver", "greedy", *QUICK])
    verdict = audit(read(scenario, previous=previous, at=at), folder)
    return code, verdict, pd.read_csv(folder / "changes.csv", dtype=str, keep_default_na=False)


def edited(scenario, folder, table, change):
    """Copy a scenario with one table changed."""
    shutil.copytree(scenario, folder)
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(frame).to_csv(path, index=False)
    return folder


def test_nothing_changed_keeps_what_has_begun(first, tmp_path):
    scenario, previous = first
    code, verdict, _ = reassign(scenario, previous, "2027-01", tmp_path / "next")
    assert code == 0
    assert verdict.violations == ()
    assert verdict.ok
    before = pd.read_csv(previous / "placements.csv", dtype=str)
    after = pd.read_csv(tmp_path / "next" / "placements.csv", dtype=str)
    keys = ["participant", "placement", "start"]
    begun = set(before[before["start"] < "2027-01"][keys].itertuples(index=False, name=None))
    assert begun
    assert begun <= set(after[keys].itertuples(index=False, name=None))
    early = after[after["start"] < "2027-01"][keys]
    assert set(early.itertuples(index=False, name=None)) == begun
    kept = json.loads((tmp_path / "next" / "plan.json").read_text())["kept"]
    assert 0.5 < kept["placements"] <= 1


def test_a_mentor_who_left_is_named_as_the_reason(first, tmp_path):
    scenario, previous = first
    pairs = pd.read_csv(previous / "pairs.csv", dtype=str)
    fixed = pd.read_csv(scenario / "pairs.csv", dtype=str, keep_default_na=False)
    lost = next(p for p in pairs["provider"] if p not in set(fixed["provider"]))

    def drop(frame):
        column = "id" if "id" in frame else "mentor"
        return frame[frame[column] != lost]

    changed = edited(scenario, tmp_path / "scenario", "mentors", drop)
    for table, column in (("mentor_skills", "mentor"), ("preferences", "chooser")):
        path = changed / f"{table}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame = frame[frame[column] != lost]
        frame[frame.get("option", frame[column]) != lost].to_csv(path, index=False)
    code, verdict, changes = reassign(changed, previous, "2027-01", tmp_path / "next")
    assert code == 0
    assert verdict.ok
    gone = changes[(changes["change"] == "gone") & (changes["what"] == lost)]
    assert len(gone) == (pairs["provider"] == lost).sum()
    assert gone["why"].str.contains("no longer in mentors.csv").all()


def test_a_new_absence_moves_what_it_hits_and_says_so(first, tmp_path):
    scenario, previous = first
    placements = pd.read_csv(previous / "placements.csv", dtype=str)
    late = placements[
        (placements["start"] >= "2027-03") & (placements["stage"] == "rotation")
    ].iloc[0]

    def add(frame):
        row = {"person": late["participant"], "from": late["start"], "to": late["start"]}
        return pd.concat([frame, pd.DataFrame([row | {"reason": "parental leave"}])])

    changed = edited(scenario, tmp_path / "scenario", "absences", add)
    code, verdict, changes = reassign(changed, previous, "2027-01", tmp_path / "next")
    assert code == 0
    assert verdict.ok
    hit = changes[
        (changes["person"] == late["participant"]) & (changes["what"] == late["placement"])
    ]
    why = hit["why"].iloc[0]
    assert why.startswith(f"absent from {late['start']} to {late['start']} (parental leave, ")
    assert "absences.csv, line " in why


def ill(scenario, previous, folder):
    """Copy a scenario in which somebody cannot keep one booking any more."""
    placements = pd.read_csv(previous / "placements.csv", dtype=str)
    late = placements[placements["stage"] == "rotation"].sort_values("start").iloc[-1]
    row = {"person": late["participant"], "from": late["start"], "to": late["start"]}

    def add(frame):
        return pd.concat([frame, pd.DataFrame([row])]).fillna("")

    return edited(scenario, folder, "absences", add), late


def test_a_cap_is_kept_and_told(first, tmp_path):
    scenario, previous = first
    changed, _ = ill(scenario, previous, tmp_path / "scenario")
    command = ["reassign", str(changed), "--previous", str(previous), "--at", "2027-01"]
    command += ["-o", str(tmp_path / "next"), "--solver", "greedy", *QUICK]
    assert run([*command, "--cap", "placements=10%"]) == 0
    cap = json.loads((tmp_path / "next" / "plan.json").read_text())["caps"]["placements"]
    assert 0 < cap["changed"] <= cap["most"] == cap["promises"] // 10
    changes = pd.read_csv(tmp_path / "next" / "changes.csv", dtype=str, keep_default_na=False)
    counted = changes[(changes["change"] != "new") & (changes["window"] == "published")]
    stages = read(changed).model.itineraries.stages
    assert counted["kind"].isin([stage.stage for stage in stages]).sum() == cap["changed"]
    options = ["--previous", str(previous), "--at", "2027-01"]
    audited = ["audit", str(changed), str(tmp_path / "next"), *options]
    assert run([*audited, "--set", "stability.caps.placements=0.1"]) == 0
    assert run([*audited, "--set", "stability.caps.placements=0"]) == 1


def test_a_cap_that_cannot_be_kept_names_the_promise(first, tmp_path, capsys):
    scenario, previous = first
    changed, late = ill(scenario, previous, tmp_path / "scenario")
    command = ["reassign", str(changed), "--previous", str(previous), "--at", "2027-01"]
    command += ["-o", str(tmp_path / "next"), "--solver", "greedy", *QUICK]
    assert run([*command, "--cap", "placements=0"]) == 1
    told = capsys.readouterr().err
    assert "stability.caps.placements: at most 0 of " in told
    assert f"{late['participant']} at {late['placement']} from {late['start']}, because" in told
    assert run([*command, "--cap", "placements"]) == 2
    assert run([*command, "--cap", "placement=0.1"]) == 3
    assert run([*command, "--cap", "placements=2"]) == 3
    # A draft is no promise.
    assert run([*command, "--cap", "placements=0", "--publish-until", late["start"]]) == 0
    windows = json.loads((tmp_path / "next" / "plan.json").read_text())["windows"]
    assert windows["publish_until"] == late["start"]
    assert windows["published"]["kept"] == windows["published"]["bookings"]
    assert windows["draft"]["kept"] < windows["draft"]["bookings"]
