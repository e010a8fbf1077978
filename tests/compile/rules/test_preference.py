from compile.cases import mentoring, people, post, rotating

WISH = [{"preference": {"weight": 0.5}}]


def said(chooser, option, points=None, rank=None):
    return {"chooser": chooser, "option": option, "points": points, "rank": rank}


def test_points_count_with_the_weight(build):
    tables = {
        "mentors": people("M1", "M2"),
        "preferences": [said("P1", "M1", points=-4)],
    }
    assert build(tables, mentoring(points=WISH)).pairs() == {("P1", "M1"): -2, ("P1", "M2"): 0}


def test_ranks_run_from_100_to_0_over_all_options_of_a_chooser(build):
    tables = {
        "mentors": people("M1", "M2", "M3"),
        "placements": [post("R1")],
        "preferences": [
            said("P1", "M1", rank=1),
            said("P1", "M2", rank=2),
            said("P1", "M3", rank=2),
            said("P1", "R1", rank=5),
        ],
    }
    model = mentoring(points=[{"preference": {}}]) | rotating(points=[{"preference": {}}])
    case = build(tables, model)
    assert case.pairs() == {("P1", "M1"): 100, ("P1", "M2"): 75, ("P1", "M3"): 75}
    assert case.bookings() == {("P1", "R1"): 0}


def test_the_only_rank_is_worth_100(build):
    tables = {"mentors": people("M1"), "preferences": [said("P1", "M1", rank=1)]}
    assert build(tables, mentoring(points=WISH)).pairs() == {("P1", "M1"): 50}


def test_of_provider_reads_what_the_provider_said(build):
    tables = {
        "mentors": people("M1"),
        "preferences": [said("P1", "M1", points=1), said("M1", "P1", points=20)],
    }
    rules = [{"preference": {"of": "provider"}}]
    assert build(tables, mentoring(points=rules)).pairs() == {("P1", "M1"): 20}


def test_placement_area_and_unit_add_up(build):
    tables = {
        "placements": [post("R1", area="pit", unit="Mining"), post("R2", area="pit"), post("R3")],
        "preferences": [
            said("P1", "R1", points=1),
            said("P1", "pit", points=10),
            said("P1", "Mining", points=100),
        ],
    }
    case = build(tables, rotating(points=[{"preference": {}}]))
    assert case.bookings() == {("P1", "R1"): 111, ("P1", "R2"): 10, ("P1", "R3"): 0}


def test_a_pair_counts_the_mentor_alone(build):
    tables = {
        "mentors": people("M1", unit="Mining"),
        "placements": [post("R1", unit="Mining")],
        "preferences": [said("P1", "Mining", points=10)],
    }
    case = build(tables, mentoring(points=[{"preference": {}}]) | rotating())
    assert case.pairs() == {("P1", "M1"): 0}
