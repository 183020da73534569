"""The corner text of a picture: who and what it is, how it is shown, where its millimetres come from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from breastview.study.instance import Instance, Window

_NARROW = 20
"""Width of a window below which parts of a unit are seen."""


@dataclass(frozen=True)
class Corners:
    """Lines of text for the four corners, from top to bottom."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Annotations", text)


def corners(instance: Instance, frame: int, window: Window, zoom: float, level: int) -> Corners:
    """Return the corner text.

    Parameters
    ----------
    instance : Instance
        What is shown.
    frame : int
        Counted from 0.
    window : Window
        The one in use.
    zoom : float
        Device px per px of the picture.
    level : int
        0 none, 1 only what tells pictures apart and how this one is shown, 2 everything.
    """
    if level <= 0:
        return Corners()
    shown = (_window(window), _tr("Zoom {0}%").format(f"{100 * zoom:.0f}"), *_frame(instance, frame))
    if level == 1:
        return Corners(_filled(instance.patient.name), _filled(_side(instance)), shown)
    return Corners(_who(instance), _what(instance), shown, _how_true(instance, frame))


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _who(instance: Instance) -> tuple[str, ...]:
    patient, study = instance.patient, instance.study
    born = " ".join(_filled(date(patient.birth_date), patient.sex))
    return _filled(patient.name, patient.identifier, born, date(study.date), study.description)


def _what(instance: Instance) -> tuple[str, ...]:
    series = instance.series
    number = _tr("Series {0}").format(series.number) if series.number else ""
    return _filled(
        _side(instance),
        " · ".join(_filled(number, series.description)),
        " · ".join(_filled(instance.modality, f"{instance.columns} × {instance.rows}")),
    )


def _side(instance: Instance) -> str:
    return " ".join(_filled(instance.laterality, instance.view))


def _window(window: Window) -> str:
    form = ".0f" if window.width >= _NARROW else ".3g"
    return _tr("W {0}  L {1}").format(f"{window.width:{form}}", f"{window.centre:{form}}")


def _frame(instance: Instance, frame: int) -> tuple[str, ...]:
    return (_tr("Frame {0} / {1}").format(frame + 1, instance.frames),) if instance.frames > 1 else ()


def _how_true(instance: Instance, frame: int) -> tuple[str, ...]:
    source = instance.calibration(frame).source
    return _filled(_lossy(instance.lossy), _tr("mm: {0}").format(source) if source else _tr("Uncalibrated"))


def _lossy(known: str) -> str:
    """Return the sign of a lossy compression; what is known of it may be no more than that it was one."""
    if known.casefold().startswith("lossy"):
        return known[0].upper() + known[1:]
    return _tr("Lossy: {0}").format(known) if known else ""


def date(stored: str) -> str:
    """Return a DICOM date (YYYYMMDD) as YYYY-MM-DD; anything else as it is."""
    whole = len(stored) == 8 and stored.isdecimal()
    return f"{stored[:4]}-{stored[4:6]}-{stored[6:]}" if whole else stored
