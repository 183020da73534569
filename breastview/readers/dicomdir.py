"""DICOMDIR: the table of contents of a medium (PS3.3 annex F)."""

from __future__ import annotations

from pathlib import Path

from breastview.errors import UnreadableFile

NAME = "DICOMDIR"
_SOP_CLASS = "1.2.840.10008.1.3.10"


def is_dicomdir(path: Path) -> bool:
    """Return whether the file is named like a table of contents."""
    return path.name.upper() == NAME


def referenced(path: Path) -> list[Path]:
    """Return the files a DICOMDIR lists, in its order; they need not exist.

    Names that lead out of the medium's folder are left out.

    Raises
    ------
    UnreadableFile
        If the file is damaged or no DICOMDIR.
    """
    from breastview.readers.dicom.header import Header, media_storage_class, opened, tag

    with opened(path, [tag("DirectoryRecordSequence")]) as (dataset, _):
        if media_storage_class(dataset) != _SOP_CLASS:
            raise UnreadableFile("this is no DICOMDIR", path, "Open the folder instead.")
        names = [
            record.texts("ReferencedFileID") for record in Header(dataset).items("DirectoryRecordSequence")
        ]
    root = path.parent
    listed = [parts for parts in names if parts and all(parts) and not {"..", "."} & set(parts)]
    return [_found(root, parts) for parts in listed]


def _found(root: Path, parts: list[str]) -> Path:
    """Return the file as the medium spells it: discs mounted elsewhere often come in lower case."""
    path = root.joinpath(*parts)
    if path.exists():
        return path
    lower = root.joinpath(*(part.lower() for part in parts))
    return lower if lower.exists() else path
