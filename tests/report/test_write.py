import zipfile

import pytest

from plan.cases import CALENDAR, MODEL, TABLES, plan_of
from scenarios import write_scenario
from talentopt.plan.files import read_plan, write_plan
from talentopt.read.reader import read
from talentopt.report.write import write_reports

EVIL = '<script>alert("x")</script>'
FORMULA = '=HYPERLINK("http://example.com","x")'


@pytest.fixture
def folder(tmp_path):
    """A plan whose names and ids are as unpleasant as they may be."""
    people = [
        {"id": FORMULA, "name": EVIL, "site": "N", "unit": "@SUM(1)"},
        {"id": "../p2", "name": "+1", "site": "N"},
        {"id": "q", "site": "N"},
        {"id": "Q", "site": "N"},
    ]
    mentors = [{"id": "M<1>", "name": EVIL, "technical": 1, "capacity": 1}]
    tables = TABLES | {
        "participants": people,
        "mentors": mentors,
        "participant_skills": [
            {"participant": FORMULA, "skill": "ore", "level": 1, "target": 4},
            {"participant": FORMULA, "skill": "law", "level": 0, "target": 2},
        ],
        "mentor_skills": [{"mentor": "M<1>", "skill": "ore", "level": 3}],
        "placement_skills": [{"placement": "A", "skill": "ore", "develops": 2}],
    }
    scenario = read(write_scenario(tmp_path / "s", tables, MODEL, calendar=CALENDAR))
    pairs = [("technical", FORMULA, "M<1>")]
    plan = plan_of(scenario, pairs, [(FORMULA, "A", "2026-01"), ("../p2", "B", "2026-02")])
    target = tmp_path / "plan"
    write_plan(plan, target, extras=lambda work: write_reports(plan, scenario, work, work))
    assert read_plan(target).pairs["seeker"].tolist() == [FORMULA]
    return target


def test_html_of_names_stays_text(folder):
    for page in (folder / "report.html", *sorted((folder / "people").iterdir())):
        text = page.read_text(encoding="utf-8")
        assert EVIL not in text
        assert "src=" not in text
        assert 'href="http' not in text
    assert "\\u003cscript\\u003e" in (folder / "report.html").read_text(encoding="utf-8")


def test_one_page_per_person(folder):
    names = sorted(path.name for path in (folder / "people").iterdir())
    assert len(names) == 4
    assert len({name.lower() for name in names}) == 4
    assert "%2E.%2Fp2.html" in names


def test_workbook_has_no_formulas_and_no_links(folder):
    with zipfile.ZipFile(folder / "plan.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/" in name]
        strings = book.read("xl/sharedStrings.xml").decode()
    assert all(b"<f>" not in sheet and b"hyperlink" not in sheet for sheet in sheets)
    assert "=HYPERLINK(" in strings


def test_development_plan(folder):
    pages = [path.read_text(encoding="utf-8") for path in (folder / "people").iterdir()]
    page = next(text for text in pages if "HYPERLINK" in text)
    assert "brings up to level 2" in page
    assert "has level 3" in page
    assert "2026-04" in page


def test_report_carries_certificate_and_audit(folder):
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "every hard rule is kept, every figure is confirmed" in report
    assert "nobody eligible is left: 1 full in this role" in report
    assert "[1,1,0]" in report
