"""Every change from the previous plan: who, what, why, and at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.cycle.gains import Gains
from talentopt.cycle.obstacles import Obstacles
from talentopt.cycle.promises import PUBLISHED, window_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from talentopt.compile.compiler import Compiled
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario

COLUMNS = ("change", "kind", "person", "what", "before", "after", "window", "why", "price")

NO_GAIN = "the plan as a whole gains by it"

Row = tuple[object, ...]


def list_changes(
    scenario: Scenario, compiled: Compiled, plan: Plan, warm: Assignment, made: pd.DataFrame
) -> pd.DataFrame:
    """List what differs from the previous plan.

    Parameters
    ----------
    scenario : Scenario
        With a previous plan.
    compiled : Compiled
    plan : Plan
        The new plan.
    warm : Assignment
        What of the previous plan is still possible.
    made : DataFrame
        Its `promises`.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`. `change` is ``gone``, ``moved`` or ``new``; `kind`
        a matching or a stage; `window` where it stood (or, when it is new,
        stands); `why` the fact that forbids what was there, or what is gained
        by leaving it; `price` the points lost for it.
    """
    writer = _Writer(scenario, compiled, plan, warm)
    rows = [writer.broken(promise) for promise in made.to_dict("records") if _changed(promise)]
    rows += writer.new(made)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    several = table["person"].duplicated(keep=False)
    of_others = "goes with the other changes of " + table["person"]
    table["why"] = table["why"].where((table["why"] != NO_GAIN) | ~several, of_others)
    return table.sort_values(["person", "kind", "what"], kind="stable", ignore_index=True)


def _changed(promise: Mapping[Hashable, Any]) -> bool:
    return bool(promise["before"] != promise["after"])


class _Writer:
    """Writes the rows of one comparison."""

    def __init__(
        self, scenario: Scenario, compiled: Compiled, plan: Plan, warm: Assignment
    ) -> None:
        self._scenario, self._plan = scenario, plan
        self._obstacles = Obstacles(scenario, compiled)
        self._gains = Gains(scenario, compiled, plan, warm)
        self._prices = {rule: _prices(plan, rule) for rule in ("pair_change", "placement_change")}
        table = scenario.tables["placements"]
        self._durations = dict(zip(table["id"], table["duration"], strict=True))

    def broken(self, promise: Mapping[Hashable, Any]) -> Row:
        """Write a promise that is gone or moved."""
        kind, person, what = promise["kind"], promise["person"], promise["what"]
        if promise["group"] == "pairs":
            why = self._obstacles.pair(kind, person, what) or self._why_left_pair(person, what)
            price = self._prices["pair_change"].get((person, f"{kind}/{what}"), 0.0)
        else:
            start = self._scenario.calendar.index(promise["before"])
            why = self._obstacles.booking(person, what, start)
            why = why or self._why_left_booking(person, what, start)
            price = self._prices["placement_change"].get((person, what), 0.0)
        change = "moved" if promise["after"] else "gone"
        columns = ("kind", "person", "what", "before", "after", "window")
        return (change, *(promise[column] for column in columns), why, price)

    def new(self, made: pd.DataFrame) -> list[Row]:
        """Write the pairs and bookings that no promise stands for."""
        pairs = made[made["group"] == "pairs"]
        known = set(zip(pairs["kind"], pairs["person"], pairs["what"], strict=True))
        rows: list[Row] = []
        for key in self._plan.pairs[["matching", "seeker", "provider"]].itertuples(
            index=False, name=None
        ):
            if key not in known:
                why = self._gains.of_person(key[1]) or NO_GAIN
                rows.append(("new", *key, "", key[2], PUBLISHED, why, 0.0))
        bookings = made[made["group"] == "placements"]
        booked = set(zip(bookings["person"], bookings["what"], strict=True))
        columns = ["stage", "participant", "placement", "start"]
        for stage, person, placement, label in self._plan.placements[columns].itertuples(
            index=False, name=None
        ):
            if (person, placement) not in booked:
                why = self._gains.of_person(person) or NO_GAIN
                window = window_of(self._scenario, self._scenario.calendar.index(label))
                rows.append(("new", stage, person, placement, "", label, window, why, 0.0))
        return rows

    def _why_left_pair(self, seeker: str, provider: str) -> str:
        gains = self._gains
        return gains.of_person(seeker) or gains.of_provider(seeker, provider) or NO_GAIN

    def _why_left_booking(self, person: str, placement: str, start: int) -> str:
        gains, end = self._gains, start + int(self._durations[placement])
        return gains.of_person(person) or gains.of_seat(person, placement, start, end) or NO_GAIN


def _prices(plan: Plan, rule: str) -> dict[tuple[str, str], float]:
    """Price of each change, as a positive number, by (subject, object)."""
    rows = plan.scores[plan.scores["rule"] == rule]
    keys = zip(rows["subject"], rows["object"], strict=True)
    return {(str(a), str(b)): -float(p) for (a, b), p in zip(keys, rows["points"], strict=True)}
