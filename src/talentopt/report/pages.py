"""HTML pages: the report, and a development plan per person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from talentopt.report.texts import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.report.view import View


def write_pages(view: View, folder: Path, language: str = "en") -> None:
    """Write ``report.html`` and ``people/ID.html``.

    Everything from the scenario is escaped: names that hold HTML stay text.
    """
    pages, texts = _environment(), LANGUAGES[language]
    report = pages.get_template("report.html").render(view=view, t=texts)
    (folder / "report.html").write_text(report, encoding="utf-8", newline="\n")
    people = folder / "people"
    people.mkdir(exist_ok=True)
    template = pages.get_template("person.html")
    for person in view.people:
        names = {(True, stay.placement_id): stay.placement for stay in person.stays}
        names |= {(False, each.provider_id): each.provider for each in person.partners}
        page = template.render(view=view, person=person, names=names, t=texts)
        (people / f"{person.file}.html").write_text(page, encoding="utf-8", newline="\n")


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("talentopt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"plain": _plain, "points": _points, "percent": _percent}
    return pages


def _plain(number: float) -> str:
    """Write a number with as many decimals as it has, two at most."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _points(number: Any, texts: dict[str, str]) -> str:
    return texts["unknown"] if number is None else f"{number:,.2f}"


def _percent(number: Any, texts: dict[str, str]) -> str:
    return texts["unknown"] if number is None else f"{number:.3%}"
