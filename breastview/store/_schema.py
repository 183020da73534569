"""The tables, as the steps that made them; a step is never edited once it was released."""

from __future__ import annotations

import sqlite3

from breastview.errors import StoreError

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE hashes (
            path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha TEXT NOT NULL
        ) WITHOUT ROWID""",
        # Append-only: the newest row of a frame is its assessment, the older ones are its history.
        """CREATE TABLE assessments (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, frame INTEGER NOT NULL,
            changed_at TEXT NOT NULL, body TEXT NOT NULL
        )""",
        "CREATE INDEX assessments_of_frame ON assessments (sha, frame, id)",
        """CREATE TABLE analyses (
            sha TEXT NOT NULL, frame INTEGER NOT NULL, bundle TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (sha, bundle, frame)
        ) WITHOUT ROWID""",
        "CREATE TABLE recent (source TEXT PRIMARY KEY, opened_at REAL NOT NULL) WITHOUT ROWID",
        "CREATE TABLE last_session (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL)",
    ),
)

KEPT = ("assessments", "recent", "last_session")
"""Tables that cannot be made again: what is saved from a damaged record."""


def migrate(database: sqlite3.Connection) -> None:
    """Bring a database to the newest schema, each step whole or not at all.

    Raises
    ------
    StoreError
        If a newer application wrote it.
    """
    if _version(database) == len(STEPS):
        return
    database.execute("BEGIN IMMEDIATE")
    try:
        # Asked again under the lock: another instance may have migrated meanwhile.
        version = _version(database)
        if version > len(STEPS):
            raise StoreError(
                "the record of your work was written by a newer BreastView",
                remedy="Start that version instead.",
            )
        for step in STEPS[version:]:
            for statement in step:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(STEPS)}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])
