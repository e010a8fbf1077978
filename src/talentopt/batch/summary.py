"""The summary of a batch as CSV and as a page."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from jinja2 import Environment

from talentopt.batch.records import Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS = tuple(field.name for field in fields(Record) if field.name != "key")

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Batch summary</title>
<style>
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #8886; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.message { white-space: pre-line; max-width: 40rem; }
tr.bad td { background: #c0392b22; }
</style></head><body>
<h1>Batch summary</h1>
<p>{{ solved }} of {{ records|length }} scenarios solved.</p>
<table><thead><tr>
<th>Scenario</th><th>Overrides</th><th>Outcome</th><th>Value</th><th>Bound</th><th>Gap</th>
<th>Shortages</th><th>Seconds</th><th>Message</th></tr></thead><tbody>
{% for r in records %}<tr{% if r.outcome != "solved" %} class="bad"{% endif %}>
<td>{{ r.name }}</td><td>{{ r.overrides }}</td><td>{{ r.outcome }} {{ r.status }}</td>
<td class="number">{{ "" if r.objective is none else "%.2f"|format(r.objective) }}</td>
<td class="number">{{ "" if r.bound is none else "%.2f"|format(r.bound) }}</td>
<td class="number">{{ "" if r.gap is none else "%.3f %%"|format(100 * r.gap) }}</td>
<td class="number">{{ r.shortages }}</td><td class="number">{{ "%.1f"|format(r.seconds) }}</td>
<td class="message">{{ r.message }}</td></tr>
{% endfor %}</tbody></table></body></html>
"""


def write_summary(records: Sequence[Record], folder: Path) -> None:
    """Write ``summary.csv`` and ``summary.html`` into the batch's folder.

    Parameters
    ----------
    records : sequence of Record
    folder : Path
    """
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(record) for record in records)
    solved = sum(record.outcome == "solved" for record in records)
    page = Environment(autoescape=True).from_string(PAGE).render(records=records, solved=solved)
    for name, content in (("summary.csv", table.getvalue()), ("summary.html", page)):
        draft = folder / f".{name}.tmp"
        draft.write_text(content, encoding="utf-8")
        draft.replace(folder / name)
