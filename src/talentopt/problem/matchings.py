"""Pairing arcs of all matchings and the capacities they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Matchings:
    """Who may be paired with whom, in every matching of the programme.

    A *demand* is one seeker in one matching. Demands are sorted by matching,
    then by seeker; the arcs of demand d are ``arc_ptr[d]:arc_ptr[d + 1]``,
    sorted by provider. Ineligible and forbidden pairs have no arc.

    A *seeker* and a *provider* are identities (table, id), numbered over all
    matchings, so that one mentor is the same provider in each of them.

    Attributes
    ----------
    n_matchings, n_seekers, n_providers : int
        Sizes of the three numberings.
    demand_matching, demand_seeker : (n_demands,) int32
        The matching and the seeker of each demand.
    demand_person : (n_demands,) int32
        Person (index in the itineraries and in fairness) that the demand's
        points belong to; -1 where seekers are not participants.
    demand_need : (n_demands,) int32
        Most providers the seeker may have in this matching.
    demand_missing : (n_demands,) float64
        Points lost per provider short of `demand_need` (0 = optional).
    arc_ptr : (n_demands + 1,) int64
        Where the arcs of each demand begin.
    arc_provider : (n_arcs,) int32
        Provider of each arc.
    arc_points : (n_arcs,) float64
        Points of the pair, rounded to 0.01.
    arc_load : (n_arcs,) float64
        Capacity used. When `unit_loads` is true this is a zero-stride view of 1.
    unit_loads : bool
        Every load is 1, so that the matchings are flows.
    fixed_arcs : (n_fixed,) int64
        Arcs that must be chosen.
    kept_arcs : (n_kept,) int64
        Arcs of the previous plan.
    kept_arc_points : (n_kept,) float64
        Points gained when the previous plan's arc is chosen again (the loss
        of all of them is part of `Problem.constant`).
    capacity : (n_providers,) float64
        Most load over all matchings; inf where there is no limit.
    role_capacity : (n_matchings, n_providers) float64
        Most load in one matching; inf where there is no limit.
    distinct : tuple of tuple of int
        Groups of matchings in which no seeker has a provider twice.
    """

    n_matchings: int
    n_seekers: int
    n_providers: int
    demand_matching: np.ndarray
    demand_seeker: np.ndarray
    demand_person: np.ndarray
    demand_need: np.ndarray
    demand_missing: np.ndarray
    arc_ptr: np.ndarray
    arc_provider: np.ndarray
    arc_points: np.ndarray
    arc_load: np.ndarray
    unit_loads: bool
    fixed_arcs: np.ndarray
    kept_arcs: np.ndarray
    kept_arc_points: np.ndarray
    capacity: np.ndarray
    role_capacity: np.ndarray
    distinct: tuple[tuple[int, ...], ...]

    @property
    def n_demands(self) -> int:
        """Number of (matching, seeker) demands."""
        return len(self.demand_need)

    @property
    def n_arcs(self) -> int:
        """Number of arcs over all demands."""
        return len(self.arc_provider)
