"""Live progress: one line that changes on a terminal, few plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

    from rich.live import Live

    from talentopt.solve.control import Progress

LINE_SECONDS = 2.0
"""Least time between two plain lines."""


class Display:
    """Shows the latest news of a run on the error stream.

    Calling it only takes the news, since that happens in the solver's thread;
    `show` writes.
    """

    def __init__(self) -> None:
        self._news: Progress | None = None
        self._shown: tuple[float | None, float, str] | None = None
        self._written = -LINE_SECONDS
        self._live: Live | None = None

    def __call__(self, progress: Progress) -> None:
        """Take one line of news."""
        self._news = progress

    def __enter__(self) -> Self:
        """Begin to show."""
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show the last news and leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()
        else:
            self.show(time.monotonic(), last=True)

    def show(self, now: float, *, last: bool = False) -> None:
        """Write the latest news, unless nothing changed or it is too soon.

        Parameters
        ----------
        now : float
            From `time.monotonic`.
        last : bool
            Never too soon.
        """
        news = self._news
        if news is None:
            return
        if self._live is not None:
            from rich.text import Text

            self._live.update(Text(line(news)), refresh=True)
            return
        content = (news.value, news.bound, news.phase)
        if content == self._shown or (now - self._written < LINE_SECONDS and not last):
            return
        self._shown, self._written = content, now
        click.echo(line(news), err=True)


def line(progress: Progress) -> str:
    """Write one line of news."""
    value = "none yet" if progress.value is None else f"{progress.value:,.2f}"
    bound = "none yet" if progress.bound == float("inf") else f"{progress.bound:,.2f}"
    gap = "-" if progress.gap == float("inf") else f"{progress.gap:.4%}"
    return (
        f"{progress.seconds:7.1f} s  best {value:>14}  bound {bound:>14}  gap {gap:>9}"
        f"  {progress.phase}"
    )
