"""JSON Schema of ``scenario.yaml``, of models and of the tables, for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talentopt.read.calendar import EXAMPLES
from talentopt.read.cells import NUMBER
from talentopt.read.model import Model
from talentopt.read.settings import Settings
from talentopt.read.tables import STANDARD, named_by_model

if TYPE_CHECKING:
    from talentopt.read.columns import Column, Table

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def scenario_schema() -> dict[str, Any]:
    """Describe ``scenario.yaml``, and under ``$defs`` a row of every table.

    A row of a table is described as a CSV reader sees it: an object whose
    values are text.
    """
    schema = Settings.model_json_schema()
    properties = schema["properties"]
    for place in (
        schema["$defs"]["CalendarSettings"]["properties"]["start"],
        properties["at"],
        properties["publish_until"],
    ):
        place["examples"] = list(EXAMPLES.values())
    rows = {f"{name} row": _row(table) for name, table in STANDARD.items()}
    rows["row of a table that the model names"] = _row(named_by_model("providers"))
    schema["$defs"].update(rows)
    return {"$schema": _DRAFT, **schema, "title": "talentopt scenario"}


def model_schema() -> dict[str, Any]:
    """Describe a programme model."""
    return {"$schema": _DRAFT, **Model.model_json_schema(), "title": "talentopt model"}


def _row(table: Table) -> dict[str, Any]:
    """Describe a row of a table; other columns are attributes."""
    return {
        "type": "object",
        "description": table.help,
        "properties": {column.name: _cell(column) for column in table.columns},
        "required": [column.name for column in table.columns if column.required],
        "additionalProperties": {"type": "string"},
    }


def _cell(column: Column) -> dict[str, Any]:
    """Describe the text of a cell."""
    described: dict[str, Any] = {"type": "string", "description": column.description}
    if column.example:
        described["examples"] = [column.example]
    if column.choices:
        described["enum"] = ["", *column.choices]
    elif column.numeric:
        optional = "" if column.required else "?"
        described["pattern"] = f"^(?:{NUMBER.pattern}){optional}$"
    elif column.required:
        described["minLength"] = 1
    return described
