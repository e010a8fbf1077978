"""What belongs to a scenario: it decides what is finished, and travels to a cluster."""

from __future__ import annotations

import io
import zipfile

import pytest

from scenarios import small, write_scenario, write_table, write_workbook
from talentopt.batch.content import content_of, unpack
from talentopt.batch.jobs import Job, Settings


@pytest.fixture
def scenario(tmp_path):
    tables, model = small()
    folder = write_scenario(tmp_path / "s", tables, model, previous="../before", at="2026-03")
    (folder / "notes.txt").write_text("nobody reads this", encoding="utf-8")
    for name in ("before", "other"):
        (tmp_path / name).mkdir()
        rows = [{"participant": "P1", "placement": "R1", "start": "2026-01"}]
        write_table(tmp_path / name / "placements.csv", rows)
    return folder


def test_model_and_previous_plan_belong_to_a_scenario(scenario):
    content = content_of(scenario, {})
    assert (content.entry, content.previous) == ("scenario", "previous")
    assert {"scenario/model.yaml", "scenario/participants.csv", "scenario/scenario.yaml"} <= set(
        content.files
    )
    assert [name for name in content.files if name.startswith("previous")] == [
        "previous/placements.csv"
    ]
    assert "scenario/notes.txt" not in content.files
    assert content_of(scenario / "scenario.yaml", {}) == content


def test_the_key_follows_the_previous_plan_and_nothing_that_is_not_read(scenario, tmp_path):
    job, settings = Job("s", scenario), Settings()
    key = job.key(settings)
    (scenario / "notes.txt").write_text("changed", encoding="utf-8")
    assert job.key(settings) == key
    other = Job("s", scenario, {"previous": "../other"})
    keys = {key, other.key(settings)}
    for name in ("before", "other"):
        rows = [{"participant": "P1", "placement": "R1", "start": "2026-02"}]
        write_table(tmp_path / name / "placements.csv", rows)
    keys |= {job.key(settings), other.key(settings)}
    assert len(keys) == 4


def test_a_workbook_takes_the_model_beside_it_along(tmp_path):
    tables, model = small()
    write_scenario(tmp_path, {}, model)
    book = write_workbook(tmp_path / "book.xlsx", tables, "model.yaml")
    content = content_of(book, {})
    assert content.entry == "scenario/book.xlsx"
    assert list(content.files) == ["scenario/book.xlsx", "scenario/model.yaml"]


def test_what_is_packed_is_unpacked(scenario, tmp_path):
    content = content_of(scenario, {})
    unpack(content.pack(), tmp_path / "there")
    for name, path in content.files.items():
        assert (tmp_path / "there" / name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["../out.csv", "/out.csv", "a/../../out.csv"])
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(name, "x")
    with pytest.raises(ValueError, match="outside"):
        unpack(archive.getvalue(), tmp_path / "there")
