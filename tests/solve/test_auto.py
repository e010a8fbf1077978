"""What the default solver spends its time on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenarios import write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.read.reader import read
from talentopt.solve import auto
from talentopt.solve.control import Control, Limits

CALENDAR = {"unit": "month", "start": "2026-01", "periods": 2}


@pytest.mark.parametrize(("price", "share"), [(np.inf, 1.0), (5.0, auto.PRICES_SHARE)])
def test_prices_get_all_the_time_where_seats_must_be_filled(tmp_path, price, share):
    tables = {
        "participants": [{"id": "P0", "unit": "U0"}],
        "placements": [
            {"id": "A", "stage": "rotation", "duration": 1, "seats": 1, "min_seats": 1}
        ],
    }
    itineraries = {"stages": [{"stage": "rotation", "min": 1, "max": 1, "missing": 50}]}
    model = {"name": "test", "itineraries": itineraries}
    folder = write_scenario(tmp_path / "s", tables, model, calendar=CALENDAR)
    problem = compile_scenario(read(folder)).problem
    itineraries = replace(problem.itineraries, understaffed_price=price)
    problem = replace(problem, itineraries=itineraries)
    control = Control(problem, Limits(seconds=10.0))
    assert auto._prices_share(problem, control) == share


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
