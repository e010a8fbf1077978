"""The programme as a Timefold model: entities, and constraint streams in Python.

No postponed annotations here: Timefold reads them when the classes are made.
Points are whole hundredths.
"""

from dataclasses import dataclass, field
from typing import Annotated

from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)


@dataclass
class Arc:
    """A pair that may be."""

    index: int
    provider: int
    role: int
    load: int
    points: int
    domain: int


@planning_entity
@dataclass
class Pairing:
    """One provider that a seeker needs (or must have, when `fixed`)."""

    id: Annotated[int, PlanningId]
    person: int
    seeker: int
    role: int
    group: int
    missing: int
    fixed: bool
    arcs: Annotated[list[Arc], ValueRangeProvider]
    arc: Annotated[Arc | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@dataclass
class Stay:
    """A booking that may be: an option and a start."""

    index: int
    option: int
    placement: int
    stage: int
    start: int
    end: int
    place: int
    distinct: int
    limit: int
    domain: int
    points: int


@planning_entity
@dataclass
class Booking:
    """One placement of a stage that a person needs or may have."""

    id: Annotated[int, PlanningId]
    person: int
    home: int
    idle_from: int
    idle_price: int
    move_price: int
    link_points: int
    missing: int
    fixed: bool
    stays: Annotated[list[Stay], ValueRangeProvider]
    stay: Annotated[Stay | None, PlanningVariable(allows_unassigned=True)] = field(default=None)


@dataclass
class Room:
    """Capacity of a provider; `role` -1 for all roles together."""

    provider: int
    role: int
    load: int


@dataclass
class Seats:
    """Seats of a placement in a period."""

    placement: int
    period: int
    most: int
    least: int
    price: int


@dataclass
class Limit:
    """Most placements of one value for a person."""

    person: int
    value: int
    left: int


@dataclass
class Clause:
    """Placements of which one must have ended before a placement starts."""

    person: int
    placement: int
    met_by: list[int]


@dataclass
class Team:
    """People needed of some kind on a placement, and the price of each missing."""

    row: int
    least: int
    price: int


@dataclass
class Member:
    """An option that counts for a team."""

    row: int
    option: int


@planning_solution
@dataclass
class Programme:
    """Everything that Timefold is given, and the score."""

    pairings: Annotated[list[Pairing], PlanningEntityCollectionProperty]
    bookings: Annotated[list[Booking], PlanningEntityCollectionProperty]
    rooms: Annotated[list[Room], ProblemFactCollectionProperty]
    seats: Annotated[list[Seats], ProblemFactCollectionProperty]
    limits: Annotated[list[Limit], ProblemFactCollectionProperty]
    clauses: Annotated[list[Clause], ProblemFactCollectionProperty]
    teams: Annotated[list[Team], ProblemFactCollectionProperty]
    members: Annotated[list[Member], ProblemFactCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """List every rule."""
    return [*pair_rules(factory), *booking_rules(factory), *path_rules(factory)]


def pair_rules(factory: ConstraintFactory) -> list[Constraint]:
    """Needs, points, capacities and distinct providers."""
    soft, hard = HardSoftScore.ONE_SOFT, HardSoftScore.ONE_HARD
    everyone = factory.for_each_including_unassigned(Pairing).filter(lambda p: p.arc is None)
    load = ConstraintCollectors.sum(lambda p: p.arc.load)
    return [
        everyone.penalize(soft, lambda p: p.missing).as_constraint("missing provider"),
        everyone.filter(lambda p: p.fixed).penalize(hard).as_constraint("fixed pair"),
        factory.for_each(Pairing).impact(soft, lambda p: p.arc.points).as_constraint("pair"),
        factory.for_each(Pairing)
        .group_by(lambda p: p.arc.provider, load)
        .join(Room, Joiners.equal(lambda provider, used: provider, lambda room: room.provider))
        .filter(lambda provider, used, room: room.role < 0 and used > room.load)
        .penalize(hard, lambda provider, used, room: used - room.load)
        .as_constraint("capacity"),
        factory.for_each(Pairing)
        .group_by(lambda p: p.arc.provider, lambda p: p.role, load)
        .join(
            Room,
            Joiners.equal(lambda provider, role, used: provider, lambda room: room.provider),
            Joiners.equal(lambda provider, role, used: role, lambda room: room.role),
        )
        .filter(lambda provider, role, used, room: used > room.load)
        .penalize(hard, lambda provider, role, used, room: used - room.load)
        .as_constraint("role capacity"),
        factory.for_each_unique_pair(
            Pairing,
            Joiners.equal(lambda p: p.seeker),
            Joiners.equal(lambda p: p.group),
            Joiners.equal(lambda p: p.arc.provider),
        )
        .penalize(hard)
        .as_constraint("distinct providers"),
    ]


def booking_rules(factory: ConstraintFactory) -> list[Constraint]:
    """Needs, points, seats, limits and links."""
    soft, hard = HardSoftScore.ONE_SOFT, HardSoftScore.ONE_HARD
    everyone = factory.for_each_including_unassigned(Booking).filter(lambda b: b.stay is None)
    seated = factory.for_each(Seats).join(
        Booking,
        Joiners.equal(lambda s: s.placement, lambda b: b.stay.placement),
        Joiners.filtering(lambda s, b: b.stay.start <= s.period and s.period < b.stay.end),
    )
    seated = seated.group_by(lambda s, b: s, ConstraintCollectors.count_bi())
    return [
        everyone.penalize(soft, lambda b: b.missing).as_constraint("missing placement"),
        everyone.filter(lambda b: b.fixed).penalize(hard).as_constraint("fixed booking"),
        factory.for_each(Booking).impact(soft, lambda b: b.stay.points).as_constraint("booking"),
        seated.filter(lambda s, used: used > s.most)
        .penalize(hard, lambda s, used: used - s.most)
        .as_constraint("seats"),
        seated.reward(soft, lambda s, used: s.price * min(used, s.least)).as_constraint("staffed"),
        factory.for_each(Booking)
        .join(Member, Joiners.equal(lambda b: b.stay.option, lambda m: m.option))
        .group_by(lambda b, m: m.row, ConstraintCollectors.count_bi())
        .join(Team, Joiners.equal(lambda row, held: row, lambda team: team.row))
        .reward(soft, lambda row, held, team: team.price * min(held, team.least))
        .as_constraint("team"),
        factory.for_each(Booking)
        .filter(lambda b: b.stay.limit >= 0)
        .group_by(lambda b: b.person, lambda b: b.stay.limit, ConstraintCollectors.count())
        .join(
            Limit,
            Joiners.equal(lambda person, value, held: person, lambda limit: limit.person),
            Joiners.equal(lambda person, value, held: value, lambda limit: limit.value),
        )
        .filter(lambda person, value, held, limit: held > limit.left)
        .penalize(hard, lambda person, value, held, limit: held - limit.left)
        .as_constraint("limit"),
        factory.for_each(Booking)
        .filter(lambda b: b.stay.domain >= 0)
        .join(
            Pairing,
            Joiners.equal(lambda b: b.person, lambda p: p.person),
            Joiners.equal(lambda b: b.stay.domain, lambda p: p.arc.domain),
        )
        .group_by(lambda b, p: b.person, lambda b, p: b.link_points)
        .impact(soft, lambda person, points: points)
        .as_constraint("link"),
    ]


def path_rules(factory: ConstraintFactory) -> list[Constraint]:
    """Keep time, order and prerequisites within one person's itinerary."""
    soft, hard = HardSoftScore.ONE_SOFT, HardSoftScore.ONE_HARD
    two = factory.for_each_unique_pair(Booking, Joiners.equal(lambda b: b.person))
    return [
        two.filter(lambda a, b: a.stay.start < b.stay.end and b.stay.start < a.stay.end)
        .penalize(hard)
        .as_constraint("overlap"),
        two.filter(
            lambda a, b: (
                (a.stay.stage < b.stay.stage and a.stay.end > b.stay.start)
                or (b.stay.stage < a.stay.stage and b.stay.end > a.stay.start)
            )
        )
        .penalize(hard)
        .as_constraint("order of stages"),
        two.filter(lambda a, b: a.stay.placement == b.stay.placement)
        .penalize(hard)
        .as_constraint("held twice"),
        two.filter(lambda a, b: a.stay.distinct >= 0 and a.stay.distinct == b.stay.distinct)
        .penalize(hard)
        .as_constraint("distinct areas"),
        factory.for_each(Booking)
        .join(
            Clause,
            Joiners.equal(lambda b: b.person, lambda c: c.person),
            Joiners.equal(lambda b: b.stay.placement, lambda c: c.placement),
        )
        .if_not_exists(
            Booking,
            Joiners.equal(lambda b, c: b.person, lambda other: other.person),
            Joiners.filtering(
                lambda b, c, other: (
                    other.stay.end <= b.stay.start and other.stay.placement in c.met_by
                )
            ),
        )
        .penalize(hard)
        .as_constraint("prerequisite"),
        factory.for_each(Booking)
        .group_by(
            lambda b: b.person,
            lambda b: b.idle_price,
            ConstraintCollectors.max(lambda b: b.stay.end - b.idle_from),
            ConstraintCollectors.sum(lambda b: b.stay.end - b.stay.start),
        )
        .penalize(soft, lambda person, price, last, busy: price * max(0, last - busy))
        .as_constraint("idle"),
        factory.for_each(Booking)
        .filter(lambda b: b.home >= 0 and b.stay.place >= 0 and b.stay.place != b.home)
        .if_not_exists(
            Booking,
            Joiners.equal(lambda b: b.person),
            Joiners.filtering(lambda b, other: other.stay.end <= b.stay.start),
        )
        .penalize(soft, lambda b: b.move_price)
        .as_constraint("move from home"),
        factory.for_each(Booking)
        .join(
            Booking,
            Joiners.equal(lambda b: b.person),
            Joiners.filtering(
                lambda a, b: (
                    a.stay.end <= b.stay.start
                    and a.stay.place >= 0
                    and b.stay.place >= 0
                    and a.stay.place != b.stay.place
                )
            ),
        )
        .if_not_exists(
            Booking,
            Joiners.equal(lambda a, b: a.person, lambda other: other.person),
            Joiners.filtering(
                lambda a, b, other: (
                    a.stay.end <= other.stay.start and other.stay.end <= b.stay.start
                )
            ),
        )
        .penalize(soft, lambda a, b: a.move_price)
        .as_constraint("move"),
    ]
