"""A folder as an archive: what another program puts there is found and taken, what is sent is put there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from breastview import atomic, inflation
from breastview.errors import ArchiveError, ArchiveRefused, ArchiveUnreachable
from breastview.pacs import _rows, configuration
from breastview.pacs._landing import landing, plain
from breastview.pacs._objects import outgoing
from breastview.pacs._protocol import Address, Echo, Level, Query, Retrieved, Row, Sent
from breastview.pacs.configuration import FolderSettings, ListenerSettings
from breastview.task import SilentTask, Task, check

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_KEYS = sorted({key for level in Level for key in _rows.asked_for(level)} | {"Modality"})


class FolderArchive:
    """A folder by its settings; see `_protocol.Archive`."""

    def __init__(self, settings: FolderSettings, listener: ListenerSettings) -> None:
        del listener
        self._settings = settings
        self._folder = Path(settings.path)

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def echo(self, task: Task | None = None) -> Echo:
        """Ask whether the folder is there and can be written to."""
        check(task or SilentTask())
        began = time.monotonic()
        self._there()
        if not os.access(self._folder, os.W_OK):
            raise ArchiveRefused(
                "the folder cannot be written to", self.name, "Ask for the permission, or choose another one."
            )
        return Echo(time.monotonic() - began, "")

    def _there(self) -> None:
        wrong = configuration.problems(self._settings)
        if wrong:
            raise ArchiveUnreachable("the folder cannot be used", self.name, " ".join(wrong))

    def find(self, query: Query, task: Task | None = None) -> Iterator[Row]:
        """Yield the studies, series or objects of the folder's files that match."""
        task = task or SilentTask()
        groups: dict[str, tuple[Dataset, list[Dataset]]] = {}
        for _, header in self._headers(task):
            if _rows.matches(header, query):
                key = str(header.get(_UNIT[query.level]))
                groups.setdefault(key, (header, []))[1].append(header)
        for first, headers in list(groups.values())[: query.limit]:
            row = _rows.row(_counted(first, headers), query)
            if _rows.fits(row, query):
                yield row

    def _headers(self, task: Task) -> Iterator[tuple[Path, Dataset]]:
        """Yield the DICOM files with the part of their header that rows are made from."""
        from pydicom import dcmread

        inflation.limit()
        self._there()
        for count, file in enumerate(self._files(), 1):
            check(task)
            task.progress(count, None)
            with suppress(Exception):  # whatever else lies there
                header = dcmread(file, stop_before_pixels=True, specific_tags=_KEYS)
                if header.get("StudyInstanceUID") and header.get("SOPInstanceUID"):
                    yield file, header

    def _files(self) -> Iterator[Path]:
        for file in sorted(self._folder.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(self._folder).parts)
            if not hidden and file.is_file():
                yield file

    def retrieve(self, address: Address, root: Path, task: Task | None = None) -> Retrieved:
        """Copy a study, series or object."""
        task = task or SilentTask()
        query = Query(Level.IMAGE, address)
        with landing(root, address.study, self.name) as ground:
            for file, header in self._headers(task):
                if _rows.matches(header, query):
                    ground.take(str(header.SOPInstanceUID), self._content(file))
                    task.progress(len(ground), None)
            if not len(ground):
                raise ArchiveRefused("the study is not in the folder any more", self.name, "Look again.")
            return ground.publish()

    def _content(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise self._failed(error) from error

    def send(self, objects: Iterable[Path | Dataset], task: Task | None = None) -> Iterator[Sent]:
        """Put objects into the folder of their study, each whole or not at all."""
        task = task or SilentTask()
        self._there()
        for count, one in enumerate(outgoing(objects), 1):
            check(task)
            try:
                file = self._folder / plain(one.study) / f"{plain(one.instance)}.dcm"
                with atomic.written(file) as temporary:
                    temporary.write_bytes(one.content())
            except OSError as error:
                raise self._failed(error) from error
            task.progress(count, None)
            yield Sent(one.instance, True)

    def _failed(self, error: OSError) -> ArchiveError:
        return ArchiveUnreachable(
            f"the folder failed ({(error.strerror or 'input error').lower()})", self.name,
            "Check the drive, its free space and the permissions.",
        )  # fmt: skip


ARCHIVE = FolderArchive

_UNIT = {Level.STUDY: "StudyInstanceUID", Level.SERIES: "SeriesInstanceUID", Level.IMAGE: "SOPInstanceUID"}


def _counted(first: Dataset, headers: list[Dataset]) -> Dataset:
    """Return a header with what an archive would count."""
    first.ModalitiesInStudy = sorted({str(one.get("Modality")) for one in headers if one.get("Modality")})
    first.NumberOfStudyRelatedSeries = len({one.get("SeriesInstanceUID") for one in headers})
    first.NumberOfStudyRelatedInstances = first.NumberOfSeriesRelatedInstances = len(headers)
    return first
