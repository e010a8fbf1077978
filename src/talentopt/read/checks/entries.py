"""Single pairs and bookings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from talentopt.read.checks.facts import blank, unknown
from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts


def check_pairs(facts: Facts) -> None:
    """Check that each pair's matching exists and pairs these two tables."""
    frame = facts.tables["pairs"]
    matchings = facts.model.matchings
    names = pd.Series(list(matchings), dtype="str")
    facts.note_names(
        "pairs",
        "matching",
        unknown(frame["matching"], names),
        lambda name: (f"the model has no matching {name!r}", suggestion(name, names)),
    )
    for name, matching in matchings.items():
        here = (frame["matching"] == name).to_numpy(bool)
        for side, table in (("seeker", matching.seekers), ("provider", matching.providers)):
            if not here.any() or table in facts.broken or "id" not in facts.tables[table]:
                continue
            known = facts.ids(table)
            facts.note_names(
                "pairs",
                side,
                here & facts.strangers(frame[side].where(here, ""), known, (table,)),
                lambda text: (
                    f"there is no {text!r} in {table}",
                    suggestion(text, known, f"add it to {facts.files[table]}"),
                ),
            )
    _check_for_all(facts)


def _check_for_all(facts: Facts) -> None:
    """Check the pairs that name no matching: at least one must be meant."""
    frame = facts.tables["pairs"]
    rest = blank(frame["matching"])
    tables = {
        (matching.seekers, matching.providers) for matching in facts.model.matchings.values()
    }
    used = {table for pair in tables for table in pair}
    if not rest.any() or not facts.broken.isdisjoint(used):
        return
    met = np.zeros(len(frame), bool)
    for seekers, providers in tables:
        if "id" in facts.tables[seekers] and "id" in facts.tables[providers]:
            met |= (
                frame["seeker"].isin(facts.ids(seekers))
                & frame["provider"].isin(facts.ids(providers))
            ).to_numpy(bool)
    wrong = rest & ~met & ~blank(frame["seeker"]) & ~blank(frame["provider"])
    for side in ("seeker", "provider"):
        homes = {pair[side == "provider"] for pair in tables}
        known = [facts.ids(table) for table in homes if "id" in facts.tables[table]]
        ids = pd.concat(known) if known else pd.Series(dtype="str")
        lost = wrong & unknown(frame[side], ids)
        facts.note_names(
            "pairs",
            side,
            lost & facts.strangers(frame[side].where(wrong, ""), ids, homes),
            lambda text: (
                f"no matching has a {side} {text!r}",
                suggestion(text, ids),
            ),
        )
        wrong &= ~lost
    facts.note(
        "pairs",
        "seeker, provider",
        wrong,
        lambda _: ("no matching pairs the tables of these two", "name the matching"),
    )


def check_bookings(facts: Facts) -> None:
    """Refuse points on an open row with a start: points count at any start."""
    frame = facts.tables["bookings"]
    wrong = (
        (frame["status"] == "open") & frame["start"].notna() & frame["points"].notna()
    ).to_numpy(bool)
    facts.note(
        "bookings",
        "points",
        wrong,
        lambda _: ("points count at any start, and the row names one", "clear start or points"),
    )
