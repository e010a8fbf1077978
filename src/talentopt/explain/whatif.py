"""What a change of the scenario makes of a plan in hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.asking import take_plan
from talentopt.explain.settling import settle
from talentopt.pipeline import Run, prepare, take_over_prices
from talentopt.plan.files import read_plan, write_plan
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read
from talentopt.store.diff import difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment, Prices
    from talentopt.read.scenario import Scenario
    from talentopt.solve.control import Limits

SETTLING = 0.25
"""Of the time, for people who lost something and need nobody else to move."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the scenario is changed; as `talentopt.read.reader.read` takes it."""

    overrides: Mapping[str, Any] = field(default_factory=dict)
    added: Sequence[tuple[str, Mapping[str, str]]] = ()
    removed: Sequence[tuple[str, str]] = ()


def what_if(
    scenario: Path, folder: Path, change: Change, limits: Limits, output: Path | None
) -> list[Section]:
    """Solve the changed scenario from the plan in hand and tell the difference.

    The unchanged scenario is searched as long, from the same plan, unless that is
    proven best: otherwise the difference would also be what more time finds.

    Parameters
    ----------
    scenario, folder : Path
        The scenario and its plan.
    change : Change
    limits : Limits
        For each of the two searches.
    output : Path, optional
        Where the new plan goes.
    """
    before, plan = read(scenario), read_plan(folder)
    compiled_before = prepare(before)
    standing = take_plan(before, plan, compiled_before)
    after = read(scenario, overrides=change.overrides, added=change.added, removed=change.removed)
    compiled = prepare(after)
    warm = warm_start(compiled, after, plan.pairs, plan.placements)
    kept = evaluate(compiled.problem, warm)
    start = settle(after, compiled, warm, SETTLING * limits.seconds)
    result = _solved(compiled, after, limits, start, take_over_prices(compiled, after, folder))
    old = standing.evaluation.value
    base = plan
    if plan.summary.get("status") != "optimal":
        prices = take_over_prices(compiled_before, before, folder)
        base = _solved(compiled_before, before, limits, standing.assignment, prices)
    new, unchanged = float(result.summary["objective"]), float(base.summary["objective"])
    unchanged = max(unchanged, old)
    rows = [
        {"plan": "in hand", "value": old, "shortages": len(plan.shortages)},
        {"plan": "unchanged, searched on", "value": unchanged, "shortages": len(base.shortages)},
        {"plan": "changed", "value": new, "shortages": len(result.shortages)},
    ]
    facts = {
        "value_in_hand": old,
        "value_kept": None if kept.violations else kept.value,
        "value_unchanged": unchanged,
        "value_changed": new,
        "difference": new - unchanged,
        "bound_changed": result.summary["bound"],
    }
    held = (
        "What of the plan in hand can stay breaks a hard rule of the changed scenario."
        if kept.violations
        else f"Without moving anybody, the plan in hand would be worth {kept.value:,.2f}."
    )
    lines = (f"The change makes a difference of {new - unchanged:+,.2f} points.", held)
    sections = [Section("value", lines, facts, pd.DataFrame(rows))]
    sections += _differences(folder, result, output)
    return sections


def _solved(
    compiled: Compiled,
    scenario: Scenario,
    limits: Limits,
    warm: Assignment,
    prices: Prices | None,
) -> Plan:
    run = Run(compiled, scenario, "auto", limits, None, warm, prices)
    run.start()
    while not run.wait(0.2):
        pass
    if run.error is not None:
        raise run.error
    return run.result()


def _differences(folder: Path, result: Plan, output: Path | None) -> list[Section]:
    """Tell whose pairs and placements differ from the plan in hand."""
    with TemporaryDirectory() as spare:
        target = output or Path(spare) / "plan"
        write_plan(result, target)
        found = difference(folder, target)
    people = {*found.pairs["seeker"], *found.placements["participant"]}
    who = f"{len(people)} people change: {found.kept_pairs:.1%} of the pairs and "
    who += f"{found.kept_placements:.1%} of the placements stay."
    return [
        Section("pairs", (who,), {"people": sorted(people)}, found.pairs),
        Section("placements", ("Placements:",), {}, found.placements),
        Section("shortages", ("Shortages after the change:",), {}, result.shortages),
    ]
