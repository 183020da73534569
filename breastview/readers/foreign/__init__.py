"""Objects of other systems that belong to pictures: one file a kind, found by their SOP class."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from breastview import registry
from breastview.errors import BreastViewError, UnreadableFile
from breastview.readers.foreign._protocol import ForeignReader
from breastview.study.foreign import Companion, Overlay, Page

Result = TypeVar("Result")

PACKAGE = "breastview.readers.foreign"
MOST_REFERENCES = 100_000


def describe(path: Path, label: str) -> Companion | None:
    """Return a file as a companion of pictures, None where it is no object of a kind that is read.

    Raises
    ------
    UnreadableFile
        If it is one, but damaged.
    """
    return _explained(path, lambda: _described(path, label))


def _described(path: Path, label: str) -> Companion | None:
    from breastview.readers.dicom.header import Header
    from breastview.readers.foreign._content import references, sop_class, whole

    name = _reader_of(sop_class(path))
    if not name:
        return None
    header = Header(whole(path))
    refers = frozenset(islice(references(header), MOST_REFERENCES)) - {""}
    maker, model = header.text("Manufacturer"), header.text("ManufacturerModelName")
    return Companion(
        path=path, label=label, kind=_reader(name).kind, reader=name, uid=header.text("SOPInstanceUID"),
        study=header.text("StudyInstanceUID"),
        maker=model if model.casefold().startswith(maker.casefold()) else f"{maker} {model}".strip(),
        title=next((text for text in map(header.text, _TITLES) if text), ""),
        date=next((text for text in map(header.text, _DATES) if text), ""),
        refers=refers,
    )  # fmt: skip


_DATES = ("ContentDate", "PresentationCreationDate", "StudyDate")
_TITLES = ("DocumentTitle", "SeriesDescription", "ContentDescription", "ContentLabel")


def overlay(companion: Companion, uid: str, frame: int, size: tuple[int, int]) -> Overlay:
    """Return what a companion says of a frame.

    Parameters
    ----------
    companion : Companion
    uid, frame : str, int
        SOP Instance UID of the picture, and its frame from 0.
    size : (int, int)
        Rows and columns of the picture.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    """
    from breastview.readers.foreign._content import whole

    path, reader = companion.path, _reader(companion.reader)
    return _explained(path, lambda: reader.overlay(companion, whole(path), uid, frame, size))


def page(companion: Companion) -> Page | None:
    """Return the document that a companion is, None where it is none.

    Raises
    ------
    UnreadableFile
        If it cannot be read.
    """
    from breastview.readers.foreign._content import whole

    path, reader = companion.path, _reader(companion.reader)
    return _explained(path, lambda: reader.page(companion, whole(path)))


def _explained(path: Path, work: Callable[[], Result]) -> Result:
    try:
        return work()
    except BreastViewError:
        raise
    except Exception as error:  # damaged objects fail in every way there is
        raise UnreadableFile("the DICOM object is damaged", path, "Ask for it again.") from error


@cache
def _reader(name: str) -> ForeignReader:
    reader: ForeignReader = registry.load(PACKAGE, name).READER
    return reader


@cache
def _reader_of(sop_class: str) -> str:
    """Return the plug-in that reads a SOP class, or the family it is of; empty where none does."""
    for name in registry.names(PACKAGE):
        families = _reader(name).families
        if any(sop_class == family or sop_class.startswith(f"{family}.") for family in families):
            return name
    return ""
