import pandas as pd
from python_calamine import CalamineWorkbook

from talentopt.generate.files import write_folder, write_workbook
from talentopt.generate.workbook import convert
from talentopt.read.reader import read

SETTINGS = {"name": 'A "name" \\ with marks', "calendar": {"unit": "plain", "start": "1"}}


def test_cells_that_look_like_formulas_stay_text(tmp_path):
    table = pd.DataFrame({"id": ["=1+1", "http://example.org", "007", ""], "n": [1, 2, 3, 4]})
    path = write_workbook(tmp_path / "b.xlsx", SETTINGS, {"things": table})
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("things").to_python()
    assert rows == [["id", "n"], ["=1+1", 1], ["http://example.org", 2], ["007", 3], ["", 4]]


def test_settings_are_flattened_with_dots(tmp_path):
    path = write_workbook(tmp_path / "b.xlsx", SETTINGS, {})
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("scenario").to_python()
    assert rows[1:] == [
        ["name", SETTINGS["name"]],
        ["calendar.unit", "plain"],
        ["calendar.start", "1"],
    ]


def test_text_in_yaml_is_quoted(tmp_path):
    folder = write_folder(tmp_path / "f", SETTINGS, {})
    assert 'name: "A \\"name\\" \\\\ with marks"\n' in (folder / "scenario.yaml").read_text()


def test_a_converted_folder_reads_the_same(tmp_path, bundled):
    folder = bundled / "first-cohort"
    book = read(convert(folder, tmp_path / "b.xlsx"))
    scenario = read(folder)
    assert book.model == scenario.model
    for name, table in scenario.tables.items():
        assert table.reset_index(drop=True).equals(book.tables[name].reset_index(drop=True)), name


def test_the_bundled_workbook_is_the_bundled_folder(bundled):
    book, scenario = read(bundled / "first-cohort.xlsx"), read(bundled / "first-cohort")
    for name, table in scenario.tables.items():
        assert table.reset_index(drop=True).equals(book.tables[name].reset_index(drop=True)), name
