"""What a batch has to solve, and when a result is still good."""

from __future__ import annotations

import pytest

from talentopt.batch.jobs import BatchError, Job, Settings, make_jobs
from talentopt.batch.records import Record, Records


def scenario(folder, text="name: a\n"):
    folder.mkdir(parents=True)
    (folder / "scenario.yaml").write_text(text, encoding="utf-8")
    return folder


def test_globs_find_scenarios_only(tmp_path):
    scenario(tmp_path / "a1")
    scenario(tmp_path / "a2")
    (tmp_path / "a3").mkdir()
    jobs = make_jobs([str(tmp_path / "a*")], [])
    assert [job.name for job in jobs] == ["a1", "a2"]


def test_a_grid_solves_every_combination(tmp_path):
    scenario(tmp_path / "a")
    jobs = make_jobs([str(tmp_path / "a")], ["x.points=0,5", "y=1"])
    assert [dict(job.overrides) for job in jobs] == [
        {"x.points": "0", "y": "1"},
        {"x.points": "5", "y": "1"},
    ]
    assert len({job.name for job in jobs}) == 2


def test_scenarios_of_the_same_name_stay_apart(tmp_path):
    paths = [scenario(tmp_path / "north" / "s"), scenario(tmp_path / "south" / "s")]
    names = [job.name for job in make_jobs([str(p) for p in paths], [])]
    assert names == ["north-s", "south-s"]


def test_what_cannot_begin_says_why(tmp_path):
    with pytest.raises(BatchError, match="no scenario matches"):
        make_jobs([str(tmp_path / "*")], [])
    with pytest.raises(BatchError, match="PATH=VALUE"):
        make_jobs([str(tmp_path)], ["points"])


def test_content_overrides_and_settings_decide_what_is_finished(tmp_path):
    folder = scenario(tmp_path / "a")
    job, settings = Job("a", folder), Settings()
    key = job.key(settings)
    assert job.key(settings) == key
    assert Job("a", folder, {"x": "1"}).key(settings) != key
    assert job.key(Settings(seed=1)) != key
    (folder / "scenario.yaml").write_text("name: b\n", encoding="utf-8")
    assert job.key(settings) != key


def test_a_record_counts_only_with_its_plan_and_its_key(tmp_path):
    records = Records(tmp_path)
    records.save(Record("a", "s", "", "k1", "solved", objective=1.5))
    assert records.find("a", "k1") is None
    records.plan_folder("a").mkdir(parents=True)
    (records.plan_folder("a") / "plan.json").write_text("{}")
    assert records.find("a", "k1").objective == 1.5
    assert records.find("a", "k2") is None
    (tmp_path / "records" / "a.json").write_text('{"half":')
    assert records.find("a", "k1") is None
