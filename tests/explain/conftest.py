"""A scenario small enough to be solved whole, and of which every kind of question can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.explain.cases import CALENDAR, MODEL, TABLES
from tests.scenarios import write_scenario

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three people, two mentors and three rotations, as files."""
    return write_scenario(tmp_path / "s", TABLES, MODEL, calendar=CALENDAR)
