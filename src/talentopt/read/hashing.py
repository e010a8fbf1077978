"""One fingerprint of everything that was read.

It is taken over the parsed content: a folder and a workbook that mean the same
have the same fingerprint, wherever they lie and however their lines end.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from talentopt.read.calendar import Calendar
    from talentopt.read.model import Model
    from talentopt.read.scenario import PreviousPlan


def fingerprint(
    name: str,
    model: Model,
    calendar: Calendar,
    tables: Mapping[str, pd.DataFrame],
    previous: PreviousPlan | None,
    at: int | None,
    publish_until: int | None,
) -> str:
    """Compute the SHA-256 of a scenario's content, as hex."""
    digest = hashlib.sha256()
    span = (calendar.unit, calendar.start, calendar.n_periods, calendar.cycle)
    _feed(digest, [name, model.model_dump(), span, at, publish_until])
    for table in sorted(tables):
        _feed_table(digest, table, tables[table])
    if previous is not None:
        _feed_table(digest, "previous pairs", previous.pairs)
        _feed_table(digest, "previous placements", previous.placements)
    return digest.hexdigest()


def _feed_table(digest: Any, name: str, table: pd.DataFrame) -> None:
    if table.empty:
        return
    _feed(digest, [name, len(table)])
    for column in sorted(table.columns):
        cells = table[column]
        values = cells.astype(object).where(cells.notna(), None).tolist()
        _feed(digest, [column, values])


def _feed(digest: Any, value: Any) -> None:
    digest.update(json.dumps(value, sort_keys=True, ensure_ascii=True).encode())
