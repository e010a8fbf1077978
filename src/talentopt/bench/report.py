"""The report of a benchmark: Markdown, one self-contained page, and the pictures apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader

from talentopt.bench.figures import (
    gaps_over_time,
    growth,
    make_cells,
    make_standings,
    performance_profiles,
)
from talentopt.bench.pictures import (
    growth_picture,
    profile_picture,
    time_picture,
    winners_picture,
)
from talentopt.bench.runs import Store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talentopt.bench.figures import Cell
    from talentopt.bench.runs import Record


def write_report(
    folder: Path, records: Sequence[Record], about: Mapping[str, Any], settings: Mapping[str, str]
) -> None:
    """Write ``report.md``, ``report.html`` and ``pictures/*.svg`` into a benchmark's folder.

    Parameters
    ----------
    folder : Path
    records : sequence of Record
    about : mapping
        The content of ``run.json``.
    settings : mapping of str to str
        Solver -> how it is set up.
    """
    store, cells = Store(folder), make_cells(records)
    standings = make_standings(cells)
    order = [standing.solver for standing in standings]
    grown = growth(records, store)
    pictures = {
        "profile": profile_picture(performance_profiles(cells), order),
        "time": time_picture(gaps_over_time(records, store), order),
        "growth": growth_picture(grown, order),
        "winners": winners_picture(cells, order),
    }
    facts = {
        "about": about,
        "settings": settings,
        "standings": standings,
        "sets": _by_set(cells),
        "growth": {solver: grown[solver] for solver in order if solver in grown},
        "flags": [record for record in records if record.flag or record.outcome == "wrong"],
        "away": _away(records),
        "pictures": pictures,
    }
    drawn = folder / "pictures"
    drawn.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        if picture:
            _write(drawn / f"{name}.svg", picture.replace("currentColor", "#444"))
    for suffix in ("md", "html"):
        _write(folder / f"report.{suffix}", _render(f"report.{suffix}", facts))


def _render(template: str, facts: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=template.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "percent": _percent, "cell": _cell}
    return environment.get_template(template).render(facts)


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _by_set(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    """Group the cells by set; methods that cannot take an instance are left out."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.outcome not in ("absent", "unsuitable"):
            found.setdefault(cell.instance.partition("/")[0], []).append(cell)
    return found


def _away(records: Sequence[Record]) -> list[tuple[str, str]]:
    """(solver, reason) of all that could not run, once each."""
    away = ("absent", "unsuitable")
    return sorted({(r.solver, r.message) for r in records if r.outcome in away})


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _percent(value: float | None, digits: int = 3) -> str:
    if value is None:
        return ""
    return f"{100 * value:.{digits}f} %" if value < 100 else "> 10,000 %"


def _cell(text: str) -> str:
    """Keep a text from ending a Markdown cell."""
    return text.replace("|", "\\|").replace("\n", " ")[:160]
