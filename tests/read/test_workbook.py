"""A workbook means what the folder of the same tables means, and is bounded before unpacking."""

from __future__ import annotations

import datetime
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import xlsxwriter

import talentopt
from scenarios import Formula, small, write_scenario, write_workbook
from talentopt.read import workbook
from talentopt.read.errors import InputErrors

if TYPE_CHECKING:
    from pathlib import Path


def book(folder: Path, tables: dict[str, Any], **settings: Any) -> Path:
    (folder / "model.yaml").write_text(json.dumps(small()[1]))
    return write_workbook(folder / "scenario.xlsx", tables, "model.yaml", **settings)


def errors_of(path: Path) -> str:
    with pytest.raises(InputErrors) as caught:
        talentopt.read(path)
    return str(caught.value)


def test_same_as_the_folder(tmp_path: Path) -> None:
    tables, model = small()
    weights = {"itineraries.idle.points": 3}
    folder = talentopt.read(write_scenario(tmp_path / "folder", tables, model, weights=weights))
    sheets = talentopt.read(book(tmp_path, tables, weights=weights))
    assert sheets.hash == folder.hash
    assert sheets.model.itineraries.idle.points == 3
    assert sheets.files["posts"] == "sheet 'posts'"
    for name, table in folder.tables.items():
        pd.testing.assert_frame_equal(sheets.tables[name], table)


def test_cells_of_other_kinds(tmp_path: Path) -> None:
    tables, _ = small()
    tables["participants"][0] |= {
        "start": datetime.date(2026, 3, 1),
        "flag": True,
        "score": 0.1,
        "born": datetime.date(1999, 5, 7),
    }
    tables["posts"][0]["id"] = 7
    people = talentopt.read(book(tmp_path, tables)).tables["participants"].iloc[0]
    assert people["start"] == 2
    assert (people["flag"], people["score"], people["born"]) == ("TRUE", "0.1", "1999-05-07")
    assert talentopt.read(tmp_path / "scenario.xlsx").tables["posts"]["id"].tolist() == [
        "7",
        "DEPUTY",
    ]


def test_errors_name_sheet_and_row(tmp_path: Path) -> None:
    tables, _ = small()
    tables["participants"][1]["start"] = datetime.date(2026, 3, 5)
    tables["Mentor"] = [{"id": "x"}]
    text = errors_of(book(tmp_path, tables, wieghts=1))
    assert "sheet 'participants', line 3, start: '2026-03-05' is no month" in text
    assert "sheet 'Mentor': unknown table 'Mentor'; did you mean 'mentors'?" in text
    assert "sheet 'scenario'" in text
    assert "did you mean 'weights'?" in text


def test_no_settings(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as file:
        file.add_worksheet("participants").write_row(0, 0, ["id"])
    assert "the sheet 'scenario' is missing" in errors_of(tmp_path / "a.xlsx")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"id,name\n", bytes(range(256)) * 20])
def test_junk(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert "no readable workbook" in errors_of(path)


def test_cut_off_anywhere(tmp_path: Path) -> None:
    whole = book(tmp_path, small()[0]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(whole), max(1, len(whole) // 17)):
        path.write_bytes(whole[:length])
        assert errors_of(path)


def test_zip_without_a_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as file:
        file.writestr("hello.txt", "hello")
    assert "no readable workbook" in errors_of(tmp_path / "a.xlsx")


def test_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path, small()[0])
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 10_000)
    assert "unpacks to more than" in errors_of(path)
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 10**9)
    monkeypatch.setattr(workbook, "MOST_PARTS", 5)
    assert "more than 5 parts" in errors_of(path)


def test_bomb_that_lies_about_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    data = path.read_bytes().replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1_000_000)
    assert "unpacks to more than" in errors_of(path)


def test_far_away_cell(tmp_path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as file:
        sheet = file.add_worksheet("participants")
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "x")
    assert "cells, most of them empty" in errors_of(tmp_path / "a.xlsx")


def test_merged_cells_are_told(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("participants")
        sheet.write_row(0, 0, ["id", "unit"])
        sheet.write_column(1, 0, ["P1", "P2"])
        sheet.merge_range(1, 1, 2, 1, "Mining")
    with pytest.raises(InputErrors, match=r"sheet 'participants', line 2: cells are merged"):
        talentopt.read(path)


@pytest.mark.parametrize("shown", ["#DIV/0!", "#REF!", "#N/A", "#NAME?", "#VALUE!"])
def test_a_cell_that_shows_an_error_is_no_blank(tmp_path: Path, shown: str) -> None:
    tables, _ = small()
    tables["mentors"][1]["capacity"] = Formula(shown)
    tables["participants"][1]["id"] = Formula(shown)
    told = errors_of(book(tmp_path, tables)).splitlines()
    remedy = f"the cell shows the error {shown}; mend its formula, or type the value itself"
    assert f"sheet 'mentors', line 3, capacity: {remedy}" in told
    assert f"sheet 'participants', line 3, id: {remedy}" in told
    assert not any("blank" in line for line in told)


def test_an_error_in_the_settings_names_the_key(tmp_path: Path) -> None:
    path = book(tmp_path, small()[0], at=Formula("#REF!"))
    assert "sheet 'scenario', line 7, at: the cell shows the error #REF!" in errors_of(path)


def test_a_formula_without_its_value_is_no_blank(tmp_path: Path) -> None:
    tables, _ = small()
    tables["mentors"][0]["capacity"] = Formula("#N/A")
    path = book(tmp_path, tables)
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data.replace(b' t="e"', b"").replace(b"<v>#N/A</v>", b"<v></v>"))
    told = "line 2, capacity: the value of the formula was not saved; open the workbook in Excel"
    assert told in errors_of(path)


def test_formulas_with_values_are_read(tmp_path: Path) -> None:
    tables, _ = small()
    tables["mentors"][0]["capacity"] = Formula(4)
    mentors = talentopt.read(book(tmp_path, tables)).tables["mentors"]
    assert mentors["capacity"].iloc[0] == 4
