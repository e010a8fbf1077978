"""Column generation over whole itineraries."""

from __future__ import annotations

from benchmarks.solvers.own import imports, needs_bookings, own
from talentopt.bench.plugins import Competitor

COMPETITOR = Competitor(
    "columns",
    "column generation and dive; bounds and prices from the Lagrangian dual",
    own("columns"),
    unsuitable=needs_bookings,
    compiles=True,
    prepare=imports("columns"),
)
