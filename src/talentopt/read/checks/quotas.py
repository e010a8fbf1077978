"""Quotas: what they count, where, and by when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.checks.facts import blank
from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    import numpy as np

    from talentopt.read.checks.facts import Facts


def check_quotas(facts: Facts) -> None:
    """Check that a quota counts pairs of a matching or people in a stage."""
    frame = facts.tables["quotas"]
    if frame.empty:
        return
    matchings, stages = set(facts.model.matchings), set(facts.stages())
    known = sorted(matchings | stages)
    on = frame["on"]
    facts.note_names(
        "quotas",
        "on",
        ~blank(on) & ~on.isin(known).to_numpy(bool),
        lambda name: (f"the model has no matching or stage {name!r}", suggestion(name, known)),
    )
    facts.note(
        "quotas",
        "on",
        on.isin(matchings & stages).to_numpy(bool),
        lambda name: (f"{name!r} is a matching and a stage", "rename one of them in the model"),
    )
    facts.note(
        "quotas",
        "by",
        on.isin(matchings - stages).to_numpy(bool) & frame["by"].notna().to_numpy(),
        lambda _: ("pairs of a matching have no period", "clear the cell"),
    )
    for side in ("seeker", "provider"):
        _check_filter(facts, side)
        for name in known:
            here = (on == name).to_numpy(bool)
            if name in matchings:
                matching = facts.model.matchings[name]
                table = matching.seekers if side == "seeker" else matching.providers
            else:
                table = "participants" if side == "seeker" else "placements"
            _check_columns(facts, side, table, here)


def _check_filter(facts: Facts, side: str) -> None:
    """Check that a column comes with a value, and a value with a column."""
    frame = facts.tables["quotas"]
    column, value = f"{side}_column", f"{side}_value"
    facts.note(
        "quotas",
        value,
        ~blank(frame[column]) & blank(frame[value]),
        lambda _: (f"{column} is given without {value}", "fill it in, or clear both"),
    )
    facts.note(
        "quotas",
        column,
        blank(frame[column]) & ~blank(frame[value]),
        lambda _: (f"{value} is given without {column}", "fill it in, or clear both"),
    )


def _check_columns(facts: Facts, side: str, table: str, here: np.ndarray) -> None:
    column = f"{side}_column"
    asked = facts.tables["quotas"][column]
    for name in asked[here & ~blank(asked)].unique():
        problem, remedy = facts.text_column(table, str(name))
        if problem:
            facts.note(
                "quotas",
                column,
                here & (asked == name).to_numpy(bool),
                lambda _: (problem, remedy),
            )
