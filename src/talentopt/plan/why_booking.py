"""Why a person is short of placements or hours: what keeps each option out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talentopt.plan.counted import Counted
from talentopt.problem import measure
from talentopt.problem.feasible import SLACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talentopt.plan.names import Names
    from talentopt.plan.why_row import FullRows
    from talentopt.problem import Assignment, Problem


class BookingReasons:
    """Finds what binds where placements or hours are missing.

    Parameters
    ----------
    problem : Problem
    names : Names
    areas : mapping of str to str
        The area of each placement; may be blank.
    assignment : Assignment
    full : FullRows
    left : str
        What to say of a placement that has room and is not used.
    """

    def __init__(
        self,
        problem: Problem,
        names: Names,
        areas: Mapping[str, str],
        assignment: Assignment,
        full: FullRows,
        left: str,
    ) -> None:
        self._itineraries = itineraries = problem.itineraries
        self._names = names
        self._areas = areas
        self._assignment = assignment
        self._rows = full
        self._left = left
        used = measure.seats_used(itineraries, assignment.options, assignment.starts)
        self._full = used >= itineraries.seats

    def missing_placements(self, person: int, stage: int, short: int) -> str:
        """Say why this person holds fewer placements of a stage than needed."""
        options = self._options(person)
        placement = self._itineraries.option_placement[options]
        options = options[self._itineraries.placement_stage[placement] == stage]
        if len(options) == 0:
            return "no placement of this stage is open to them"
        held = int(np.isin(options, self._assignment.options).sum())
        if len(options) < held + short:
            count = f"only {len(options)} of this stage are open to them"
            return f"{count}; {self._causes(person, options)}" if len(options) > held else count
        needed, there = self._periods(person)
        if needed > there:
            return f"all their stages need {needed} periods, they have {there}"
        return self._causes(person, options)

    def missing_hours(self, person: int, hours: int) -> str:
        """Say why this person has fewer hours than needed."""
        itineraries = self._itineraries
        options = self._options(person)
        placement = itineraries.option_placement[options]
        counted = itineraries.placement_hours_of[placement] == hours
        options, placement = options[counted], placement[counted]
        if len(options) == 0:
            return "nothing that counts is open to them"
        open_hours = itineraries.placement_hours[placement].sum()
        if open_hours < itineraries.hours_min[person, hours]:
            return f"only {open_hours:g} hours are open to them"
        return self._causes(person, options)

    def _options(self, person: int) -> np.ndarray:
        ptr = self._itineraries.option_ptr
        return np.arange(ptr[person], ptr[person + 1])

    def _periods(self, person: int) -> tuple[int, int]:
        """Count the periods that all exclusive minima need, and those there are."""
        itineraries = self._itineraries
        options = self._options(person)
        placement = itineraries.option_placement[options]
        duration = itineraries.placement_duration[placement]
        stage = itineraries.placement_stage[placement]
        needed = 0
        for which in np.flatnonzero(itineraries.stage_exclusive):
            least = max(0, int(itineraries.stage_min[person, which]))
            needed += int(np.sort(duration[stage == which])[:least].sum())
        there = np.zeros(itineraries.n_periods, dtype=bool)
        for option, length in zip(options, duration, strict=True):
            if itineraries.stage_exclusive[stage[option - options[0]]]:
                for start in self._starts(option):
                    there[start : start + length] = True
        return needed, int(there.sum())

    def _starts(self, option: int) -> np.ndarray:
        periods = np.arange(self._itineraries.n_periods)
        allowed = self._itineraries.may_start(np.full(len(periods), option), periods)
        return np.flatnonzero(allowed)

    def _causes(self, person: int, options: np.ndarray) -> str:
        """Count what keeps the options out that are not booked."""
        booked = np.isin(options, self._assignment.options)
        out = Counted()
        for option in options[~booked]:
            cause = self._cause(person, option)
            if cause is None:
                where = self._names.placements[self._itineraries.option_placement[option]]
                return f"{where} has room: {self._left}"
            out.add(cause)
        return f"of {int((~booked).sum())} more that are open to them: {out}"

    def _cause(self, person: int, option: int) -> str | None:
        """Name what forbids this booking beside all others; None = nothing does."""
        placement = int(self._itineraries.option_placement[option])
        fixed = self._held_back(person, placement)
        if fixed is not None:
            return fixed
        starts = self._starts(option)
        length = int(self._itineraries.placement_duration[placement])
        seated = [s for s in starts if not self._full[placement, s : s + length].any()]
        if not seated:
            area = self._areas.get(str(self._names.placements[placement]), "")
            return f"full in every possible period{f' (area {area})' if area else ''}"
        fitting = [s for s in seated if not self._clashes(person, placement, s, s + length)]
        if not fitting:
            return "with seats only when their other placements leave no time"
        if not any(self._ready(person, placement, s) for s in fitting):
            return "waiting for a prerequisite"
        row = self._rows.block_booking(option)
        return None if row is None else f"kept out by {row}"

    def _mine(self, person: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return placement, start and end of this person's bookings."""
        ptr = self._itineraries.option_ptr
        first, last = np.searchsorted(self._assignment.options, ptr[person : person + 2])
        placement = self._itineraries.option_placement[self._assignment.options[first:last]]
        start = self._assignment.starts[first:last]
        return placement, start, start + self._itineraries.placement_duration[placement]

    def _held_back(self, person: int, placement: int) -> str | None:
        """Name a rule that forbids this placement at any start."""
        itineraries = self._itineraries
        mine, _, _ = self._mine(person)
        value = itineraries.placement_distinct[placement]
        if value >= 0 and (itineraries.placement_distinct[mine] == value).any():
            return "repeating what they already do"
        stage = itineraries.placement_stage[placement]
        held = int((itineraries.placement_stage[mine] == stage).sum())
        if held >= max(0, int(itineraries.stage_max[person, stage])):
            return "over the most they may hold"
        for values, left in zip(itineraries.limit_value, itineraries.limit_left, strict=True):
            value = values[placement]
            exclusive = itineraries.placement_exclusive[mine]
            count = int((values[mine[exclusive]] == value).sum())
            if value >= 0 and count >= max(0, int(left[person, value])):
                return "over a limit of alike placements"
        return None

    def _clashes(self, person: int, placement: int, start: int, end: int) -> bool:
        """Whether these periods clash with what the person already holds."""
        itineraries = self._itineraries
        mine, begun, ended = self._mine(person)
        exclusive = itineraries.placement_exclusive
        if not exclusive[placement]:
            others = ~exclusive[mine]
            load = np.zeros(end - start)
            for other in np.flatnonzero(others):
                first, last = max(start, begun[other]) - start, min(end, ended[other]) - start
                load[first : max(first, last)] += itineraries.placement_load[mine[other]]
            most = load.max() + itineraries.placement_load[placement]
            return bool(most > itineraries.concurrent_load + SLACK)
        others = exclusive[mine]
        if ((begun < end) & (ended > start) & others).any():
            return True
        if not itineraries.ordered:
            return False
        stage = itineraries.placement_stage
        early = (stage[mine] < stage[placement]) & (ended > start)
        late = (stage[mine] > stage[placement]) & (begun < end)
        return bool(((early | late) & others).any())

    def _ready(self, person: int, placement: int, start: int) -> bool:
        """Whether all prerequisites are finished by this start."""
        itineraries = self._itineraries
        mine, _, ended = self._mine(person)
        finished = mine[ended <= start]
        for clause in np.flatnonzero(itineraries.clause_placement == placement):
            first, last = itineraries.clause_ptr[clause : clause + 2]
            met = np.isin(itineraries.clause_met_by[first:last], finished).any()
            if not met and not itineraries.clause_done[person, clause]:
                return False
        return True
