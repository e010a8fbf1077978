"""HTML pages: the report, and a development plan per person."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from talentopt.report.payload import embed, payload
from talentopt.report.texts import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.read.scenario import Scenario
    from talentopt.report.figures import Figures
    from talentopt.report.view import View

NEAR = 0.01
"""Proven gap up to which the search counts as done in the verdict."""

SCRIPTS = ("dom.js", "rows.js", "report.js")
"""In this order; together they are the page's one script."""


def write_report(
    view: View, figures: Figures, scenario: Scenario, folder: Path, language: str
) -> None:
    """Write ``report.html``: one file that needs nothing else.

    Everything from the scenario is escaped, names that hold HTML stay text; a
    policy in the page lets its own script run only, and no other address in.
    """
    texts = LANGUAGES[language]
    css, js = _static("page.css", "report.css"), _static(*SCRIPTS)
    short = {row["subject"] for row in view.shortages if row["rule"] == "missing"}
    people = short & {person.id for person in view.people}
    other = {(row["rule"], row["subject"]) for row in view.shortages} - {
        ("missing", person) for person in people
    }
    itineraries = scenario.model.itineraries
    text = (
        _environment()
        .get_template("report.html")
        .render(
            view=view,
            figures=figures,
            t=texts,
            css=css,
            js=js,
            css_hash=_hash(css),
            js_hash=_hash(js),
            data=embed(payload(view, scenario, figures, texts)),
            signable=not view.violations and not view.differences,
            better=_better(view.summary, texts),
            near=_near(view.summary),
            headline=_headline(view, texts),
            missing=_by_kind(view.shortages, scenario, texts),
            edits=view.summary.get("accepted_edits") or [],
            lost=sum(row["points"] for row in view.shortages),
            lacking=_lacking(len(people), len(other), len(view.people), texts),
            stages=[] if itineraries is None else [stage.stage for stage in itineraries.stages],
        )
    )
    (folder / "report.html").write_text(text, encoding="utf-8", newline="\n")


def write_people(view: View, folder: Path, language: str) -> None:
    """Write ``people/ID.html``, a development plan for everybody."""
    people, texts = folder / "people", LANGUAGES[language]
    people.mkdir(exist_ok=True)
    template, css = _environment().get_template("person.html"), _static("page.css", "person.css")
    for person in view.people:
        page = template.render(view=view, person=person, names=person.names(), t=texts, css=css)
        (people / f"{person.file}.html").write_text(page, encoding="utf-8", newline="\n")


def _better(summary: dict[str, Any], texts: dict[str, str]) -> str:
    """Say in plain words how much better another plan could be."""
    bound, value = summary.get("bound"), summary.get("objective")
    if not isinstance(bound, int | float) or not isinstance(value, int | float):
        return texts["better_unknown"]
    left = max(0.0, bound - value)
    if summary.get("status") == "optimal" or left == 0:
        return texts["better_none"]
    share = left / max(1.0, abs(value))
    # Rounded up, so that it stays true.
    percent = f"{_plain(-(-share * 100_000 // 1) / 1000, 3)} %"
    # A share of a negative worth tells nobody anything.
    form = texts["better_share" if value > 0 else "better_some"]
    return form.format(percent=percent, points=f"{left:,.2f}")


def _lacking(people: int, other: int, everybody: int, texts: dict[str, str]) -> str:
    """Say how many lack something; blank when nobody does."""
    if not people and not other:
        return ""
    form = (
        "sign_short_both" if people and other else "sign_short" if people else "sign_short_other"
    )
    return texts[form].format(people=people, other=other, all=everybody)


def _headline(view: View, texts: dict[str, str]) -> str:
    """Say whether the plan may be signed, and what to know before."""
    if _near(view.summary):
        return texts["sign_lacking" if view.shortages else "sign_yes"]
    return texts["sign_lacking_better" if view.shortages else "sign_better"]


def _by_kind(
    shortages: list[dict[str, Any]], scenario: Scenario, texts: dict[str, str]
) -> list[dict[str, Any]]:
    """Add up shortages of one kind, the dearest first."""
    kinds: dict[str, dict[str, Any]] = {}
    for row in shortages:
        name = row["kind"]
        start = {"kind": name, "name": texts.get(f"rule_{name}", name)}
        start |= {"what": _what(name, scenario, texts), "count": 0, "amount": 0.0, "points": 0.0}
        kind = kinds.setdefault(name, start)
        kind["count"] += 1
        kind["amount"] += row["amount"]
        kind["points"] += row["points"]
    return sorted(kinds.values(), key=lambda kind: -kind["points"])


def _what(kind: str, scenario: Scenario, texts: dict[str, str]) -> str:
    """Say what is missing of a kind: providers, a placement or hours; blank for other rules."""
    if kind in scenario.model.matchings:
        return scenario.model.matchings[kind].providers
    itineraries = scenario.model.itineraries
    stages = set() if itineraries is None else {each.stage for each in itineraries.stages}
    if kind in stages:
        return texts["placement"].lower()
    return texts["hours"] if kind.partition("/")[0] in stages else ""


def _near(summary: dict[str, Any]) -> bool:
    """Whether no other plan can be much better."""
    gap = summary.get("gap")
    return isinstance(gap, int | float) and gap <= NEAR


def _static(*names: str) -> str:
    folder = files("talentopt.report") / "static"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


def _hash(text: str) -> str:
    """Name a script or style in a content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _environment() -> Environment:
    pages = Environment(
        loader=PackageLoader("talentopt.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters |= {"plain": _plain, "points": _points, "percent": _percent, "share": _share}
    return pages


def _plain(number: float, decimals: int = 2) -> str:
    """Write a number with as many decimals as it has, a few at most."""
    return f"{number:,.{decimals}f}".rstrip("0").rstrip(".")


def _points(number: Any, texts: dict[str, str]) -> str:
    return texts["unknown"] if number is None else f"{number:,.2f}"


def _percent(number: Any, texts: dict[str, str]) -> str:
    return texts["unknown"] if number is None else f"{number:.3%}"


def _share(number: float) -> str:
    return f"{number:.0%}"
