"""Every standard table and column, described once.

The reader, the JSON Schema, the reference pages and ``talentopt new`` all read
this description, so that they cannot disagree.
"""

from __future__ import annotations

from talentopt.read.columns import KIND_NAMES, Column, Table
from talentopt.read.model import LARGEST

__all__ = [
    "KIND_NAMES",
    "PROVIDER_COLUMNS",
    "STANDARD",
    "Column",
    "Table",
    "named_by_model",
    "role_column",
]


def _id(help: str, example: str) -> Column:
    return Column("id", "id", help, required=True, example=example)


def _text(name: str, help: str, example: str = "") -> Column:
    return Column(name, "text", help, default="", example=example)


def _reference(
    name: str, table: str, help: str, *, required: bool = True, example: str = ""
) -> Column:
    return Column(
        name,
        "id",
        help,
        required=required,
        default=None if required else "",
        refers=(table,),
        example=example,
    )


def _level(name: str, help: str, default: float | None, default_help: str = "") -> Column:
    return Column(
        name,
        "number",
        help,
        default=default,
        default_help=default_help,
        low=0,
        high=5,
        unit="level",
        example="3",
    )


def _count(
    name: str,
    help: str,
    *,
    default: float | None = None,
    default_help: str = "",
    unit: str = "people",
    example: str = "2",
) -> Column:
    return Column(
        name,
        "whole",
        help,
        default=default,
        default_help=default_help,
        low=0,
        high=LARGEST,
        unit=unit,
        example=example,
    )


def _points(help: str, default_help: str = "none", low: float = -LARGEST) -> Column:
    return Column(
        "points",
        "number",
        help,
        default_help=default_help,
        low=low,
        high=LARGEST,
        unit="points",
        example="10",
    )


def _period(name: str, help: str, default_help: str = "", *, required: bool = False) -> Column:
    return Column(
        name, "period", help, required=required, default_help=default_help, example="2026-07"
    )


CAPACITY = _count(
    "capacity",
    "most people over all matchings; loads of `pairs` count instead of people where given",
    default_help="no limit",
)
BUDGET = _reference("budget", "budgets", "the budget that `cost` is drawn from", required=False)
COST = Column(
    "cost",
    "number",
    "drawn from `budget` once per person",
    default=0.0,
    low=0,
    high=LARGEST,
    unit="money",
    example="1200",
)
PROVIDER_COLUMNS = (CAPACITY, BUDGET, COST)
"""Columns that any table of providers has."""

OPEN_STATUS = ("open", "forbidden", "fixed")


def _status(choices: tuple[str, ...], help: str) -> Column:
    return Column("status", "status", help, default="open", choices=choices, example="fixed")


_TABLES = (
    Table(
        "participants",
        "the people of the programme",
        (
            _id("the person", "P001"),
            _text("name", "name shown in reports", "Ada Example"),
            _text("unit", "home unit", "Mining"),
            _text("site", "home site", "North"),
            _text("track", "career track", "technical"),
            _text("grade", "grade; a number where rules compare it", "2"),
            _period("start", "first period in the programme", "the calendar's first"),
            _period("end", "last period in the programme", "the calendar's last"),
        ),
        ("id",),
    ),
    Table(
        "mentors",
        "people who mentor",
        (
            _id("the mentor", "M01"),
            _text("name", "name shown in reports", "Max Example"),
            _text("unit", "unit", "Separation"),
            _text("site", "site", "North"),
            _text("grade", "grade; a number where rules compare it", "5"),
            CAPACITY,
        ),
        ("id",),
    ),
    Table(
        "placements",
        "posts, rotations, projects, lectures: where people can be",
        (
            _id("the placement", "R01"),
            _text("name", "name shown in reports", "Pit planning"),
            Column(
                "stage",
                "id",
                "the stage of the model it belongs to",
                required=True,
                example="rotation",
            ),
            _text("area", "area that stages, prerequisites and preferences name", "mining"),
            _text("unit", "unit", "Mining"),
            _text("site", "site", "North"),
            _text("domain", "domain that links compare", "geology"),
            Column(
                "duration",
                "whole",
                "consecutive periods",
                required=True,
                low=1,
                high=100_000,
                unit="periods",
                example="3",
            ),
            Column(
                "seats",
                "whole",
                "most people at one time",
                required=True,
                low=0,
                high=LARGEST,
                unit="people",
                example="2",
            ),
            _count("min_seats", "fewest people at one time", default=0.0, example="1"),
            _period("opens", "first period it may occupy", "the calendar's first"),
            _period("closes", "last period it may occupy", "the calendar's last"),
            Column(
                "load",
                "number",
                "1 = exclusive; below 1 = concurrent",
                default=1.0,
                low=0,
                high=1,
                unit="share of working time",
                example="0.1",
            ),
            Column(
                "hours",
                "number",
                "hours it counts for its layer",
                default=0.0,
                low=0,
                high=LARGEST,
                unit="hours",
                example="8",
            ),
            _text("layer", "layer of training its hours count for", "core"),
            BUDGET,
            COST,
        ),
        ("id",),
    ),
    Table(
        "seats",
        "seats of one placement in one period",
        (
            _reference("placement", "placements", "the placement", example="R01"),
            _period("period", "the period", required=True),
            _count("seats", "most people then", default_help="the placement's own"),
            _count("min_seats", "fewest people then", default_help="the placement's own"),
        ),
        ("placement", "period"),
    ),
    Table(
        "participant_skills",
        "what people can do, and shall be able to do",
        (
            _reference("participant", "participants", "the person", example="P001"),
            Column("skill", "id", "the skill", required=True, example="geology"),
            _level("level", "level today", 0.0),
            _level("target", "level to reach", 0.0, "0, so that there is no gap"),
        ),
        ("participant", "skill"),
    ),
    Table(
        "mentor_skills",
        "what mentors can do",
        (
            _reference("mentor", "mentors", "the mentor", example="M01"),
            Column("skill", "id", "the skill", required=True, example="geology"),
            _level("level", "level", 0.0),
        ),
        ("mentor", "skill"),
    ),
    Table(
        "placement_skills",
        "what placements teach and ask for",
        (
            _reference("placement", "placements", "the placement", example="R01"),
            Column("skill", "id", "the skill", required=True, example="geology"),
            _level("develops", "level it brings a person up to", None, "teaches nothing"),
            _level("requires", "level needed to join", None, "none needed"),
            _count(
                "team",
                "fewest people placed on it, over the horizon, with at least `team_level`",
                default_help="none needed",
            ),
            _level("team_level", "level that counts for `team`", None, "any level counts"),
        ),
        ("placement", "skill"),
    ),
    Table(
        "prerequisites",
        "nobody starts the first before having finished the second",
        (
            _text("area", "the area that needs something first (this or `placement`)", "magnets"),
            _reference(
                "placement",
                "placements",
                "the placement that needs something first (this or `area`)",
                required=False,
                example="R07",
            ),
            Column(
                "requires",
                "id",
                "the area or placement to finish first",
                required=True,
                example="mining",
            ),
        ),
        ("area", "placement", "requires"),
    ),
    Table(
        "requirements",
        "one person's counts instead of the model's",
        (
            _reference("participant", "participants", "the person", example="P001"),
            Column("stage", "id", "the stage", required=True, example="rotation"),
            _count("min", "fewest placements", default_help="the model's", unit="placements"),
            _count("max", "most placements", default_help="the model's", unit="placements"),
        ),
        ("participant", "stage"),
    ),
    Table(
        "preferences",
        "what people want of mentors, placements, areas or units, and providers of people",
        (
            Column("chooser", "id", "who chooses", required=True, example="P001"),
            Column("option", "id", "what is chosen", required=True, example="M01"),
            _points("points of this option (this or `rank`)"),
            Column(
                "rank",
                "whole",
                "1 = best (this or `points`)",
                default_help="none",
                low=1,
                high=LARGEST,
                example="1",
            ),
        ),
        ("chooser", "option"),
    ),
    Table(
        "pairs",
        "what is known of single pairs",
        (
            Column(
                "matching",
                "id",
                "the matching",
                default="",
                default_help="all matchings",
                example="technical",
            ),
            Column("seeker", "id", "who seeks", required=True, example="P001"),
            Column("provider", "id", "who provides", required=True, example="M01"),
            _points("points added"),
            Column(
                "load",
                "number",
                "capacity used",
                default=1.0,
                low=0,
                high=LARGEST,
                unit="capacity",
                example="1",
            ),
            _status(OPEN_STATUS, "whether the pair may, must not or must be"),
        ),
        ("matching", "seeker", "provider"),
    ),
    Table(
        "bookings",
        "what is known of single bookings",
        (
            _reference("participant", "participants", "the person", example="P001"),
            _reference("placement", "placements", "the placement", example="R01"),
            _period("start", "the period it starts in", "any"),
            _points("points added, at any start"),
            _status(
                (*OPEN_STATUS, "done"),
                "whether the booking may, must not or must be, or is history",
            ),
        ),
        ("participant", "placement", "start", "status"),
    ),
    Table(
        "absences",
        "when people are away; no exclusive placement may run then",
        (
            Column("person", "id", "the participant or mentor", required=True, example="P001"),
            _period("from", "first period away", required=True),
            _period("to", "last period away", required=True),
            _text("reason", "shown in reports", "parental leave"),
        ),
        ("person", "from", "to"),
    ),
    Table(
        "budgets",
        "money that placements and pairs draw on",
        (
            Column("budget", "id", "the budget", required=True, example="tuition"),
            Column(
                "amount",
                "number",
                "most that may be drawn",
                required=True,
                low=0,
                high=1e15,
                unit="money",
                example="50000",
            ),
        ),
        ("budget",),
    ),
    Table(
        "quotas",
        "fewest and most pairs of a matching, or people in a stage",
        (
            Column("quota", "id", "the quota", required=True, example="chain-magnets"),
            Column("on", "id", "a matching or a stage", required=True, example="rotation"),
            _text("seeker_column", "count only seekers with this column", "track"),
            _text("seeker_value", "equal to this text", "technical"),
            _text(
                "provider_column", "count only providers or placements with this column", "area"
            ),
            _text("provider_value", "equal to this text", "magnets"),
            _period("by", "stage only: finished by the end of that period", "the calendar's last"),
            _count("min", "fewest", default_help="no minimum", unit="pairs or people"),
            _count("max", "most", default_help="no maximum", unit="pairs or people"),
            _points("points lost per unit missed", "the quota is hard", 0),
        ),
        ("quota",),
    ),
)

STANDARD: dict[str, Table] = {table.name: table for table in _TABLES}
"""The standard tables by name."""


def named_by_model(name: str) -> Table:
    """Describe a table of seekers or providers that only the model names."""
    columns = (_id("the seeker or provider", "A01"), *PROVIDER_COLUMNS)
    return Table(name, "seekers or providers that the model names", columns, ("id",))


def role_column(matching: str) -> Column:
    """Describe a provider's capacity in one matching: a column of the matching's name."""
    return Column(
        matching,
        "whole",
        f"most people in the matching {matching}",
        default_help="not offered",
        low=0,
        high=LARGEST,
        unit="people",
        example="1",
    )
