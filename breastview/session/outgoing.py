"""From the cases that are open to files and archives: every kind of output, with names or without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from breastview.deidentify import Deidentifier, report, save
from breastview.errors import BreastViewError, ExportError
from breastview.exporters._dicom_files import PICTURE, role_of
from breastview.exporters._dicom_objects import KINDS as DICOM_KINDS
from breastview.exporters._dicom_objects import OF_A_STUDY, objects
from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, StreamingExporter
from breastview.session.engine import exporter
from breastview.session.parcels import Read, together
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import Reading
from breastview.task import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydicom.dataset import Dataset

PICTURES = "dicom"
"""The pictures' own DICOM files."""
TABLES = ("csv", "json", "fhir")
FOLDERS = ("png", "masks")
DOCUMENTS = ("pdf",)
_FILES = {"csv": "readings.csv", "json": "readings.json", "fhir": "readings.fhir.json", "pdf": "report.pdf"}


def kinds() -> tuple[str, ...]:
    """Return every kind of output."""
    return (PICTURES, *DICOM_KINDS, *DOCUMENTS, *TABLES, *FOLDERS)


@dataclass
class Outcome:
    """What an export left behind.

    Attributes
    ----------
    written : int
        Files.
    failures : list of str
        A sentence for everything that could not be written.
    """

    written: int = 0
    failures: list[str] = field(default_factory=list)


class Outgoing:
    """Takes records one by one and writes what is wanted of them; a bad one is a sentence, the rest goes on.

    Parameters
    ----------
    wanted : sequence of str
        Of `kinds`.
    folder : Path
        Where the files go.
    options : ExportOptions
    deidentifier : Deidentifier or None
        None writes everything as it is.
    """

    def __init__(
        self, wanted: Sequence[str], folder: Path, options: ExportOptions, deidentifier: Deidentifier | None
    ) -> None:  # fmt: skip
        self._wanted, self.folder, self.options = tuple(wanted), folder, options
        self._deidentifier = deidentifier
        self.outcome = Outcome()
        self._adds: list[tuple[str, Callable[[Reading | Refusal], tuple[Path, ...]]]] = []
        self._study: list[Read] = []
        self._copied: set[Path] = set()
        self._made: set[str] = set()
        self._names: dict[str, Names] = {}
        self.files: list[Path] = []

    @contextmanager
    def opened(self) -> Iterator[Outgoing]:
        """Open the outputs; tables take their final names when the block is left without an error."""
        with ExitStack() as stack:
            for kind in self._wanted:
                if kind in TABLES + FOLDERS:
                    streaming = exporter(kind)
                    assert isinstance(streaming, StreamingExporter)
                    where = self.folder / _FILES.get(kind, kind)
                    add = stack.enter_context(streaming.writing(where, self.options))
                    self._adds.append((kind, add))
                    self._tell((where,) if kind in TABLES else (), counted=True)
            yield self
            self._end_study()
        if self._deidentifier is not None and self._deidentifier.reports:
            try:
                report.write(self._deidentifier.reports, self.folder)
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                self.outcome.failures.append(f"deidentification.txt: it could not be written ({reason}).")

    def clean(self, reading: Reading, case: Instance) -> Reading:
        """Return a reading as it leaves the house.

        Raises
        ------
        ExportError
            If text that may name the patient would stay in its pixels.
        """
        return reading if self._deidentifier is None else self._deidentifier.reading(reading, case)

    def refuse(self, refusal: Refusal) -> None:
        """Take a file or frame that could not be read."""
        shown = refusal if self._deidentifier is None else self._deidentifier.refusal(refusal)
        self.outcome.failures.append(f"{refusal.label}: {refusal.reason}")
        for _, add in self._adds:
            add(shown)

    def add(self, reading: Reading, case: Instance) -> None:
        """Take a reading.

        Parameters
        ----------
        reading : Reading
        case : Instance
            The case it is of, with the file that can be read.
        """
        if self._study and self._study[0][0].study.uid != case.study.uid:
            self._end_study()
        with self._noted(case):
            self._add(self.clean(reading, case), case)
            if reading.failure:
                self.outcome.failures.append(f"{case.label}: {reading.failure}")

    def report(
        self, export: Callable[..., object], readings: Iterable[tuple[Instance | None, Reading | Refusal]],
        task: Task,
    ) -> None:  # fmt: skip
        """Write the report of what may go out; what may not was said before.

        Parameters
        ----------
        export : callable
            `Session.export`.
        """

        def clean() -> Iterator[Reading]:
            for case, record in readings:
                if case is not None and not isinstance(record, Refusal):
                    with suppress(BreastViewError):
                        yield self.clean(record, case)

        made = clean()
        first = next(made, None)
        if first is not None:
            path = self.folder / _FILES["pdf"]
            export("pdf", chain([first], made), path, task, self.options)
            self._tell((path,), counted=True)

    def _add(self, clean: Reading, case: Instance) -> None:
        """Write what is wanted of a frame; what fails of one kind keeps back no other."""
        with self._noted(case):
            self._copy(case)
        for kind, add in self._adds:
            with self._noted(case):
                self._tell(add(clean), counted=kind in FOLDERS)
        read = (case, clean)
        self._objects_of([read], of_a_study=False)
        if set(self._wanted) & set(OF_A_STUDY):
            self._study.append(read)

    def _end_study(self) -> None:
        study, self._study = self._study, []
        self._objects_of(study, of_a_study=True)

    def _objects_of(self, read: Sequence[Read], *, of_a_study: bool) -> None:
        for kind in self._wanted:
            if kind in DICOM_KINDS and (kind in OF_A_STUDY) == of_a_study:
                for group in together(kind, read):
                    case = group[0][0]
                    with self._noted(case):
                        self._objects(kind, [reading for _, reading in group], case)

    def _copy(self, case: Instance) -> None:
        """Write the picture's own file, once for all its frames."""
        if PICTURES not in self._wanted or case.path in self._copied:
            return
        self._copied.add(case.path)
        if self._deidentifier is not None:
            self._tell((self._deidentifier.write(case, self.folder / PICTURES),), counted=True)
            return
        from breastview import atomic

        if not case.uid:
            raise ExportError("only DICOM files can be written as DICOM files", case.label)
        target = self._names.setdefault(PICTURES, Names(self.folder / PICTURES, ".dcm")).path(case, 0)
        try:
            with atomic.written(target) as temporary:
                temporary.write_bytes(case.path.read_bytes())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise ExportError(f"it could not be written ({reason})", target) from error
        self._tell((target,), counted=True)

    def _objects(self, kind: str, readings: list[Reading], case: Instance) -> None:
        for made in objects(readings, [kind], self.options):
            uid = str(made.SOPInstanceUID)
            if uid in self._made:
                continue
            self._made.add(uid)
            role = role_of(made, kind)
            folder = self.folder / (role if role == PICTURE else kind)
            names = self._names.setdefault(role, Names(folder, f"_{role}.dcm"))
            path = names.path(readings[0].instance, readings[0].frame)
            self._tell((save(self._cleaned(made, path, case), path),), counted=True)

    def _cleaned(self, made: Dataset, path: Path, case: Instance) -> Dataset:
        if self._deidentifier is None:
            return made
        name = path.relative_to(self.folder).as_posix()
        return self._deidentifier.dataset(made, name, case, made_clean=True)

    def _tell(self, files: Iterable[Path], counted: bool) -> None:
        new = list(files)
        self.files.extend(new)
        self.outcome.written += len(new) if counted else 0

    @contextmanager
    def _noted(self, case: Instance) -> Iterator[None]:
        """Turn what goes wrong with one picture into its sentence."""
        try:
            yield
        except BreastViewError as error:
            self.outcome.failures.append(f"{case.label}: {error}")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Objects are made by libraries that raise many kinds for headers they do not expect.
            self.outcome.failures.append(f"{case.label}: it could not be written ({type(error).__name__}).")


def send(archive: str, files: Sequence[Path], task: Task) -> list[str]:
    """Send the DICOM files among those written to an archive of the settings; return what went wrong.

    They go through the queue: what the archive does not take now is tried again by the window.

    Raises
    ------
    ArchiveError
        If there is no archive of this name.
    Cancelled
    """
    from breastview.pacs import configuration
    from breastview.pacs.queue import Busy, Queue, State
    from breastview.pacs.sender import Sender

    name = configuration.load().named(archive).name
    wanted = [file for file in files if file.suffix == ".dcm"]
    queue = Queue()
    try:
        queue.put(name, wanted)
        with suppress(Busy):  # the window sends from this queue, these objects, too
            Sender(queue).drain(task)
        left = queue.items(State.WAITING, State.FAILED, archive=name)
        return [f"{item.title}: {item.reason}" for item in left if item.reason]
    finally:
        queue.close()
