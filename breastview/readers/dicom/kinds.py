"""DICOM objects that are no pictures, and transfer syntaxes that are no stills: what to say of them."""

from __future__ import annotations

_STORAGE = "1.2.840.10008.5.1.4.1.1."
_ELSEWHERE = "belongs to another picture and is not shown as a case"

_OBJECTS: dict[str, str] = {
    "1.2.840.10008.1.3.10": "a DICOMDIR, the contents of a medium; open it by itself or with its folder",
    _STORAGE + "66.4": f"a DICOM segmentation; it {_ELSEWHERE}",
    _STORAGE + "66.5": f"a DICOM surface segmentation; it {_ELSEWHERE}",
    _STORAGE + "66.7": f"a DICOM label map segmentation; it {_ELSEWHERE}",
    _STORAGE + "66.1": "a DICOM spatial registration; it holds no picture",
    _STORAGE + "66.2": "a DICOM spatial fiducials object; it holds no picture",
    _STORAGE + "66.3": "a DICOM deformable registration; it holds no picture",
    _STORAGE + "66": "the raw data of a machine; it holds no picture",
    _STORAGE + "67": "a DICOM real world value mapping; it holds no picture",
    _STORAGE + "88.59": "a DICOM key object selection; it points at pictures and holds none",
    _STORAGE + "88": "a DICOM structured report; it holds text and measurements, no picture",
    _STORAGE + "11": "a DICOM presentation state; it says how another picture is shown and holds none",
    _STORAGE + "9": "a DICOM waveform; it holds no picture",
    _STORAGE + "104.1": "a PDF in a DICOM file; it is not shown as a case",
    _STORAGE + "104": "a document in a DICOM file; it is not shown as a case",
    _STORAGE + "91": "a set of DICOM microscopy annotations; it holds no picture",
    _STORAGE + "30": "a DICOM parametric map; it holds measured numbers, not a picture to read",
    _STORAGE + "481.2": "a radiotherapy dose; it holds no picture",
    _STORAGE + "481.3": "a radiotherapy structure set; it holds no picture",
    _STORAGE + "481.5": "a radiotherapy plan; it holds no picture",
    _STORAGE + "481.8": "a radiotherapy ion plan; it holds no picture",
    _STORAGE + "481.4": "a radiotherapy treatment record; it holds no picture",
    _STORAGE + "481.6": "a radiotherapy treatment record; it holds no picture",
    _STORAGE + "481.7": "a radiotherapy treatment record; it holds no picture",
    _STORAGE + "481.9": "a radiotherapy treatment record; it holds no picture",
    "1.2.840.10008.5.1.4.38": "a DICOM hanging protocol; it holds no picture",
    "1.2.840.10008.5.1.4.34": "a DICOM work item; it holds no picture",
}

_SYNTAXES: dict[str, str] = {
    **{f"1.2.840.10008.1.2.4.{n}": "a video (MPEG or H.26x)" for n in (*range(100, 109), 113, 114)},
    **{f"1.2.840.10008.1.2.7.{n}": "an uncompressed video stream" for n in range(1, 4)},
    **{f"1.2.840.10008.1.2.4.{n}": "a link to pixels on a server (JPIP)" for n in (94, 95, 204, 205)},
}


def no_picture(sop_class: str) -> str:
    """Return what a SOP class is when it is no picture ("a DICOM segmentation; ..."), else an empty string.

    A family is found by its first numbers: ``88.33`` is one of the structured reports under ``88``.
    """
    family = sop_class
    while family.count(".") > 6:
        if family in _OBJECTS:
            return _OBJECTS[family]
        family = family.rpartition(".")[0]
    return _OBJECTS.get(family, "")


def no_still(syntax: str) -> str:
    """Return what a transfer syntax carries when it is not single frames, else an empty string."""
    return _SYNTAXES.get(syntax, "")
