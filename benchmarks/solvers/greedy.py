"""Greedy plans, again and again."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "greedy",
    "one constructive pass after another, no bound but the counting one",
    own("greedy"),
    prepare=imports("greedy"),
)
