"""All reports of a plan, into a folder that is new or has them already."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talentopt.audit.check import audit
from talentopt.plan.folder import written_whole
from talentopt.report.figures import figures
from talentopt.report.pages import write_people, write_report
from talentopt.report.pdf import write_pdf, write_pdf_each
from talentopt.report.view import view
from talentopt.report.workbook import write_workbook

if TYPE_CHECKING:
    from talentopt.plan.plan import Plan
    from talentopt.read.scenario import Scenario

FILES = ("report.html", "plan.xlsx")
PDF = "people.pdf"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which of the reports are written, and in which language.

    Attributes
    ----------
    language : str
        A key of `talentopt.report.texts.LANGUAGES`.
    pdf : bool
        Also write ``people.pdf``.
    pdf_each : bool
        Also write ``people/ID.pdf``.
    """

    language: str = "en"
    pdf: bool = False
    pdf_each: bool = False


ENGLISH = Edition()


def write_reports(
    plan: Plan, scenario: Scenario, audited: Path, folder: Path, edition: Edition = ENGLISH
) -> None:
    """Write ``report.html``, ``plan.xlsx`` and ``people/``.

    Parameters
    ----------
    plan : Plan
    scenario : Scenario
    audited : Path
        The plan's files; their audit is part of the report.
    folder : Path
        Where the reports go.
    edition : Edition

    Raises
    ------
    InputErrors
        If the plan's files do not fit the scenario.
    """
    language = edition.language
    arranged = view(plan, scenario, audit(scenario, audited), language)
    computed = figures(plan, scenario, arranged, audited, language)
    write_report(arranged, computed, scenario, folder, language)
    write_people(arranged, folder, language)
    write_workbook(plan, arranged, folder / "plan.xlsx")
    if edition.pdf:
        write_pdf(arranged, folder / PDF, language)
    if edition.pdf_each:
        write_pdf_each(arranged, folder / "people", language)


def refresh_reports(
    plan: Plan, scenario: Scenario, folder: Path, edition: Edition = ENGLISH
) -> None:
    """Write the reports into a plan folder that is there, each in one step."""
    with tempfile.TemporaryDirectory(prefix=".report.", dir=folder) as name:
        work = Path(name)
        write_reports(plan, scenario, folder, work, edition)
        with written_whole(folder / "people", replace=True) as people:
            for page in (work / "people").iterdir():
                page.rename(people / page.name)
        for file in (*FILES, PDF) if edition.pdf else FILES:
            os.replace(work / file, folder / file)
