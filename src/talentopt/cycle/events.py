"""What happens between two cycles: people come and go, fall ill, projects slip.

Events depend on the scenario, the seed and the cycle only, never on a plan: every policy of
a simulation meets the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from talentopt.cycle.world import World
    from talentopt.read.calendar import Calendar

LONGEST_ILLNESS, LONGEST_SLIP = 3, 3
"""Periods."""

FEWEST_LEFT = 2
"""People, mentors and placements of which nobody leaves any more."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Expected share per cycle of those to whom something happens.

    Attributes
    ----------
    join, leave, ill : float
        Of the people.
    mentor : float
        Of the mentors, who leave.
    slip, withdraw : float
        Of the placements, which open later or take nobody new.
    """

    join: float = 0.05
    leave: float = 0.04
    ill: float = 0.05
    mentor: float = 0.03
    slip: float = 0.05
    withdraw: float = 0.02


class Event(NamedTuple):
    """Something that happened: in which cycle, what, to whom, and how."""

    cycle: int
    what: str
    who: str
    how: str


class Happenings:
    """Draws the events of one cycle and lets them happen.

    Parameters
    ----------
    world : World
        Changed in place.
    calendar : Calendar
        Names the periods; they may go on beyond its end.
    rates : Rates
    seed, cycle : int
    at : int
        First period of the cycle.
    every : int
        Periods of the cycle.
    end : int
        First period after everything that is simulated.
    """

    def __init__(
        self,
        world: World,
        calendar: Calendar,
        rates: Rates,
        *,
        seed: int,
        cycle: int,
        at: int,
        every: int,
        end: int,
    ) -> None:
        self._world, self._label, self._rates = world, calendar.label, rates
        self._index = calendar.index
        self._random = np.random.default_rng([seed, cycle])
        self._cycle, self._at, self._every, self._end = cycle, at, every, end
        self.events: list[Event] = []

    def happen(self) -> list[Event]:
        """Draw every kind of event; return what happened."""
        rates = self._rates
        people, mentors = self._world.ids("participants"), self._world.ids("mentors")
        placements = self._world.ids("placements")
        joining = self._some(people, rates.join, keep=0)
        for number, template in enumerate(joining, start=1):
            self._join(template, f"N{self._cycle}-{number}")
        for person in self._some(people, rates.leave):
            self._world.remove("participants", person)
            self._note("leaves", person, "")
        for person in self._some(self._staying(people), rates.ill, keep=0):
            self._fall_ill(person)
        for mentor in self._some(mentors, rates.mentor):
            self._world.remove("mentors", mentor)
            self._note("mentor leaves", mentor, "")
        for placement in self._some(placements, rates.slip, keep=0):
            self._slip(placement)
        for placement in self._some(placements, rates.withdraw):
            self._withdraw(placement)
        return self.events

    def _note(self, what: str, who: str, how: str) -> None:
        self.events.append(Event(self._cycle, what, who, how))

    def _lift(self, column: str, name: str) -> None:
        """Drop the bookings that are fixed of whom it hits: they may have become impossible."""
        self._world.drop("bookings", {column: name, "status": "fixed"})

    def _some(self, ids: list[str], share: float, keep: int = FEWEST_LEFT) -> list[str]:
        """Choose about this share, leaving some."""
        count = int(share * len(ids) + self._random.random())
        count = max(0, min(count, len(ids) - keep))
        chosen = self._random.choice(len(ids), count, replace=False) if count else ()
        return [ids[number] for number in sorted(int(number) for number in chosen)]

    def _staying(self, people: list[str]) -> list[str]:
        there = set(self._world.ids("participants"))
        return [person for person in people if person in there]

    def _join(self, template: str, person: str) -> None:
        """Let somebody join who has the skills and wishes of somebody else."""
        world, start = self._world, self._label(self._at)
        new = {"id": person, "name": f"Newcomer {person}", "start": start, "end": ""}
        world.copy("participants", "id", template, new)
        world.copy("participant_skills", "participant", template, {"participant": person})
        world.copy("preferences", "chooser", template, {"chooser": person})
        self._note("joins", person, f"like {template}, from {start}")

    def _fall_ill(self, person: str) -> None:
        first = self._at + int(self._random.integers(self._every))
        last = first + int(self._random.integers(LONGEST_ILLNESS))
        span = {"person": person, "from": self._label(first), "to": self._label(last)}
        self._world.drop("absences", span)
        self._world.add("absences", [span | {"reason": "illness"}])
        self._lift("participant", person)
        self._note("falls ill", person, f"from {span['from']} to {span['to']}")

    def _slip(self, placement: str) -> None:
        by = 1 + int(self._random.integers(LONGEST_SLIP))
        row = self._world.cells("placements").set_index("id").loc[placement].to_dict()
        opens = self._index(row["opens"]) if row.get("opens") else 0
        opens = max(opens, self._at) + by
        self._world.set("placements", placement, "opens", self._label(opens))
        if row.get("closes"):
            closes = max(self._index(row["closes"]) + by, opens)
            self._world.set("placements", placement, "closes", self._label(closes))
        self._lift("placement", placement)
        self._note("slips", placement, f"by {by}, opens {self._label(opens)}")

    def _withdraw(self, placement: str) -> None:
        """Take nobody new; whoever has begun there may finish."""
        rows = []
        for period in range(self._at, self._end):
            key = {"placement": placement, "period": self._label(period)}
            self._world.drop("seats", key)
            rows.append(key | {"seats": "0"})
        self._world.add("seats", rows)
        self._lift("placement", placement)
        self._note("is withdrawn", placement, f"from {self._label(self._at)}")
