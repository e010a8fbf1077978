"""Places that would cure missing providers: all missing ones priced at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from talentopt.explain.cures import NO_EDIT, Cure
from talentopt.insight.exchanges import Exchanges, price
from talentopt.problem import Assignment, measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from talentopt.insight.standing import Standing
    from talentopt.problem import Matchings


@dataclass(frozen=True, slots=True)
class _Lacking:
    """Units of capacity that each arc would need beyond what is left; (n,) float64 each."""

    in_role: np.ndarray
    over_all: np.ndarray


def cure_pairs(standing: Standing, demands: np.ndarray) -> dict[int, Cure | None]:
    """Find for each demand the provider who, with one more place, would cure it best.

    Everybody else stays. A provider who has room needs no edit and comes first.

    Parameters
    ----------
    standing : Standing
    demands : (n,) int64
        Each short of a provider.

    Returns
    -------
    dict
        By demand; None where no place alone would do.
    """
    matchings, plan = standing.problem.matchings, standing.assignment
    arcs = _open_arcs(matchings, plan, demands)
    found: dict[int, Cure | None] = dict.fromkeys(demands.tolist())
    if len(arcs) == 0:
        return found
    nothing = np.zeros(0, np.int64)
    priced = price(standing.problem, plan, standing.evaluation, Exchanges(arcs, nothing, nothing))
    gain = priced.change.copy()
    gain[priced.broken_by] = -np.inf
    lacking = _lacking(matchings, plan, arcs)
    room = (lacking.in_role == 0) & (lacking.over_all == 0)
    owner = measure.demand_of(matchings, arcs)
    order = np.lexsort((-gain, ~room, owner))
    order = order[gain[order] > -np.inf]
    first = np.unique(owner[order], return_index=True)[1]
    for at in order[first].tolist():
        found[int(owner[at])] = _cure(standing, int(arcs[at]), float(gain[at]), lacking, at)
    return found


def _open_arcs(matchings: Matchings, plan: Assignment, demands: np.ndarray) -> np.ndarray:
    """Arcs of demands that are not chosen, save with providers who must differ from others."""
    ptr = matchings.arc_ptr
    ranges = [np.arange(ptr[demand], ptr[demand + 1]) for demand in demands.tolist()]
    arcs = np.setdiff1d(np.concatenate([np.zeros(0, np.int64), *ranges]), plan.arcs)
    for group in matchings.distinct:
        theirs = _keys(matchings, plan.arcs, group)
        mine = _keys(matchings, arcs, group)
        arcs = arcs[(mine < 0) | ~np.isin(mine, theirs)]
    return arcs


def _keys(matchings: Matchings, arcs: np.ndarray, group: tuple[int, ...]) -> np.ndarray:
    """(n,) int64: one number per seeker and provider; -1 outside a group of matchings."""
    demand = measure.demand_of(matchings, arcs)
    key = matchings.demand_seeker[demand].astype(np.int64) * matchings.n_providers
    key += matchings.arc_provider[arcs]
    return np.where(np.isin(matchings.demand_matching[demand], group), key, -1)


def _lacking(matchings: Matchings, plan: Assignment, arcs: np.ndarray) -> _Lacking:
    loads = measure.provider_loads(matchings, plan.arcs)
    provider, load = matchings.arc_provider[arcs], matchings.arc_load[arcs]
    role = matchings.demand_matching[measure.demand_of(matchings, arcs)]
    in_role = loads[role, provider] + load > matchings.role_capacity[role, provider] + SLACK
    over_all = loads[:, provider].sum(axis=0) + load > matchings.capacity[provider] + SLACK
    return _Lacking(load * in_role, load * over_all)


def _cure(standing: Standing, arc: int, gain: float, lacking: _Lacking, at: int) -> Cure:
    """Write the edits, with the plan that shows what they do."""
    problem, plan, names = standing.problem, standing.assignment, standing.names
    matchings = problem.matchings
    provider = int(matchings.arc_provider[arc])
    role = int(matchings.demand_matching[measure.demand_of(matchings, np.array([arc]))[0]])
    in_role, over_all = float(lacking.in_role[at]), float(lacking.over_all[at])
    capacity, role_capacity = matchings.capacity.copy(), matchings.role_capacity.copy()
    role_capacity[role, provider] += in_role
    capacity[provider] += over_all
    edits = []
    if in_role:
        edits.append(
            f"{in_role:g} more in column {names.matchings[role]} of {names.providers[provider]}"
        )
    if over_all:
        edits.append(f"{over_all:g} more capacity of {names.providers[provider]}")
    edited = replace(
        problem, matchings=replace(matchings, capacity=capacity, role_capacity=role_capacity)
    )
    after = Assignment.of(np.append(plan.arcs, arc), plan.options, plan.starts)
    seeker = int(matchings.demand_seeker[measure.demand_of(matchings, np.array([arc]))[0]])
    who = (str(names.seekers[seeker]),)
    return Cure(tuple(edits) or (NO_EDIT,), gain, 1.0, after, edited, who)
