"""One picture file as the archive describes it, without its pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from breastview.study.calibration import UNCALIBRATED, Calibration


@dataclass(frozen=True)
class Window:
    """A VOI window in modality values: centre and width, and the name the file gives it."""

    centre: float
    width: float
    name: str = ""


@dataclass(frozen=True)
class Patient:
    """Who was examined; every field may be empty. `name` is shown as "Family, Given"."""

    name: str = ""
    identifier: str = ""
    birth_date: str = ""
    sex: str = ""


@dataclass(frozen=True)
class StudyInfo:
    """The examination an instance belongs to; a folder of loose pictures counts as one."""

    uid: str
    date: str = ""
    time: str = ""
    description: str = ""
    accession: str = ""
    institution: str = ""
    referring_physician: str = ""


@dataclass(frozen=True)
class SeriesInfo:
    """The series an instance belongs to."""

    uid: str
    number: int = 0
    description: str = ""


@dataclass(frozen=True)
class Instance:
    """One file with one or more frames: a case in the worklist.

    Attributes
    ----------
    path : Path
        The readable file, absolute (a member of a ZIP lies in a private temporary folder).
    label : str
        How the file is named on screen (relative to what was opened; ``scans.zip/a/b.png`` for a ZIP member).
    uid : str
        SOP Instance UID, or empty for a loose picture.
    reader : str
        Name of the plug-in under ``readers/`` that understands the file.
    modality : str
        DICOM modality, or empty for a loose picture.
    rows, columns, frames : int
        Size of a frame in px; number of frames.
    photometric : str
        Photometric interpretation as stored (``"MONOCHROME1"``, ``"YBR_FULL_422"``, ...).
    bits_stored : int
        Bits a sample.
    windows : tuple of Window
        VOI windows of the file, in its order.
    calibrations : tuple of Calibration
        One for all frames, or one a frame.
    laterality : str
        ``"R"``, ``"L"``, ``"B"`` or empty. `view`: ``"CC"``, ``"MLO"``, ... or empty.
    lossy : str
        Empty, or what is known of a lossy compression ("JPEG, 15:1").
    frame_time : float
        Milliseconds between frames of a cine, 0 if it is none.
    truth : tuple of Path
        Ground-truth masks that lie beside the picture; several are united.
    directions : tuple of (str, str)
        Where the picture's rows and columns lead to in the patient, in letters of Patient Orientation (PS3.3
        C.7.6.1.1.1): ``("A", "F")``; empty where it is not known.
    projection : tuple of str
        What the header says of a mammogram's projection besides its view: ``"magnification"``, ``"implant"``,
        ``"implant displaced"``, ``"partial view"``, ``"spot compression"``, ``"tangential"``.
    pixel_aspect : float
        Height of a px over its width, as far as the file tells it without millimetres.
    exam : str
        Of a loose mammogram whose name or manifest tells side and view: what the pictures of its examination
        share; else empty.
    """

    path: Path
    label: str
    reader: str
    rows: int
    columns: int
    study: StudyInfo
    series: SeriesInfo
    patient: Patient = field(default=Patient())
    uid: str = ""
    sop_class: str = ""
    number: int = 0
    modality: str = ""
    frames: int = 1
    photometric: str = "MONOCHROME2"
    bits_stored: int = 8
    windows: tuple[Window, ...] = ()
    calibrations: tuple[Calibration, ...] = (UNCALIBRATED,)
    laterality: str = ""
    view: str = ""
    device: str = ""
    lossy: str = ""
    frame_time: float = 0.0
    truth: tuple[Path, ...] = ()
    directions: tuple[str, str] = ("", "")
    pixel_aspect: float = 1.0
    projection: tuple[str, ...] = ()
    exam: str = ""

    def calibration(self, frame: int = 0) -> Calibration:
        """Return the calibration of a frame (counted from 0)."""
        return self.calibrations[frame if len(self.calibrations) > 1 else 0]


@dataclass(frozen=True)
class Refusal:
    """A file that is no case, with its reason: a row in the worklist, never a dialog."""

    path: Path
    label: str
    reason: str


Entry = Instance | Refusal
"""What indexing yields, one for every file."""
