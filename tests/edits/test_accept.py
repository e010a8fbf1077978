"""Changed cells of plan.xlsx become entries; errors name sheet and cell."""

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from plan.cases import TABLES, plan_of, tiny
from talentopt.compile.index import Conflict
from talentopt.edits.accept import accept_edits
from talentopt.pipeline import solve
from talentopt.plan.files import write_plan
from talentopt.read.errors import InputErrors
from talentopt.report.write import write_reports

MENTORS = [{"id": "M1", "technical": 1}, {"id": "M2", "technical": 2}]
FREE = [{**row, "seats": 2} for row in TABLES["placements"]]


@pytest.fixture
def made(tmp_path):
    """A scenario, and the workbook of a plan for it."""
    scenario = tiny(tmp_path / "s", mentors=MENTORS, placements=FREE)
    placements = [("P1", "A", "2026-01"), ("P1", "B", "2026-03"), ("P2", "A", "2026-01")]
    plan = plan_of(scenario, [("technical", "P1", "M1"), ("technical", "P2", "M2")], placements)
    folder = tmp_path / "plan"
    write_plan(plan, folder, extras=lambda work: write_reports(plan, scenario, work, work))
    return scenario, folder / "plan.xlsx"


def edit(path, sheet, *changes):
    """Change cells (row, column from 0; value) as a planner does."""
    book = CalamineWorkbook.from_path(str(path))
    cells = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }
    with xlsxwriter.Workbook(str(path)) as new:
        for name, rows in cells.items():
            page = new.add_worksheet(name)
            for i, j, value in changes if name == sheet else ():
                rows[i] += [""] * (j + 1 - len(rows[i]))
                rows[i][j] = value
            for i, row in enumerate(rows):
                page.write_row(i, 0, row)


def entries(scenario, table):
    rows = scenario.tables[table]
    keys = ["seeker", "provider"] if table == "pairs" else ["participant", "placement", "start"]
    return [tuple(row) for row in rows[[*keys, "status"]].astype(object).to_numpy().tolist()]


def test_nothing_changed_changes_nothing(made):
    scenario, path = made
    edit(path, "people")
    accepted, said, _ = accept_edits(scenario, path)
    assert len(accepted.tables["pairs"]) == len(accepted.tables["bookings"]) == 0
    assert said == ["0 changes accepted from plan.xlsx"]


def test_another_provider_is_fixed(made):
    scenario, path = made
    edit(path, "pairs", (1, 2, "M2"))
    accepted, said, _ = accept_edits(scenario, path)
    assert entries(accepted, "pairs") == [("P1", "M2", "fixed")]
    assert "sheet 'pairs', cell C2" in said[1]
    plan = solve(accepted, solver="exact", time_limit=10)
    assert ("P1", "M2") in set(zip(plan.pairs["seeker"], plan.pairs["provider"], strict=True))


def test_an_emptied_cell_forbids(made):
    scenario, path = made
    edit(path, "pairs", (2, 2, ""))
    accepted, *_ = accept_edits(scenario, path)
    assert entries(accepted, "pairs") == [("P2", "M2", "forbidden")]


def test_a_booking_moved_in_the_grid_is_fixed_there(made):
    scenario, path = made
    edit(path, "people", (2, 2, ""), (2, 4, "A"), (2, 5, "A"))
    accepted, *_ = accept_edits(scenario, path)
    assert entries(accepted, "bookings") == [("P2", "A", 2, "fixed")]
    plan = solve(accepted, solver="exact", time_limit=10)
    booked = set(plan.placements[["participant", "placement", "start"]].itertuples(False, None))
    assert ("P2", "A", "2026-03") in booked


def test_a_booking_removed_from_the_grid_is_forbidden(made):
    scenario, path = made
    edit(path, "people", (2, 2, ""))
    accepted, *_ = accept_edits(scenario, path)
    (person, placement, start, status), *rest = entries(accepted, "bookings")
    assert (person, placement, status) == ("P2", "A", "forbidden")
    assert start is not None
    assert rest == []


def test_errors_name_sheet_and_cell(made):
    scenario, path = made
    edit(path, "people", (1, 2, "AA"))
    edit(path, "placements", (1, 3, "2026-99"))
    with pytest.raises(InputErrors) as caught:
        accept_edits(scenario, path)
    text = str(caught.value)
    assert "sheet 'people', cell C2: there is no 'AA' in placements" in text
    assert "sheet 'placements', cell D2: '2026-99' is no period" in text


def test_two_sheets_must_agree(made):
    scenario, path = made
    edit(path, "people", (2, 2, ""), (2, 4, "A"))
    edit(path, "placements", (3, 3, "2026-02"))
    with pytest.raises(InputErrors, match="contradicts"):
        accept_edits(scenario, path)


def test_another_workbook_is_refused(made, tmp_path):
    scenario, _ = made
    path = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("pairs")
    with pytest.raises(InputErrors, match="the sheet 'placements' is missing"):
        accept_edits(scenario, path)


def test_what_cannot_hold_names_the_cell(made):
    scenario, path = made
    edit(path, "pairs", (1, 2, "M2"), (2, 2, "M1"))
    accepted = accept_edits(scenario, path)
    (source, *_) = accepted.cells
    named = accepted.name_cells([Conflict(source, "too many"), Conflict("x.csv, line 2", "other")])
    assert named[0].source == "plan.xlsx, sheet 'pairs', cell C2"
    assert named[1].source == "x.csv, line 2"
