"""The two tables of a plan store."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    DateTime,
    Float,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

METADATA = MetaData()

PUBLICATIONS = Table(
    "talentopt_publications",
    METADATA,
    # The primary key is what lets one of two simultaneous publishers win.
    Column("programme", String(200), primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("published_by", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scenario_hash", String(64), nullable=False),
    Column("objective", Float),
    Column("bound", Float),
    Column("status", String(20), nullable=False),
)

FILES = Table(
    "talentopt_files",
    METADATA,
    Column("programme", String(200), primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["programme", "cycle"],
        ["talentopt_publications.programme", "talentopt_publications.cycle"],
    ),
)
