import filecmp

import numpy as np
import pytest

from talentopt.generate import generate
from talentopt.read.reader import read

MODELS = ("one-five-n", "mentoring", "rotations", "ten-point-programme")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("participants", [5, 61])
def test_every_model_gives_a_valid_scenario(tmp_path, model, participants):
    scenario = read(generate(tmp_path / "s", participants=participants, seed=3, model=model))
    assert len(scenario.tables["participants"]) == participants
    assert scenario.calendar.n_periods == 24


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        generate(folder, participants=40, seed=9, model="ten-point-programme")
    names = sorted(path.name for path in folders[0].iterdir())
    assert names == sorted(path.name for path in folders[1].iterdir())
    same, different, odd = filecmp.cmpfiles(*folders, names, shallow=False)
    assert (sorted(same), different, odd) == (names, [], [])


def test_another_seed_gives_another_scenario(tmp_path):
    texts = [
        (
            generate(tmp_path / str(seed), participants=20, seed=seed) / "participants.csv"
        ).read_text()
        for seed in (1, 2)
    ]
    assert texts[0] != texts[1]


@pytest.mark.parametrize(
    ("start", "unit"),
    [("2026-07", "month"), ("2026-Q3", "quarter"), ("2026-W52", "week"), ("1", "plain")],
)
def test_the_first_period_chooses_the_unit(tmp_path, start, unit):
    scenario = read(generate(tmp_path / "s", participants=12, start=start, periods=30))
    assert scenario.calendar.unit == unit
    assert scenario.calendar.label(0) == start


@pytest.mark.parametrize("tightness", [0.8, 0.95, 1.1])
def test_bookings_that_fit_the_seats_follow_the_tightness(tmp_path, tightness):
    folder = generate(tmp_path / "s", participants=200, seed=5, tightness=tightness)
    tables = read(folder).tables
    placements = tables["placements"]
    rotations = placements[placements["stage"] == "rotation"]
    windows = rotations["closes"] - rotations["opens"] + 1
    fit = (rotations["seats"] * (windows // rotations["duration"])).sum()
    reduced = tables["seats"].merge(
        rotations[["id", "duration", "seats"]], left_on="placement", right_on="id"
    )
    missing = (reduced["seats_y"] - reduced["seats_x"]) / reduced["duration"]
    needed = 5 * 200 - len(tables["requirements"])
    assert needed / (fit - missing.sum()) == pytest.approx(tightness, rel=0.002)


def test_the_size_follows_the_options(tmp_path):
    folder = generate(tmp_path / "s", participants=50, mentors=23, placements=31)
    tables = read(folder).tables
    assert len(tables["mentors"]) == 23
    assert len(tables["placements"]) == 31


def test_levels_follow_the_published_shares(tmp_path):
    people = read(generate(tmp_path / "s", participants=1391)).tables["participants"]
    assert people["level"].value_counts().to_dict() == {
        "junior": 761,
        "intermediate": 280,
        "senior": 350,
    }
    assert people["occupation"].nunique() == 42
    assert people["unit"].nunique() == 16


def test_everybody_can_have_three_mentors(tmp_path):
    tables = read(generate(tmp_path / "s", participants=30, model="mentoring")).tables
    mentors, people = tables["mentors"], tables["participants"]
    for role in ("technical", "career", "peer"):
        assert np.nansum(mentors[role].to_numpy()) >= len(people)
    grades = mentors.loc[mentors["peer"].notna(), "grade"].astype(int).to_numpy()
    nearest = np.abs(people["grade"].astype(int).to_numpy()[:, None] - grades).min(axis=1)
    assert nearest.max() <= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"participants": 4},
        {"seed": -1},
        {"tightness": 0.0},
        {"tightness": float("nan")},
        {"periods": 11},
        {"model": "unknown"},
        {"start": "July"},
        {"mentors": 2},
        {"placements": 1},
    ],
)
def test_arguments_out_of_range_are_refused(tmp_path, wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        generate(tmp_path / "s", **({"participants": 20} | wrong))
    assert not (tmp_path / "s").exists()


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        generate(tmp_path, participants=10)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
