"""Prices in a plan folder: they outlive changes of the scenario, and damage."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios import small, write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.plan.prices import FILE, read_prices, write_prices
from talentopt.problem import Prices
from talentopt.read.reader import read


def compiled(folder, tables, model, **settings):
    scenario = read(write_scenario(folder, tables, model, **settings))
    return compile_scenario(scenario), scenario


def random_prices(problem):
    random = np.random.default_rng(1)
    itineraries, matchings = problem.itineraries, problem.matchings
    return Prices(
        random.normal(size=itineraries.seats.shape),
        random.random(matchings.role_capacity.shape),
        random.random(matchings.n_providers),
        random.normal(size=len(problem.rows)),
        random.random(problem.links.points.shape),
    )


@pytest.fixture
def kept(tmp_path):
    case, scenario = compiled(tmp_path / "s", *small())
    prices = random_prices(case.problem)
    write_prices(prices, case, scenario.calendar, tmp_path)
    return case, scenario, prices


def test_the_same_scenario_gets_its_prices_back(kept, tmp_path):
    case, scenario, prices = kept
    back = read_prices(tmp_path, case, scenario.calendar)
    for name in ("seats", "role", "total", "rows", "links"):
        found = getattr(back, name)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, getattr(prices, name), rtol=1e-6)


def test_prices_follow_their_ids_into_a_changed_scenario(kept, tmp_path):
    case, _, prices = kept
    tables, model = small()
    new = {**tables["placements"][1], "id": "R9"}
    tables["placements"] = [new, *(row for row in tables["placements"] if row["id"] != "L2")]
    tables["mentors"] = [{**tables["mentors"][0], "id": "M9"}, *tables["mentors"][::-1]]
    tables["budgets"].insert(0, {"budget": "new", "amount": 1})
    calendar = {"unit": "month", "start": "2026-03", "periods": 12}
    tables["bookings"] = [row for row in tables["bookings"] if row["placement"] != "L2"]
    changed, scenario = compiled(tmp_path / "t", tables, model, calendar=calendar)
    back = read_prices(tmp_path, changed, scenario.calendar)
    seats, was = (list(one.index.placements) for one in (changed, case))
    np.testing.assert_allclose(
        back.seats[seats.index("T1"), :10], prices.seats[was.index("T1"), 2:], rtol=1e-6
    )
    assert np.isnan(back.seats[seats.index("R9")]).all()
    assert np.isnan(back.seats[:, 10:]).all()
    now, before = changed.index.providers, case.index.providers
    for provider in before:
        assert back.total[now.index(provider)] == pytest.approx(
            prices.total[before.index(provider)], rel=1e-6
        )
    assert np.isnan(back.role[:, now.index(("mentors", "M9"))]).all()
    rows, old = changed.index.rows, case.index.rows
    assert np.isnan(back.rows[rows.index(("budget", "new", ""))])
    quota = ("quota", "chain", "")
    assert back.rows[rows.index(quota)] == pytest.approx(prices.rows[old.index(quota)], rel=1e-6)


def test_without_usable_prices_there_are_none(kept, tmp_path):
    case, scenario, _ = kept
    path = tmp_path / FILE
    whole = path.read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        path.write_bytes(content)
        assert read_prices(tmp_path, case, scenario.calendar) is None
    with np.load(_restored(path, whole), allow_pickle=False) as file:
        tables = dict(file)
    for changed in ({"version": np.array(99)}, {"seat_prices": np.zeros((1, 1))}):
        np.savez_compressed(path, **{**tables, **changed})
        assert read_prices(tmp_path, case, scenario.calendar) is None
    path.unlink()
    assert read_prices(tmp_path, case, scenario.calendar) is None


def test_the_same_prices_are_the_same_bytes(kept, tmp_path):
    case, scenario, prices = kept
    (tmp_path / "again").mkdir()
    write_prices(prices, case, scenario.calendar, tmp_path / "again")
    assert (tmp_path / "again" / FILE).read_bytes() == (tmp_path / FILE).read_bytes()


def _restored(path, content):
    path.write_bytes(content)
    return path
