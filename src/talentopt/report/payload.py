"""The data inside ``report.html``: compact, and escaped so that it can stand in a page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from talentopt.read.scenario import Scenario
    from talentopt.report.figures import Figures
    from talentopt.report.view import Person, View

UNSAFE = {
    character: f"\\u{ord(character):04x}" for character in ("<", ">", "&", "\u2028", "\u2029")
}
"""What could end the script element, or a line of it, by its JSON escape."""


RESERVE = ("matching", "provider", "place", "seeker", "change", "behind", "leaves", "needs")
BLOCKING = ("matching", "seeker", "provider", "change", "leaves", "displaces", "breaks")


def embed(data: object) -> str:
    """Write data as JSON that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, escape in UNSAFE.items():
        text = text.replace(character, escape)
    # A lone surrogate has no UTF-8; JSON can write it.
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "backslashreplace")


def payload(
    view: View, scenario: Scenario, figures: Figures, texts: dict[str, str]
) -> dict[str, Any]:
    """Collect what the page's script shows.

    Parameters
    ----------
    view : View
    scenario : Scenario
    figures : Figures
    texts : dict of str to str

    Returns
    -------
    dict
        JSON values. People, placements and providers are lists; stays,
        partners and shortages name them by number. Names that equal the id
        are blank.
    """
    hindsight = figures.hindsight
    stages, matchings = _stages(scenario), list(scenario.model.matchings)
    places = [(unit, place) for unit, rows in view.units.items() for place in rows]
    place_number = {place.id: number for number, (_, place) in enumerate(places)}
    provider_number = {(load.table, load.id): n for n, load in enumerate(view.loads)}
    table = scenario.tables["placements"]
    stage_of, area_of = (dict(zip(table["id"], table[c], strict=True)) for c in ("stage", "area"))
    number = {name: n for n, name in enumerate(stages)}
    return {
        "texts": texts,
        "periods": view.periods,
        "stages": list(stages),
        "concurrent": [int(each) for each in stages.values()],
        "matchings": matchings,
        "placements": [
            [
                place.id,
                _name(place.name, place.id),
                number.get(stage_of[place.id], -1),
                area_of[place.id],
                unit,
                [[cell.used, cell.seats, int(cell.short)] for cell in place.cells],
            ]
            for unit, place in places
        ],
        "providers": [
            [load.table, load.id, _name(load.name, load.id), load.used, load.capacity, load.roles]
            for load in view.loads
        ],
        "people": [
            _person(person, view.periods, place_number, provider_number, matchings)
            for person in view.people
        ],
        "shortages": [
            [row["rule"], row["subject"], row["amount"], row["points"], row["reason"], row["kind"]]
            for row in view.shortages
        ],
        "changes": figures.changes.to_dict("split")["data"],
        "reserves": [] if hindsight is None else _cells(hindsight.reserves, RESERVE),
        "blocking": [] if hindsight is None else _cells(hindsight.blocking, BLOCKING),
    }


def _cells(table: pd.DataFrame, columns: tuple[str, ...]) -> list[list[Any]]:
    """Write rows as lists; what is no number is null, points have two decimals."""
    kept = table[list(columns)].round(2).astype(object)
    rows: list[list[Any]] = kept.where(table[list(columns)].notna(), None).to_numpy().tolist()
    return rows


def _stages(scenario: Scenario) -> dict[str, bool]:
    """Find the stages and whether they are concurrent."""
    itineraries = scenario.model.itineraries
    return {} if itineraries is None else {s.stage: s.concurrent for s in itineraries.stages}


def _person(
    person: Person,
    periods: list[str],
    place_number: dict[str, int],
    provider_number: dict[tuple[str, str], int],
    matchings: list[str],
) -> list[Any]:
    period = {name: number for number, name in enumerate(periods)}
    stays = [
        [place_number[stay.placement_id], period.get(stay.start, 0), period.get(stay.end, 0)]
        for stay in person.stays
    ]
    partners = [
        [matchings.index(each.matching), provider_number[each.table, each.provider_id]]
        for each in person.partners
        if (each.table, each.provider_id) in provider_number
    ]
    return [
        person.id,
        _name(person.name, person.id),
        person.unit,
        person.site,
        person.file,
        round(person.points, 2),
        stays,
        partners,
    ]


def _name(name: str, identity: str) -> str:
    return "" if name == identity else name
