"""Plans of a scenario and of the changed one, and who differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.explain.answer import Section
from talentopt.plan.interpret import pairs_table, placements_table
from talentopt.store.diff import compare_tables

if TYPE_CHECKING:
    from talentopt.plan.names import Names
    from talentopt.plan.plan import Plan
    from talentopt.problem import Assignment, Problem

PAIR, BOOKING = ("seeker", "provider", "matching"), ("participant", "placement", "start")


@dataclass(frozen=True, slots=True)
class Tables:
    """The pairs and bookings of a plan, by ids."""

    pairs: pd.DataFrame
    placements: pd.DataFrame

    @classmethod
    def of(cls, problem: Problem, names: Names, assignment: Assignment) -> Tables:
        """Write an assignment with ids."""
        return cls(
            pairs_table(problem, names, assignment), placements_table(problem, names, assignment)
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """One plan on the way.

    Attributes
    ----------
    value : float
        -inf when it breaks a hard rule.
    tables : Tables
    shortages : int or None
        How many; None where they were not looked at.
    """

    value: float
    tables: Tables
    shortages: int | None

    @classmethod
    def of(cls, plan: Plan) -> Stage:
        """Take a whole plan."""
        tables = Tables(plan.pairs, plan.placements)
        return cls(float(plan.summary["objective"]), tables, len(plan.shortages))


@dataclass(frozen=True, slots=True)
class Stages:
    """The plan in hand and what becomes of it.

    Attributes
    ----------
    in_hand : Stage
    kept : Stage
        What of it is possible after the change, nobody moving.
    repaired : Stage
        The same, after those who miss something were re-arranged one by one.
    unchanged : Stage
        The scenario as it is, searched on.
    changed : Stage
    """

    in_hand: Stage
    kept: Stage
    repaired: Stage
    unchanged: Stage
    changed: Stage


def different(one: Tables, other: Tables) -> set[str]:
    """Name everybody whose pairs or bookings differ."""
    pairs = _rows(one.pairs, *PAIR) ^ _rows(other.pairs, *PAIR)
    bookings = _rows(one.placements, *BOOKING) ^ _rows(other.placements, *BOOKING)
    return {seeker for seeker, *_ in pairs} | {participant for participant, *_ in bookings}


def _rows(table: pd.DataFrame, *columns: str) -> set[tuple[str, ...]]:
    return set(zip(*(table[column].tolist() for column in columns), strict=True))


def tell(stages: Stages, result: Plan) -> list[Section]:
    """Tell what the change makes of the plan in hand.

    Parameters
    ----------
    stages : Stages
    result : Plan
        That of the changed scenario.
    """
    found = compare_tables(
        stages.in_hand.tables.pairs,
        result.pairs,
        stages.in_hand.tables.placements,
        result.placements,
    )
    people = {*found.pairs["seeker"], *found.placements["participant"]}
    because = different(stages.unchanged.tables, stages.changed.tables)
    who = (
        f"{len(people)} people change: {found.kept_pairs:.1%} of the pairs and "
        f"{found.kept_placements:.1%} of the placements stay."
    )
    lines = [who]
    if stages.unchanged.value > stages.in_hand.value:
        lines.append(
            f"{len(because)} of all people have something else than in the unchanged scenario, "
            "searched on; other changes are what more time found. Theirs come first."
        )
    facts = {"people": sorted(people), "because_of_the_change": sorted(because)}
    return [
        _values(stages, result),
        Section("pairs", tuple(lines), facts, _first(found.pairs, "seeker", because)),
        Section(
            "placements", ("Placements:",), {}, _first(found.placements, "participant", because)
        ),
        Section("shortages", ("Shortages after the change:",), {}, result.shortages),
    ]


def _first(table: pd.DataFrame, column: str, people: set[str]) -> pd.DataFrame:
    """Put the rows of some people before the others."""
    theirs = table[column].isin(people)
    return pd.concat([table[theirs], table[~theirs]], ignore_index=True)


def _values(stages: Stages, result: Plan) -> Section:
    """List the plans on the way, with their values."""
    named = {
        "in hand": stages.in_hand,
        "changed, nobody moving": stages.kept,
        "changed, those who lack something re-arranged": stages.repaired,
        "unchanged, searched on": stages.unchanged,
        "changed, searched on": stages.changed,
    }
    rows = [
        {
            "plan": name,
            "value": stage.value if _allowed(stage) else float("nan"),
            "shortages": "" if stage.shortages is None else stage.shortages,
            "people_changed": len(different(stages.in_hand.tables, stage.tables)),
        }
        for name, stage in named.items()
    ]
    difference = stages.changed.value - stages.unchanged.value
    lines = [f"The change makes a difference of {difference:+,.2f} points."]
    if _allowed(stages.kept):
        lines.append(
            f"Without moving anybody, the plan in hand would be worth {stages.kept.value:,.2f}."
        )
    else:
        lines.append(
            "What of the plan in hand can stay breaks a hard rule of the changed scenario."
        )
    bound = result.summary["bound"]
    proven = result.summary["status"] == "optimal"
    if proven:
        lines.append("The changed plan is proven best.")
    else:
        best = (
            "nothing is proven of better plans" if bound is None else f"none exceeds {bound:,.2f}"
        )
        lines.append(
            f"The changed plan is the best found in the time ({best}); more time may find a "
            "different difference."
        )
    facts = {
        "value_in_hand": stages.in_hand.value,
        "value_kept": _or_none(stages.kept),
        "value_repaired": _or_none(stages.repaired),
        "value_unchanged": stages.unchanged.value,
        "value_changed": stages.changed.value,
        "difference": difference,
        "bound_changed": bound,
        "proven": proven,
    }
    return Section("value", tuple(lines), facts, pd.DataFrame(rows))


def _allowed(stage: Stage) -> bool:
    return stage.value > float("-inf")


def _or_none(stage: Stage) -> float | None:
    return stage.value if _allowed(stage) else None
