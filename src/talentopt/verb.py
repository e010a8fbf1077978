"""Sub-packages that can be called: ``talentopt.read(path)`` beside ``talentopt.read.model``.

A function of the package and a sub-package cannot share a name: importing the
second would replace the first. So the sub-package itself is made callable, and
loads what it calls only then.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any


class _Verb(ModuleType):
    """A module that hands its calls to a function."""

    _module: str
    _function: str

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(self._module), self._function)(*args, **kwargs)


def make_callable(package: str, module: str, function: str) -> None:
    """Let calls of a package go to a function of one of its modules."""
    verb = sys.modules[package]
    verb.__class__ = _Verb
    verb.__dict__.update(_module=module, _function=function)
