"""Reading a scenario: the one place where everything comes together."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from talentopt.read.convert import Converter
from talentopt.read.csvfile import RawTable
from talentopt.read.errors import Findings
from talentopt.read.folder import read_folder
from talentopt.read.model import Model
from talentopt.read.modelfile import find_model, load_model
from talentopt.read.scenario import Scenario
from talentopt.read.settings import make_calendar, read_settings
from talentopt.read.shape import validated
from talentopt.read.tables import PROVIDER_COLUMNS, STANDARD, Table, named_by_model, role_column

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike


def read(path: str | PathLike[str]) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : path
        A scenario's folder, the ``scenario.yaml`` in it, or a workbook.

    Raises
    ------
    InputErrors
        With everything that is wrong.
    """
    findings = Findings()
    source = read_folder(Path(path), findings)
    settings = read_settings(source.settings, findings)
    findings.stop_if_any()
    assert settings is not None
    calendar = make_calendar(settings, source.settings, findings)
    place = find_model(
        settings.model, source.folder, *source.settings.origin(("model",)), findings
    )
    findings.stop_if_any()
    document = load_model(place, source.folder, findings)
    findings.stop_if_any()
    model = validated(Model, document, findings)
    findings.stop_if_any()
    tables, files = {}, {}
    for table in layouts(model, source.tables).values():
        raw = source.tables.get(table.name)
        if raw is None:
            names = [c.name for c in table.columns]
            raw = RawTable(
                f"{table.name}.csv",
                pd.DataFrame(
                    {n: pd.Series(dtype="str") for n in names},
                    index=pd.Index([], dtype="int64", name="line"),
                ),
            )
        tables[table.name] = Converter(raw, table, calendar, findings).convert()
        files[table.name] = raw.file
    findings.stop_if_any()
    return Scenario(
        settings.name,
        source.path,
        model,
        calendar,
        tables,
        files,
        None,
        None,
        hashlib.sha256(b"").hexdigest(),
    )


def layouts(model: Model, present: Mapping[str, RawTable]) -> dict[str, Table]:
    """Describe every table of a scenario with this model.

    A table of providers has `capacity`, `budget` and `cost`, and where its
    file has a column named after a matching, that role's capacity.
    """
    found = dict(STANDARD)
    for name, matching in model.matchings.items():
        for table in (matching.seekers, matching.providers):
            found.setdefault(table, named_by_model(table))
        extra = list(PROVIDER_COLUMNS)
        raw = present.get(matching.providers)
        if raw is not None and name in raw.cells:
            extra.append(role_column(name))
        layout = found[matching.providers]
        columns = [*layout.columns, *(c for c in extra if layout.column(c.name) is None)]
        found[matching.providers] = replace(layout, columns=tuple(columns))
    return found
