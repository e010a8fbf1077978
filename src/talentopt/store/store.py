"""Publish plans, list them, and get them back exactly as they were."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from talentopt.store.tables import FILES, METADATA, PUBLICATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine

KEPT = ("plan.json", "pairs.csv", "placements.csv", "shortages.csv", "scores.csv")
"""Files of a plan folder that are published; reports can be made again from them."""

ALSO_KEPT = ("changes.csv", "ledger.csv", "warm.npz")
"""Files that are published when they are there: what the next cycle starts from."""

DEFAULT = "talentopt-plans.sqlite"
"""The store that commands use unless told otherwise, in the current folder."""


class StoreError(Exception):
    """A request to the store that cannot be met; the message says why."""


class PublishedMeanwhileError(StoreError):
    """Somebody else published a cycle first; nothing of either plan is lost."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One published plan.

    Attributes
    ----------
    programme : str
    cycle : int
        1, 2, … within the programme.
    published_at : datetime
        With time zone UTC.
    published_by, note : str
    digest : str
        SHA-256 of the published files.
    scenario_hash : str
    objective, bound : float or None
    status : str
    """

    programme: str
    cycle: int
    published_at: datetime.datetime
    published_by: str
    note: str
    digest: str
    scenario_hash: str
    objective: float | None
    bound: float | None
    status: str


class PlanStore:
    """A history of published plans.

    Parameters
    ----------
    address : str or Path
        A file for SQLite (made when absent), or a database URL such as
        ``postgresql+psycopg://user@host/database``.

    Raises
    ------
    StoreError
        If the database cannot be opened.
    """

    def __init__(self, address: str | Path = DEFAULT) -> None:
        """Open the store, and make its tables if there are none."""
        self._engine = _engine(str(address))
        try:
            METADATA.create_all(self._engine)
        except IntegrityError:
            # Two first users at once: the other one made the tables.
            METADATA.create_all(self._engine)
        except OperationalError as error:
            raise StoreError(f"cannot open the store {address}: {error.orig}") from error

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def publish(
        self,
        folder: Path,
        programme: str,
        *,
        by: str = "",
        note: str = "",
        after: int | None = None,
    ) -> Publication:
        """Publish a plan folder as the programme's next cycle.

        Parameters
        ----------
        folder : Path
        programme : str
        by, note : str
        after : int, optional
            The latest cycle that the planner has seen; 0 = none yet.

        Returns
        -------
        Publication

        Raises
        ------
        StoreError
            If the folder holds no plan.
        PublishedMeanwhileError
            If a later cycle than `after` exists, or another publisher was
            faster. The folder is untouched.
        """
        files = _read_files(folder)
        latest = self._latest(programme)
        if after is not None and latest != after:
            raise self._overtaken(programme, latest)
        publication = _publication(programme, latest + 1, files, by, note)
        rows = [
            {
                "programme": programme,
                "cycle": publication.cycle,
                "name": name,
                "content": zlib.compress(content),
            }
            for name, content in files.items()
        ]
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(PUBLICATIONS), [_row(publication)])
                connection.execute(insert(FILES), rows)
        except IntegrityError as error:
            raise self._overtaken(programme, self._latest(programme)) from error
        return publication

    def history(self, programme: str | None = None) -> list[Publication]:
        """List what was published, oldest first.

        Parameters
        ----------
        programme : str, optional
            All programmes when not given.
        """
        query = select(PUBLICATIONS).order_by(PUBLICATIONS.c.programme, PUBLICATIONS.c.cycle)
        if programme is not None:
            query = query.where(PUBLICATIONS.c.programme == programme)
        with self._engine.connect() as connection:
            return [_read_row(row) for row in connection.execute(query).mappings()]

    def show(self, programme: str, cycle: int) -> Publication:
        """Find one published cycle.

        Raises
        ------
        StoreError
            If it does not exist; the message names those that do.
        """
        known = self.history(programme)
        for publication in known:
            if publication.cycle == cycle:
                return publication
        cycles = ", ".join(str(p.cycle) for p in known) or "none yet"
        raise StoreError(f"{programme!r} has no cycle {cycle}; published: {cycles}")

    def restore(self, programme: str, cycle: int, folder: Path) -> Path:
        """Write the files of a published plan into a new folder.

        Raises
        ------
        StoreError
            If the cycle does not exist, or the folder does.
        """
        publication = self.show(programme, cycle)
        if folder.exists():
            raise StoreError(f"{folder} exists already; name a new folder")
        query = select(FILES.c.name, FILES.c.content).where(
            FILES.c.programme == programme, FILES.c.cycle == cycle
        )
        with self._engine.connect() as connection:
            files = {name: zlib.decompress(content) for name, content in connection.execute(query)}
        if _digest(files) != publication.digest:
            raise StoreError(f"cycle {cycle} of {programme!r} was changed inside the store")
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    def _latest(self, programme: str) -> int:
        query = select(func.max(PUBLICATIONS.c.cycle)).where(PUBLICATIONS.c.programme == programme)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def _overtaken(self, programme: str, latest: int) -> PublishedMeanwhileError:
        if latest == 0:
            return PublishedMeanwhileError(f"{programme!r} has no published cycle yet")
        winner = self.show(programme, latest)
        who = winner.published_by or "somebody"
        return PublishedMeanwhileError(
            f"cycle {latest} of {programme!r} was published by {who} at "
            f"{winner.published_at:%Y-%m-%d %H:%M} UTC; compare it with your plan "
            f"(talentopt diff {latest} PLAN), then publish again with --after {latest}"
        )


def _engine(address: str) -> Engine:
    if "://" not in address:
        address = f"sqlite:///{Path(address)}"
    elif address.startswith("postgresql://"):
        address = "postgresql+psycopg://" + address.removeprefix("postgresql://")
    try:
        engine = create_engine(address)
    except ModuleNotFoundError as error:
        raise StoreError(
            f"this store needs the module {error.name}: pip install 'talentopt[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
    return engine


def _make_durable(connection: Any, _record: object) -> None:
    """Let SQLite survive a kill (write-ahead log) and wait for other writers."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _read_files(folder: Path) -> dict[str, bytes]:
    missing = [name for name in KEPT if not (folder / name).is_file()]
    if missing:
        raise StoreError(f"{folder} is no plan folder: {', '.join(missing)} missing")
    there = [name for name in ALSO_KEPT if (folder / name).is_file()]
    return {name: (folder / name).read_bytes() for name in (*KEPT, *there)}


def _publication(
    programme: str, cycle: int, files: Mapping[str, bytes], by: str, note: str
) -> Publication:
    try:
        summary = json.loads(files["plan.json"])
    except ValueError as error:
        raise StoreError(f"plan.json cannot be read: {error}") from error
    return Publication(
        programme=programme,
        cycle=cycle,
        published_at=datetime.datetime.now(datetime.UTC),
        published_by=by or os.environ.get("USER", ""),
        note=note,
        digest=_digest(files),
        scenario_hash=str(summary.get("scenario_hash", "")),
        objective=summary.get("objective"),
        bound=summary.get("bound"),
        status=str(summary.get("status", "")),
    )


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _row(publication: Publication) -> dict[str, Any]:
    return {name: getattr(publication, name) for name in Publication.__slots__}


def _read_row(row: Any) -> Publication:
    values = dict(row)
    when = values["published_at"]
    if when.tzinfo is None:
        # SQLite keeps no time zone; what was written is UTC.
        values["published_at"] = when.replace(tzinfo=datetime.UTC)
    return Publication(**values)
