"""Prerequisites: unknown areas and placements, and circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from talentopt.read.checks.facts import blank, unknown
from talentopt.read.errors import nearest, suggestion

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts


def check_prerequisites(facts: Facts) -> None:
    """Check that every row names one subject and something that exists, without circles."""
    if "placements" in facts.broken or facts.tables["prerequisites"].empty:
        return
    frame = facts.tables["prerequisites"]
    areas = facts.cells("placements", "area")
    areas = areas[areas != ""].drop_duplicates()
    no_area, no_placement = blank(frame["area"]), blank(frame["placement"])
    facts.note(
        "prerequisites",
        "area, placement",
        no_area & no_placement,
        lambda _: ("neither area nor placement is given", "fill in one of the two"),
    )
    facts.note(
        "prerequisites",
        "area, placement",
        ~no_area & ~no_placement,
        lambda _: ("area and placement are both given", "write a row for each"),
    )
    if _lacks_areas(facts):
        return
    facts.note_names(
        "prerequisites",
        "area",
        unknown(frame["area"], areas),
        lambda name: (f"no placement has the area {name!r}", suggestion(name, areas)),
    )
    known = pd.concat([facts.ids("placements"), areas])
    facts.note_names(
        "prerequisites",
        "requires",
        facts.strangers(frame["requires"], known, ("placements",)),
        lambda name: (f"there is no area or placement {name!r}", suggestion(name, known)),
    )
    _check_circles(facts)


def _lacks_areas(facts: Facts) -> bool:
    """Note that placements have no areas although prerequisites name some."""
    named = facts.tables["prerequisites"]["area"]
    missing = "area" in facts.absent_columns("placements") and bool((named != "").any())
    if missing and ("placements", "area") not in facts.told:
        row = int(named.index[int((named != "").to_numpy().argmax())])
        near = nearest("area", facts.attributes("placements"))
        place = f"{facts.files['prerequisites']}, line {row}"
        facts.findings.add(
            facts.files["placements"],
            1,
            "area",
            f"the column 'area' is missing, and prerequisites name areas ({place})",
            f"is it {near!r}?" if near else "add it, or name placements there",
        )
        facts.told.add(("placements", "area"))
    return missing


def _check_circles(facts: Facts) -> None:
    """Note placements that can never start, because what they need needs them."""
    clauses = _clauses(facts)
    startable = _startable(set(facts.tables["placements"]["id"]), clauses)
    told: set[str] = set()
    for placement in clauses:
        if placement in startable or placement in told:
            continue
        chain, lines = _follow(placement, clauses, startable)
        if told.isdisjoint(chain):
            problem = "the prerequisites go in a circle: " + " needs ".join([*chain, chain[0]])
            file = facts.files["prerequisites"]
            facts.findings.add(file, min(lines), "requires", problem, "remove one of them")
        told.update(chain, [placement])


def _clauses(facts: Facts) -> dict[str, list[tuple[int, list[str]]]]:
    """List, for every placement, the rows it is subject to and what meets each."""
    placements = facts.tables["placements"]
    by_area = {
        str(area): list(members)
        for area, members in placements["id"].groupby(placements["area"], sort=False)
        if area
    }
    ids = set(placements["id"])
    clauses: dict[str, list[tuple[int, list[str]]]] = {}
    for line, area, placement, requires in facts.tables["prerequisites"][
        ["area", "placement", "requires"]
    ].itertuples(name=None):
        meets = [requires] if requires in ids else by_area.get(requires, [])
        if not meets:
            continue
        for subject in ids.intersection([placement]) if placement else by_area.get(area, []):
            clauses.setdefault(subject, []).append((int(line), meets))
    return clauses


def _startable(ids: set[str], clauses: dict[str, list[tuple[int, list[str]]]]) -> set[str]:
    """Find the placements that some order of placements reaches."""
    reached = ids - set(clauses)
    waiting = set(clauses) & ids
    while True:
        ready = {
            placement
            for placement in waiting
            if all(not reached.isdisjoint(meets) for _, meets in clauses[placement])
        }
        if not ready:
            return reached
        reached |= ready
        waiting -= ready


def _follow(
    placement: str, clauses: dict[str, list[tuple[int, list[str]]]], startable: set[str]
) -> tuple[list[str], list[int]]:
    """Walk from a placement that cannot start to the circle it waits for."""
    chain: list[str] = []
    lines: list[int] = []
    while placement not in chain:
        chain.append(placement)
        line, meets = next(
            (line, meets) for line, meets in clauses[placement] if startable.isdisjoint(meets)
        )
        lines.append(line)
        placement = next((met for met in meets if met in chain), meets[0])
    first = chain.index(placement)
    return chain[first:], lines[first:]
