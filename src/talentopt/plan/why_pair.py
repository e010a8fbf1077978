"""Why a seeker is short of a provider: what keeps each eligible one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.plan.counted import Counted
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.plan.names import Names
    from talentopt.plan.why_row import FullRows
    from talentopt.problem import Assignment, Problem


class PairReasons:
    """Finds what binds where providers are missing.

    Parameters
    ----------
    problem : Problem
    names : Names
    assignment : Assignment
    full : FullRows
    left : str
        What to say of a provider that has room and is not used.
    """

    def __init__(
        self, problem: Problem, names: Names, assignment: Assignment, full: FullRows, left: str
    ) -> None:
        self._matchings = matchings = problem.matchings
        self._names = names
        self._full = full
        self._left = left
        self._chosen = set(assignment.arcs.tolist())
        self._role_load = measure.provider_loads(matchings, assignment.arcs)
        self._load = self._role_load.sum(axis=0)
        demand = measure.demand_of(matchings, assignment.arcs)
        self._held: dict[int, dict[int, int]] = {}
        for seeker, provider, matching in zip(
            matchings.demand_seeker[demand].tolist(),
            matchings.arc_provider[assignment.arcs].tolist(),
            matchings.demand_matching[demand].tolist(),
            strict=True,
        ):
            self._held.setdefault(seeker, {})[provider] = matching

    def missing(self, demand: int) -> str:
        """Say why this demand has fewer providers than it needs."""
        matchings = self._matchings
        arcs = range(matchings.arc_ptr[demand], matchings.arc_ptr[demand + 1])
        if len(arcs) == 0:
            return "nobody is eligible"
        out, free = Counted(), []
        for arc in arcs:
            if arc in self._chosen:
                continue
            cause = self._cause(demand, arc)
            if cause is None:
                free.append(arc)
            else:
                out.add(cause)
        if free:
            return self._say_free(demand, free)
        causes = str(out)
        if not causes:
            return "nobody else is eligible"
        return f"nobody eligible is left: {causes}"

    def _cause(self, demand: int, arc: int) -> str | None:
        """Name what forbids this pair beside all others; None = nothing does."""
        matchings = self._matchings
        matching = matchings.demand_matching[demand]
        provider, load = matchings.arc_provider[arc], matchings.arc_load[arc]
        other = self._held.get(int(matchings.demand_seeker[demand]), {}).get(int(provider))
        together = any(matching in group and other in group for group in matchings.distinct)
        if other is not None and together:
            return f"already theirs in {self._names.matchings[other]}"
        role_capacity = matchings.role_capacity[matching, provider]
        capacity = matchings.capacity[provider]
        if min(role_capacity, capacity) <= SLACK:
            return "with no place in this role"
        if self._role_load[matching, provider] + load > role_capacity + SLACK:
            return "full in this role"
        if self._load[provider] + load > capacity + SLACK:
            return "full over all roles"
        row = self._full.block_pair(arc)
        return None if row is None else f"kept out by {row}"

    def _say_free(self, demand: int, free: list[int]) -> str:
        matchings = self._matchings
        best = max(free, key=lambda arc: float(matchings.arc_points[arc]))
        who = self._names.providers[matchings.arc_provider[best]]
        gain = matchings.arc_points[best] + matchings.demand_missing[demand]
        if gain <= 0:
            return f"{who} has a place, but the pair costs more points than it brings"
        return f"{who} has a place: {self._left}"
