import numpy as np

from plan.cases import MODEL, tiny
from talentopt.compile.compiler import compile_scenario
from talentopt.report.forecast import bookings_that_fit, forecast


def shorts(scenario):
    return {b.what: b.short for b in forecast(compile_scenario(scenario), scenario) if b.short}


def test_bookings_hop_between_seats():
    seats = np.array([[1, 2, 1], [2, 2, 2], [1, 0, 1], [1, 0, 1]])
    assert bookings_that_fit(seats, np.array([2, 2, 2, 1])).tolist() == [2, 2, 0, 2]
    assert bookings_that_fit(np.array([[1]]), np.array([2])).tolist() == [0]


def test_counts_places_and_seats(tmp_path):
    assert shorts(tiny(tmp_path)) == {"matching technical": 1.0}


def test_names_the_stage_that_is_too_full(tmp_path):
    people = [{"id": f"P{n}", "site": "N"} for n in range(4)]
    found = shorts(tiny(tmp_path, participants=people))
    assert found["stage rotation"] > 0
    assert found["stage rotation, area a"] == 1.0
    assert found["stage rotation, area b"] == 2.0


def test_people_with_nothing_open(tmp_path):
    bookings = [
        {"participant": "P1", "placement": place, "status": "forbidden"} for place in ("A", "B")
    ]
    found = shorts(tiny(tmp_path, bookings=bookings))
    assert found["stage rotation, open to the people"] == 2.0


def test_no_limit_is_never_short(tmp_path):
    mentors = [{"id": "M1", "name": "no limit at all"}]
    scenario = tiny(tmp_path, mentors=mentors, model={**MODEL, "itineraries": None})
    lines = [str(balance) for balance in forecast(compile_scenario(scenario), scenario)]
    assert lines == ["matching technical: 2 places needed, no limit there"]


def test_the_shortest_bookings_fill_the_least_periods(tmp_path):
    scenario = tiny(tmp_path)
    compiled = compile_scenario(scenario)
    itineraries = compiled.problem.itineraries
    length = itineraries.placement_duration[itineraries.option_placement]
    person = itineraries.option_person()
    least = sum(
        np.sort(length[person == p])[: itineraries.stage_min[p, 0]].sum()
        for p in range(itineraries.n_people)
    )
    found = [b.needed for b in forecast(compiled, scenario) if b.unit == "person-periods"]
    assert found == [least]
    assert least > 0
