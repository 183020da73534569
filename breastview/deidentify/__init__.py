"""Pictures and records without what tells whose they are (PS3.15 annex E), and what was changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from breastview import atomic, inflation
from breastview.deidentify.options import Options, Rectangle
from breastview.deidentify.report import Action, FileReport
from breastview.errors import ExportError, UnreadableFile
from breastview.language import tr
from breastview.study.instance import Instance, Refusal
from breastview.study.pixels import FramePixels
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from breastview.deidentify.pixels import Blanking

_PIXEL_DATA = "(7FE0,0010) PixelData"

__all__ = ["Deidentifier", "FileReport", "Options", "Rectangle"]


class Deidentifier:
    """De-identifies data sets, files and records alike; what belongs together stays together.

    Parameters
    ----------
    key : str
        Gives the same pseudonyms in every run; see `breastview.deidentify.key`.
    options : Options
    frames : callable
        Gives the decoded pixels of an instance and frame.

    Attributes
    ----------
    reports : list of FileReport
        What was changed so far.
    """

    def __init__(self, key: str, options: Options, frames: Callable[[Instance, int], FramePixels]) -> None:
        from breastview.deidentify.pseudonyms import Pseudonyms

        self.options, self._key, self._frames = options, key, frames
        self._pseudonyms = Pseudonyms(key)
        self._blankings: dict[Path, Blanking] = {}
        self._unseen: set[Path] = set()  # whose header tells of text that was not found
        self.reports: list[FileReport] = []

    def refusal(self, refusal: Refusal) -> Refusal:
        """Return a refused file without its name."""
        from breastview.deidentify import records

        return records.refusal(refusal, self._key)

    def reading(self, reading: Reading, source: Instance) -> Reading:
        """Return a reading under pseudonyms, its pixels blanked like those of its file.

        Parameters
        ----------
        reading : Reading
        source : Instance
            The case with the file that can be read (a reading names a ZIP's member by the ZIP).

        Raises
        ------
        ExportError
            If text that may name the patient would stay in the pixels.
        """
        from breastview.deidentify import pixels, records

        found = self._checked(source)
        clean = records.reading(reading, self._pseudonyms, self.options, self._key)
        if not found.mask.any():
            return clean
        return replace(clean, pixels=pixels.blanked(reading.pixels, found.mask))

    def label(self, case: Instance) -> str:
        """Return how the file of a case is called from now on."""
        from breastview.deidentify import records

        return records.new_label(case, self._pseudonyms, self._key)

    def dataset(
        self, dataset: Dataset, name: str = "", case: Instance | None = None, *, made_clean: bool = False
    ) -> Dataset:
        """De-identify a data set in place and return it; its pixels are taken to be clean.

        Parameters
        ----------
        name : str
            What the report calls it.
        case : Instance, optional
            The case it belongs to, whose names must not be left in it either.
        made_clean : bool
            Whether it was made from a record that `reading` gave.

        Raises
        ------
        ExportError
            If it is damaged so that it is not known what is in it.
        """
        from breastview.deidentify.dataset import Cleaner
        from breastview.deidentify.identity import Identity
        from breastview.deidentify.records import identity_of, patient_of

        report = FileReport(name)
        # As the record says it, that all outputs of a case have one pseudonym.
        patient = "" if case is None else patient_of(case)
        try:
            identity = Identity.of(dataset)
            if case is not None:
                identity = identity.joined(identity_of(case))
            cleaner = Cleaner(self._pseudonyms, self.options, identity, report, made_clean, patient)
            cleaner.clean(dataset)
        except Exception as error:  # damaged elements raise many kinds; nothing half-clean goes out
            raise ExportError("it is damaged and cannot be de-identified", name or None) from error
        self.reports.append(report)
        return dataset

    def picture(self, case: Instance) -> Dataset:
        """Return the DICOM file of a case, de-identified with its pixels.

        Raises
        ------
        ExportError
            If it is no DICOM file, or text that may name the patient would stay in the pixels.
        UnreadableFile
            If it cannot be read.
        """
        from breastview.deidentify import carried, pixels

        if not case.uid:
            raise ExportError("only DICOM files can be written as DICOM files", case.label)
        found = self._checked(case)
        dataset = _read(case.path)
        blanks = bool(found.mask.any())
        if blanks:
            pixels.blank_file(dataset, case.path, found.mask)
        hidden = [] if blanks else carried.removed(dataset, self.label(case))
        self.dataset(dataset, self.label(case), case)
        if blanks or found.left:
            dataset.BurnedInAnnotation = "YES" if found.left else "NO"
        for what in hidden:
            self.reports[-1].add(f"{_PIXEL_DATA}: {what}", Action.REMOVED)
        self.reports[-1].text_boxes, self.reports[-1].blanked = list(found.left), list(found.said)
        return dataset

    def write(self, case: Instance, folder: Path) -> Path:
        """Write the de-identified file of a case under a folder and return where.

        Raises
        ------
        ExportError, UnreadableFile
            See `picture`; nothing incomplete is left.
        """
        return save(self.picture(case), folder / self.label(case))

    def _checked(self, case: Instance) -> Blanking:
        """Return what is blanked of a case; refuse it where text would stay unasked."""
        from breastview.deidentify import pixels

        if case.path not in self._blankings:
            shown = [pixels.looked_at(self._frames(case, frame)) for frame in pixels.shown(case.frames)]
            header = _read(case.path, header=True) if case.uid else None
            regions = [] if header is None else pixels.regions_of(header)
            self._blankings[case.path] = found = pixels.blanking(shown, regions, self.options)
            if header is not None and pixels.says_text(header) and not (found.left or found.said):
                self._unseen.add(case.path)
        found = self._blankings[case.path]
        if case.path in self._unseen and not self.options.accept_text:
            raise ExportError(
                tr("its header says that text is burned into the pixels, and none was found"),
                self.label(case), tr("Look where it stands and have that blanked, or say that it may stay."),
            )  # fmt: skip
        if found.left and not self.options.accept_text:
            raise ExportError(
                tr("text that may name the patient is burned into the pixels ({count} lines)").format(
                    count=len(found.left)
                ),
                self.label(case), tr("Have it blanked, or say that it may stay."),
            )  # fmt: skip
        return found


def save(dataset: Dataset, path: Path) -> Path:
    """Write a data set; it takes its name only when it is complete.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    try:
        with atomic.written(path) as temporary:
            dataset.save_as(temporary, enforce_file_format=True)
    except OSError as error:
        raise ExportError(
            f"it could not be written ({(error.strerror or str(error)).lower()})",
            path,
            "Free some space or choose another folder, then export again.",
        ) from error
    except Exception as error:  # pydicom raises many kinds for values no file can hold
        raise ExportError("its elements cannot be written", path) from error
    return path


def _read(path: Path, header: bool = False) -> Dataset:
    import pydicom

    inflation.limit()
    try:
        return pydicom.dcmread(path, force=True, stop_before_pixels=header)
    except Exception as error:  # pydicom raises many kinds for damaged files
        raise UnreadableFile("the DICOM file is damaged", path, "Ask for the file again.") from error
