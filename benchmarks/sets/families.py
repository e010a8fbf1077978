"""What the generated sets share: making a scenario once, and adjusting its settings."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from talentopt.bench.plugins import Instance

if TYPE_CHECKING:
    from talentopt.bench.plugins import Places


def generated(
    places: Places,
    name: str,
    people: int,
    *,
    seed: int = 1,
    tightness: float = 0.87,
    links: bool = True,
    family: str = "",
) -> Instance:
    """Make a scenario with the project's generator, or find it made.

    Parameters
    ----------
    places : Places
    name : str
        ``set/instance``.
    people, seed, tightness
        As for ``talentopt generate``.
    links : bool
        False: the mentors' domains earn nothing in projects, so that
        matchings and placements are two problems.
    family : str
        Instances that differ in their size only.
    """
    variant = "" if links else "-uncoupled"
    folder = places.made / f"people{people}-seed{seed}-tight{tightness:g}{variant}"
    if not (folder / "scenario.yaml").exists():
        from talentopt.generate import generate

        draft = places.made / f".{folder.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        generate(draft, participants=people, seed=seed, tightness=tightness)
        if not links:
            with (draft / "scenario.yaml").open("a", encoding="utf-8") as settings:
                settings.write("weights:\n  links.0.points: 0\n")
        draft.rename(folder)
    return Instance(name, "scenario", folder, family=family, size=people if family else 0)
