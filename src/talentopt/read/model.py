"""The programme model: matchings, stages and rules with their numbers."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

LARGEST = 1e9
"""Largest absolute number of points that one rule may give."""

Finite = Annotated[float, Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Cost = Annotated[float, Field(allow_inf_nan=False, ge=0, le=LARGEST)]
Side = Literal["seeker", "provider"]


class Strict(BaseModel):
    """A block of the model: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ColumnNumber(Strict):
    """A number that each seeker's row gives: ``{column: NAME, default: X}``."""

    column: str
    default: Finite = 0.0


def _branch(value: Any) -> str:
    return "column" if isinstance(value, dict | ColumnNumber) else "number"


def _cost_default(number: ColumnNumber) -> ColumnNumber:
    if number.default < 0:
        raise ValueError(f"the default {number.default:g} is below 0; write points as positive")
    return number


def _count_default(number: ColumnNumber) -> ColumnNumber:
    if number.default < 0 or number.default != int(number.default):
        raise ValueError(f"the default {number.default:g} is no count; write 0, 1, 2, ...")
    return number


_ANY_COLUMN = Annotated[ColumnNumber, Tag("column")]
_COST_COLUMN = Annotated[ColumnNumber, AfterValidator(_cost_default), Tag("column")]
_COUNT_COLUMN = Annotated[ColumnNumber, AfterValidator(_count_default), Tag("column")]
_WHOLE = Annotated[int, Field(ge=0, le=10**9), Tag("number")]

Number = Annotated[Annotated[Finite, Tag("number")] | _ANY_COLUMN, Discriminator(_branch)]
CostNumber = Annotated[Annotated[Cost, Tag("number")] | _COST_COLUMN, Discriminator(_branch)]
Count = Annotated[_WHOLE | _COUNT_COLUMN, Discriminator(_branch)]


class AtLeast(Strict):
    """provider.column >= seeker.column + above; `of: seeker` turns it round."""

    column: str
    above: Number = 0.0
    of: Side = "provider"
    than: str | None = None
    """Column of the other side to compare with; default the same column."""
    stage: str | None = None


class Compare(Strict):
    """Both sides' column is filled and equal (`same`), or not (`different`)."""

    column: str
    weight: Number | None = None
    """Points; 1 when left out of `points`, refused in `eligible`."""
    stage: str | None = None


class SkillFit(Strict):
    """Share of a seeker's skill gaps that a provider can close."""

    weight: Number | None = None
    """Points for a full fit; 1 when left out of `points`, refused in `eligible`."""
    min: Number | None = None
    stage: str | None = None


class Preference(Strict):
    """What the seeker, or the provider, said of the other."""

    weight: Number = 1.0
    of: Side = "seeker"
    stage: str | None = None


class Value(Strict):
    """A number in a column of one side."""

    column: str
    weight: Number = 1.0
    of: Side = "seeker"
    stage: str | None = None


class _OneRule(Strict):
    """A list item that names exactly one rule, optionally for one stage only."""

    stage: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        rules = [name for name in type(self).model_fields if name != "stage"]
        given = [name for name in rules if getattr(self, name) is not None]
        if len(given) != 1:
            found = "no rule" if not given else "several rules: " + ", ".join(given)
            raise ValueError(f"the item names {found}; give one of {', '.join(rules)}")
        if self.stage is not None and getattr(self, given[0]).stage is not None:
            raise ValueError("the stage is given twice; remove one of the two")
        return self


class Eligibility(_OneRule):
    """One rule that a pair or booking must satisfy; exactly one is given."""

    at_least: AtLeast | None = None
    same: Compare | None = None
    different: Compare | None = None
    skill_fit: SkillFit | None = None

    @model_validator(mode="after")
    def _no_points(self) -> Self:
        for name in ("same", "different", "skill_fit"):
            rule = getattr(self, name)
            if rule is not None and rule.weight is not None:
                raise ValueError(f"`weight` has no place in `eligible`; move {name} to `points`")
        if self.skill_fit is not None and self.skill_fit.min is None:
            raise ValueError("skill_fit needs a `min` here; write for example {min: 0.2}")
        return self


class Points(_OneRule):
    """One rule that gives a pair or booking points; exactly one is given."""

    skill_fit: SkillFit | None = None
    preference: Preference | None = None
    same: Compare | None = None
    different: Compare | None = None
    value: Value | None = None

    @model_validator(mode="after")
    def _no_minimum(self) -> Self:
        if self.skill_fit is not None and self.skill_fit.min is not None:
            raise ValueError("`min` has no place in `points`; move it to `eligible`")
        return self


class Matching(Strict):
    """Seekers looking for providers."""

    seekers: str
    providers: str
    need: Count = 1
    missing: CostNumber = 0.0
    distinct: list[str] = []
    eligible: list[Eligibility] = []
    points: list[Points] = []


class Stage(Strict):
    """Placements of one kind and how many of them everybody needs."""

    stage: str
    min: Count = 0
    max: Count | None = None
    missing: CostNumber = 0.0
    distinct: str | None = None
    concurrent: bool = False
    hours: dict[str, CostNumber] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if isinstance(self.min, int) and isinstance(self.max, int) and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}; lower min or raise max")
        return self


class Limit(Strict):
    """Most exclusive placements of one person with the same value of a column."""

    column: str
    max: Count


class Idle(Strict):
    """Points per idle period."""

    points: CostNumber


class Move(Strict):
    """Points per change of a column between consecutive exclusive placements."""

    column: str
    points: CostNumber
    from_home: bool = False


class Understaffed(Strict):
    """Points per seat and period under `min_seats`, and per person short in a team."""

    points: Cost = 0.0
    hard: bool = False


class Itineraries(Strict):
    """Stages on a calendar."""

    ordered: bool = True
    stages: list[Stage]
    limits: list[Limit] = []
    idle: Idle | None = None
    move: Move | None = None
    understaffed: Understaffed | None = None
    concurrent_load: Annotated[float, Field(allow_inf_nan=False, ge=0)] | None = None
    eligible: list[Eligibility] = []
    points: list[Points] = []


class Link(Strict):
    """Points, once per person, for a provider and a placement of equal value."""

    matching: str
    column: str
    stage: str
    points: Number


class Fairness(Strict):
    """Weight of the lowest person's total."""

    worst_off: Cost = 0.0


class Stability(Strict):
    """Points per pair or booking of the previous plan that is gone or moved, and caps on both."""

    pair_change: CostNumber = 0.0
    placement_change: CostNumber = 0.0
    caps: dict[str, Share] = {}
    """Largest share that may change, by matching or stage, or of all `pairs` or `placements`."""


class Model(Strict):
    """A programme."""

    name: str
    matchings: dict[str, Matching] = {}
    itineraries: Itineraries | None = None
    links: list[Link] = []
    fairness: Fairness = Fairness()
    stability: Stability = Stability()

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.matchings and self.itineraries is None:
            raise ValueError("the model has neither matchings nor itineraries; add one of them")
        return self

    def without_points(self) -> Model:
        """Return the model without what pairs and bookings are worth: it allows the same plans."""
        none: dict[str, list[Points]] = {"points": []}
        itineraries = self.itineraries
        return self.model_copy(
            update={
                "matchings": {
                    name: matching.model_copy(update=none)
                    for name, matching in self.matchings.items()
                },
                "itineraries": None
                if itineraries is None
                else itineraries.model_copy(update=none),
            }
        )
