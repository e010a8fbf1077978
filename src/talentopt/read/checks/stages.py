"""Stages that the model does not have, and loads that contradict theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from talentopt.read.checks.facts import unknown
from talentopt.read.errors import suggestion

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts


def check_stages(facts: Facts) -> None:
    """Check `placements.stage`, `placements.load` and `requirements.stage`.

    Nothing is checked for a model without itineraries, which reads neither.
    """
    itineraries = facts.model.itineraries
    if itineraries is None:
        return
    names = facts.stages()
    for table in ("placements", "requirements"):
        facts.note_names(
            table,
            "stage",
            unknown(facts.tables[table]["stage"], pd.Series(names, dtype="str")),
            lambda name: (f"the model has no stage {name!r}", suggestion(name, names)),
        )
    frame = facts.tables["placements"]
    concurrent = [stage.stage for stage in itineraries.stages if stage.concurrent]
    exclusive = [stage.stage for stage in itineraries.stages if not stage.concurrent]
    load = frame["load"].to_numpy()
    facts.note(
        "placements",
        "load",
        frame["stage"].isin(exclusive).to_numpy(bool) & (load < 1),
        lambda value: (
            f"load {value:g} is below 1 and the stage is exclusive",
            "leave it blank, or make the stage `concurrent: true`",
        ),
    )
    facts.note(
        "placements",
        "load",
        frame["stage"].isin(concurrent).to_numpy(bool) & (load >= 1),
        lambda _: (
            "load 1 (or blank) is exclusive and the stage is concurrent",
            "write a load below 1, such as 0.1",
        ),
    )
