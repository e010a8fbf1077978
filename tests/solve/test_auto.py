"""What the default solver spends its time on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenarios import write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.problem import Assignment
from talentopt.read.reader import read
from talentopt.solve import auto
from talentopt.solve.control import Control, Limits

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 2}


def staffed_problem(folder):
    """One seat that must be taken."""
    tables = {
        "participants": [{"id": "P0", "unit": "U0"}],
        "placements": [
            {
                "id": "A",
                "stage": "rotation",
                "duration": 2,
                "seats": 1,
                "min_seats": 1,
            }
        ],
    }
    itineraries = {"stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}]}
    model = {"name": "test", "itineraries": itineraries}
    problem = compile_scenario(
        read(write_scenario(folder, tables, model, calendar=CALENDAR))
    ).problem
    itineraries = replace(problem.itineraries, understaffed_price=np.inf)
    return replace(problem, itineraries=itineraries)


@pytest.mark.parametrize("found", [False, True])
def test_prices_get_all_the_time_where_seats_must_be_filled_once_there_is_a_plan(tmp_path, found):
    problem = staffed_problem(tmp_path / "s")
    control = Control(problem, Limits(seconds=10.0))
    given = []

    def by_prices(part_problem, part):
        if found:
            assert part.offer(Assignment.of(options=[0], starts=[0]))
        given.append(part.limits.seconds)

    auto._by_prices(problem, control, by_prices)
    assert (given[0] > 9.0) == found
    assert given[0] >= 10.0 * auto.STAFFED_SHARE - 1.0
    # Whatever prices do, the seat is taken.
    assert control.best is not None
    assert control.best.options.tolist() == [0]


def test_prices_get_all_the_time_where_the_exact_solver_would_come_too_late(tmp_path):
    tables = {
        "participants": [{"id": "P0", "unit": "U0"}],
        "placements": [{"id": "A", "stage": "rotation", "duration": 1, "seats": 1}],
    }
    itineraries = {"stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}]}
    model = {"name": "test", "itineraries": itineraries}
    folder = write_scenario(tmp_path / "s", tables, model, calendar=CALENDAR)
    problem = compile_scenario(read(folder)).problem
    # Two starts ask for two thousandths of a second.
    short, long = (Control(problem, Limits(seconds=seconds)) for seconds in (0.001, 10.0))
    assert auto._prices_share(problem, short) == 1.0
    assert auto._prices_share(problem, long) == auto.PRICES_SHARE
