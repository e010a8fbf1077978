"""What tables and a model must agree on; one file per kind of mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentopt.read.checks.absent import check_people, leave_out
from talentopt.read.checks.alike import check_alike
from talentopt.read.checks.entries import check_bookings, check_pairs
from talentopt.read.checks.people import check_absences, check_preferences
from talentopt.read.checks.prerequisites import check_prerequisites
from talentopt.read.checks.programme import check_programme
from talentopt.read.checks.quotas import check_quotas
from talentopt.read.checks.references import check_references
from talentopt.read.checks.stages import check_stages
from talentopt.read.checks.windows import check_windows

if TYPE_CHECKING:
    from talentopt.read.checks.facts import Facts

_CHECKS = (
    check_people,
    leave_out,
    check_programme,
    check_references,
    check_windows,
    check_stages,
    check_prerequisites,
    check_preferences,
    check_absences,
    check_pairs,
    check_bookings,
    check_quotas,
    check_alike,
)


def check(facts: Facts) -> None:
    """Note everything that tables and model disagree about, but for tables that are not there."""
    for one in _CHECKS:
        one(facts)
