"""Who observed: the reader, and the application with its model."""

from __future__ import annotations

import re
from typing import Any

from breastview import __version__
from breastview.exporters._dicom_identity import uid
from breastview.exporters._dicom_source import Source
from breastview.study.reading import Reading


def reader_name(reading: Reading) -> str:
    """Return the reader's name as a person name: what parts values or components in DICOM is left out."""
    return re.sub(r"[\\^=\x00-\x1f]+", " ", reading.assessment.reader).strip()[:64]


def person(reading: Reading, source: Source) -> Any:
    """Return the reader as an observer, None where nobody gave a name."""
    import highdicom
    from pydicom.sr.codedict import codes

    sr = highdicom.sr
    if not reader_name(reading):
        return None
    organisation = source.header.get("InstitutionName") or None
    identified = sr.PersonObserverIdentifyingAttributes(reader_name(reading), organization_name=organisation)
    return sr.ObserverContext(codes.DCM.Person, identified)


def device(model: str = "") -> Any:
    """Return the application as an observer.

    Parameters
    ----------
    model : str
        Name, version and hash of the bundle; empty where no model spoke.
    """
    import highdicom
    from pydicom.sr.codedict import codes

    sr = highdicom.sr
    identified = sr.DeviceObserverIdentifyingAttributes(
        uid("device", __version__, model), name=f"BreastView {__version__}",
        manufacturer_name="BreastView", model_name=model or "no model",
    )  # fmt: skip
    return sr.ObserverContext(codes.DCM.Device, identified)
