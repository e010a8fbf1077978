"""Plans by hand: a scenario, chosen pairs and bookings, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from scenarios import write_scenario
from talentopt.compile.compiler import compile_scenario
from talentopt.plan.interpret import interpret
from talentopt.plan.warm import warm_start
from talentopt.read.reader import read
from talentopt.solve.control import Control, Limits

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario

ROTATION = {"stage": "rotation", "min": 2, "max": 2, "missing": 100, "distinct": "area"}
MODEL: dict[str, Any] = {
    "name": "tiny",
    "matchings": {"technical": {"seekers": "participants", "providers": "mentors", "missing": 50}},
    "itineraries": {
        "stages": [ROTATION],
        "idle": {"points": 2},
        "move": {"column": "site", "points": 5, "from_home": True},
        "understaffed": {"points": 20},
    },
}
TABLES: dict[str, list[dict[str, Any]]] = {
    "participants": [{"id": "P1", "site": "N"}, {"id": "P2", "site": "N"}],
    "mentors": [{"id": "M1", "technical": 1}],
    "placements": [
        {"id": "A", "stage": "rotation", "area": "a", "site": "N", "duration": 2, "seats": 1},
        {"id": "B", "stage": "rotation", "area": "b", "site": "S", "duration": 3, "seats": 1},
    ],
}
CALENDAR = {"unit": "month", "start": "2026-01", "periods": 6, "cycle": 3}
PAIRS = ["matching", "seeker", "provider"]
PLACEMENTS = ["participant", "placement", "start"]


def tiny(folder: Path, *, model: dict[str, Any] = MODEL, **tables: Any) -> Scenario:
    """Write and read the tiny scenario; keyword tables replace its own."""
    return read(write_scenario(folder, TABLES | tables, model, calendar=CALENDAR))


def warm(scenario: Scenario, pairs: list[Any], placements: list[Any]) -> Assignment:
    """Take over pairs and bookings, as far as they are possible."""
    return warm_start(
        compile_scenario(scenario),
        scenario,
        pd.DataFrame(pairs, columns=PAIRS, dtype=object),
        pd.DataFrame(placements, columns=PLACEMENTS, dtype=object),
    )


def plan_of(
    scenario: Scenario, pairs: list[Any], placements: list[Any], limits: Limits | None = None
) -> Plan:
    """Interpret chosen pairs and bookings."""
    compiled = compile_scenario(scenario)
    control = Control(compiled.problem, limits or Limits(), warm=warm(scenario, pairs, placements))
    return interpret(compiled, scenario, control, "by hand")


def rows(plan: Plan, table: str = "scores") -> list[tuple[Any, ...]]:
    """List the rows of one table."""
    return list(getattr(plan, table).itertuples(index=False, name=None))
