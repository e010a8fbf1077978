"""Scenarios: an answer is a plan folder, judged by the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.bench.plugins import Loaded, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from talentopt.solve.control import Control


class ScenarioFormat:
    """A folder or workbook of the project's own format; points, maximised."""

    name = "scenario"
    sense = "max"
    files = ()

    def check(self, path: Path) -> str:
        """Read it, for all errors at once."""
        from talentopt.read.errors import InputErrors
        from talentopt.read.reader import read

        try:
            read(path)
        except InputErrors as errors:
            return f"{path}:\n{errors}"
        return ""

    def load(self, path: Path) -> Loaded:
        """Read and compile."""
        from talentopt.pipeline import prepare
        from talentopt.read.reader import read

        scenario = read(path)
        compiled = prepare(scenario)
        return Loaded(compiled.problem, (scenario, compiled))

    def write(self, loaded: Loaded, control: Control, solver: str, folder: Path) -> None:
        """Write the plan."""
        from talentopt.plan.files import write_plan
        from talentopt.plan.interpret import interpret

        scenario, compiled = loaded.context
        write_plan(interpret(compiled, scenario, control, solver), folder)

    def judge(self, path: Path, folder: Path) -> Verdict:
        """Audit the plan: every rule and every point from the files alone."""
        from talentopt.audit.check import audit
        from talentopt.read.reader import read

        verdict = audit(read(path), folder)
        if verdict.violations:
            first = verdict.violations[0]
            return Verdict(None, f"{len(verdict.violations)} violations: {first.message}")
        if verdict.differences:
            return Verdict(None, f"the audit finds otherwise: {verdict.differences[0].message}")
        return Verdict(verdict.objective)


FORMAT = ScenarioFormat()
