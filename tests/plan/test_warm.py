from plan.cases import TABLES, tiny, warm
from scenarios import small, write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read

BOTH = [("P1", "A", "2026-01"), ("P1", "B", "2026-04")]


def test_takes_over_what_is_possible(tmp_path):
    taken = warm(tiny(tmp_path), [("technical", "P1", "M1")], BOTH)
    assert (len(taken.arcs), len(taken.options)) == (1, 2)


def test_drops_unknown_ids_and_periods(tmp_path):
    pairs = [("technical", "P9", "M1"), ("nonsense", "P1", "M1"), ("technical", "P1", "M9")]
    places = [("P9", "A", "2026-01"), ("P1", "Z", "2026-01"), ("P1", "A", "soon")]
    taken = warm(tiny(tmp_path), pairs, [*places, ("P1", "B", "2031-01")])
    assert (len(taken.arcs), len(taken.options)) == (0, 0)


def test_drops_what_exceeds_seats_and_capacity(tmp_path):
    pairs = [("technical", "P1", "M1"), ("technical", "P2", "M1")]
    places = [("P1", "A", "2026-01"), ("P2", "A", "2026-02"), ("P2", "A", "2026-03")]
    taken = warm(tiny(tmp_path), pairs, places)
    assert (len(taken.arcs), len(taken.options)) == (1, 1)


def test_drops_what_clashes_within_a_person(tmp_path):
    places = [("P1", "A", "2026-01"), ("P1", "B", "2026-02"), ("P2", "A", "2026-03")]
    taken = warm(tiny(tmp_path), [], places)
    assert len(taken.options) == 2


def test_adds_fixed_pairs(tmp_path):
    pairs = [{"matching": "technical", "seeker": "P2", "provider": "M1", "status": "fixed"}]
    scenario = tiny(tmp_path, pairs=pairs)
    taken = warm(scenario, [("technical", "P1", "M1")], [])
    assert not evaluate(compile_scenario(scenario).problem, taken).violations


def test_fixed_bookings_come_first_for_seats(tmp_path):
    booked = [{"participant": "P2", "placement": "A", "start": "2026-02", "status": "fixed"}]
    scenario = tiny(tmp_path, bookings=booked)
    for plan in ([("P1", "A", "2026-01"), ("P2", "A", "2026-02")], [("P1", "A", "2026-01")]):
        taken = warm(scenario, [], plan)
        assert (taken.starts.tolist(), len(taken.options)) == ([1], 1)
        assert not evaluate(compile_scenario(scenario).problem, taken).violations


def test_without_a_plan_only_what_is_fixed_is_taken(tmp_path):
    tables, model = small()
    scenario = read(write_scenario(tmp_path, tables, model))
    fixed = compile_scenario(scenario).problem.itineraries.fixed_options
    assert warm(scenario, [], []).options.tolist() == fixed.tolist()


def test_a_hard_minimum_hides_no_budget(tmp_path):
    costly = [row | {"budget": "travel", "cost": 10} for row in TABLES["placements"]]
    scenario = tiny(
        tmp_path,
        placements=costly,
        budgets=[{"budget": "travel", "amount": 10}],
        quotas=[{"quota": "many", "on": "rotation", "min": 2}],
    )
    taken = warm(scenario, [], [("P1", "A", "2026-01"), ("P2", "B", "2026-01")])
    assert len(taken.options) == 1
