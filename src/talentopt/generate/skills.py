"""Synthetic skills of people and mentors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from talentopt.generate.industry import DOMAIN_SKILLS, DOMAINS, GENERAL_SKILLS

SKILLS = (*(skill for skills in DOMAIN_SKILLS.values() for skill in skills), *GENERAL_SKILLS)
PER_DOMAIN = len(DOMAIN_SKILLS[DOMAINS[0]])


@dataclass(frozen=True, slots=True)
class Skills:
    """Six skills of each person, all (n, 6) int; `skill` numbers `SKILLS`."""

    skill: np.ndarray
    level: np.ndarray
    target: np.ndarray


def draw_participant_skills(rng: np.random.Generator, domain: np.ndarray) -> Skills:
    """Draw three skills of each person's domain with large gaps and three general ones."""
    return _draw(rng, domain, 3, craft=(0, 2, 3, 5), general=(1, 3, 3, 4))


def draw_mentor_levels(rng: np.random.Generator, domain: np.ndarray) -> np.ndarray:
    """Draw four skills of each mentor's domain at high levels and two general ones.

    Returns
    -------
    (n_mentors, len(SKILLS)) int
        Levels; 0 = none.
    """
    skills = _draw(rng, domain, 4, craft=(3, 5, 0, 0), general=(2, 5, 0, 0))
    levels = np.zeros((len(domain), len(SKILLS)), dtype=int)
    np.put_along_axis(levels, skills.skill, skills.level, axis=1)
    return levels


def _draw(
    rng: np.random.Generator,
    domain: np.ndarray,
    n_craft: int,
    craft: tuple[int, int, int, int],
    general: tuple[int, int, int, int],
) -> Skills:
    """Draw six skills; ranges are lowest and highest level, lowest and highest target."""
    count, n_general = len(domain), 6 - n_craft
    crafts = np.argsort(rng.random((count, PER_DOMAIN)), axis=1)[:, :n_craft]
    generals = np.argsort(rng.random((count, len(GENERAL_SKILLS))), axis=1)[:, :n_general]
    own = domain[:, None] * PER_DOMAIN + crafts
    skill = np.concatenate([own, len(DOMAINS) * PER_DOMAIN + generals], axis=1)
    ranges = np.array([craft] * n_craft + [general] * n_general)
    level = _between(rng, ranges[:, 0], ranges[:, 1], count)
    target = _between(rng, ranges[:, 2], ranges[:, 3], count)
    return Skills(skill, level, target)


def _between(
    rng: np.random.Generator, low: np.ndarray, high: np.ndarray, count: int
) -> np.ndarray:
    """Draw whole numbers from `low` to `high`, (count, len(low))."""
    drawn = np.floor(rng.random((count, len(low))) * (high - low + 1))
    return np.asarray(low + drawn, dtype=int)


def fit(person: int, skills: Skills, offered: np.ndarray) -> np.ndarray:
    """Share of one person's gaps that each row of `offered` closes, (n_mentors,) float."""
    mine, level = skills.skill[person], skills.level[person]
    gap = np.maximum(0, skills.target[person] - level)
    closed = np.minimum(gap, np.maximum(0, offered[:, mine] - level)).sum(axis=1)
    return np.asarray(closed / max(1, gap.sum()))


def widest_gaps(person: int, skills: Skills) -> tuple[np.ndarray, np.ndarray]:
    """Find one person's two widest gaps: the skills and their targets, (2,) int each."""
    gap = skills.target[person] - skills.level[person]
    widest = np.argsort(-gap, kind="stable")[:2]
    return skills.skill[person, widest], skills.target[person, widest]


def participant_skills_table(ids: np.ndarray, skills: Skills) -> pd.DataFrame:
    """Write what people can do and shall be able to do."""
    names = np.array(SKILLS, dtype=object)
    return pd.DataFrame(
        {
            "participant": np.repeat(ids, skills.skill.shape[1]),
            "skill": names[skills.skill.ravel()],
            "level": skills.level.ravel(),
            "target": skills.target.ravel(),
        }
    )


def mentor_skills_table(ids: np.ndarray, levels: np.ndarray) -> pd.DataFrame:
    """Write what mentors can do; `levels` is (n_mentors, len(SKILLS))."""
    mentor, skill = np.nonzero(levels)
    names = np.array(SKILLS, dtype=object)
    return pd.DataFrame(
        {"mentor": ids[mentor], "skill": names[skill], "level": levels[mentor, skill]}
    )
