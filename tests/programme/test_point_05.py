"""Point 5: posts under headcount, titles under merit, quotas by track, who is next."""

from __future__ import annotations

import pytest

from programme.walk import PROVEN, SOLVERS, walk
from talentopt.insight.reserve import reserve_lists
from talentopt.insight.standing import Standing

MERIT = [{"value": {"column": "merit", "weight": 1}}]
MODEL = {
    "matchings": {
        "post": {
            "seekers": "participants",
            "providers": "posts",
            "eligible": [{"at_least": {"column": "grade", "of": "seeker", "than": "min_grade"}}],
            "points": MERIT,
        },
        "title": {
            "seekers": "participants",
            "providers": "titles",
            "eligible": [{"at_least": {"column": "merit", "of": "seeker", "than": "min_merit"}}],
            "points": [{"value": {"column": "rank", "weight": 5, "of": "provider"}}],
        },
    }
}
TABLES = {
    "participants": [
        {"id": "P1", "track": "technical", "grade": 4, "merit": 90},
        {"id": "P2", "track": "technical", "grade": 4, "merit": 80},
        {"id": "P3", "track": "operations", "grade": 3, "merit": 70},
        {"id": "P4", "track": "technical", "grade": 1, "merit": 99},
    ],
    "posts": [
        {"id": "HEAD", "min_grade": 4, "capacity": 1},
        {"id": "DEPUTY", "min_grade": 3, "capacity": 1},
    ],
    "titles": [
        {"id": "expert", "rank": 1, "min_merit": 75, "capacity": 5},
        {"id": "chief", "rank": 3, "min_merit": 85, "capacity": 1},
    ],
}
QUOTA = {
    "quota": "operations",
    "on": "post",
    "seeker_column": "track",
    "seeker_value": "operations",
    "min": 1,
}
# Titles: one chief (15) and two experts (5 each) for merits 90, 80, 99; 70 gets none.
TITLES = 25.0


@pytest.mark.parametrize("solver", SOLVERS)
def test_headcount_grade_and_merit(tmp_path, solver) -> None:
    done = walk(tmp_path, TABLES, MODEL, solver, worth=90 + 80 + TITLES)
    assert set(done.pairs("post")) <= {"P1", "P2", "P3"}
    assert "P3" not in done.pairs("title")


@pytest.mark.parametrize("price, worth", [(20, 90 + 70), (5, 90 + 80 - 5), (None, 90 + 70)])
def test_a_quota_by_track_priced_and_hard(tmp_path, price, worth) -> None:
    tables = TABLES | {"quotas": [QUOTA | {"points": price}]}
    done = walk(tmp_path, tables, MODEL, "exact", worth=worth + TITLES)
    assert ("P3" in done.pairs("post")) == (price != 5)


@pytest.mark.parametrize("solver", PROVEN)
def test_who_is_next(tmp_path, solver) -> None:
    done = walk(tmp_path, TABLES, MODEL, solver, worth=90 + 80 + TITLES)
    standing = Standing.of(done.scenario, done.plan)
    table = reserve_lists(standing, ("post",)).set_index("provider")
    # P3 is too junior for HEAD; whoever holds the one post would gain nothing by the other.
    assert table.loc["DEPUTY"].query("seeker == 'P3'")["change"].tolist() == [70.0]
    assert table.loc["DEPUTY"].query("place == 1")["seeker"].tolist() == ["P3"]
    assert set(table.loc[["HEAD"]]["change"]) == {0.0}
    chief = reserve_lists(standing, ("title",), most=1)
    # Chief instead of expert: 15 - 5.
    assert chief[["provider", "change", "leaves"]].values.tolist() == [["chief", 10.0, "expert"]]
