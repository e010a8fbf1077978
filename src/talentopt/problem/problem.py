"""The whole problem: matchings, itineraries and the rows that link them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from talentopt.problem.itineraries import Itineraries
    from talentopt.problem.matchings import Matchings


@dataclass(frozen=True, slots=True)
class Events:
    """Facts about one person's itinerary that rows may count.

    An event happens when at least one of its options is booked with a start
    no later than the option's `latest_start` (a quota's ``by``).

    Attributes
    ----------
    person : (n_events,) int32
    ptr : (n_events + 1,) int64
    options : (ptr[-1],) int64
    latest_start : (ptr[-1],) int32
    """

    person: np.ndarray
    ptr: np.ndarray
    options: np.ndarray
    latest_start: np.ndarray

    def __len__(self) -> int:
        """Count the events."""
        return len(self.person)


@dataclass(frozen=True, slots=True)
class Rows:
    """Linear rows across people: budgets, teams and quotas.

    ``lower <= matrix @ (arcs, options, events) <= upper``, where arcs and
    events are 0 or 1 and an option is 1 when booked at any start. Each unit
    below `lower` or above `upper` costs `price` points; inf = hard. What
    history contributes is already subtracted from `lower` and `upper`.

    Attributes
    ----------
    matrix : (n_rows, n_arcs + n_options + n_events) csr_array of float64
    lower, upper : (n_rows,) float64
        -inf and inf where there is no limit.
    price : (n_rows,) float64
    """

    matrix: csr_array
    lower: np.ndarray
    upper: np.ndarray
    price: np.ndarray

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lower)


@dataclass(frozen=True, slots=True)
class Links:
    """Points for a provider and a placement that share a value.

    Link l pays ``points[l, p]`` once when person p is paired in `matching`
    with a provider, and booked at a placement of `stage`, of equal value.

    Attributes
    ----------
    matching, stage : (n_links,) int32
    provider_value : (n_links, n_providers) int32
        -1 = blank, never equal.
    placement_value : (n_links, n_placements) int32
        -1 = blank or of another stage.
    points : (n_links, n_people) float64
    """

    matching: np.ndarray
    stage: np.ndarray
    provider_value: np.ndarray
    placement_value: np.ndarray
    points: np.ndarray

    def __len__(self) -> int:
        """Count the links."""
        return len(self.matching)


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a solver needs; maximise points.

    The objective is the sum of arc and option points, links, kept pairs and
    bookings, minus missing providers, placements and hours, idle periods,
    moves, understaffing and priced rows, plus `worst_off` times the lowest
    person's total, plus `constant`. A person's total is what is theirs: pairs
    of their demands, bookings, links, minus missing, idle and moves.

    Attributes
    ----------
    matchings : Matchings
    itineraries : Itineraries
        `n_people` counts the participants, also when there are no stages.
    rows : Rows
    events : Events
    links : Links
    worst_off : float
        Weight of the lowest person's total; 0 = none.
    constant : float
        Points of every plan alike (the loss of all that is kept).
    """

    matchings: Matchings
    itineraries: Itineraries
    rows: Rows
    events: Events
    links: Links
    worst_off: float
    constant: float


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One answer to a problem: the arcs and bookings chosen.

    Attributes
    ----------
    arcs : (n_pairs,) int64
        Chosen arcs, ascending.
    options : (n_bookings,) int64
        Booked options, ascending.
    starts : (n_bookings,) int32
        The start of each booking.
    """

    arcs: np.ndarray
    options: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, arcs: object = (), options: object = (), starts: object = ()) -> Assignment:
        """Make an assignment from unsorted sequences."""
        chosen = np.sort(np.asarray(arcs, dtype=np.int64))
        booked = np.asarray(options, dtype=np.int64)
        when = np.asarray(starts, dtype=np.int32)
        order = np.argsort(booked, kind="stable")
        return cls(chosen, booked[order], when[order])
