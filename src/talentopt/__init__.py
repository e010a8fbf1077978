"""Joint plans for talent programmes, with a proven bound.

The verbs of the command line are functions here too: ``talentopt.read(path)``,
``talentopt.solve(scenario, ...)``, ``talentopt.audit(scenario, plan)``. Each
loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    # What the callable sub-packages of these names stand for.
    from talentopt.audit.check import audit as audit
    from talentopt.pipeline import solve as solve
    from talentopt.read.reader import read as read

_VERBS = ("read", "solve", "audit")


def __getattr__(name: str) -> ModuleType:
    if name in _VERBS:
        return import_module(f"talentopt.{name}")
    raise AttributeError(f"module 'talentopt' has no attribute {name!r}")
