"""A plan beside the one that it replaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talentopt.cycle.changes import list_changes
from talentopt.cycle.promises import cap_counts, kept_shares, promises, window_counts
from talentopt.plan.warm import warm_start

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario


def compare_with_previous(
    scenario: Scenario, compiled: Compiled, plan: Plan
) -> tuple[Plan, pd.DataFrame]:
    """Say what became of the previous plan.

    Parameters
    ----------
    scenario : Scenario
        With a previous plan.
    compiled : Compiled
    plan : Plan
        The new plan.

    Returns
    -------
    plan : Plan
        Its summary also has `kept` (shares), `windows` (counts of history,
        published and drafts) and, with caps, `caps`.
    changes : DataFrame
        See `list_changes`.
    """
    assert scenario.previous is not None
    before = scenario.previous.placements
    before = before.assign(start=before["start"].map(scenario.calendar.label))
    warm = warm_start(compiled, scenario, scenario.previous.pairs, before)
    made = promises(scenario, plan)
    changes = list_changes(scenario, compiled, plan, warm, made)
    summary = {**plan.summary, "kept": kept_shares(made)}
    summary["windows"] = window_counts(scenario, made)
    caps = cap_counts(scenario, made)
    if caps:
        summary["caps"] = caps
    return replace(plan, summary=summary), changes
