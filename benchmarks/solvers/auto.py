"""The default solver: picks and combines the project's methods."""

from __future__ import annotations

from benchmarks.solvers.own import imports, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "auto",
    "the default: what the project gives to a user",
    own("auto"),
    compiles=True,
    prepare=imports("auto"),
)
