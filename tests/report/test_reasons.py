"""Every reason of a shortage has its Chinese."""

import re

import pytest

from plan.cases import plan_of, tiny
from scenarios import small, write_scenario
from talentopt.cycle.changes import COLUMNS
from talentopt.pipeline import solve
from talentopt.read.reader import read
from talentopt.report.figures import changes
from talentopt.report.texts.reasons import PHRASES, in_language


def test_parts_are_kept_and_lists_translated():
    reason = (
        "technical: 0 of 1 found; nobody eligible is left: 3 full in this role, 1 kept out by "
    )
    reason += "budget travel, abroad"
    assert in_language(reason, "zh") == (
        "technical：需 1 位，已有 0 位；符合条件者均无余地：3 个在此角色中已满，"
        "1 个受 budget travel, abroad 限制"
    )
    assert in_language(reason, "en") == reason
    assert in_language("something else", "zh") == "something else"


@pytest.mark.parametrize("english", PHRASES)
def test_each_phrase_is_its_own(english):
    """No earlier phrase takes it over, and all its parts are in the Chinese."""
    names = re.findall(r"\{(\w+)\}", english)
    assert sorted(names) == sorted(re.findall(r"\{(\w+)\}", PHRASES[english]))
    filled = english.format(**{name: "1 X" if name == "causes" else "X" for name in names})
    chinese = PHRASES[english].format(
        **{name: "1 个X" if name == "causes" else "X" for name in names}
    )
    assert in_language(filled, "zh") == chinese


def test_no_english_is_left(tmp_path):
    plans = [plan_of(tiny(tmp_path / "t", mentors=[], placements=[]), [], [])]
    tables, model = small()
    tables["placements"][1]["seats"] = 0
    tables["budgets"] = [{"budget": "lab", "amount": 0}, {"budget": "titles", "amount": 0}]
    scenario = read(write_scenario(tmp_path / "s", tables, model))
    plans.append(solve(scenario, solver="greedy", time_limit=0.1, reproducible=True))
    reasons = [reason for plan in plans for reason in plan.shortages["reason"]]
    assert len(reasons) > 3
    for reason in reasons:
        assert in_language(reason, "zh") != reason
        assert not re.search(r"\b(of|the|are|open|left)\b", in_language(reason, "zh")), reason


def test_changes_are_told_without_windows_and_in_chinese(tmp_path):
    rows = [
        ",".join(COLUMNS),
        "moved,rotation,P1,A,2026-01,2026-02,published,makes room at A for P2 (newcomer),10.0",
        'gone,rotation,P3,A,2026-01,,published,"absent from 2026-01 to 2026-02 (ill, '
        'absences.csv, line 3)",10.0',
        'gone,rotation,P4,A,2026-01,,published,"P4 gains 51.33 points over what is left of the '
        'old plan (missing rotation +53.33, idle -2.00)",10.0',
    ]
    (tmp_path / "changes.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert changes(tmp_path, "en").iloc[0].tolist() == [
        *("moved", "rotation", "P1", "A", "2026-01", "2026-02"),
        *("makes room at A for P2 (newcomer)", "10.0"),
    ]
    assert changes(tmp_path, "zh")["why"].tolist() == [
        "在 A 为 P2（新人） 腾出席位",
        "2026-01 至 2026-02 缺席（ill, absences.csv 第 3 行）",
        "P4 比旧计划余下部分多得 51.33 分（缺少 rotation +53.33，空闲 -2.00）",
    ]
