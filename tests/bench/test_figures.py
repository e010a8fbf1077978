"""Gaps, winners, profiles and exponents."""

import json

import pytest

from bench.made import record
from talentopt.bench.figures import (
    fit_exponent,
    gaps_over_time,
    growth,
    make_cells,
    make_standings,
    performance_profiles,
)
from talentopt.bench.runs import Store


def test_the_best_value_wins_and_the_quickest_of_equals_is_marked():
    cells = make_cells(
        [
            record("ours", value=100.0, seconds=3.0, bound=100.0),
            record("theirs", value=100.0, seconds=1.0),
            record("slow", value=80.0),
        ]
    )
    assert [(cell.wins, cell.fastest) for cell in cells] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    assert [cell.gap for cell in cells] == [0.0, 0.0, 0.2]
    assert cells[0].proven == 0.0


def test_a_competitor_that_wins_comes_first():
    records = [record("ours", value=1.0, sense="min"), record("theirs", value=0.0, sense="min")]
    standings = make_standings(make_cells(records))
    assert [(s.solver, s.wins, s.alone) for s in standings] == [("theirs", 1, 1), ("ours", 0, 0)]


def test_the_best_known_value_counts_though_nobody_found_it():
    (cell,) = make_cells([record("ours", value=90.0, best_known=100.0)])
    assert cell.gap == pytest.approx(0.1)


def test_seeds_are_joined_and_methods_that_could_not_run_do_not_count():
    records = [record("a", value=10.0), record("a", value=20.0, seed=1)]
    records += [record("b", outcome="absent"), record("c", outcome="no answer")]
    cells = make_cells(records)
    assert cells[0].value == 15.0
    assert {s.solver: s.mean_gap for s in make_standings(cells)} == {"a": 0.25, "c": 1.0}


def test_profiles_count_all_instances():
    records = [
        record("a", value=100.0),
        record("b", value=90.0),
        record("b", value=5.0, instance="set/two"),
    ]
    profiles = performance_profiles(make_cells(records))
    assert profiles == {"a": [(0.0, 0.5)], "b": [(0.0, 0.5), (0.1, 1.0)]}


def test_traces_become_mean_gaps_and_growth(tmp_path):
    store, records = Store(tmp_path), []
    for size in (10, 20, 40):
        made = record("a", instance=f"set/{size}", value=100.0, family="people", size=size)
        seconds = size**2 / 1000
        trace = [{"seconds": 0.05, "value": 50.0}, {"seconds": seconds, "value": 100.0}]
        folder = store.run_folder(made.name)
        folder.mkdir(parents=True)
        (folder / "trace.json").write_text(json.dumps(trace))
        records.append(made)
    assert growth(records, store)["a"].exponent == pytest.approx(2.0)
    curve = gaps_over_time(records, store)["a"]
    assert curve[-1] == (5.0, 0.0)
    assert curve[0][1] == pytest.approx((0.5 + 0.5 + 0.5) / 3)


def test_an_exponent_needs_three_sizes():
    assert fit_exponent([(1.0, 1.0), (2.0, 2.0)]) is None
    assert fit_exponent([(1.0, 3.0), (2.0, 6.0), (4.0, 12.0)]) == pytest.approx(1.0)
