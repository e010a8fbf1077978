"""Running commands in tests."""

from __future__ import annotations

import contextlib
import io
from typing import NamedTuple

from talentopt.cli.main import run


class Ran(NamedTuple):
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


def talentopt(*arguments: object) -> Ran:
    """Run a command as the shell would, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Ran(code, out.getvalue(), err.getvalue())
