"""The process that is measured: reads one instance, runs one solver, writes its answer.

``python -m talentopt.bench.child TASK.json``; see `talentopt.bench.measure`.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talentopt.bench.registry import Registry
from talentopt.bench.runs import write_json
from talentopt.solve.control import Control, Limits

if TYPE_CHECKING:
    from talentopt.bench.plugins import Competitor, Loaded
    from talentopt.solve.control import Progress

MOST_TRACED = 2000
"""Lines of a trace that are kept; a longer one is thinned out evenly."""


def main(task_file: Path) -> None:
    """Run one task and leave; whatever the solver's threads still do ends with the process."""
    task = json.loads(task_file.read_text(encoding="utf-8"))
    registry, folder = Registry(Path(task["home"])), task_file.parent
    competitor = registry.solvers()[task["solver"]]
    form = registry.format(task["format"])
    loaded = form.load(Path(task["path"]))
    reason = competitor.unsuitable(loaded.problem)
    if reason:
        write_json(folder / "facts.json", {"outcome": "unsuitable", "message": reason})
        return
    competitor.prepare()
    trace = _Trace(loaded)
    limits = Limits(seconds=task["seconds"], workers=task["workers"], seed=task["seed"])
    control = Control(loaded.problem, limits, trace)
    trace.start()
    late, error = _search(competitor, control, task["overrun"])
    seconds = control.seconds
    facts: dict[str, Any] = {
        "outcome": "no answer" if control.best is None else "answered",
        "seconds": seconds,
        "claimed": _units(loaded, control.value) if loaded.claims else None,
        "bound": _units(loaded, control.bound),
        "stopped_by": control.stopped_by,
        "message": error or late,
    }
    if control.best is not None:
        form.write(loaded, control, competitor.name, folder / "answer")
    elif error:
        facts["outcome"] = "failed"
    write_json(folder / "trace.json", trace.thinned())
    write_json(folder / "facts.json", facts)


def _search(competitor: Competitor, control: Control, overrun: float) -> tuple[str, str]:
    """Run the solver until its limit and a little longer.

    Returns
    -------
    late, error : str
        That it did not stop in time, and what made it fail; blank otherwise.
    """
    failure = []

    def work() -> None:
        try:
            competitor.solve(control.problem, control)
        # Whatever happens in a competitor is its result.
        except BaseException as error:
            traceback.print_exc()
            failure.append(f"{type(error).__name__}: {error}")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(control.limits.seconds + overrun)
    if thread.is_alive():
        control.interrupt()
        thread.join(1.0)
        return f"still at work {overrun:g} s after its limit, and stopped", ""
    return "", "".join(failure)


class _Trace:
    """An observer that notes every piece of news with the processor time used."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._before = _processor_seconds()
        self.lines: list[dict[str, Any]] = []

    def start(self) -> None:
        self._before = _processor_seconds()

    def __call__(self, progress: Progress) -> None:
        """Note one line."""
        self.lines.append(
            {
                "seconds": round(progress.seconds, 4),
                "cpu": round(_processor_seconds() - self._before, 4),
                "value": _units(self._loaded, progress.value),
                "bound": _units(self._loaded, progress.bound),
                "phase": progress.phase,
            }
        )

    def thinned(self) -> list[dict[str, Any]]:
        step = math.ceil(len(self.lines) / MOST_TRACED) or 1
        kept = self.lines[::step]
        return kept if not self.lines or kept[-1] is self.lines[-1] else [*kept, self.lines[-1]]


def _processor_seconds() -> float:
    """Seconds of all threads and of children that have ended."""
    return sum(os.times()[:4])


def _units(loaded: Loaded, points: float | None) -> float | None:
    if points is None or not math.isfinite(points):
        return None
    return loaded.sign * points + loaded.offset


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
