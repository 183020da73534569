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
    (
        # What was done, without patient data; each row carries the hash of the one before it.
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, reader TEXT NOT NULL, event TEXT NOT NULL,
            sha TEXT NOT NULL, frame INTEGER, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL
        )""",
        """CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        """CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        # Append-only: the newest row of a pair counts, a removed one stays in the history.
        """CREATE TABLE pairs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, pair TEXT NOT NULL,
            one_sha TEXT NOT NULL, one_frame INTEGER NOT NULL, one_lesion INTEGER NOT NULL,
            other_sha TEXT NOT NULL, other_frame INTEGER NOT NULL, other_lesion INTEGER NOT NULL,
            removed INTEGER NOT NULL, reader TEXT NOT NULL, made_at TEXT NOT NULL
        )""",
        "CREATE INDEX pairs_by_pair ON pairs (pair, id)",
        "CREATE INDEX pairs_by_one ON pairs (one_sha, one_frame)",
        "CREATE INDEX pairs_by_other ON pairs (other_sha, other_frame)",
        # What the reader thought before and after the AI was shown, and what it said.
        """CREATE TABLE reveals (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, frame INTEGER NOT NULL,
            kind TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL
        )""",
        "CREATE INDEX reveals_of_file ON reveals (sha, id)",
    ),
    (
        # Append-only: the newest row of a frame counts; one without a picture gives the mask back to the AI.
        """CREATE TABLE segmentations (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, frame INTEGER NOT NULL,
            changed_at TEXT NOT NULL, reader TEXT NOT NULL, source TEXT NOT NULL,
            height INTEGER NOT NULL, width INTEGER NOT NULL, x INTEGER NOT NULL, y INTEGER NOT NULL, png BLOB
        )""",
        "CREATE INDEX segmentations_of_frame ON segmentations (sha, frame, id)",
    ),
    (
        # Append-only: the newest row of a frame holds its measurements, the older ones are their history.
        """CREATE TABLE measurements (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, frame INTEGER NOT NULL,
            reader TEXT NOT NULL, changed_at TEXT NOT NULL, body TEXT NOT NULL
        )""",
        "CREATE INDEX measurements_of_frame ON measurements (sha, frame, id)",
        """CREATE TABLE rulers (
            id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL,
            reader TEXT NOT NULL, changed_at TEXT NOT NULL, body TEXT NOT NULL
        )""",
        "CREATE INDEX rulers_of_scope ON rulers (scope, id)",
    ),
    (
        # What a run over an archive covers, and what came of it; all of it can be made again.
        """CREATE TABLE batch_items (
            path TEXT PRIMARY KEY, position INTEGER NOT NULL, unit INTEGER NOT NULL, label TEXT NOT NULL,
            version TEXT NOT NULL, frames INTEGER NOT NULL
        ) WITHOUT ROWID""",
        "CREATE UNIQUE INDEX batch_items_by_position ON batch_items (position)",
        "CREATE INDEX batch_items_of_unit ON batch_items (unit, position)",
        """CREATE TABLE batch_results (
            path TEXT PRIMARY KEY, version TEXT NOT NULL, sha TEXT NOT NULL, bundles TEXT NOT NULL,
            state TEXT NOT NULL, frames INTEGER NOT NULL, abstained INTEGER NOT NULL,
            refused INTEGER NOT NULL, failed INTEGER NOT NULL, made_at TEXT NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX batch_results_by_content ON batch_results (sha)",
        """CREATE TABLE batch_rows (
            path TEXT NOT NULL, number INTEGER NOT NULL, sort BLOB NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (path, number)
        ) WITHOUT ROWID""",
    ),
    (
        # Append-only: the newest row of a file is what the reader has it read as; empty: as it is.
        """CREATE TABLE kinds (
            id INTEGER PRIMARY KEY AUTOINCREMENT, sha TEXT NOT NULL, kind TEXT NOT NULL,
            reader TEXT NOT NULL, changed_at TEXT NOT NULL
        )""",
        "CREATE INDEX kinds_of_file ON kinds (sha, id)",
        # What a picture without a header looks like; made again when what decides it has changed.
        """CREATE TABLE looks (
            sha TEXT PRIMARY KEY, kind TEXT NOT NULL, revision TEXT NOT NULL
        ) WITHOUT ROWID""",
    ),
)

KEPT = (
    "assessments", "recent", "last_session", "audit", "pairs", "reveals", "segmentations", "measurements",
    "rulers", "kinds",
)  # fmt: skip
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
