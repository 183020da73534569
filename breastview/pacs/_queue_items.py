"""What is in the queue of objects to be sent, as its rows say it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breastview.pacs._protocol import Address

COLUMNS = "id, archive, instance, series, study, kind, state, attempts, reason, unsure, changed_at, due, file"


class State(StrEnum):
    """Where an object on its way is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True)
class Item:
    """An object in the queue.

    Attributes
    ----------
    identifier : int
        Of the row; what `Queue.again` and `Queue.remove` take.
    archive : str
        Name in the settings.
    instance, series, study, kind : str
        UIDs; the last is the SOP class.
    attempts : int
        Tries that failed.
    reason : str
        Why the last one failed, or what the archive remarked, as an English sentence (`language.said`).
    unsure : bool
        Whether a try ended without an answer, so that the archive may have it.
    changed_at : str
        ISO 8601, UTC.
    due : float
        When it is tried next, seconds of the epoch.
    file : str
        Name of the copy that waits; `Queue.file` gives its path.
    """

    identifier: int
    archive: str
    instance: str
    series: str
    study: str
    kind: str
    state: State
    attempts: int
    reason: str
    unsure: bool
    changed_at: str
    due: float
    file: str

    @property
    def title(self) -> str:
        """The kind of object in words, as DICOM calls it."""
        from pydicom.uid import UID

        return UID(self.kind).name

    @property
    def address(self) -> Address:
        """Where the archive would have it."""
        return Address(self.study, self.series, self.instance)


@dataclass(frozen=True)
class Added:
    """How many objects were put into the queue, and how many were in it already or sent before."""

    new: int
    known: int


def item_of(row: tuple) -> Item:
    """Return an item from the `COLUMNS` of its row."""
    values = list(row)
    values[6], values[9] = State(row[6]), bool(row[9])
    return Item(*values)
