"""Timefold for Python on the whole programme."""

from __future__ import annotations

import os
import shutil
import time
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.bench.plugins import Competitor
from talentopt.problem import Assignment

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control

LOAD_UNIT = 1000
"""Loads are whole thousandths."""

TELL_SECONDS = 0.5
"""How often improvements are looked at."""

MOST_SLOTS = 9
"""Slots of one person and stage at most."""


def absent() -> str:
    """Say when the package or a Java machine is missing."""
    if not find_spec("timefold"):
        return "the package timefold is not installed (pip install 'talentopt[bench]')"
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "there is no Java machine (JDK 17 or newer)"
    return ""


def unsuitable(problem: Problem) -> str:
    """Say which rule the Timefold model does not have."""
    itineraries, matchings = problem.itineraries, problem.matchings
    reasons = {
        "budgets or quotas": not _only_teams(problem),
        "a worst-off term": problem.worst_off != 0,
        "concurrent stages": not itineraries.stage_exclusive.all(),
        "hours": itineraries.hours_min.shape[1] > 0,
        "several limits": itineraries.limit_value.shape[0] > 1,
        "several links": len(problem.links) > 1,
        "several groups of distinct matchings": len(matchings.distinct) > 1,
        "a previous plan": len(matchings.kept_arcs) + len(itineraries.kept_options) > 0,
        "hard minimum seats": itineraries.understaffed_price == np.inf,
    }
    missing = [name for name, present in reasons.items() if present]
    return f"its Timefold model has no {', '.join(missing)}" if missing else ""


def _only_teams(problem: Problem) -> bool:
    """Whether every row counts bookings up to a minimum that may be missed at a price."""
    rows, n_arcs = problem.rows, problem.matchings.n_arcs
    last = n_arcs + problem.itineraries.n_options
    columns = rows.matrix.indices
    return bool(
        ((columns >= n_arcs) & (columns < last)).all()
        and (rows.matrix.data == 1).all()
        and np.isfinite(rows.price).all()
        and np.isfinite(rows.lower).all()
        and (rows.upper == np.inf).all()
    )


@cache
def factory() -> Any:
    """Start the Java machine and translate the rules: half a minute, whatever the instance."""
    from timefold.solver import SolverFactory
    from timefold.solver.config import EnvironmentMode, ScoreDirectorFactoryConfig, SolverConfig

    from benchmarks import timefold_model as model

    rules = ScoreDirectorFactoryConfig(constraint_provider_function=model.rules)
    config = SolverConfig(
        solution_class=model.Programme,
        entity_class_list=[model.Pairing, model.Booking],
        environment_mode=EnvironmentMode.NO_ASSERT,
        random_seed=0,
        score_director_factory_config=rules,
    )
    return SolverFactory.create(config)


def solve(problem: Problem, control: Control) -> None:
    """Build the facts, search until the limit, offer what improves."""
    from timefold.solver.config import Duration, SolverConfigOverride, TerminationConfig

    from benchmarks import timefold_model as model

    control.enter("timefold: building the model")
    programme, stays = _programme(problem, model)
    left = Duration(milliseconds=int(1000 * max(control.seconds_left, 0.5)))
    limit = SolverConfigOverride(termination_config=TerminationConfig(spent_limit=left))
    solver = factory().build_solver(limit)
    control.enter("timefold: searching")
    last = [0.0]

    def improved(event: Any) -> None:
        if time.monotonic() - last[0] > TELL_SECONDS:
            control.offer(_assignment(event.new_best_solution, stays))
            last[0] = time.monotonic()

    solver.add_event_listener(improved)
    control.offer(_assignment(solver.solve(programme), stays))


def _assignment(programme: Any, stays: np.ndarray) -> Assignment:
    arcs = [pairing.arc.index for pairing in programme.pairings if pairing.arc is not None]
    chosen = [booking.stay.index for booking in programme.bookings if booking.stay is not None]
    booked = stays[np.array(chosen, dtype=np.int64)]
    return Assignment.of(arcs, booked[:, 0], booked[:, 1])


def _programme(problem: Problem, model: Any) -> tuple[Any, np.ndarray]:
    """Return the facts and entities, and (n, 2) option and start of every stay."""
    bookings, stays = _bookings(problem, model)
    programme = model.Programme(
        _pairings(problem, model),
        bookings,
        _rooms(problem, model),
        _seats(problem, model),
        _limits(problem, model),
        _clauses(problem, model),
        *_teams(problem, model),
    )
    return programme, stays


def _cents(points: float) -> int:
    return round(100 * float(points))


def _pairings(problem: Problem, model: Any) -> list[Any]:
    matchings, links = problem.matchings, problem.links
    fixed, made = set(matchings.fixed_arcs.tolist()), []
    for demand in range(matchings.n_demands):
        role = int(matchings.demand_matching[demand])
        linked = len(links) and links.matching[0] == role
        arcs = [
            model.Arc(
                arc,
                int(matchings.arc_provider[arc]),
                role,
                round(LOAD_UNIT * float(matchings.arc_load[arc])),
                _cents(matchings.arc_points[arc]),
                # -2 equals no stay's value: blanks never match.
                int(links.provider_value[0, matchings.arc_provider[arc]]) if linked else -2,
            )
            for arc in range(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
        ]
        must = [arc for arc in arcs if arc.index in fixed]
        grouped = any(role in group for group in matchings.distinct)
        for turn in range(int(matchings.demand_need[demand])):
            chosen = [must[turn]] if turn < len(must) else arcs
            made.append(
                model.Pairing(
                    len(made),
                    int(matchings.demand_person[demand]),
                    int(matchings.demand_seeker[demand]),
                    role,
                    -1 if grouped else role,
                    _cents(matchings.demand_missing[demand]),
                    turn < len(must),
                    chosen,
                )
            )
    return made


def _bookings(problem: Problem, model: Any) -> tuple[list[Any], np.ndarray]:
    itineraries, links = problem.itineraries, problem.links
    fixed = set(itineraries.fixed_options.tolist())
    owner, made, known = itineraries.option_person(), [], []
    periods = np.arange(itineraries.n_periods)
    by_slot: dict[tuple[int, int], list[list[Any]]] = {}
    for option in range(itineraries.n_options):
        placement = int(itineraries.option_placement[option])
        stage = int(itineraries.placement_stage[placement])
        options = np.full(len(periods), option)
        starts = periods[itineraries.may_start(options, periods)]
        linked = len(links) and links.stage[0] == stage
        stays = []
        for start in starts.tolist():
            stays.append(
                model.Stay(
                    len(known),
                    option,
                    placement,
                    stage,
                    start,
                    start + int(itineraries.placement_duration[placement]),
                    int(itineraries.placement_place[placement]),
                    int(itineraries.placement_distinct[placement]),
                    int(itineraries.limit_value[0, placement])
                    if len(itineraries.limit_value)
                    else -1,
                    int(links.placement_value[0, placement]) if linked else -1,
                    _cents(itineraries.option_points[option]),
                )
            )
            known.append((option, start))
        slot = by_slot.setdefault((int(owner[option]), stage), [[], []])
        if option in fixed:
            slot[1].append(stays)
        slot[0].extend(stays)
    for (person, stage), (stays, must) in by_slot.items():
        least = int(itineraries.stage_min[person, stage])
        most = min(int(itineraries.stage_max[person, stage]), max(least, MOST_SLOTS))
        for turn in range(max(most, len(must))):
            made.append(
                model.Booking(
                    len(made),
                    person,
                    int(itineraries.home[person]),
                    int(itineraries.idle_from[person]),
                    _cents(itineraries.idle_price[person]),
                    _cents(itineraries.move_price[person]),
                    _cents(links.points[0, person]) if len(links) else 0,
                    _cents(itineraries.stage_missing[person, stage]) if turn < least else 0,
                    turn < len(must),
                    must[turn] if turn < len(must) else stays,
                )
            )
    return made, np.array(known, dtype=np.int64).reshape(-1, 2)


def _rooms(problem: Problem, model: Any) -> list[Any]:
    matchings = problem.matchings
    limits = [(-1, matchings.capacity), *enumerate(matchings.role_capacity)]
    return [
        model.Room(provider, role, round(LOAD_UNIT * float(capacity[provider])))
        for role, capacity in limits
        for provider in np.flatnonzero(np.isfinite(capacity)).tolist()
    ]


def _seats(problem: Problem, model: Any) -> list[Any]:
    itineraries = problem.itineraries
    price = _cents(itineraries.understaffed_price)
    return [
        model.Seats(
            placement,
            period,
            int(itineraries.seats[placement, period]),
            int(itineraries.min_seats[placement, period]),
            price,
        )
        for placement, period in np.argwhere(itineraries.seats > 0).tolist()
    ]


def _limits(problem: Problem, model: Any) -> list[Any]:
    left = problem.itineraries.limit_left
    return [
        model.Limit(person, value, int(left[0, person, value]))
        for person in range(left.shape[1] if len(left) else 0)
        for value in range(left.shape[2])
    ]


def _clauses(problem: Problem, model: Any) -> list[Any]:
    itineraries = problem.itineraries
    ptr = itineraries.clause_ptr
    return [
        model.Clause(
            person,
            int(itineraries.clause_placement[clause]),
            itineraries.clause_met_by[ptr[clause] : ptr[clause + 1]].tolist(),
        )
        for person, clause in np.argwhere(~itineraries.clause_done).tolist()
    ]


def _teams(problem: Problem, model: Any) -> tuple[list[Any], list[Any]]:
    rows, n_arcs = problem.rows, problem.matchings.n_arcs
    teams = [
        model.Team(row, int(rows.lower[row]), _cents(rows.price[row])) for row in range(len(rows))
    ]
    row, column = rows.matrix.nonzero()
    pairs = zip(row.tolist(), (column - n_arcs).tolist(), strict=True)
    return teams, [model.Member(team, option) for team, option in pairs]


COMPETITOR = Competitor(
    "timefold",
    "Timefold's default construction and local search, one thread (more need its paid edition), "
    "the rules as constraint streams in Python; starting Java and translating the rules, about "
    "half a minute, is not counted; seed 0 always; no bound",
    solve,
    absent,
    unsuitable,
    prepare=factory,
)
