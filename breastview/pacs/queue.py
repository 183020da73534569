"""What is still to be sent, in one SQLite file and a folder of objects: it survives a restart and a kill.

An object is here once for each archive. It waits, is being sent, was sent, or failed with its reason; only a
failed one is sent again, unless its row is removed first, or it was sent more than `SENT_DAYS` days or
`SENT_MOST` objects ago, which is forgotten. Rows hold UIDs and no patient data; the objects
themselves lie beside until they are sent, in a folder that only the user can enter.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from breastview import paths
from breastview.errors import StoreError
from breastview.pacs._landing import made_lasting
from breastview.pacs._objects import Outgoing, outgoing
from breastview.pacs._protocol import Sent
from breastview.pacs._queue_database import Database, chunks, connected, explained, marks
from breastview.pacs._queue_items import COLUMNS, Added, Item, State, item_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

__all__ = ["Added", "Busy", "Item", "Queue", "State"]

FIRST_PAUSE_S, LONGEST_PAUSE_S = 30.0, 3600.0
TRIES = 24
"""With these pauses: given up after some 17 hours."""

_STRAY_S = 24 * 3600.0
SENT_DAYS, SENT_MOST = 30, 10_000
"""How long, and of how many at most, it is known what was sent; later it may be sent once more."""


class Busy(StoreError):
    """Another process is sending from this queue."""


class Queue:
    """The queue in a folder; safe from any thread, and shared by several processes of which one sends.

    Parameters
    ----------
    folder : Path, optional
        ``outgoing`` in the user's data folder by default; made when missing.

    Raises
    ------
    StoreError
        If it cannot be opened. Every method raises it on failure.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or paths.data_folder() / "outgoing"
        self._objects = self._folder / "objects"
        with explained(self._folder):
            self._objects.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
        self._database = Database(self._folder)

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._database.close()

    # For whoever has something to send

    def put(self, archive: str, objects: Iterable[Path | Dataset]) -> Added:
        """Take copies of objects to be sent to an archive; when it returns they are on the disk.

        What waits, is being sent or was sent there already, by SOP Instance UID, is not taken again; what
        failed is taken in its new form.

        Raises
        ------
        UnreadableFile, ExportError
            If one of them cannot be sent; then none is taken.
        """
        taken: dict[str, tuple[Outgoing, str]] = {}
        count = 0
        try:
            with explained(self._folder):
                for one in outgoing(objects):
                    count += 1
                    if one.instance not in taken:
                        taken[one.instance] = one, self._kept(one)
                made_lasting(self._objects / file for _, file in taken.values())
                with self._database.written() as database:
                    new = [_inserted(database, archive, one, file) for one, file in taken.values()]
        except BaseException:
            self._unlink(file for _, file in taken.values())
            raise
        self._unlink(file for (_, file), is_new in zip(taken.values(), new, strict=True) if not is_new)
        self._forget_old()
        self._sweep()
        return Added(sum(new), count - sum(new))

    def items(self, *states: State, archive: str = "", limit: int = 10_000) -> tuple[Item, ...]:
        """Return what is in the queue, the newest first; of all states where none is named."""
        wanted = states or tuple(State)
        marks = ",".join("?" * len(wanted))
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM outgoing WHERE state IN ({marks}) AND (? = '' OR archive = ?) "
            "ORDER BY id DESC LIMIT ?", (*wanted, archive, archive, limit),
        )  # fmt: skip
        return tuple(item_of(row) for row in rows)

    def sent_since(self, moment: str) -> tuple[Item, ...]:
        """Return what was sent at `moment` (as `Item.changed_at` has it) or later, the earliest first."""
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM outgoing WHERE state = 'sent' AND changed_at >= ?"
            " ORDER BY changed_at, id",
            (moment,),
        )
        return tuple(item_of(row) for row in rows)

    def counts(self, archive: str = "") -> dict[State, int]:
        """Return how many there are of each state."""
        rows = self._database.read(
            "SELECT state, count(*) FROM outgoing WHERE ? = '' OR archive = ? GROUP BY state",
            (archive, archive),
        )
        found = dict(rows)
        return {state: found.get(state.value, 0) for state in State}

    def again(self, identifiers: Iterable[int]) -> int:
        """Let failed objects wait to be sent at once, and waiting ones not wait longer; return how many."""
        return self._database.each(
            identifiers,
            "UPDATE outgoing SET state = 'waiting', attempts = 0, due = 0, changed_at = ? "
            "WHERE state IN ('failed', 'waiting') AND id IN ({marks})", _now(),
        )  # fmt: skip

    def remove(self, identifiers: Iterable[int]) -> int:
        """Take objects out of the queue, unless they are being sent; return how many.

        What is removed may be put in again, also if it was sent.
        """
        files: list[str] = []
        with self._database.written() as database:  # in one: the sender may be taking them just now
            for some in chunks(identifiers):
                of_them = f"WHERE state != 'sending' AND id IN ({marks(some)})"
                files += [file for (file,) in database.execute(f"SELECT file FROM outgoing {of_them}", some)]
                database.execute(f"DELETE FROM outgoing {of_them}", some)
        self._unlink(files)
        return len(files)

    # For the sender

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Be the one that sends, for a block; what another had begun when it was killed waits again.

        Raises
        ------
        Busy
            If another process sends.
        """
        try:
            lock = connected(self._folder / "sender.sqlite3", wait_s=0.0)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Busy(
                "another BreastView is sending already", remedy="It sends these objects, too."
            ) from error
        try:
            with self._database.written() as database:
                database.execute("UPDATE outgoing SET state = 'waiting', unsure = 1 WHERE state = 'sending'")
            yield
        finally:
            lock.close()  # a killed process lets go of it in the same way

    def take(self, limit: int, now: float | None = None) -> tuple[Item, ...]:
        """Mark objects that are due as being sent, all of one archive, and return them; the oldest first."""
        now = time.time() if now is None else now
        with self._database.written() as database:
            first = database.execute(
                "SELECT archive FROM outgoing WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT 1",
                (now,),
            ).fetchone()
            if first is None:
                return ()
            rows = database.execute(
                f"SELECT {COLUMNS} FROM outgoing WHERE state = 'waiting' AND due <= ? AND archive = ? "
                "ORDER BY id LIMIT ?", (now, first[0], limit),
            ).fetchall()  # fmt: skip
            database.executemany(
                "UPDATE outgoing SET state = 'sending', changed_at = ? WHERE id = ?",
                [(_now(), row[0]) for row in rows],
            )
        return tuple(item_of(row) for row in rows)

    def file(self, item: Item) -> Path:
        """Return the file of an object that was not sent yet."""
        return self._objects / item.file

    def answered(self, item: Item, answer: Sent, now: float | None = None) -> None:
        """Keep the archive's answer to an object that was being sent."""
        if answer.stored:
            self._changed(item, State.SENT, answer.reason, 0.0, item.attempts)
            self._unlink([item.file])  # one that is held open goes with a later sweep
        elif answer.final:
            self._changed(item, State.FAILED, answer.reason, 0.0, item.attempts + 1)
        else:
            self._later(item, answer.reason, unsure=False, now=now)

    def unanswered(
        self, items: Sequence[Item], reason: str, *, final: bool, unsure: bool, now: float | None = None
    ) -> None:
        """Let objects that were being sent wait, or fail, because the archive did not answer.

        Parameters
        ----------
        items : sequence of Item
            In the order of sending.
        reason : str
        final : bool
            Whether trying again is of no use.
        unsure : bool
            Whether the first of them may have come there.
        """
        for at, item in enumerate(items):
            doubt = item.unsure or (unsure and at == 0)
            if final:
                self._changed(item, State.FAILED, reason, 0.0, item.attempts + 1, unsure=doubt)
            else:
                self._later(item, reason, unsure=doubt, now=now)
        if items and not final:
            # Those that were not even begun need not knock at a closed door before the others do.
            pause = self._pause(items[0].attempts + 1)
            due = (time.time() if now is None else now) + pause
            with self._database.written() as database:
                database.execute(
                    "UPDATE outgoing SET due = ?, reason = ? "
                    "WHERE state = 'waiting' AND archive = ? AND due < ?",
                    (due, reason, items[0].archive, due),
                )

    def put_back(self, items: Sequence[Item], *, unsure: bool) -> None:
        """Let objects wait that were taken and not sent, because sending was stopped."""
        for at, item in enumerate(items):
            doubt = item.unsure or (unsure and at == 0)
            self._changed(item, State.WAITING, item.reason, 0.0, item.attempts, unsure=doubt)

    def next_due(self) -> float | None:
        """Return when the next object is due, seconds of the epoch; None where nothing waits."""
        ((due,),) = self._database.read("SELECT min(due) FROM outgoing WHERE state = 'waiting'")
        return None if due is None else float(due)

    def _later(self, item: Item, reason: str, *, unsure: bool, now: float | None) -> None:
        attempts = item.attempts + 1
        if attempts >= TRIES:
            self._changed(item, State.FAILED, reason, 0.0, attempts, unsure=unsure)
            return
        due = (time.time() if now is None else now) + self._pause(attempts)
        self._changed(item, State.WAITING, reason, due, attempts, unsure=unsure)

    @staticmethod
    def _pause(attempts: int) -> float:
        return min(FIRST_PAUSE_S * 2 ** (attempts - 1), LONGEST_PAUSE_S)

    def _changed(
        self, item: Item, state: State, reason: str, due: float, attempts: int, *, unsure: bool = False
    ) -> None:
        with self._database.written() as database:
            database.execute(
                "UPDATE outgoing SET state = ?, reason = ?, due = ?, attempts = ?, unsure = ?, "
                "changed_at = ? WHERE id = ?",
                (state.value, reason, due, attempts, unsure, _now(), item.identifier),
            )

    # Files

    def _kept(self, one: Outgoing) -> str:
        """Write an object's file and return its name; it counts when it has a row."""
        name = f"{uuid4().hex}.dcm"
        (self._objects / name).write_bytes(one.content())
        return name

    def _unlink(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):
                (self._objects / name).unlink(missing_ok=True)

    def _forget_old(self) -> None:
        """Forget what was sent long ago, so that the file does not grow for ever; no object goes with it."""
        last = (datetime.now(UTC) - timedelta(days=SENT_DAYS)).isoformat(timespec="milliseconds")
        with self._database.written() as database:
            database.execute(
                "DELETE FROM outgoing WHERE state = 'sent' AND (changed_at < ? OR id NOT IN "
                "(SELECT id FROM outgoing WHERE state = 'sent' ORDER BY changed_at DESC, id DESC LIMIT ?))",
                (last, SENT_MOST),
            )

    def _sweep(self) -> None:
        """Remove files that a killed process left without a row, or whose object was sent."""
        needed = {name for (name,) in self._database.read("SELECT file FROM outgoing WHERE state != 'sent'")}
        with suppress(OSError), os.scandir(self._objects) as found:
            for entry in found:
                with suppress(OSError):
                    if entry.name not in needed and time.time() - entry.stat().st_mtime > _STRAY_S:
                        Path(entry.path).unlink()


def _inserted(database: sqlite3.Connection, archive: str, one: Outgoing, file: str) -> bool:
    """Insert a row, or renew that of a failed object; return whether the file is needed."""
    values = (one.series, one.study, one.kind, file, _now())
    renewed = database.execute(
        "UPDATE outgoing SET series = ?, study = ?, kind = ?, file = ?, changed_at = ?, state = 'waiting', "
        "attempts = 0, due = 0 WHERE archive = ? AND instance = ? AND state = 'failed'",
        (*values, archive, one.instance),
    )
    if renewed.rowcount:
        return True
    added = database.execute(
        "INSERT OR IGNORE INTO outgoing (series, study, kind, file, changed_at, archive, instance, state) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting')", (*values, archive, one.instance),
    )  # fmt: skip
    return added.rowcount == 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
