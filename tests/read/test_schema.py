"""The schemas name what the reader knows."""

from __future__ import annotations

import json

from talentopt.read.model import Model
from talentopt.read.schema import model_schema, scenario_schema
from talentopt.read.tables import STANDARD


def test_scenario_schema() -> None:
    schema = json.loads(json.dumps(scenario_schema()))
    assert set(schema["required"]) == {"name", "model", "calendar"}
    for name, table in STANDARD.items():
        row = schema["$defs"][f"{name} row"]
        assert list(row["properties"]) == [column.name for column in table.columns]


def test_model_schema() -> None:
    schema = json.loads(json.dumps(model_schema()))
    assert set(schema["properties"]) == set(Model.model_fields)
    assert schema["additionalProperties"] is False


def test_every_column_says_what_it_means() -> None:
    for table in STANDARD.values():
        for column in table.columns:
            assert column.help
            assert column.blank_means in column.description
