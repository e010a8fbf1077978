from plan.cases import MODEL, plan_of, rows, tiny


def reasons(plan):
    return {row[4].partition(":")[0]: row[4] for row in rows(plan, "shortages")}


def test_full_mentor(tmp_path):
    plan = plan_of(tiny(tmp_path), [("technical", "P1", "M1")], [])
    assert "1 full in this role" in reasons(plan)["technical"]


def test_nobody_eligible(tmp_path):
    pairs = [{"seeker": "P1", "provider": "M1", "status": "forbidden"}]
    plan = plan_of(tiny(tmp_path, pairs=pairs), [("technical", "P2", "M1")], [])
    assert "nobody is eligible" in reasons(plan)["technical"]


def test_place_left_is_told_as_such(tmp_path):
    plan = plan_of(tiny(tmp_path), [], [])
    assert "M1 has a place: a longer search may use it" in reasons(plan)["technical"]


def test_full_area(tmp_path):
    bookings = [("P2", "A", "2026-01")]
    seats = [
        {"placement": place, "period": f"2026-0{month}", "seats": 0}
        for place, months in (("A", (3, 4, 5, 6)), ("B", (1, 2, 3, 4, 5, 6)))
        for month in months
    ]
    plan = plan_of(tiny(tmp_path, seats=seats), [], bookings)
    facts = [row[4] for row in rows(plan, "shortages") if row[1] == "P1" and "rotation" in row[4]]
    assert "only 1 of this stage are open" in facts[0]
    assert "1 full in every possible period (area a)" in facts[0]


def test_no_time_left(tmp_path):
    people = [{"id": "P1", "start": "2026-02", "end": "2026-05"}]
    plan = plan_of(tiny(tmp_path, participants=people), [], [("P1", "A", "2026-02")])
    assert "need 5 periods, they have 4" in reasons(plan)["rotation"]


def test_nothing_open(tmp_path):
    bookings = [
        {"participant": "P1", "placement": place, "status": "forbidden"} for place in ("A", "B")
    ]
    plan = plan_of(tiny(tmp_path, bookings=bookings), [], [])
    facts = [row[4] for row in rows(plan, "shortages") if row[1] == "P1"]
    assert any("no placement of this stage is open" in fact for fact in facts)


def test_budget_that_is_used_up(tmp_path):
    placements = [
        {"id": i, "stage": "rotation", "area": i, "duration": 2, "seats": 5, "budget": "x"}
        | {"cost": 10}
        for i in ("A", "B")
    ]
    budgets = [{"budget": "x", "amount": 10}]
    scenario = tiny(tmp_path, placements=placements, budgets=budgets)
    plan = plan_of(scenario, [], [("P1", "A", "2026-01")])
    assert "kept out by budget x" in reasons(plan)["rotation"]


def test_missed_quota(tmp_path):
    quotas = [{"quota": "q", "on": "rotation", "min": 2, "points": 30}]
    plan = plan_of(tiny(tmp_path, quotas=quotas), [], [("P1", "A", "2026-01")])
    quota = next(row for row in rows(plan, "shortages") if row[0] == "quota")
    assert quota[1:4] == ("q", 1.0, 30.0)
    assert "1 of at least 2" in quota[4]


def test_hours(tmp_path):
    stage = {"stage": "lecture", "concurrent": True, "hours": {"core": 40}, "missing": 1}
    model = MODEL | {"itineraries": {"stages": [stage]}}
    placements = [
        {"id": "L", "stage": "lecture", "duration": 1, "seats": 9, "load": 0.2, "hours": 30}
        | {"layer": "core"}
    ]
    scenario = tiny(tmp_path, model=model, placements=placements)
    plan = plan_of(scenario, [], [("P1", "L", "2026-01")])
    short = [row for row in rows(plan, "shortages") if "lecture/core" in row[4]]
    assert [row[1:4] for row in short] == [("P1", 10.0, 10.0), ("P2", 40.0, 40.0)]
    assert "only 30 hours are open to them" in short[0][4]
