"""From a problem's indices back to the scenario's ids."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Index:
    """The ids behind every numbering of a `Problem`.

    Attributes
    ----------
    people : tuple of str
        Participant of each person.
    placements : tuple of str
    stages : tuple of str
    matchings : tuple of str
    seekers, providers : tuple of (str, str)
        (table, id) of each seeker and provider identity.
    hours : tuple of (str, str)
        (stage, layer) of each hours requirement.
    limits : tuple of str
        Column of each limit.
    rows : tuple of (str, str, str)
        (kind, name, detail) of each row: ``("budget", ID, "")``,
        ``("team", PLACEMENT, SKILL)``, ``("quota", QUOTA, "")``,
        ``("cap", MATCHING or STAGE or "pairs" or "placements", "")``.
    links : tuple of str
        ``matching/column/stage`` of each link.
    """

    people: tuple[str, ...]
    placements: tuple[str, ...]
    stages: tuple[str, ...]
    matchings: tuple[str, ...]
    seekers: tuple[tuple[str, str], ...]
    providers: tuple[tuple[str, str], ...]
    hours: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A fixed entry that cannot be, found while compiling.

    Attributes
    ----------
    source : str
        File and line of the entry.
    message : str
        What is fixed and which fact forbids it.
    """

    source: str
    message: str
