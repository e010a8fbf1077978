from pathlib import Path

import pytest


@pytest.fixture
def bundled():
    """The folder of the scenarios that ship."""
    return Path(__file__).parents[2] / "scenarios"
