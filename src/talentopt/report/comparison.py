"""Plans side by side, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.audit.check import audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from talentopt.audit.verdict import Verdict
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario


def compare_plans(scenario: Scenario, plans: dict[Path, Plan]) -> str:
    """Set plans of one scenario side by side.

    Values and points by rule are recomputed from the files, so that plans made
    by hand or with other weights are measured alike.

    Parameters
    ----------
    scenario : Scenario
    plans : dict of Path to Plan
        By folder; the first is what the others are compared with.

    Raises
    ------
    InputErrors
        If a plan's files do not fit the scenario.
    """
    verdicts = [audit(scenario, folder) for folder in plans]
    rows = [("", *(str(folder) for folder in plans)), *_figures(list(plans.values()), verdicts)]
    return _table(rows) + "".join(_better(list(plans), verdicts))


def _better(folders: list[Path], verdicts: list[Verdict]) -> Iterator[str]:
    """Say at which rules each plan gains and loses against the first, the most points first."""
    first = verdicts[0].components
    for folder, verdict in zip(folders[1:], verdicts[1:], strict=True):
        rules = {*first, *verdict.components}
        gains = {
            rule: round(verdict.components.get(rule, 0.0) - first.get(rule, 0.0), 6)
            for rule in rules
        }
        order = sorted(gains, key=lambda rule: (-abs(gains[rule]), rule))
        for words, sign in (("better", 1), ("worse", -1)):
            named = [f"{rule} ({gains[rule]:+,.2f})" for rule in order if sign * gains[rule] > 0]
            yield f"{folder} is {words} than the first at: {', '.join(named) or 'nothing'}\n"


def _figures(plans: list[Plan], verdicts: list[Verdict]) -> Iterator[tuple[str, ...]]:
    yield ("value", *(f"{verdict.objective:,.2f}" for verdict in verdicts))
    yield ("hard rules broken", *(str(len(verdict.violations)) for verdict in verdicts))
    for name, form in (("bound", ",.2f"), ("gap", ".4%"), ("status", ""), ("solver", "")):
        known = [plan.summary.get(name) for plan in plans]
        yield (name, *("-" if value is None else format(value, form) for value in known))
    yield ("pairs", *(str(len(plan.pairs)) for plan in plans))
    yield ("placements", *(str(len(plan.placements)) for plan in plans))
    lowest = (min(verdict.totals.values(), default=0.0) for verdict in verdicts)
    yield ("lowest person's points", *(f"{points:,.2f}" for points in lowest))
    for rule in dict.fromkeys(rule for verdict in verdicts for rule in verdict.components):
        points = (verdict.components.get(rule, 0.0) for verdict in verdicts)
        yield (f"points of {rule}", *(f"{each:,.2f}" for each in points))
    for name, keys, who in (
        ("pairs", ["matching", "seeker", "provider"], "seeker"),
        ("placements", ["participant", "placement", "start"], "participant"),
    ):
        tables = [getattr(plan, name) for plan in plans]
        changes = [_changes(tables[0], table, keys, who) for table in tables]
        yield (f"{name} not in the first", *(str(new) for new, _ in changes))
        yield (f"people with other {name}", *(str(people) for _, people in changes))


def _changes(
    first: pd.DataFrame, other: pd.DataFrame, keys: list[str], who: str
) -> tuple[int, int]:
    """Count the rows that only the other has, and the people with any difference."""
    one = set(first[keys].itertuples(index=False, name=None))
    two = set(other[keys].itertuples(index=False, name=None))
    return len(two - one), len({row[keys.index(who)] for row in one ^ two})


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    """Align columns: the first to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"
