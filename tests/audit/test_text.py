"""A verdict in words."""

from audit.cases import mentoring, people
from talentopt.audit.text import write_verdict

TABLES = {"participants": people("P1", "P2"), "mentors": [{"id": "M1", "capacity": 1}]}
MODEL = mentoring(missing=1000, need=2)


def test_a_good_plan(judge):
    text = write_verdict(judge(TABLES, MODEL, pairs=[("guide", "P1", "M1")]))
    assert text == (
        "Recomputed: pairs 1, bookings 0.\n"
        "Value: -3,000.00 points\n"
        "  guide              0.00\n"
        "  missing       -3,000.00\n"
        "\n"
        "Every hard rule is kept.\n"
        "Everything that the plan's files say is confirmed.\n"
    )


def test_a_bad_plan_is_listed_up_to_a_number(judge):
    pairs = [("guide", "P1", "M1", 5), ("guide", "P2", "M1", 6)]
    verdict = judge(TABLES, MODEL, pairs=pairs)
    text = write_verdict(verdict, most=1)
    assert "1 hard rule is broken:\n  by rule: capacity 1\n  capacity: M1 carries 2" in text
    assert "2 claims are not confirmed:\n" in text
    assert "  pairs.csv line 2: points are 5, right is 0\n  ... and 1 more\n" in text
