"""What makes DICOM objects of the same record the same objects: UIDs and times come from what they say.

A SOP Instance UID is made of the object's own content. The same record written twice is byte for byte the
same object under the same UID; whatever the reader changes gives a new one.
"""

from __future__ import annotations

import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://breastview.org/dicom")
_RANDOM_ROOT = "1.2.826.0.1.3680043.10.511.3."
"""Root of the UIDs that highdicom draws at random inside of objects (dimension organisations)."""
PLACEHOLDER = "2.25.1"
"""Stands for the SOP Instance UID until the object's content is known."""
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)")


def uid(*parts: object) -> str:
    """Return a UID that the same parts always give (PS3.5 B.2: a UUID, here version 5, under 2.25)."""
    name = "\x00".join(str(part) for part in parts)
    return f"2.25.{uuid.uuid5(_SPACE, name).int}"


@dataclass(frozen=True)
class Moment:
    """A date and a time as DICOM writes them: ``YYYYMMDD`` and ``HHMMSS``."""

    date: str
    time: str


def moment(reading: Reading, study_date: str, study_time: str, offset: str = "") -> Moment:
    """Return when the record last changed; without any change the study's date.

    Parameters
    ----------
    reading : Reading
    study_date, study_time : str
        Of the picture, as DICOM writes them; may be empty.
    offset : str
        Timezone Offset From UTC of the picture (``"+0100"``), in which the object's times are then meant;
        empty: UTC.
    """
    return latest(_stamps(reading), study_date, study_time, offset)


def changed_at(reading: Reading) -> datetime | None:
    """Return when the record last changed, None where nobody and nothing has said anything yet."""
    return max((found for stamp in _stamps(reading) if (found := _parsed(stamp)) is not None), default=None)


def _stamps(reading: Reading) -> list[str]:
    segmentation, analysis = reading.segmentation, reading.analysis
    return [
        reading.assessment.changed_at,
        segmentation.changed_at if segmentation is not None else "",
        analysis.made_at if analysis is not None else "",
    ]


def latest(stamps: list[str], study_date: str, study_time: str, offset: str = "") -> Moment:
    """Return the latest of some ISO 8601 times, see `moment`; empty ones do not count."""
    known = [found for stamp in stamps if (found := _parsed(stamp)) is not None]
    if known:
        at = max(known).astimezone(zone(offset))
        return Moment(f"{at:%Y%m%d}", f"{at:%H%M%S}")
    # Content Date may not be empty; a picture without any date has the beginning of the epoch.
    return Moment(study_date or "19700101", study_time if study_date and study_time else "000000")


def _parsed(stamp: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def zone(offset: str) -> timezone:
    """Return what a Timezone Offset From UTC (``"+0100"``) means; UTC for an empty or damaged one."""
    found = _OFFSET.fullmatch(offset)
    if not found:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def settled(made: Dataset, at: Moment) -> Dataset:
    """Give an object that highdicom made its final times and UIDs, and return it.

    Parameters
    ----------
    made : Dataset
        Its SOP Instance UID is `PLACEHOLDER`.
    at : Moment
        When what it says came about.
    """
    from pydicom.uid import UID

    _keep_times(made, at)
    inner: dict[str, str] = {}
    for element in made.iterall():
        if element.VR == "UI" and str(element.value).startswith(_RANDOM_ROOT):
            number = inner.setdefault(str(element.value), f"2.25.{len(inner) + 2}")
            element.value = number
    digest = _digest(made)
    for element in made.iterall():
        if element.VR == "UI" and str(element.value) in inner.values():
            element.value = uid("inside", digest, element.value)
    own = UID(uid("instance", digest))
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = own
    made.file_meta.pop("FileMetaInformationGroupLength", None)
    return made


def _keep_times(made: Dataset, at: Moment) -> None:
    """Replace the times of making, which differ from one export to the next."""
    made.pop("InstanceCreationDate", None)
    made.pop("InstanceCreationTime", None)
    for item in _datasets(made):
        for keyword in ("ContentDate", "PresentationCreationDate", "DateOfSecondaryCapture"):
            if keyword in item:
                setattr(item, keyword, at.date)
        for keyword in ("ContentTime", "PresentationCreationTime", "TimeOfSecondaryCapture"):
            if keyword in item:
                setattr(item, keyword, at.time)
        for keyword in ("ContributionDateTime", "AcquisitionDateTime"):
            if keyword in item:
                setattr(item, keyword, at.date + at.time)


def _datasets(made: Dataset) -> Iterator[Dataset]:
    yield made
    for element in made:
        if element.VR == "SQ":
            for item in element.value:
                yield from _datasets(item)


def _digest(made: Dataset) -> str:
    from pydicom import dcmwrite

    stream = io.BytesIO()
    dcmwrite(stream, made, implicit_vr=False, little_endian=True, enforce_file_format=False)
    return hashlib.sha256(stream.getvalue()).hexdigest()
