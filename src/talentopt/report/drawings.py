"""What ReportLab does not have: an entry of the outline, and a person's time line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from talentopt.report.workbook import COLOURS

if TYPE_CHECKING:
    from talentopt.report.view import Person

LANE = 9
"""Height of one placement on the time line, in points."""


class Bookmark(Flowable):
    """An entry of the outline that leads here."""

    def __init__(self, title: str, key: str) -> None:
        super().__init__()
        self._title, self._key = title, key

    def draw(self) -> None:
        """Put it on the page."""
        self.canv.bookmarkPage(self._key)
        self.canv.addOutlineEntry(self._title, self._key)


class TimeLine(Flowable):
    """One bar per placement, from the calendar's first period to its last."""

    def __init__(self, person: Person, periods: list[str]) -> None:
        super().__init__()
        self._stays, self._periods = person.stays, periods

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take the whole width."""
        self.width = width
        return width, LANE * len(self._stays) + 22

    def draw(self) -> None:
        """Draw the bars from above and the calendar's ends below."""
        canvas, top = self.canv, LANE * len(self._stays) + 16
        canvas.setStrokeColor(HexColor("#C9CED6"))
        canvas.rect(0, 12, self.width, top - 12)
        for number, stay in enumerate(self._stays):
            canvas.setFillColor(HexColor(COLOURS[stay.stage_number % len(COLOURS)]))
            left, width = self.width * stay.left / 100, self.width * stay.width / 100
            canvas.rect(left, top - LANE * (number + 1), width, LANE - 2, stroke=1, fill=1)
        canvas.setFillColor(HexColor("#000000"))
        canvas.setFont("Helvetica", 7.5)
        canvas.drawString(0, 3, self._periods[0])
        canvas.drawRightString(self.width, 3, self._periods[-1])
