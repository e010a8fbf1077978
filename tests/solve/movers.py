"""People who are all booked at one placement and would all rather be at another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenarios import write_scenario, write_table
from talentopt.compile.compiler import compile_scenario
from talentopt.read.reader import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talentopt.problem import Problem


def movers(
    folder: Path,
    worth: Sequence[float],
    *,
    booked: int,
    start: str,
    periods: int,
    stability: dict[str, Any],
    itineraries: dict[str, Any] | None = None,
    **tables: list[dict[str, Any]],
) -> Problem:
    """Compile a re-plan of people who may leave `old` (three seats) for `new`.

    Options 2 i and 2 i + 1 are those of person i: the new placement comes second.

    Parameters
    ----------
    folder : Path
    worth : sequence of float
        Points of the new placement for each person.
    booked : int
        The first so many people held the old placement.
    start : str
        Since when they did.
    periods : int
        Of the calendar, which begins in 2026-01.
    stability, itineraries : dict, optional
        Blocks of the model; the second adds to the one stage there is.
    **tables
        Further tables.
    """
    previous = folder / "previous"
    previous.mkdir()
    rows = [{"participant": f"P{i}", "placement": "old", "start": start} for i in range(booked)]
    write_table(previous / "placements.csv", rows)
    tables |= {
        "participants": [{"id": f"P{i}", "unit": f"U{i}"} for i in range(len(worth))],
        "placements": [
            {"id": "old", "stage": "rotation", "duration": 1, "seats": 3},
            {"id": "new", "stage": "rotation", "duration": 1, "seats": len(worth)},
        ],
        "preferences": [
            {"chooser": f"P{i}", "option": "new", "points": points}
            for i, points in enumerate(worth)
        ],
    }
    stage = {"stage": "rotation", "min": 1, "max": 1, "missing": 50}
    block = {"stages": [stage], "points": [{"preference": {}}]} | (itineraries or {})
    scenario = write_scenario(
        folder / "s",
        tables,
        {"name": "test", "itineraries": block, "stability": stability},
        calendar={"unit": "month", "start": "2026-01", "periods": periods},
        previous="../previous",
        at="2026-01",
    )
    return compile_scenario(read(scenario)).problem
