"""DICOM objects on their way out, whether in memory or in files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from breastview import inflation
from breastview.errors import ExportError, UnreadableFile

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_KEYS = ["SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"]


@dataclass(frozen=True)
class Outgoing:
    """An object that can be sent: its UIDs, its transfer syntax, and where it is."""

    instance: str
    series: str
    study: str
    kind: str
    syntax: str
    source: Path | Dataset

    @property
    def title(self) -> str:
        """The kind of object in words, as DICOM calls it."""
        from pydicom.uid import UID

        return UID(self.kind).name

    @property
    def syntax_title(self) -> str:
        """The transfer syntax in words, as DICOM calls it."""
        from pydicom.uid import UID

        return UID(self.syntax).name

    def dataset(self) -> Dataset:
        """Return the whole object.

        Raises
        ------
        UnreadableFile
            If its file has gone or is damaged.
        """
        if isinstance(self.source, Path):
            return _read(self.source)
        from pydicom import dcmread

        # Written and read again: whole, with preamble and file meta information, and not the caller's own.
        return dcmread(BytesIO(self.content()))

    def content(self) -> bytes:
        """Return the object as a DICOM file."""
        if isinstance(self.source, Path):
            try:
                return self.source.read_bytes()
            except OSError as error:
                raise _gone(self.source, error) from error
        buffer = BytesIO()
        self.source.save_as(buffer, enforce_file_format=True)
        return buffer.getvalue()


def outgoing(objects: Iterable[Path | Dataset]) -> Iterator[Outgoing]:
    """Yield what is to be sent, the files' headers read.

    Raises
    ------
    UnreadableFile
        If a file is no DICOM object.
    ExportError
        If an object in memory lacks its UIDs or its transfer syntax.
    """
    for one in objects:
        header = _read(one, header=True) if isinstance(one, Path) else one
        try:
            uids = [str(header.get(key) or "") for key in _KEYS]
            syntax = str(getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", "") or "")
        except Exception:  # elements are decoded when they are asked for, and fail in many ways
            uids, syntax = [], ""
        if not all((*uids, syntax)):
            if isinstance(one, Path):
                raise UnreadableFile("the DICOM file lacks its identifiers", one, "It cannot be sent.")
            raise ExportError("a DICOM object lacks its identifiers", remedy="It cannot be sent.")
        kind, instance, study, series = uids
        yield Outgoing(instance, series, study, kind, syntax, one)


def _read(path: Path, header: bool = False) -> Dataset:
    from pydicom import dcmread

    inflation.limit()
    try:
        return dcmread(path, stop_before_pixels=header, specific_tags=_KEYS if header else None)
    except OSError as error:
        raise _gone(path, error) from error
    except Exception as error:  # pydicom raises many kinds for damaged files
        raise UnreadableFile("this is no DICOM file that can be sent", path, "Ask for it again.") from error


def _gone(path: Path, error: OSError) -> UnreadableFile:
    reason = (error.strerror or "input error").lower()
    return UnreadableFile(f"the file cannot be read ({reason})", path, "Check the drive or the permission.")
