"""Events belong to itineraries: each counts once, however many bookings make it happen."""

from __future__ import annotations

import numpy as np
import pytest

from random_problems import random_problem
from solve.enumeration.generated import ORDERED
from talentopt.problem import Assignment
from talentopt.problem.encode import encode
from talentopt.solve.enumeration.bound import Prices
from talentopt.solve.enumeration.columns import collect
from talentopt.solve.enumeration.generation import Generation
from talentopt.solve.enumeration.paths import completion
from talentopt.solve.enumeration.structure import divide
from talentopt.solve.enumeration.work import Work
from talentopt.solve.integers import finite_bounds

ALL = 1e9


@pytest.mark.parametrize("seed", range(12))
def test_events_are_priced_and_counted_in_itineraries(seed: int) -> None:
    problem = random_problem(seed, (*ORDERED, "quotas"), people=3)
    model = encode(problem)
    structure = divide(problem, model)
    generation = Generation(model, structure, finite_bounds(model), 1, Work())
    random = np.random.default_rng(seed)
    prices = Prices(random.integers(-9, 9, model.n_rows).astype(float), 0.0)
    valued = generation.value(prices)
    everybody, least = generation.everybody, np.full(len(structure.parts), -ALL)
    found = generation.pricing.within(everybody, valued.worth, least, 10**6)
    assert found is not None
    columns = collect(structure, model.n_columns, found)
    generation.restricted.add(columns)
    worth = generation.restricted.worth(valued.prices)
    if not any(part.demanding for part in structure.parts):
        told = [one.facts[:, 0] for one in found]
        assert worth == pytest.approx(np.concatenate([np.zeros(0), *told]))
        for number, part in enumerate(structure.parts):
            ahead = completion(part.choices, valued.worth[number])[0, 0, part.choices.home]
            assert ahead == pytest.approx(worth[columns.part == number].max())
    for row in range(len(columns)):
        chosen = columns.chosen[[row]].toarray()[0]
        starts = np.flatnonzero(chosen[model.n_arcs : model.n_arcs + len(model.start_option)])
        booked = Assignment.of([], model.start_option[starts], model.start_period[starts])
        part = structure.parts[columns.part[row]]
        values = model.vector(booked)
        assert chosen[part.events] == pytest.approx(values[part.events])


def test_what_itineraries_decide_is_not_shared() -> None:
    problem = random_problem(1, ("missing", "quotas"), people=3)
    structure = divide(problem, encode(problem))
    events = np.concatenate([part.events for part in structure.parts])
    assert len(events)
    assert not np.isin(events, structure.shared_columns).any()
