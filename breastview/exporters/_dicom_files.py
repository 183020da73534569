"""Writing DICOM objects as files, with the picture that they speak of where that was no DICOM file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from breastview import atomic
from breastview.errors import ExportError
from breastview.exporters import _dicom_objects, _streams
from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, Record
from breastview.study.instance import Instance
from breastview.study.reading import Reading
from breastview.task import Task, check

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from breastview.exporters._dicom_source import Source

T = TypeVar("T")

SUFFIX = ".dcm"
PICTURE = "picture"
_FRACTIONAL = "probability"


class DicomFiles(_streams.ManyFiles):
    """A file for each object of a reading; under a folder, at the picture's relative path.

    The AI's probability map ends in ``_probability``, the picture made for a file that is no DICOM in
    ``_picture``. A reading without what this kind holds gets no file.
    """

    suffix = SUFFIX
    name: str

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:
        """Write the objects of each record at once; those that are finished stay when the block fails."""
        places = Places(destination, self.name)

        def add(record: Record) -> tuple[Path, ...]:
            if not isinstance(record, Reading):
                return ()
            picture = _dicom_objects.picture_of(record)
            made = _dicom_objects.of_reading(record, picture, (self.name,), options)
            return _written(made, picture, places, record.instance, record.frame)

        yield add

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write the objects of all readings and return the files; see `_Told` for what cannot be made."""
        told = _Told()
        with self.writing(destination, options) as add:
            written = _streams.drain(readings, lambda record: told.tried(partial(add, record)) or (), task)
        told.raise_after(written)
        return written


class _Told:
    """Goes on after a picture of which there is no object, and says so when the others are written."""

    def __init__(self) -> None:
        self._failures: list[_dicom_objects.NotMade] = []

    def tried(self, make: Callable[[], T]) -> T | None:
        """Return what `make` gives, None where it cannot be made."""
        try:
            return make()
        except _dicom_objects.NotMade as error:
            self._failures.append(error)
            return None

    def raise_after(self, written: tuple[Path, ...]) -> None:
        """Raise what went wrong, if anything did.

        Raises
        ------
        NotMade
            If nothing was written.
        ExportError
            If some files were, which stay.
        """
        if not self._failures:
            return
        if not written:
            raise self._failures[0]
        count, first = len(self._failures), str(self._failures[0])
        if count > 1:
            raise ExportError(f"the rest is written, but of {count} images there is no such object: {first}")
        raise ExportError(f"the rest is written, but of one image there is no such object: {first}")


class DicomStudyFiles:
    """A file for the readings of each study that follow one another, named after the first one's picture.

    What cannot be made is told in the end, see `_Told`.
    """

    suffix = SUFFIX
    one_file = False
    name: str

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write the objects of all studies and return the files."""
        places, told = Places(destination, self.name), _Told()
        written: list[Path] = []
        for _, pairs in groupby(_with_pictures(readings, task, told), lambda pair: pair[1].study_uid):
            of_one = list(pairs)
            check(task)
            reading, picture = of_one[0]
            made = [one.picture for _, one in of_one if one.picture is not None]
            of_all = told.tried(partial(_dicom_objects.of_study, of_one, (self.name,), options))
            if of_all is not None:
                written += _written([*made, *of_all], picture, places, reading.instance, reading.frame)
        told.raise_after(tuple(written))
        return tuple(written)


def _with_pictures(readings: Iterable[Record], task: Task, told: _Told) -> Iterator[tuple[Reading, Source]]:
    total = len(readings) if isinstance(readings, (list, tuple)) else None
    for done, record in enumerate(readings, start=1):
        check(task)
        if isinstance(record, Reading):
            picture = told.tried(partial(_dicom_objects.picture_of, record))
            if picture is not None:
                yield record, picture
        task.progress(done, total, record.instance.label if isinstance(record, Reading) else record.label)


class Places:
    """Gives every object its file: at the picture's path under a folder, or beside one given name."""

    def __init__(self, destination: Path, kind: str) -> None:
        self._destination, self.kind = destination, kind
        self._names = {role: Names(destination, f"_{role}{SUFFIX}") for role in (kind, _FRACTIONAL, PICTURE)}
        self._numbers = count(1)
        self._stem = ""

    def begin(self) -> None:
        """Begin the files of another reading or study."""
        number = next(self._numbers)
        stem = self._destination.stem
        self._stem = f"{stem}_{number}" if number > 1 else stem

    def path(self, role: str, instance: Instance, frame: int) -> Path:
        """Return the file of an object: `role` is the kind, ``"probability"`` or ``"picture"``."""
        if self._destination.suffix.lower() != SUFFIX:
            return self._names[role].path(instance, frame)
        return self._destination.with_stem(self._stem if role == self.kind else f"{self._stem}_{role}")


def _written(
    made: list[Dataset], picture: Source, places: Places, instance: Instance, frame: int
) -> tuple[Path, ...]:
    """Write objects and return their files, the picture's last; nothing where there is but the picture."""
    own = {picture.picture.SOPInstanceUID} if picture.picture is not None else set()
    objects = [one for one in made if one.SOPInstanceUID not in own]
    if not objects:
        return ()
    places.begin()
    written = []
    for one in (*objects, *(one for one in made[:1] if one.SOPInstanceUID in own)):
        path = places.path(role_of(one, places.kind), instance, frame)
        with _streams.explained(path), atomic.written(path) as temporary:
            one.save_as(temporary, enforce_file_format=True)
        written.append(path)
    return tuple(written)


def role_of(made: Dataset, kind: str) -> str:
    """Return the part an object plays: its `kind`, `PICTURE` or ``"probability"``."""
    if made.get("ConversionType") == "DI":  # Made of a file that is no DICOM; a key image is a workstation's.
        return PICTURE
    return _FRACTIONAL if made.get("SegmentationType") == "FRACTIONAL" else kind
