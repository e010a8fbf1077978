"""From tables to an audited plan, the way a planner goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from scenarios import write_scenario
from talentopt.audit.check import audit
from talentopt.pipeline import solve
from talentopt.plan.files import write_plan
from talentopt.read.reader import read

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.audit.verdict import Verdict
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario

PROVEN = ("exact", "milp")
"""Solvers that prove the best plan of something this small."""

SOLVERS = (*PROVEN, "auto", "columns", "greedy")

SECONDS = {"greedy": 0.5, "columns": 2.0}
"""What those may use that do not end by proving the best plan."""


def with_solvers(*cases: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Every case with the solvers that prove, the first one with every solver."""
    return [
        (solver, *case)
        for nth, case in enumerate(cases)
        for solver in (PROVEN if nth else SOLVERS)
    ]


@dataclass(frozen=True)
class Walk:
    """A scenario, its plan, and what the audit says of it."""

    scenario: Scenario
    plan: Plan
    verdict: Verdict
    folder: Path

    def pairs(self, matching: str) -> dict[str, str]:
        """Provider by seeker, where everybody has one at most."""
        mine = self.plan.pairs[self.plan.pairs["matching"] == matching]
        return dict(zip(mine["seeker"], mine["provider"], strict=True))

    def bookings(self, person: str) -> list[tuple[str, str]]:
        """(placement, start) of one person, in the order of time."""
        mine = self.plan.placements[self.plan.placements["participant"] == person]
        return sorted(zip(mine["placement"], mine["start"], strict=True), key=lambda row: row[1])


def walk(
    folder: Path,
    tables: dict[str, Any],
    model: dict[str, Any],
    solver: str,
    *,
    worth: float | None = None,
    **settings: Any,
) -> Walk:
    """Write, read, solve, write the plan and audit it; `worth` is the optimum."""
    calendar = {"unit": "month", "start": "2026-01", "periods": settings.pop("periods", 6)}
    calendar["cycle"] = settings.pop("cycle", 3)
    made = write_scenario(
        folder / "scenario", tables, {"name": "test"} | model, calendar=calendar, **settings
    )
    return plan_of(read(made), folder / "plan", solver, worth)


def plan_of(scenario: Scenario, folder: Path, solver: str, worth: float | None = None) -> Walk:
    """Solve a scenario, write the plan and audit it."""
    # The clock ends columns: its work grows with the rounds, not with so small a problem.
    plan = solve(
        scenario,
        solver=solver,
        time_limit=SECONDS.get(solver, 20.0),
        reproducible=solver != "columns",
    )
    write_plan(plan, folder)
    verdict = audit(scenario, folder)
    assert verdict.ok, (verdict.violations, verdict.differences)
    assert verdict.objective == pytest.approx(plan.summary["objective"], abs=1e-6)
    if worth is not None:
        assert verdict.objective <= worth + 1e-6
        if solver in PROVEN:
            assert plan.summary["status"] == "optimal"
            assert verdict.objective == pytest.approx(worth, abs=1e-6)
    return Walk(scenario, plan, verdict, folder)


def people(*ids: str, **columns: Any) -> list[dict[str, Any]]:
    return [{"id": key, **columns} for key in ids]
