"""Development plans as printable PDF: a page or more for each person.

Written with ReportLab, the optional extra ``pdf``. Text outside Western
European letters is set in ReportLab's CID font for Chinese, which every
PDF reader supplies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from talentopt.report.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from talentopt.insight.development import Goal
    from talentopt.report.view import Person, View

CHINESE_FONT = "STSong-Light"


class MissingLibrary(Exception):
    """ReportLab is not installed."""


def write_pdf(view: View, path: Path, language: str = "en") -> None:
    """Write everybody's development plan into one file, with a bookmark for each person.

    Parameters
    ----------
    view : View
    path : Path
    language : str
        A key of `talentopt.report.texts.LANGUAGES`.

    Raises
    ------
    MissingLibrary
        If ReportLab is not installed.
    """
    _write(view, view.people, path, language)


def write_pdf_each(view: View, folder: Path, language: str = "en") -> None:
    """Write a file ``ID.pdf`` for each person, as `write_pdf` does for all."""
    for person in view.people:
        _write(view, [person], folder / f"{person.file}.pdf", language)


def _write(view: View, people: Sequence[Person], path: Path, language: str) -> None:
    try:
        from reportlab.platypus import PageBreak, SimpleDocTemplate
    except ImportError:
        raise MissingLibrary("PDF needs ReportLab: pip install 'talentopt[pdf]'") from None
    texts = LANGUAGES[language]
    writer = _Writer(view, texts)
    flow: list[Any] = []
    for person in people:
        flow += [*writer.person(person), PageBreak()]
    # Invariant: the same plan gives the same file.
    title = f"{texts['development_plans']}: {view.name}"
    SimpleDocTemplate(str(path), title=title, lang=texts["lang"], invariant=1).build(flow)


class _Writer:
    """Sets one person's plan as a list of ReportLab's flowables."""

    def __init__(self, view: View, texts: dict[str, str]) -> None:
        from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfbase.pdfmetrics import registerFont

        registerFont(UnicodeCIDFont(CHINESE_FONT))
        self._view, self._texts = view, texts
        sheet = getSampleStyleSheet()
        self._styles = {
            name: ParagraphStyle(name, parent=sheet[parent], wordWrap="CJK", fontSize=size, **more)
            for name, parent, size, more in (
                ("title", "Title", 17, {"alignment": 0, "leading": 22}),
                ("head", "Heading2", 12, {"spaceBefore": 12}),
                ("text", "BodyText", 9.5, {"leading": 13}),
            )
        }

    def person(self, person: Person) -> list[Any]:
        """Set one person's plan."""
        from talentopt.report.drawings import Bookmark, TimeLine

        t, view = self._texts, self._view
        who = person.name if person.name == person.id else f"{person.name} ({person.id})"
        flow = [
            Bookmark(who, person.file),
            self._say(f"{t['development_plan']}: {who}", "title"),
            self._say(" · ".join(filter(None, (person.unit, person.site)))),
            self._say(t["stages"], "head"),
        ]
        if person.stays:
            flow.append(TimeLine(person, view.periods))
            rows = [
                (s.start, s.end, s.stage, s.placement, s.area, s.unit, s.site)
                for s in person.stays
            ]
            columns = ("from", "to", "stage", "placement", "area", "unit", "site")
            flow.append(self._table(columns, rows, (46, 46, 62, 112, 58, 78, 53)))
        else:
            flow.append(self._say(t["not_placed"]))
        flow.append(self._say(t["mentors"], "head"))
        pairs = [(each.matching, each.provider, each.unit) for each in person.partners]
        flow.append(self._table(("role", "provider", "unit"), pairs, (110, 185, 160)))
        flow.append(self._say(t["goals"], "head"))
        names = person.names()
        goals = [self._goal(goal, names) for goal in person.goals]
        heads = ("skill", "level", "target", "closed_by", "stays_open")
        flow.append(
            self._table(heads, goals, (95, 50, 50, 200, 60)) if goals else self._say(t["no_goals"])
        )
        if person.missing:
            flow.append(self._say(t["missing_here"], "head"))
            flow += [self._say(f"• {reason}") for reason in person.missing]
        flow.append(self._say(t["renewal"], "head"))
        every = t["renewed_every"].format(cycle=view.cycle, periods=", ".join(view.renewals))
        flow.append(
            self._say(f"{view.renewals[0]}. {every}" if view.renewals else t["no_renewal"])
        )
        return flow

    def _goal(self, goal: Goal, names: dict[tuple[bool, str], str]) -> tuple[str, ...]:
        t = self._texts
        helps = (
            f"{names.get((each.placement, each.name), each.name)} "
            f"{t['brings_to'] if each.placement else t['has_level']} {each.level:g}"
            for each in goal.helps
        )
        left = f"{goal.open:g}" if goal.open > 0 else t["closed"]
        closed_by = "; ".join(helps) or t["nobody"]
        return goal.skill, f"{goal.level:g}", f"{goal.target:g}", closed_by, left

    def _say(self, text: str, style: str = "text") -> Any:
        from reportlab.platypus import Paragraph

        return Paragraph(set_text(text), self._styles[style])

    def _table(
        self, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
    ) -> Any:
        from reportlab.lib.colors import HexColor
        from reportlab.platypus import Table

        cells = [[self._say(text) for text in row] for row in rows]
        if not cells:
            return self._say(self._texts["nobody"])
        head = [self._say(self._texts[name]) for name in heads]
        style = [
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#F1F3F6")),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#C9CED6")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
        return Table([head, *cells], colWidths=widths, repeatRows=1, style=style)


def set_text(text: str) -> str:
    """Escape a text for ReportLab, with the Chinese font where the usual one has no letters."""
    parts: list[tuple[bool, str]] = []
    for letter in text:
        foreign = not _western(letter)
        if parts and parts[-1][0] == foreign:
            parts[-1] = (foreign, parts[-1][1] + letter)
        else:
            parts.append((foreign, letter))
    return "".join(
        f'<font name="{CHINESE_FONT}">{escape(part)}</font>' if foreign else escape(part)
        for foreign, part in parts
    )


def _western(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
