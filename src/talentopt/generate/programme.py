"""What the ten-point programme has besides mentors and rotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from talentopt.generate.industry import DOMAINS, SITES, TRACKS, UNITS
from talentopt.generate.people import UNIT_DOMAIN, full_names, numbered
from talentopt.generate.wishes import wishes

if TYPE_CHECKING:
    from talentopt.generate.people import People
    from talentopt.generate.placements import Placements

ROTATIONS = np.array([5, 3, 2])
CORE_HOURS = np.array([40, 24, 8])
FRONTIER_HOURS = np.array([16, 24, 24])
"""What people need by level: junior, intermediate, senior."""

LECTURES = {
    "core": (
        *("From ore to magnet", "Reading a flow sheet", "Safety in the works", "Cost of a tonne"),
        *("Markets and quotas", "Quality and customers", "Energy and water", "Law and licences"),
    ),
    "frontier": (
        *("Magnets without terbium", "Learning machines", "Solid hydrogen", "Urban mining"),
        *("Green separation", "Catalysts for ammonia"),
    ),
    "sharing": ("From patent to product", "Talking to customers", "Founders report"),
}
"""Titles by layer; those of the last layer are sharing sessions."""

STUDIES = ("Master's in metallurgy", "Master's in chemistry", "Doctorate", "Business degree")
STUDY_COST, LAB_COST = 30000, 4000
LECTURE_HOURS = {"core": 8, "frontier": 8, "sharing": 2}
TITLES = ("associate expert", "expert", "chief expert")
AWARDS = (("gold", 60000, 70, 60), ("silver", 30000, 40, 30), ("bronze", 10000, 10, 10))
"""Name, cost, least revenue and share of each tier of the reward fund."""


def participant_columns(rng: np.random.Generator, people: People) -> dict[str, np.ndarray]:
    """Draw the columns that the model's rules name: needs by level, merit and innovation."""
    return {
        "rotations": ROTATIONS[people.level],
        "core_hours": CORE_HOURS[people.level],
        "frontier_hours": FRONTIER_HOURS[people.level],
        "merit": rng.integers(20, 101, size=len(people)),
        "innovation": rng.integers(0, 101, size=len(people)),
    }


def programme_tables(
    rng: np.random.Generator,
    people: People,
    n_units: int,
    places: Placements,
    labels: list[str],
    tightness: float,
) -> dict[str, pd.DataFrame]:
    """Draw posts, titles, honours, projects, advisers, awards, budgets and quotas."""
    count = len(people)
    units = rng.integers(n_units, size=max(2, count // 20))
    projects, advisers = _projects(rng, max(3, count // 15), n_units)
    return {
        "posts": pd.DataFrame(
            {
                "id": numbered("PO", len(units)),
                "name": [f"Post at {UNITS[unit].name}" for unit in units],
                "unit": [UNITS[unit].name for unit in units],
                "site": [UNITS[unit].site for unit in units],
                "track": [TRACKS[k] for k in rng.integers(2, size=len(units))],
                "min_grade": rng.integers(2, 6, size=len(units)),
                "capacity": rng.integers(1, 3, size=len(units)),
            }
        ),
        "titles": pd.DataFrame(
            [
                (f"TI{row + 1}{rank + 1}", f"{track} {title}", track, rank + 1, *limits, headcount)
                for row, track in enumerate(TRACKS)
                for rank, (title, limits, headcount) in enumerate(
                    zip(
                        TITLES,
                        ((50, 2), (65, 4), (80, 6)),
                        (max(1, count // 25), max(1, count // 50), max(1, count // 100)),
                        strict=True,
                    )
                )
            ],
            columns=["id", "name", "track", "rank", "min_merit", "min_grade", "capacity"],
        ),
        "honours": pd.DataFrame(
            [
                ("HO1", "Outstanding Newcomer", 2, 40, max(1, count // 50)),
                ("HO2", "Innovation Pioneer", 7, 75, max(1, count // 70)),
            ],
            columns=["id", "name", "max_grade", "min_innovation", "capacity"],
        ),
        "projects": projects,
        "advisers": advisers,
        "awards": pd.DataFrame(
            [
                (f"AW{k + 1}", name, max(1, len(projects) // 4), "reward-fund", *numbers)
                for k, (name, *numbers) in enumerate(AWARDS)
            ],
            columns=["id", "name", "capacity", "budget", "cost", "min_revenue", "share"],
        ),
        "budgets": _budgets(count, len(projects)),
        "quotas": _quotas(n_units, count, places, labels, tightness),
    }


def _projects(
    rng: np.random.Generator, count: int, n_units: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw projects, and advisers with places for nine projects in ten."""
    unit = rng.integers(n_units, size=count)
    drawn = {name: rng.integers(20, 101, size=count) for name in ("value", "novelty", "readiness")}
    projects = {
        "id": numbered("J", count),
        "name": [f"{UNITS[u].domain.capitalize()} venture {k + 1}" for k, u in enumerate(unit)],
        "unit": [UNITS[u].name for u in unit],
        "site": [UNITS[u].site for u in unit],
        "domain": [UNITS[u].domain for u in unit],
        **drawn,
        "revenue": rng.integers(0, 101, size=count),
    }
    per_domain = np.bincount(UNIT_DOMAIN[unit], minlength=len(DOMAINS))
    domains = np.flatnonzero(per_domain)
    number = max(len(domains), count // 3)
    mine = domains[np.arange(number) % len(domains)]
    shares = np.bincount(mine, minlength=len(DOMAINS))
    places = np.ceil(0.9 * per_domain[mine] / shares[mine]).astype(int)
    advisers = {
        "id": numbered("A", number),
        "name": full_names(rng, number),
        "site": [SITES[k] for k in rng.integers(len(SITES), size=number)],
        "domain": [DOMAINS[domain] for domain in mine],
        "capacity": 2 * places + 1,
        "ip": places,
        "legal": [str(-(-2 * count // number)) if k % 2 == 0 else "" for k in range(number)],
        "market": places,
    }
    return pd.DataFrame(projects), pd.DataFrame(advisers)


def _budgets(count: int, n_projects: int) -> pd.DataFrame:
    """Set budgets that pay for some of what is asked for."""
    return pd.DataFrame(
        {
            "budget": ["tuition", "laboratory", "reward-fund"],
            "amount": [
                STUDY_COST * max(1, count // 25),
                LAB_COST * max(1, count // 8),
                12000 * n_projects,
            ],
        }
    )


def _quotas(
    n_units: int, count: int, places: Placements, labels: list[str], tightness: float
) -> pd.DataFrame:
    """Ask for people developed per link of the chain by a date; cap honours per unit."""
    rows: list[tuple[Any, ...]] = []
    targeted = places.of("targeted")
    links = np.array([UNITS[unit].link for unit in places.unit[targeted]])
    for link in sorted(set(links)):
        seats = int(places.normal_seats[targeted[links == link]].sum())
        least = max(1, int(1.2 * seats * min(1.0, tightness)))
        row = ("targeted", "", "", "link", link, labels[-3], least, "", 40)
        rows.append((f"chain-{link}", *row))
    for link in sorted({unit.link for unit in UNITS[:n_units]}):
        half = labels[len(labels) // 2]
        row = ("rotation", "track", "technical", "link", link, half, max(1, count // 20), "", 10)
        rows.append((f"engineers-{link}", *row))
    most = max(1, count // 150)
    for number, unit in enumerate(UNITS[:n_units], start=1):
        rows.append((f"honours-{number:02d}", "honour", "unit", unit.name, *[""] * 4, most, ""))
    rows.append(("technical-posts", "post", "track", "technical", "", "", "", count // 60, "", 20))
    names = ("seeker_column", "seeker_value", "provider_column", "provider_value")
    return pd.DataFrame(rows, columns=["quota", "on", *names, "by", "min", "max", "points"])


def concurrent_placements(
    rng: np.random.Generator, people: People, n_units: int, labels: list[str], tightness: float
) -> pd.DataFrame:
    """Draw lectures, sharing sessions, studies and laboratories.

    Lectures are repeated in the first two thirds of the calendar; their
    seats follow from the hours that people need and the tightness.
    """
    count, last = len(people), len(labels) - 1
    hours = {"core": CORE_HOURS, "frontier": FRONTIER_HOURS, "sharing": np.array([4, 4, 4])}
    closes = max(2, 2 * last // 3)
    rows: list[dict[str, Any]] = []
    for layer, titles in LECTURES.items():
        visits = hours[layer][people.level].sum() / LECTURE_HOURS[layer]
        seats = max(1, int(np.ceil(visits / tightness / len(titles) / (closes - 1))))
        common = {"duration": 1, "opens": labels[2], "closes": labels[closes], "layer": layer}
        common |= {"hours": LECTURE_HOURS[layer], "seats": seats}
        stage, load = ("session", 0.05) if layer == "sharing" else ("lecture", 0.1)
        rows += [{"name": name, "stage": stage, "load": load, **common} for name in titles]
    long = max(2, len(labels) // 2)
    for name in (
        "Master's in metallurgy",
        "Master's in chemistry",
        "Doctorate",
        "Business degree",
    ):
        common = {"stage": "study", "load": 0.25, "duration": long, "seats": max(1, count // 80)}
        paid = {"budget": "tuition", "cost": STUDY_COST, "min_grade": int(rng.integers(1, 4))}
        rows.append({"name": name, **common, **paid})
    for domain in DOMAINS[: max(3, min(len(DOMAINS), count // 20))]:
        common = {"stage": "lab", "load": 0.2, "duration": max(1, len(labels) // 12)}
        paid = {"budget": "laboratory", "cost": LAB_COST, "seats": max(1, count // 100)}
        rows.append({"name": f"Core laboratory: {domain}", "domain": domain, **common, **paid})
    for row in rows:
        unit = UNITS[int(rng.integers(n_units))]
        row |= {"kind": row["stage"], "unit": unit.name, "site": unit.site, "link": unit.link}
    table = pd.DataFrame(rows, dtype=object)
    prefixes = {"lecture": "LE", "session": "SE", "study": "ST", "lab": "LB"}
    order = table.groupby("stage").cumcount() + 1
    ids = [f"{prefixes[s]}{number:02d}" for s, number in zip(table["stage"], order, strict=True)]
    table.insert(0, "id", ids)
    return table.astype(object).fillna("")


def programme_wishes(
    rng: np.random.Generator, people: People, tables: dict[str, pd.DataFrame]
) -> list[pd.DataFrame]:
    """Let people name a lecture, a laboratory, a study and a post; projects their advisers."""
    offered = tables["placements"]
    parts = []
    for stage, share in (("lecture", 0.5), ("lab", 0.3), ("study", 0.15)):
        options = offered.loc[offered["stage"] == stage, "id"].to_numpy(dtype=object)
        who = people.ids[rng.random(len(people)) < share]
        parts.append(wishes(who, rng.choice(options, size=len(who)), 1))
    posts = tables["posts"]["id"].to_numpy(dtype=object)
    who = people.ids[rng.random(len(people)) < 0.3]
    parts.append(wishes(who, rng.choice(posts, size=len(who)), 2))
    projects = tables["projects"]["id"].to_numpy(dtype=object)
    advisers = tables["advisers"]["id"].to_numpy(dtype=object)
    for rank in (1, 2):
        parts.append(wishes(projects, rng.choice(advisers, size=len(projects)), rank))
    return parts
