"""DICOMDIR: the table of contents of a medium (PS3.3 annex F)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from breastview.errors import UnreadableFile
from breastview.study.instance import Refusal

NAME = "DICOMDIR"
_SOP_CLASS = "1.2.840.10008.1.3.10"
_LEVELS = {"PATIENT", "STUDY", "SERIES"}
"""Entries that lead to others and name no file of their own (PS3.3 F.5)."""


def is_dicomdir(path: Path) -> bool:
    """Return whether the file is named like a table of contents."""
    return path.name.upper() == NAME


def referenced(path: Path) -> Iterator[Path | Refusal]:
    """Yield the files a DICOMDIR lists, in its order; they need not exist.

    Entries that are damaged, or lead out of the medium's folder, are told of together in one refusal.

    Raises
    ------
    UnreadableFile
        If the file is damaged or no DICOMDIR, or if it lists nothing.
    """
    listed, lost = _entries(path)
    if not listed:
        raise UnreadableFile(
            "it lists no file of its folder, so it is damaged or empty",
            path, "Open its folder instead; the pictures in it are found without this list.",
        )  # fmt: skip
    yield from (_found(path.parent, parts) for parts in listed)
    if lost:
        count = lost + len(listed)
        yield Refusal(
            path, path.name,
            f"Some of its entries ({lost} of {count}) are damaged or name no file of its "
            "folder. Open its folder instead; the pictures in it are found without this list.",
        )  # fmt: skip


def _entries(path: Path) -> tuple[list[list[str]], int]:
    """Return the names that stand for files of the folder, each in its parts, and how many others do not."""
    from breastview.readers.dicom.header import Header, media_storage_class, opened, tag

    with opened(path, [tag("DirectoryRecordSequence")]) as (dataset, _):
        if media_storage_class(dataset) != _SOP_CLASS:
            raise UnreadableFile("this is no DICOMDIR", path, "Open the folder instead.")
        records = Header(dataset).items("DirectoryRecordSequence")
    listed, lost = [], 0
    for record in records:
        parts = record.texts("ReferencedFileID")
        if parts and all(_is_name(part) for part in parts):
            listed.append(parts)
        elif parts or record.text("DirectoryRecordType") not in _LEVELS:
            lost += 1
    return listed, lost


def _is_name(part: str) -> bool:
    """Return whether a part of a path is the name of one thing, and no way to somewhere else."""
    return part == Path(part).name and part != ".." and "\0" not in part


def _found(root: Path, parts: list[str]) -> Path:
    """Return the file as the medium spells it: discs mounted elsewhere often come in lower case."""
    path = root.joinpath(*parts)
    lower = root.joinpath(*(part.lower() for part in parts))
    try:
        return lower if not path.exists() and lower.exists() else path
    except OSError:  # a name that no file system takes: it is not there
        return path
