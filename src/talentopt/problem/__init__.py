"""What a solver sees: arrays without ids, and their exact value.

Everything here is index-based. `compile` makes a `Problem`, `solve` searches
it, and `evaluate` says what an `Assignment` is worth and whether it is allowed.
"""

from talentopt.problem.itineraries import Itineraries
from talentopt.problem.matchings import Matchings
from talentopt.problem.prices import Prices
from talentopt.problem.problem import Assignment, Events, Links, Problem, Rows

__all__ = [
    "Assignment",
    "Events",
    "Itineraries",
    "Links",
    "Matchings",
    "Prices",
    "Problem",
    "Rows",
]
