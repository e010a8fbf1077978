"""Deferred acceptance of the package ``matching``, for a pure matching without loads."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.solvers.pure import pure_matching, seats_of
from talentopt.bench.plugins import Competitor
from talentopt.problem import Assignment

if TYPE_CHECKING:
    from talentopt.problem import Problem
    from talentopt.solve.control import Control


def absent() -> str:
    """Say when the package is not installed."""
    if find_spec("matching"):
        return ""
    return "the package matching is not installed (pip install 'talentopt[bench]')"


def unsuitable(problem: Problem) -> str:
    """Say why it is no hospital-resident game."""
    reason = pure_matching(problem)
    if not reason and (problem.matchings.demand_need > 1).any():
        return "seekers need several providers"
    return reason


def solve(problem: Problem, control: Control) -> None:
    """Let seekers propose; both sides prefer the pair with more points."""
    from matching.games import HospitalResident

    matchings, room = problem.matchings, seats_of(problem)
    demand = np.repeat(np.arange(matchings.n_demands), np.diff(matchings.arc_ptr))
    order = np.argsort(-matchings.arc_points, kind="stable")
    seekers: dict[int, list[int]] = {}
    providers: dict[int, list[int]] = {}
    arc_of = {}
    for arc in order.tolist():
        seeker, provider = int(demand[arc]), int(matchings.arc_provider[arc])
        if room[provider] > 0 and matchings.demand_need[seeker] > 0:
            seekers.setdefault(seeker, []).append(provider)
            providers.setdefault(provider, []).append(seeker)
            arc_of[seeker, provider] = arc
    capacities = {provider: int(room[provider]) for provider in providers}
    game = HospitalResident.create_from_dictionaries(seekers, providers, capacities)
    pairs = [
        arc_of[resident.name, hospital.name]
        for hospital, residents in game.solve(optimal="resident").items()
        for resident in residents
    ]
    control.offer(Assignment.of(pairs))


COMPETITOR = Competitor(
    "deferred",
    "HospitalResident of the package matching, seekers propose, both sides rank by the "
    "points of the pair; it seeks stability, not points, and proves no bound",
    solve,
    absent,
    unsuitable,
)
