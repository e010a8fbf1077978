"""``warm-up``: compile once, so that the first plan comes as fast as the next ones."""

from __future__ import annotations

import click


@click.command("warm-up")
def warm_up() -> None:
    """Compile the solvers' inner loops now, so that the first plan need not wait for it.

    The compiled code is kept for later runs. Without this command the first runs compile what
    they need.
    """
    from time import perf_counter

    from talentopt.pipeline import usable_cores
    from talentopt.warm import warm_up as warm

    click.echo("compiling once for all later runs; a minute or so ...")
    before = perf_counter()
    try:
        folder = warm(min(2, usable_cores()))
    except Exception as error:
        click.echo(f"not all could be compiled ahead ({error}); runs compile what they need")
        return
    if folder is None:
        click.echo(
            "no folder for compiled code can be written, so every run compiles anew; "
            "name one in the environment variable NUMBA_CACHE_DIR"
        )
        return
    click.echo(f"compiled in {perf_counter() - before:.0f} s; kept under {folder.parent}")
