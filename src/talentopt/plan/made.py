"""How the scenario of a plan was read, so that later questions about the plan read it alike.

Options of the command line (the previous plan and its period, other values, changed rows)
are part of what a plan answers, but stand in no file of the scenario.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talentopt.plan.files import read_summary, write_summary
from talentopt.read.errors import Findings

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "made_with"
"""In ``plan.json``; absent when the scenario was read as it is."""

TYPES = {
    "previous": str,
    "at": str,
    "publish_until": str,
    "overrides": dict,
    "added": list,
    "removed": list,
}
"""Keyword arguments of `talentopt.read.reader.read` that are kept."""


def made_with(reading: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return what the summary of a plan keeps of how its scenario was read.

    Parameters
    ----------
    reading : mapping
        Keyword arguments of `talentopt.read.reader.read`.
    folder : Path
        Where the plan goes; the previous plan is named as seen from there.
    """
    kept = {name: value for name, value in reading.items() if value}
    if "previous" in kept:
        away = os.path.relpath(Path(kept["previous"]).absolute(), folder.absolute())
        kept["previous"] = Path(away).as_posix()
    return {KEY: kept} if kept else {}


def forget_override(name: str, said: str | None, folder: Path) -> None:
    """Take an override off what a plan folder keeps, or put back what its planner said.

    Parameters
    ----------
    name : str
        Of a setting that was overridden to read the scenario elsewhere.
    said : str or None
        The planner's own override of it.
    folder : Path
    """
    summary = read_summary(folder, Findings())
    kept = summary.get(KEY, {}).get("overrides", {})
    if said is None:
        kept.pop(name, None)
    else:
        kept[name] = said
    if not kept:
        summary.get(KEY, {}).pop("overrides", None)
    if not summary.get(KEY, True):
        del summary[KEY]
    write_summary(summary, folder)


def reading_of(folder: Path) -> dict[str, Any]:
    """Return the keyword arguments with which a plan's scenario was read.

    Raises
    ------
    InputErrors
        If ``plan.json`` is damaged.
    """
    findings = Findings()
    kept = read_summary(folder, findings).get(KEY, {})
    if not isinstance(kept, dict) or any(
        not isinstance(value, TYPES.get(name, ())) for name, value in kept.items()
    ):
        findings.add(
            str(folder / "plan.json"), None, KEY, "this is damaged", "restore or remove it"
        )
    findings.stop_if_any()
    if "previous" in kept:
        kept["previous"] = folder / kept["previous"]
    return dict(kept)
