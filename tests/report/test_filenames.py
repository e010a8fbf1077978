from hypothesis import given
from hypothesis import strategies as st

from talentopt.report.filenames import LONGEST, file_names

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


def test_plain_ids_stay_readable():
    assert file_names(["P01", "a_b-c.d"]) == {"P01": "P01", "a_b-c.d": "a_b-c.d"}


def test_dangerous_ids_are_encoded():
    names = file_names(["../../etc/passwd", "..", ".hidden", "a/b", "CON", "nul.txt", "x.", "~2"])
    assert list(names.values()) == [
        "%2E.%2F..%2Fetc%2Fpasswd",
        "%2E%2E",
        "%2Ehidden",
        "a%2Fb",
        "%43ON",
        "%6Eul.txt",
        "x%2E",
        "%7E2",
    ]


def test_case_only_differences_do_not_share_a_file():
    assert list(file_names(["p1", "P1", "P2"]).values()) == ["p1", "P1~2", "P2"]


@given(st.lists(TEXT, unique=True, max_size=20))
def test_never_two_alike_never_too_long(ids):
    names = list(file_names(ids).values())
    assert len({name.lower() for name in names}) == len(ids)
    for name in names:
        assert "/" not in name
        assert "\\" not in name
        assert not name.startswith(".")
        assert len(name) <= LONGEST + 4
