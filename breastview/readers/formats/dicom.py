"""DICOM pictures of any kind: ultrasound, mammography, radiography, secondary capture, multi-frame."""

from __future__ import annotations

from pathlib import Path

from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

_FIRST_GROUPS = (b"\x02\x00", b"\x08\x00", b"\x00\x02", b"\x00\x08")


class _Dicom:
    """DICOM files with or without the file meta header; pydicom is loaded when the first one turns up."""

    suffixes = frozenset({".dcm", ".dicom", ".dic", ".ima"})

    def sniff(self, head: bytes, _path: Path) -> bool:
        """Return whether the first bytes are those of a DICOM file, or of a bare data set."""
        if head[128:132] == b"DICM":
            return True
        # A bare data set begins with an element of group 0002 or 0008 whose number is small.
        return len(head) > 16 and head[:2] in _FIRST_GROUPS and 0 in head[2:4]

    def describe(self, path: Path, label: str) -> Instance:
        """Return what the header says; see `breastview.readers.dicom.description`."""
        from breastview.readers.dicom.description import describe

        return describe(path, label)

    def pixels(self, instance: Instance, frame: int) -> FramePixels:
        """Return one frame; see `breastview.readers.dicom.frames`."""
        from breastview.readers.dicom.frames import read

        return read(instance, frame)


READER = _Dicom()
