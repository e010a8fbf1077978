"""The previous plan's pairs and bookings as promises: in which window, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from talentopt.compile.caps import SLACK

if TYPE_CHECKING:
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario

COLUMNS = ("group", "kind", "person", "what", "before", "after", "window", "counts")

HISTORY, PUBLISHED, DRAFT = "history", "published", "draft"


def promises(scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """List the previous plan's pairs and bookings beside what the new plan does.

    Bookings that start before the calendar are left out.

    Parameters
    ----------
    scenario : Scenario
        With a previous plan.
    plan : Plan
        The new plan.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`. `group` is ``pairs`` or ``placements``; `kind` the
        matching or stage (blank when that is unknown); `what` the provider or
        placement; `before` and `after` the start, for pairs the provider
        (blank = gone); `window` see `window_of`; `counts` is True when it
        is a promise: all ids still exist and it is not done.
    """
    rows = [*_pairs(scenario, plan), *_bookings(scenario, plan)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def window_of(scenario: Scenario, start: int) -> str:
    """Name the window that a start lies in: ``history``, ``published`` or ``draft``."""
    if start < (scenario.at or 0):
        return HISTORY
    return PUBLISHED if start < scenario.published_before else DRAFT


def kept_shares(made: pd.DataFrame) -> dict[str, float]:
    """Compute the share of pairs and placements that is unchanged; 1 where there was nothing."""
    return {group: _share(made[made["group"] == group]) for group in ("pairs", "placements")}


def window_counts(scenario: Scenario, made: pd.DataFrame) -> dict[str, Any]:
    """Say where the windows lie, and what of the bookings in each is kept."""
    label = scenario.calendar.label
    found: dict[str, Any] = {
        "at": label(scenario.at or 0),
        "publish_until": None if scenario.publish_until is None else label(scenario.publish_until),
    }
    bookings = made[made["group"] == "placements"]
    for window in (HISTORY, PUBLISHED, DRAFT):
        mine = bookings[bookings["window"] == window]
        found[window] = {"bookings": len(mine), "kept": int(_kept(mine).sum())}
    return found


def cap_counts(scenario: Scenario, made: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Say of each cap how many promises it counts, how many may change and how many do."""
    open_to_change = made[made["counts"] & (made["window"] == PUBLISHED)]
    itineraries = scenario.model.itineraries
    stages = [stage.stage for stage in itineraries.stages] if itineraries else []
    found = {}
    for name, share in scenario.model.stability.caps.items():
        column = "kind" if name in (*scenario.model.matchings, *stages) else "group"
        mine = open_to_change[open_to_change[column] == name]
        found[name] = {
            "promises": len(mine),
            "most": int(share * len(mine) + SLACK),
            "changed": int((~_kept(mine)).sum()),
        }
    return found


def _kept(made: pd.DataFrame) -> pd.Series:
    return made["before"] == made["after"]


def _share(made: pd.DataFrame) -> float:
    return float(_kept(made).mean()) if len(made) else 1.0


def _pairs(scenario: Scenario, plan: Plan) -> list[tuple[object, ...]]:
    assert scenario.previous is not None
    columns = ["matching", "seeker", "provider"]
    now = set(plan.pairs[columns].itertuples(index=False, name=None))
    rows: list[tuple[object, ...]] = []
    ids = {name: set(table["id"]) for name, table in scenario.tables.items() if "id" in table}
    for key in dict.fromkeys(scenario.previous.pairs[columns].itertuples(index=False, name=None)):
        matching, seeker, provider = key
        model = scenario.model.matchings.get(matching)
        counts = (
            model is not None and seeker in ids[model.seekers] and provider in ids[model.providers]
        )
        after = provider if key in now else ""
        rows.append(("pairs", matching, seeker, provider, provider, after, PUBLISHED, counts))
    return rows


def _bookings(scenario: Scenario, plan: Plan) -> list[tuple[object, ...]]:
    assert scenario.previous is not None
    now = {
        (person, placement): start
        for person, placement, start in plan.placements[
            ["participant", "placement", "start"]
        ].itertuples(index=False, name=None)
    }
    table = scenario.tables["placements"]
    stages = dict(zip(table["id"], table["stage"], strict=True))
    people = set(scenario.tables["participants"]["id"])
    bookings = scenario.tables["bookings"]
    bookings = bookings[bookings["status"] == "done"]
    done = set(zip(bookings["participant"], bookings["placement"], strict=True))
    rows: list[tuple[object, ...]] = []
    frame = scenario.previous.placements
    for person, placement, start in zip(
        frame["participant"], frame["placement"], frame["start"], strict=True
    ):
        if start < 0:
            continue
        counts = person in people and placement in stages and (person, placement) not in done
        rows.append(
            (
                "placements",
                stages.get(placement, ""),
                person,
                placement,
                scenario.calendar.label(start),
                now.get((person, placement), ""),
                window_of(scenario, int(start)),
                counts,
            )
        )
    return rows
