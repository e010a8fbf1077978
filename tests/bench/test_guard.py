"""The guard says what got worse, and nothing else."""

import pytest

from talentopt.bench.guard import Mark, compare
from talentopt.bench.yardstick import yardstick

KEY = ("set/one", "auto")
OLD = Mark(*KEY, value=1000.0, bound=1010.0, effort=10.0)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (Mark(*KEY, 999.0, 1011.0, 19.0), ""),
        (Mark(*KEY, 1100.0, 1000.0, 1.0), ""),
        (Mark(*KEY, 900.0, 1010.0, 10.0), "value"),
        (Mark(*KEY, 1000.0, 1100.0, 10.0), "bound"),
        (Mark(*KEY, 1000.0, None, 10.0), "no bound, the reference has 1,010.00"),
        (Mark(*KEY, 1000.0, 1010.0, 30.0), "3.0 times the effort"),
        (Mark(*KEY, None, 1010.0, None), "no solution"),
    ],
)
def test_compare(new, words):
    worse = compare({KEY: OLD}, {KEY: new}, {"set/one": "max"})
    assert bool(worse) == bool(words)
    assert words in "".join(worse)


def test_a_run_that_is_gone_is_worse():
    assert compare({KEY: OLD}, {}, {"set/one": "max"})


def test_start_up_is_not_effort():
    old, new = Mark(*KEY, 10.0, None, 0.1), Mark(*KEY, 10.0, None, 0.9)
    assert not compare({KEY: old}, {KEY: new}, {"set/one": "max"})


def test_the_yardstick_measures_something():
    assert yardstick() > 0
