"""Shortages of one kind cured together: what more seats or places serve many at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.explain.answer import Section
from talentopt.explain.cures import shown
from talentopt.explain.cures_at_once import StageCures
from talentopt.explain.cures_of_hours import HoursCures
from talentopt.explain.cures_of_pairs import cure_pairs_together
from talentopt.problem import measure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talentopt.explain.cures import Cure, Remedy
    from talentopt.explain.missing import Missing
    from talentopt.insight.standing import Standing
    from talentopt.problem import Assignment

ALONE, TOGETHER = 0.8, 0.6
"""Of the time that is left, for curing people alone, and then together."""


@dataclass(frozen=True, slots=True)
class Group:
    """Everybody who misses the same kind of thing.

    Attributes
    ----------
    kind : str
        Matching, stage, or stage and layer.
    people : int
    missing : float
        Units: providers, placements or hours.
    cure : Cure or None
        Of all of them at once; None when none was found in time.
    """

    kind: str
    people: int
    missing: float
    cure: Cure | None


class Grouped:
    """Cures of all shortages, kind by kind.

    Parameters
    ----------
    standing : Standing
    waiting : sequence of Missing
        The dearest first.
    seconds : float
        For looking for cures.
    """

    def __init__(self, standing: Standing, waiting: Sequence[Missing], seconds: float) -> None:
        end = time.monotonic() + seconds
        self._standing = standing
        kinds: dict[tuple[str, int], list[Missing]] = {}
        for one in waiting:
            kinds.setdefault(_kind(standing, one), []).append(one)
        # What is found quickly comes first, so that it is found however short the time is.
        self._kinds = dict(
            sorted(kinds.items(), key=lambda each: (each[0][0] == "placement", len(each[1])))
        )
        self._cures: dict[tuple[str, int], StageCures | HoursCures] = {}
        until = _part(end, ALONE)
        for (kind, number), ones in self._kinds.items():
            # Laying out the people of a stage takes time too.
            if kind != "pair" and self._known(kind, number) and time.monotonic() < until:
                cures = self._cures_of(kind, number, [one.person for one in ones])
                cures.find(until)
                self._cures[kind, number] = cures
        until = _part(end, TOGETHER)
        self.groups = [
            self._together(kind, number, ones, until)
            for (kind, number), ones in self._kinds.items()
        ]
        for cures in self._cures.values():
            if isinstance(cures, StageCures):
                cures.do_without(end)

    def remedies(self) -> dict[Missing, Remedy]:
        """Say what cures each shortage alone, pairs aside; what was not reached is not in it."""
        return {
            one: remedy
            for key, cures in self._cures.items()
            for remedies in (cures.remedies(),)
            for one in self._kinds[key]
            if (remedy := remedies.get(one.person)) is not None
        }

    def _known(self, kind: str, number: int) -> bool:
        """Whether people are arranged anew for it: exclusive stages, and hours."""
        return kind == "hours" or bool(self._standing.problem.itineraries.stage_exclusive[number])

    def _cures_of(self, kind: str, number: int, people: list[int]) -> StageCures | HoursCures:
        if kind == "hours":
            return HoursCures(self._standing, number, people)
        return StageCures(self._standing, number, people)

    def _together(self, kind: str, number: int, ones: list[Missing], until: float) -> Group:
        standing = self._standing
        units = _units(standing, standing.assignment, kind, number)
        if kind == "pair":
            cure = cure_pairs_together(standing, np.array([one.number for one in ones]))
        elif (kind, number) not in self._cures:
            cure = None
        else:
            after = self._cures[kind, number].together(until)
            closed = 0.0 if after is None else units - _units(standing, after, kind, number)
            cure = None if after is None or closed <= 0 else shown(standing, after, closed)
        return Group(ones[0].name, len(ones), units, cure)


def _part(end: float, share: float) -> float:
    """Clock at which a part of the time that is left will be over."""
    now = time.monotonic()
    return now + share * max(end - now, 0.0)


def _kind(standing: Standing, one: Missing) -> tuple[str, int]:
    """Kind, and matching, stage or requirement of hours."""
    if one.kind == "pair":
        return one.kind, int(standing.problem.matchings.demand_matching[one.number])
    return one.kind, one.number


def _units(standing: Standing, plan: Assignment, kind: str, number: int) -> float:
    """Count what a plan misses of one kind."""
    matchings, itineraries = standing.problem.matchings, standing.problem.itineraries
    if kind == "pair":
        short = np.maximum(measure.providers_missing(matchings, plan.arcs), 0)
        return float(short[matchings.demand_matching == number].sum())
    if kind == "hours":
        return float(measure.hours_missing(itineraries, plan.options)[:, number].sum())
    held = measure.placements_held(itineraries, plan.options)
    return float(np.maximum(itineraries.stage_min - held, 0)[:, number].sum())


def tell_groups(groups: Iterable[Group]) -> Section:
    """Tell what would cure all shortages of each kind at once."""
    lines = [
        "All of one kind at once, each kind on its own, everybody else staying; every line is "
        "confirmed by a plan:"
    ]
    rows = []
    for group in groups:
        lacked = f"{group.kind}: {group.people} lack {group.missing:g}"
        if group.cure is None:
            lines.append(f"- {lacked}; no edits for all of them were found in time.")
            continue
        cure = group.cure
        count = len(cure.edits)
        what = "no edit but re-arranging them cures" if cure.free else f"{count} edits cure"
        if count == 1 and not cure.free:
            what = "1 edit cures"
        lines.append(
            f"- {lacked}; {what} {cure.cured:g}, and the whole plan "
            f"{'gains' if cure.gain >= 0 else 'loses'} {abs(cure.gain):,.2f} points."
        )
        rows += [(group.kind, edit) for edit in cure.edits]
    facts = {
        "groups": [
            {
                "kind": group.kind,
                "people": group.people,
                "missing": group.missing,
                "cured": group.cure.cured if group.cure else 0.0,
                "gain": group.cure.gain if group.cure else None,
                "edits": 0 if group.cure is None or group.cure.free else len(group.cure.edits),
            }
            for group in groups
        ]
    }
    return Section("groups", tuple(lines), facts, pd.DataFrame(rows, columns=["kind", "edit"]))
