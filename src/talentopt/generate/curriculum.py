"""What a programme asks of everybody on the calendar, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StagePlan:
    """One exclusive stage of a synthetic programme, on a calendar of 24 periods.

    Attributes
    ----------
    stage : str
    count : int
        Placements that everybody needs.
    offered : float
        Placements per person that the seats are made for, before tightness.
    durations : tuple of int
        Periods, drawn from evenly.
    opens, closes : int
        The window, first period included, last period not.
    share : float
        Share of the placements.
    loosest : float
        Demand over supply never exceeds this.
    """

    stage: str
    count: int
    offered: float
    durations: tuple[int, ...]
    opens: int
    closes: int
    share: float
    loosest: float = 99.0

    def scaled(self, n_periods: int) -> StagePlan:
        """Stretch or squeeze the stage to a calendar of another length."""
        factor = n_periods / 24
        opens, closes = round(self.opens * factor), round(self.closes * factor)
        longest = max(1, closes - opens)
        durations = tuple(min(longest, max(1, round(d * factor))) for d in self.durations)
        return StagePlan(
            self.stage,
            self.count,
            self.offered,
            durations,
            opens,
            opens + longest,
            self.share,
            self.loosest,
        )


ONE_FIVE_N = (
    StagePlan("onboarding", 1, 1, (1,), 0, 4, 0.03, loosest=0.9),
    StagePlan("rotation", 5, 5, (2, 2, 2, 3), 1, 21, 0.67),
    StagePlan("targeted", 1, 1, (3, 4, 4, 5), 13, 24, 0.30),
)
"""The windows are those in which people in that order can use the seats, so
that the ratio of demand to supply means what it says."""

ROTATIONS = (
    StagePlan("rotation", 5, 5, (3, 3, 4), 0, 24, 0.75),
    StagePlan("elective", 0, 0.5, (1, 2, 3), 0, 24, 0.25),
)

CURRICULA: dict[str, tuple[StagePlan, ...]] = {
    "one-five-n": ONE_FIVE_N,
    "mentoring": (),
    "rotations": ROTATIONS,
    "ten-point-programme": ONE_FIVE_N,
}
"""The stages of each shipped model."""

FEWEST_PERIODS = 12
"""A shorter calendar cannot hold one onboarding, five rotations and a project."""
