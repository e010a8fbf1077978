"""The PDF of development plans: a bookmark per person, any letters, any markup."""

import pytest

from plan.cases import TABLES, plan_of, tiny
from talentopt.plan.files import write_plan
from talentopt.report.pdf import set_text
from talentopt.report.write import Edition, write_reports

pytest.importorskip("reportlab", reason="reportlab (extra pdf) is not installed")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pdf_of_everybody(tmp_path, language):
    people = [{"id": "P1", "name": "<b>李娜 & Ω"}, {"id": "P2", "name": "Zoë"}]
    scenario = tiny(tmp_path / "s", participants=people, placements=TABLES["placements"])
    plan = plan_of(scenario, [("technical", "P1", "M1")], [("P1", "A", "2026-01")])

    def extras(work):
        write_reports(plan, scenario, work, work, Edition(language, pdf=True, pdf_each=True))

    write_plan(plan, tmp_path / "plan", extras=extras)
    content = (tmp_path / "plan" / "people.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") == 2
    assert b"/Outlines" in content
    for who in ("P1", "P2"):
        alone = (tmp_path / "plan" / "people" / f"{who}.pdf").read_bytes()
        assert alone.count(b"/Type /Page\n") + alone.count(b"/Type /Page ") == 1


def test_letters_get_a_font_that_has_them():
    assert set_text("a<李&b") == 'a&lt;<font name="STSong-Light">李</font>&amp;b'
