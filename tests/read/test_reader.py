"""What valid files mean."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

import talentopt
import talentopt.read.scenario
from scenarios import small, write_scenario
from talentopt.read.cells import numbers
from talentopt.read.errors import InputErrors, nearest
from talentopt.read.scenario import Scenario
from talentopt.read.tables import STANDARD

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_scenario(tmp_path / "scenario", *small())


def test_the_package_is_the_verb(folder: Path) -> None:
    assert isinstance(talentopt.read(folder), Scenario)
    assert talentopt.read.scenario.Scenario is Scenario
    assert talentopt.read(str(folder / "scenario.yaml")).path == folder


def test_ids_stay_text_and_defaults_are_filled_in(folder: Path) -> None:
    tables = talentopt.read(folder).tables
    people = tables["participants"]
    assert people["id"].tolist() == ["P1", "P2", "007"]
    assert people.index.tolist() == [2, 3, 4]
    assert people["start"].tolist() == [0, 0, 1]
    assert people["end"].tolist() == [11, 9, 11]
    assert numbers(people["merit"])[:2].tolist() == [7.5, 4]
    assert np.isnan(numbers(people["merit"])[2])
    assert np.isnan(tables["mentors"]["technical"].iloc[2])
    assert tables["pairs"]["load"].tolist() == [1, 1, 2]
    assert tables["bookings"]["status"].tolist() == ["open", "forbidden", "done", "fixed"]
    assert tables["bookings"]["start"].isna().tolist() == [True, False, False, True]
    assert tables["placements"]["load"].iloc[0] == 1
    assert tables["participants"]["capacity"].isna().all()


@pytest.mark.parametrize("table", sorted(STANDARD))
def test_any_table_but_the_participants_may_be_missing(tmp_path: Path, table: str) -> None:
    tables, model = small()
    tables[table] = []
    folder = write_scenario(tmp_path, tables, model)
    if table == "participants":
        with pytest.raises(InputErrors, match="the table is missing"):
            talentopt.read(folder)
        return
    scenario = talentopt.read(folder)
    assert scenario.tables[table].empty
    left = {note.split(":")[0] for note in scenario.notes}
    assert left == {
        "mentors": {"mentor_skills.csv", "pairs.csv", "preferences.csv", "absences.csv"},
        "placements": {
            *("seats.csv", "placement_skills.csv", "bookings.csv"),
            *("prerequisites.csv", "preferences.csv"),
        },
        "budgets": {"placements.csv", "posts.csv"},
    }.get(table, set())


def test_a_missing_table_of_providers_is_empty(tmp_path: Path) -> None:
    tables, model = small()
    tables["posts"] = []
    model["matchings"]["post"]["points"] = [{"same": {"column": "track", "weight": 1}}]
    posts = talentopt.read(write_scenario(tmp_path, tables, model)).tables["posts"]
    assert posts.empty
    assert {"id", "capacity", "budget", "cost", "track"} <= set(posts)


def test_text_is_kept_exactly(tmp_path: Path) -> None:
    rows = '\ufeffid,name\r\n\r\nNA," a ""b""\nc "\r\n=1+1,<b>\r\nnull,None\r\n'
    model = {
        "name": "m",
        "matchings": {"peer": {"seekers": "participants", "providers": "participants"}},
    }
    people = talentopt.read(write_scenario(tmp_path, {"participants": rows}, model)).tables[
        "participants"
    ]
    assert people["id"].tolist() == ["NA", "=1+1", "null"]
    assert people["name"].tolist() == [' a "b"\nc ', "<b>", "None"]
    assert people.index.tolist() == [3, 5, 6]


def test_the_hash_is_of_the_content(tmp_path: Path, folder: Path) -> None:
    tables, model = small()
    again = write_scenario(tmp_path / "again", tables, model)
    (again / "notes.txt").write_text("ignored")
    assert talentopt.read(again).hash == talentopt.read(folder).hash
    tables["participants"][0]["site"] = "East"
    other = write_scenario(tmp_path / "other", tables, model)
    assert talentopt.read(other).hash != talentopt.read(folder).hash
    assert (
        talentopt.read(folder, overrides={"itineraries.idle.points": 9}).hash
        != talentopt.read(folder).hash
    )


def test_a_scenario_can_be_sent_to_a_worker(folder: Path) -> None:
    scenario = talentopt.read(folder)
    assert pickle.loads(pickle.dumps(scenario)).hash == scenario.hash


def test_previous_plan(tmp_path: Path, folder: Path) -> None:
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "pairs.csv").write_text("matching,seeker,provider,points\ntechnical,P1,M9,3\n")
    (plan / "placements.csv").write_text(
        "participant,placement,stage,start,end,points\nGONE,R1,rotation,2025-12,2026-01,3\n"
    )
    scenario = talentopt.read(folder, previous=plan, at="2026-03")
    assert scenario.at == 2
    assert scenario.previous is not None
    assert scenario.previous.placements["start"].tolist() == [-1]
    assert scenario.previous.pairs.iloc[0].tolist() == ["technical", "P1", "M9"]


def test_shipped_models_are_found(tmp_path: Path) -> None:
    from talentopt.read.modelfile import shipped_models

    for name in shipped_models():
        folder = write_scenario(tmp_path / name, {}, "", model_name=name)
        try:
            assert talentopt.read(folder).model.name
        except InputErrors as errors:
            assert all("column" in str(error) for error in errors.errors)


def test_nearest_among_very_many() -> None:
    assert nearest("P0123x", [f"P{i:05d}" for i in range(50_000)]) is not None
