"""The DICOM objects of readings, for files and for archives: one function, made from the record alone."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from breastview.errors import ExportError
from breastview.exporters._dicom_source import Source, source
from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import ExportOptions
from breastview.study.instance import Instance
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

KINDS = ("seg", "sr", "sc", "gsps", "ko", "epdf")
"""What can be made."""
OF_A_STUDY = ("ko", "epdf")
"""Kinds of which there is one for all readings of a study; the others speak of one reading."""


class NotMade(ExportError):
    """Of this picture there can be no such object; of others there can."""


def objects(readings: Sequence[Reading], kinds: Sequence[str], options: ExportOptions) -> list[Dataset]:
    """Return the DICOM instances of some readings, ready to be saved or sent.

    Each is a whole file: ``found.save_as(path, enforce_file_format=True)`` writes it, and
    ``association.send_c_store(found)`` or ``DICOMwebClient.store_instances([found])`` sends it. The same
    readings give the same instances, byte for byte and with the same SOP Instance UIDs, so that sending twice
    does no harm; whatever the reader changes gives an instance of its own. Times are the record's, in UTC, or
    in the picture's own Timezone Offset From UTC where it has one.

    A picture that is no DICOM file comes first as a Secondary Capture of its own pixels, in a study of its
    own, and a whole slide as one of the magnification that was read, in the slide's study; the other objects
    refer to it. It is there even where nothing else is made of the reading.

    Parameters
    ----------
    readings : sequence of Reading
        May belong to several studies. Patient and study are read from their files.
    kinds : sequence of str
        Of `KINDS`: ``"seg"`` (Segmentation of the mask that counts, and of the AI's probabilities), ``"sr"``
        (measurement report, TID 1500), ``"sc"`` (key image), ``"gsps"`` (presentation state: window,
        outlines, measurements; of colour pictures a colour one), and for each study ``"ko"`` (key objects:
        all the readings' pictures) and ``"epdf"`` (the report as Encapsulated PDF; needs Qt, but no display).
    options : ExportOptions
        How pictures look; the record alone says what the objects say.

    Returns
    -------
    list of Dataset
        None twice: for each reading its objects in the order of `kinds`, then those of the studies. A reading
        without what a kind holds (no mask, say) gives none of it.

    Raises
    ------
    KeyError
        If there is no such kind.
    NotMade
        If no object can be made of a picture.
    """
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown:
        raise KeyError(f"no DICOM objects {unknown[0]!r}; there are: {', '.join(KINDS)}")
    found: dict[str, Dataset] = {}
    studies: dict[str, list[tuple[Reading, Source]]] = {}
    for reading in readings:
        picture = picture_of(reading)
        studies.setdefault(picture.study_uid, []).append((reading, picture))
        for made in of_reading(reading, picture, kinds, options):
            found.setdefault(made.SOPInstanceUID, made)
    for of_one in studies.values():
        for made in of_study(of_one, kinds, options):
            found.setdefault(made.SOPInstanceUID, made)
    return list(found.values())


def picture_of(reading: Reading) -> Source:
    """Return the picture that the objects of a reading speak of.

    Raises
    ------
    NotMade
    """
    # The libraries' remarks on values quote them, and these are patients' names.
    logging.getLogger("highdicom").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"(highdicom|pydicom)\..*")
    with _explained(reading.instance):
        return source(reading)


@contextmanager
def _explained(instance: Instance) -> Iterator[None]:
    """Turn what the libraries raise, many kinds, for headers they do not expect into a sentence."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotMade(f"the object cannot be made ({type(error).__name__})", instance.label) from error


def of_reading(
    reading: Reading, picture: Source, kinds: Sequence[str], options: ExportOptions
) -> list[Dataset]:
    """Return the objects of one reading, the picture made for it, if any, first.

    Raises
    ------
    NotMade
    """
    from breastview.exporters import _dicom_gsps, _dicom_sc, _dicom_seg, _dicom_sr

    # The report names the segments, so it needs the Segmentation, too: it is made once.
    mask = cache(lambda: _dicom_seg.binary(reading, picture) if outlined(reading) else None)
    makers: dict[str, Callable[[], list[Dataset]]] = {
        "seg": lambda: _dicom_seg.segmentations(reading, picture, mask()),
        "sr": lambda: _dicom_sr.reports(reading, picture, mask()),
        "sc": lambda: _dicom_sc.captures(reading, picture, options),
        "gsps": lambda: _dicom_gsps.presentations(reading, picture, options),
    }
    found = [picture.picture] if picture.picture is not None else []
    with _explained(reading.instance):
        for kind in kinds:
            if kind in makers:
                found.extend(makers[kind]())
    return found


def of_study(
    readings: Sequence[tuple[Reading, Source]], kinds: Sequence[str], options: ExportOptions
) -> list[Dataset]:
    """Return the objects that speak of all readings of a study.

    Raises
    ------
    NotMade
    """
    from breastview.exporters import _dicom_epdf, _dicom_ko

    found = []
    with _explained(readings[0][0].instance):
        if "ko" in kinds:
            found.append(_dicom_ko.selection(readings))
        if "epdf" in kinds:
            found.append(_dicom_epdf.document(readings, options))
    return found
