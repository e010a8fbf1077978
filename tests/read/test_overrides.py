"""Paths find exactly one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import talentopt
from scenarios import small, write_scenario
from talentopt.read.errors import InputErrors
from talentopt.read.overrides import OverrideError, override_model

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("itineraries.stages.rotation.missing", ("itineraries", "stages", 1, "missing")),
        ("itineraries.stages.1.missing", ("itineraries", "stages", 1, "missing")),
        ("itineraries.limits.unit.max", ("itineraries", "limits", 0, "max")),
        ("itineraries.stages.lecture.hours.core", ("itineraries", "stages", 3, "hours", "core")),
        ("itineraries.stages.lecture.min", ("itineraries", "stages", 3, "min")),
        (
            "matchings.technical.points.skill_fit.weight",
            ("matchings", "technical", "points", 0, "skill_fit", "weight"),
        ),
        (
            "matchings.technical.points.site.weight",
            ("matchings", "technical", "points", 3, "same", "weight"),
        ),
        (
            "matchings.technical.eligible.at_least.above",
            ("matchings", "technical", "eligible", 0, "at_least", "above"),
        ),
        ("matchings.peer.missing", ("matchings", "peer", "missing")),
        ("matchings.career.need", ("matchings", "career", "need")),
        ("links.rotation.points", ("links", 0, "points")),
        ("fairness.worst_off", ("fairness", "worst_off")),
    ],
)
def test_paths(path: str, place: tuple[Any, ...]) -> None:
    model = small()[1]
    assert override_model(model, path, 3) == place
    found: Any = model
    for key in place:
        found = found[key]
    assert found == 3


def test_blocks_that_a_file_leaves_out() -> None:
    model: dict[str, Any] = {"name": "m"}
    override_model(model, "stability.pair_change", 4)
    assert model["stability"] == {"pair_change": 4}
    with pytest.raises(OverrideError):
        override_model(model, "itineraries.idle.points", 4)


def test_names_with_dots() -> None:
    model: dict[str, Any] = {"matchings": {"a.b": {"missing": 1}, "a": {"need": 1}}}
    override_model(model, "matchings.a.b.missing", 5)
    assert model["matchings"]["a.b"]["missing"] == 5


def test_nothing_is_added_to_names_the_model_chooses() -> None:
    for path in ("matchings.need", "itineraries.stages.lecture.hours.deep"):
        with pytest.raises(OverrideError, match="the model has no"):
            override_model(small()[1], path, 5)


def test_weights_may_be_nested(tmp_path: Path) -> None:
    weights = {"itineraries": {"idle": {"points": 4}}, "matchings.career.missing": {"column": "x"}}
    tables, model = small()
    tables["participants"][0]["x"] = 3
    scenario = talentopt.read(write_scenario(tmp_path, tables, model, weights=weights))
    assert scenario.model.itineraries.idle.points == 4
    assert scenario.model.matchings["career"].missing.column == "x"


def test_cells_and_settings(tmp_path: Path) -> None:
    folder = write_scenario(tmp_path, *small())
    changed = {"placements.R1.seats": "5", "seats.R1/2026-03.seats": 4, "calendar.periods": "10"}
    scenario = talentopt.read(folder, overrides=changed)
    assert scenario.tables["placements"]["seats"].iloc[1] == 5
    assert scenario.tables["seats"]["seats"].iloc[0] == 4
    assert scenario.calendar.n_periods == 10


@pytest.mark.parametrize(
    "path",
    [
        "placements.R9.seats",
        "placements.R1.sets",
        "nothing.at.all",
        "calendar.x",
        "name.x",
        "at.x.y",
        "matchings.technical.points.preference.weight",
        "",
        ".",
        "itineraries..stages",
        "model.",
    ],
)
def test_paths_that_are_not_there(tmp_path: Path, path: str) -> None:
    folder = write_scenario(tmp_path, *small())
    with pytest.raises(InputErrors, match="option --set"):
        talentopt.read(folder, overrides={path: 1})
