"""Which tables and columns a scenario with a given model has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talentopt.read.errors import nearest, suggestion
from talentopt.read.tables import PROVIDER_COLUMNS, STANDARD, named_by_model, role_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talentopt.read.columns import Table
    from talentopt.read.csvfile import RawTable
    from talentopt.read.errors import Findings
    from talentopt.read.model import Model
    from talentopt.read.source import Source


def layouts(model: Model | None, present: Mapping[str, RawTable]) -> dict[str, Table]:
    """Describe every table of a scenario with this model.

    A table of providers has `capacity`, `budget` and `cost`, and where its
    file has a column named after a matching, that role's capacity.
    """
    found = dict(STANDARD)
    for name, matching in {} if model is None else model.matchings.items():
        for table in (matching.seekers, matching.providers):
            found.setdefault(table, named_by_model(table))
        layout = found[matching.providers]
        extra = list(PROVIDER_COLUMNS)
        raw = present.get(matching.providers)
        if raw is not None and name in raw.cells:
            extra.append(role_column(name))
        columns = [*layout.columns, *(c for c in extra if layout.column(c.name) is None)]
        found[matching.providers] = replace(layout, columns=tuple(columns))
    return found


def own_columns(table: str) -> set[str]:
    """List the columns that a table of providers has whatever the model says."""
    layout = STANDARD.get(table) or named_by_model(table)
    return {column.name for column in (*layout.columns, *PROVIDER_COLUMNS)}


def check_known(known: Mapping[str, Table], source: Source, findings: Findings) -> None:
    """Refuse tables that are neither standard nor named by the model.

    A table that is not there while another has nearly its name counts as
    broken: what refers to its rows is no error of its own.
    """
    for name in sorted({*source.tables, *source.broken} - set(known)):
        remedy = suggestion(name, known, "remove it, or name it in the model")
        findings.add(source.file(name), None, "", f"unknown table {name!r}", remedy)
        meant = nearest(name, known)
        if meant is not None and meant not in source.tables:
            source.broken |= {meant}
