"""What every archive can do, whatever it speaks; and the rows, addresses and answers it deals in.

All methods block and belong in a worker. They report to the `Task` and stop at its wish with `Cancelled`.
Everything that goes wrong is an `ArchiveError` with a sentence: `ArchiveUnreachable` where another try may
help, `ArchiveRefused` where something must be set right first. Nothing here is logged: rows name patients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from breastview.task import Task

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


class Level(StrEnum):
    """What a query is about."""

    STUDY = "STUDY"
    SERIES = "SERIES"
    IMAGE = "IMAGE"


@dataclass(frozen=True)
class Address:
    """A study, one of its series, or one of its objects, by their UIDs; the lower ones may be empty."""

    study: str
    series: str = ""
    instance: str = ""

    @property
    def level(self) -> Level:
        """The lowest level that is named."""
        return Level.IMAGE if self.instance else Level.SERIES if self.series else Level.STUDY


@dataclass(frozen=True)
class Query:
    """What to look for; empty fields match everything.

    Attributes
    ----------
    level : Level
        What the rows are. Series are asked for with `within.study`, images with `within.series` too.
    within : Address
        The study or series to look into.
    patient_name : str
        Letters of any script; `*` and `?` are wildcards. Without a wildcard the beginnings of the name's
        parts are matched: "Mül An" finds "Müller^Anna".
    patient_id, accession_number : str
        Exact unless they hold a wildcard.
    description : str
        Of the study, or of the series at series level: what holds this text, unless it has wildcards.
    birth_date : date or None
    study_from, study_to : date or None
        Both included; one of them may be open.
    modality : str
        DICOM code ("US", "MG"); of any series of the study at study level.
    limit : int
        Rows at most; the archive is told to stop after them.
    """

    level: Level = Level.STUDY
    within: Address = Address("")
    patient_name: str = ""
    patient_id: str = ""
    birth_date: date | None = None
    study_from: date | None = None
    study_to: date | None = None
    modality: str = ""
    accession_number: str = ""
    description: str = ""
    limit: int = 500


@dataclass(frozen=True)
class Row:
    """One study, series or object of an archive; what the archive does not tell is empty or None.

    Attributes
    ----------
    address : Address
        What `Archive.retrieve` takes; its `level` says what the row is.
    patient_name : str
        As DICOM writes it, the parts between carets.
    birth_date, study_date : date or None
    study_time : str
        ``HH:MM:SS`` or shorter.
    modalities : tuple of str
        All of the study, or the one of the series.
    description : str
        Of the study or of the series.
    number : int or None
        Of the series or of the object in its series.
    series, objects : int or None
        How many there are below.
    sop_class : str
        UID of the kind of object, at image level.
    """

    address: Address
    patient_name: str = ""
    patient_id: str = ""
    birth_date: date | None = None
    sex: str = ""
    study_date: date | None = None
    study_time: str = ""
    accession_number: str = ""
    description: str = ""
    modalities: tuple[str, ...] = ()
    referring: str = ""
    number: int | None = None
    series: int | None = None
    objects: int | None = None
    sop_class: str = ""


@dataclass(frozen=True)
class Echo:
    """An archive's answer to "are you there": how long it took, and what it said of itself, in a sentence."""

    seconds: float
    says: str


@dataclass(frozen=True)
class Retrieved:
    """What has been fetched.

    Attributes
    ----------
    folder : Path
        The study's folder, named by its UID; ready to be opened.
    files : tuple of Path
        Those that came now, in the order of arrival.
    """

    folder: Path
    files: tuple[Path, ...]


@dataclass(frozen=True)
class Sent:
    """An archive's answer to one object.

    Attributes
    ----------
    instance : str
        SOP Instance UID.
    stored : bool
        Whether the archive has it now.
    reason : str
        Why not, or what the archive remarked, as a sentence; mostly empty.
    final : bool
        Whether trying again is of no use (the archive does not take this kind of object).
    """

    instance: str
    stored: bool
    reason: str = ""
    final: bool = False


class Archive(Protocol):
    """An archive under the name the reader gave it. Objects are cheap; connections last for one call."""

    @property
    def name(self) -> str:
        """The name in the settings."""
        ...

    def echo(self, task: Task | None = None) -> Echo:
        """Ask whether the archive is there and would speak with us.

        Raises
        ------
        ArchiveError
        """
        ...

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        """Yield what matches, as it comes, `query.limit` rows at most.

        Raises
        ------
        ArchiveError, Cancelled
            While the rows are taken.
        """
        ...

    def retrieve(self, address: Address, root: Path, task: Task | None = None) -> Retrieved:
        """Fetch a study, series or object into a folder of its study under `root`.

        The folder appears when everything is there; a study that lies there already then gets what came,
        each object whole.
        A connection that breaks is tried again with growing pauses. The task is told the number of objects.

        Raises
        ------
        ArchiveError, Cancelled
            `root` is then as it was.
        """
        ...

    def send(self, objects: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        """Send objects in one connection; yield the answer to each, in their order, as it comes.

        Usually called by `sender.Sender`, which remembers what is still to be sent.

        Raises
        ------
        ArchiveError, Cancelled
            When the connection fails: what was not answered yet is not known to be stored.
        """
        ...
