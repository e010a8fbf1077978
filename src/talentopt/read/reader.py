"""Reading a scenario: the one place where everything comes together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from talentopt.read.calendar import UNIT_NAMES
from talentopt.read.checks import check
from talentopt.read.checks.facts import Facts
from talentopt.read.convert import Converter, lacks_key
from talentopt.read.csvfile import RawTable
from talentopt.read.errors import Findings
from talentopt.read.hashing import fingerprint
from talentopt.read.layouts import check_known, layouts
from talentopt.read.modelfile import find_model, load_model
from talentopt.read.opening import open_source
from talentopt.read.overriding import apply_overrides, weighted_model
from talentopt.read.previous import read_previous
from talentopt.read.rowedits import edit_rows
from talentopt.read.scenario import Scenario
from talentopt.read.settings import make_calendar, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    import pandas as pd

    from talentopt.read.calendar import Calendar
    from talentopt.read.columns import Table
    from talentopt.read.document import Document
    from talentopt.read.settings import Settings
    from talentopt.read.source import Source


def read(
    path: str | PathLike[str],
    *,
    model: str | None = None,
    previous: str | PathLike[str] | None = None,
    at: str | None = None,
    publish_until: str | None = None,
    overrides: Mapping[str, Any] | None = None,
    added: Sequence[tuple[str, Mapping[str, str]]] = (),
    removed: Sequence[tuple[str, str]] = (),
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : path
        A scenario's folder, the ``scenario.yaml`` in it, or a workbook.
    model : str, optional
        Instead of the scenario's own: a shipped name, or a file in its folder.
    previous : path, optional
        Plan folder, instead of the scenario's own `previous`.
    at : str, optional
        Period, instead of the scenario's own `at`.
    publish_until : str, optional
        Period, instead of the scenario's own `publish_until`.
    overrides : mapping of str to object, optional
        Values by dotted path, applied after the scenario's ``weights``: a
        number of the model (``itineraries.idle.points``), a setting
        (``calendar.periods``) or a cell (``placements.R01.seats``; rows with
        several keys as ``seats.R01/2026-03.seats``). Text is read the way
        its file would be.
    added : sequence of (str, mapping), optional
        Rows to add: table, and cells by column.
    removed : sequence of (str, str), optional
        Rows to remove: table and id.

    Returns
    -------
    Scenario

    Raises
    ------
    InputErrors
        With everything that is wrong.
    """
    findings = Findings()
    source = open_source(Path(path), findings)
    if source.settings is not None:
        instead = {"model": model, "at": at, "publish_until": publish_until}
        if previous is not None:
            instead["previous"] = str(Path(previous).absolute())
        _replace_settings(source.settings, instead)
    edit_rows(source, added, removed, findings)
    model_paths = apply_overrides(source, overrides or {}, findings)
    settings = None if source.settings is None else read_settings(source.settings, findings)
    calendar = None
    programme, document = None, None
    if source.settings is not None and settings is not None:
        calendar = make_calendar(settings, source.settings, findings)
        document = _model_document(settings, source, findings)
    if document is not None and source.settings is not None:
        programme = weighted_model(document, source.settings, model_paths, findings)
    known = layouts(programme, source.tables)
    if programme is not None:
        check_known(known, source, findings)
    files = {name: source.file(name) for name in known}
    tables = _convert(source, known, calendar, findings)
    if calendar is not None and programme is not None and document is not None:
        source.broken |= {
            name
            for name, layout in known.items()
            if name in source.tables and lacks_key(source.tables[name], layout)
        }
        check(
            Facts(
                programme,
                document,
                known,
                tables,
                files,
                source,
                calendar.n_periods,
                findings,
            )
        )
    plan, moment, published = None, None, None
    if settings is not None and source.settings is not None and calendar is not None:
        moment = _moment("at", settings, source.settings, calendar, findings)
        published = _moment("publish_until", settings, source.settings, calendar, findings)
        if settings.previous is not None:
            folder = source.folder / settings.previous
            plan = read_previous(folder, calendar, source.settings.origin(("previous",)), findings)
    findings.stop_if_any()
    if settings is None or calendar is None or programme is None:
        raise AssertionError("something is missing that no error explains")
    digest = fingerprint(settings.name, programme, calendar, tables, plan, moment, published)
    notes = tuple(findings.notes)
    return Scenario(
        settings.name,
        source.path,
        programme,
        calendar,
        tables,
        files,
        plan,
        moment,
        digest,
        notes,
        published,
    )


def _replace_settings(settings: Document, instead: Mapping[str, str | None]) -> None:
    """Put what the caller asks for in the place of what the file says."""
    if not isinstance(settings.value, dict):
        return
    for key, value in instead.items():
        if value is not None:
            settings.value[key] = value
            settings.origins[(key,)] = (f"option {key}", None)


def _model_document(settings: Settings, source: Source, findings: Findings) -> Document | None:
    origin = ("", None) if source.settings is None else source.settings.origin(("model",))
    place = find_model(settings.model, source.folder, origin, findings)
    return None if place is None else load_model(place, source.folder, findings)


def _convert(
    source: Source, known: Mapping[str, Table], calendar: Calendar | None, findings: Findings
) -> dict[str, pd.DataFrame]:
    """Give every table its types; tables that are not there are empty."""
    return {
        name: Converter(
            source.tables.get(name) or RawTable.empty(layout), layout, calendar, findings
        ).convert()
        for name, layout in known.items()
    }


def _moment(
    key: str, settings: Settings, document: Document, calendar: Calendar, findings: Findings
) -> int | None:
    """Find the period that one of the keys of re-planning names."""
    text = getattr(settings, key)
    if text is None:
        return None
    origin = document.origin((key,))
    if settings.previous is None and key == "at":
        problem = "`at` has a meaning only together with `previous`"
        findings.add(*origin, "at", problem, "name the previous plan's folder, or remove `at`")
        return None
    try:
        moment = calendar.index(text)
    except ValueError:
        problem = f"{text!r} is no {UNIT_NAMES[calendar.unit]}"
        findings.add(*origin, key, problem, f"write it like {calendar.label(0)}")
        return None
    if moment > calendar.n_periods:
        problem = f"{text} is after the calendar's end"
        last = calendar.label(calendar.n_periods - 1)
        findings.add(*origin, key, problem, f"write a period up to {last}")
    return moment
