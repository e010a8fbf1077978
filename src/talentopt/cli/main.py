"""The entry point: exit codes, and errors in words instead of tracebacks."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from talentopt.cli.exits import FAILED, INTERNAL, INTERRUPTED, INVALID, NO_PLAN
from talentopt.cli.group import Families


@click.group(cls=Families, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="talentopt")
def cli() -> None:
    """Joint plans for talent programmes, with a proven bound.

    Exit codes: 0 done; 1 the plan or scenario fails its check; 2 wrong use;
    3 invalid input; 4 stopped with no plan; 70 internal error; 130 interrupted.
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # A solver's thread that is still at work must not keep the process alive.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run one command.

    Returns
    -------
    int
        The exit code.
    """
    try:
        code = cli.main(arguments, prog_name="talentopt", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        return _explain(error)
    return code if isinstance(code, int) else 0


def _explain(error: Exception) -> int:
    """Tell what went wrong, and give it its exit code."""
    if os.environ.get("TALENTOPT_TRACEBACK"):
        raise error
    known = {
        "InputErrors": INVALID,
        "Contradiction": FAILED,
        "BrokenPlan": FAILED,
        "NoPlan": NO_PLAN,
    }
    if type(error).__name__ in known:
        click.echo(str(error), err=True)
        return known[type(error).__name__]
    if isinstance(error, OSError):
        click.echo(f"cannot read or write: {error}", err=True)
        return INVALID
    click.echo(
        f"internal error: {type(error).__name__}: {error}\n"
        "Please report it; TALENTOPT_TRACEBACK=1 in the environment shows where it happened.",
        err=True,
    )
    return INTERNAL
