"""What a change of the scenario makes of a plan in hand."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from talentopt.explain.asking import take_plan
from talentopt.explain.differing import Stage, Stages, Tables, different, tell
from talentopt.explain.searching import Searching
from talentopt.explain.settling import settle
from talentopt.pipeline import NoPlan, prepare, take_over_prices
from talentopt.plan.files import read_plan, write_plan
from talentopt.plan.interpret import interpret
from talentopt.plan.made import made_with
from talentopt.plan.names import Names
from talentopt.plan.warm import warm_start
from talentopt.problem.evaluate import evaluate
from talentopt.read.reader import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from talentopt.compile.compiler import Compiled
    from talentopt.explain.answer import Section
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment
    from talentopt.read.scenario import Scenario
    from talentopt.solve.control import Limits

MAKING_ROOM = 0.3
"""Of the time left, for people who lost a placement, others giving way."""

SETTLING = 0.15
"""Of the time left after that, for whatever else people lost, one after the other."""

UNCHANGED = 0.3
"""Of the time left after that, for the scenario as it is."""

SEARCHED = 0.8
"""Of the time left after that, for the changed scenario; the rest is for telling."""

SHORTEST = 0.5
"""Seconds of a search even when reading took all the time."""


@dataclass(frozen=True, slots=True)
class Change:
    """How the scenario is changed; as `talentopt.read.reader.read` takes it."""

    overrides: Mapping[str, Any] = field(default_factory=dict)
    added: Sequence[tuple[str, Mapping[str, str]]] = ()
    removed: Sequence[tuple[str, str]] = ()

    def after(self, reading: Mapping[str, Any]) -> dict[str, Any]:
        """Keyword arguments that read the changed scenario, where others read the unchanged."""
        return {
            **reading,
            "overrides": {**reading.get("overrides", {}), **self.overrides},
            "added": [*reading.get("added", ()), *self.added],
            "removed": [*reading.get("removed", ()), *self.removed],
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """A scenario, before or after the change, and where searches of it start their prices."""

    scenario: Scenario
    compiled: Compiled
    searching: Searching
    limits: Limits
    end: float

    @classmethod
    def of(cls, scenario: Scenario, folder: Path, limits: Limits, end: float) -> _Case:
        compiled = prepare(scenario)
        prices = take_over_prices(compiled, scenario, folder)
        searching = Searching(compiled.problem, prices, limits.workers)
        return cls(scenario, compiled, searching, limits, end)

    def kept(self, tables: Tables) -> Assignment:
        """Take over what is possible of a plan."""
        return warm_start(self.compiled, self.scenario, tables.pairs, tables.placements)

    def settled(self, kept: Assignment, hit: set[str]) -> Assignment:
        """Re-arrange at once who misses something, those hit by the change first."""
        roomy = self.searching.make_room(kept, self._limits(MAKING_ROOM))
        return settle(self.scenario, self.compiled, roomy, self._left(SETTLING), hit)

    def search(self, start: Assignment, share: float, *, mentors: bool = False) -> Plan:
        """Search on, in mentors also where there are many people if asked for.

        Raises
        ------
        NoPlan
        """
        control = self.searching.on(start, self._limits(share), mentors=mentors)
        if control.best is None:
            raise NoPlan("no plan of the changed scenario was found; try a longer --time-limit")
        return interpret(self.compiled, self.scenario, control, "auto")

    def tables(self, assignment: Assignment) -> Tables:
        """Write an assignment with ids."""
        names = Names.of(self.compiled.index, self.scenario.calendar)
        return Tables.of(self.compiled.problem, names, assignment)

    def worth(self, assignment: Assignment) -> float:
        """Value of an assignment; -inf when it breaks a hard rule."""
        found = evaluate(self.compiled.problem, assignment)
        return float("-inf") if found.violations else found.value

    def pairs_as(self, other: _Case) -> bool:
        """Whether everybody may be paired as in the other case, at the same points."""
        mine, theirs = self.compiled.problem.matchings, other.compiled.problem.matchings
        return all(
            np.array_equal(getattr(mine, part.name), getattr(theirs, part.name))
            for part in fields(mine)
        )

    def _limits(self, share: float) -> Limits:
        return replace(self.limits, seconds=self._left(share))

    def _left(self, share: float) -> float:
        return max(share * (self.end - time.monotonic()), SHORTEST)


def what_if(
    scenario: Path,
    folder: Path,
    change: Change,
    limits: Limits,
    output: Path | None,
    reading: Mapping[str, Any] | None = None,
) -> list[Section]:
    """Solve the changed scenario from the plan in hand and tell the difference.

    Unless the plan in hand is proven best, the scenario as it is is searched on too: what more
    time finds is no difference that the change makes. The changed scenario is then searched
    from that plan, and what this finds is taken back as far as the change is not needed for it.

    Parameters
    ----------
    scenario, folder : Path
        The scenario and its plan.
    change : Change
    limits : Limits
        For everything together.
    output : Path, optional
        Where the new plan goes.
    reading : mapping, optional
        Keyword arguments with which the scenario was read for the plan in hand.
    """
    end = time.monotonic() + limits.seconds
    plan = read_plan(folder)
    reading = reading or {}
    before = _Case.of(read(scenario, **reading), folder, limits, end)
    standing = take_plan(before.scenario, plan, before.compiled)
    altered = change.after(reading)
    after = _Case.of(read(scenario, **altered), folder, limits, end)
    held = Tables(plan.pairs, plan.placements)
    kept = after.kept(held)
    hit = different(held, after.tables(kept))
    repaired = after.settled(kept, hit)
    start, unchanged = repaired, Stage(standing.evaluation.value, held, len(plan.shortages))
    proven = plan.summary.get("status") == "optimal"
    if not proven:
        unchanged = Stage.of(before.search(standing.assignment, UNCHANGED))
        if unchanged.value > standing.evaluation.value:
            taken = after.settled(after.kept(unchanged.tables), hit)
            start = max(start, taken, key=after.worth)
    result = after.search(start, SEARCHED, mentors=not before.pairs_as(after))
    changed = Stage.of(result)
    if not proven:
        back = before.settled(before.kept(changed.tables), set())
        if before.worth(back) > unchanged.value:
            unchanged = Stage(before.worth(back), before.tables(back), None)
    if output is not None:
        summary = {**result.summary, **made_with(altered, output)}
        write_plan(replace(result, summary=summary), output)
    stages = Stages(
        Stage(standing.evaluation.value, held, len(plan.shortages)),
        Stage(after.worth(kept), after.tables(kept), None),
        Stage(after.worth(repaired), after.tables(repaired), None),
        unchanged,
        changed,
    )
    return tell(stages, result)
