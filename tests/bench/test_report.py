"""The report is complete, self-contained and well formed."""

from xml.etree import ElementTree

from bench.made import record
from talentopt.bench.machine import describe
from talentopt.bench.report import write_report


def test_pages_and_pictures(tmp_path):
    records = [
        record("ours", value=90.0, bound=110.0, best_known=100.0),
        record("theirs<&>", value=95.0, bound=94.0, message="a | b"),
        record("gone", outcome="absent", message="not installed"),
    ]
    about = describe(["talentopt", "bench"]) | {"absent": {"mss": "no folder"}}
    records[1].flag = "WRONG BOUND"
    write_report(tmp_path, records, about, {"ours": "default"})
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "theirs&lt;&amp;&gt;" in page
    assert "WRONG BOUND" in page
    assert "not installed" in page
    assert "src=" not in page
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "**theirs<&>**" in text
    assert "a \\| b" in text or "WRONG BOUND" in text
    for picture in (tmp_path / "pictures").iterdir():
        ElementTree.parse(picture)
    assert {p.stem for p in (tmp_path / "pictures").iterdir()} == {"profile", "time", "winners"}
