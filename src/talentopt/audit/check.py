"""The audit itself: every rule once, in the order a planner would go through them."""

from __future__ import annotations

import math
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.audit.bookings import audit_bookings
from talentopt.audit.claims import differences
from talentopt.audit.facts import Facts
from talentopt.audit.files import read_plan
from talentopt.audit.itineraries import audit_itineraries
from talentopt.audit.ledger import Ledger, Score
from talentopt.audit.links import audit_fairness, audit_links
from talentopt.audit.pairs import audit_pairs
from talentopt.audit.resources import audit_budgets, audit_quotas
from talentopt.audit.seats import audit_seats
from talentopt.audit.stability import audit_stability
from talentopt.audit.verdict import Verdict

if TYPE_CHECKING:
    from os import PathLike

    from talentopt.read.scenario import Scenario


def audit(scenario: Scenario, plan: str | PathLike[str]) -> Verdict:
    """Recompute every hard rule and every point of a plan from the files alone.

    Parameters
    ----------
    scenario : Scenario
    plan : path
        A plan's folder, or one made by hand with ``pairs.csv`` (matching,
        seeker, provider) and ``placements.csv`` (participant, placement,
        start); either may be absent. What else is there is checked too:
        points, stages and ends in these files, ``scores.csv``,
        ``shortages.csv`` and ``plan.json``.

    Raises
    ------
    InputErrors
        If the plan's files are malformed or name what the scenario does not have.
    """
    facts, ledger = Facts(scenario), Ledger()
    files = read_plan(facts, Path(plan))
    audit_pairs(facts, files.pairs, ledger)
    audit_bookings(facts, files.bookings, ledger)
    audit_itineraries(facts, files.bookings, ledger)
    audit_seats(facts, files.bookings, ledger)
    audit_links(facts, files.pairs, files.bookings, ledger)
    audit_budgets(facts, files.pairs, files.bookings, ledger)
    audit_quotas(facts, files.pairs, files.bookings, ledger)
    audit_stability(facts, files.pairs, files.bookings, ledger)
    audit_fairness(facts, ledger)
    return Verdict(
        violations=tuple(ledger.violations),
        differences=tuple(differences(facts, files, ledger)),
        scores=pd.DataFrame(ledger.scores, columns=list(Score._fields)),
        objective=ledger.objective(),
        components=_components(ledger),
        totals={person: ledger.total(person) for person in facts.participants},
        n_pairs=len(files.pairs),
        n_bookings=len(files.bookings),
    )


def _components(ledger: Ledger) -> dict[str, float]:
    parts: dict[str, list[float]] = defaultdict(list)
    for score in ledger.scores:
        parts[score.rule].append(score.points)
    return {rule: math.fsum(points) for rule, points in parts.items()}
