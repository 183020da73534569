"""The corner text of a picture: who and what it is, how it is shown, where its millimetres come from."""

from __future__ import annotations

from dataclasses import dataclass

from breastview.gui.panes.orientation import UPRIGHT, Orientation
from breastview.language import said, tr
from breastview.study.calibration import UNCALIBRATED, Calibration
from breastview.study.instance import Instance, Window

_NARROW = 20
"""Width of a window below which parts of a unit are seen."""

NAME, NUMBER = "name", "number"
"""Values of `Look.patient_text`; anything else: nothing of the patient."""


@dataclass(frozen=True)
class Display:
    """How a picture is shown.

    Attributes
    ----------
    window : Window
        The one in use.
    zoom : float
        Device px per acquired px.
    life : float or None
        Drawn length over true length; None where either is not known.
    orientation : Orientation
    inverted : bool
    calibration : Calibration
        The one that counts.
    patient : str
        `NAME`: name and number; `NUMBER`: the number only; else nothing.
    """

    window: Window
    zoom: float
    life: float | None = None
    orientation: Orientation = UPRIGHT
    inverted: bool = False
    calibration: Calibration = UNCALIBRATED
    patient: str = NAME


@dataclass(frozen=True)
class Corners:
    """Lines of text for the four corners, from top to bottom; `signs` are warnings above the lower left."""

    top_left: tuple[str, ...] = ()
    top_right: tuple[str, ...] = ()
    bottom_left: tuple[str, ...] = ()
    bottom_right: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


def corners(instance: Instance, frame: int, display: Display, level: int) -> Corners:
    """Return the corner text.

    Parameters
    ----------
    instance : Instance
        What is shown.
    frame : int
        Counted from 0.
    display : Display
        How it is shown.
    level : int
        0 none but the sign of a flipped or rotated picture, 1 only what tells pictures apart and how this one
        is shown, 2 everything.
    """
    signs = _filled(display.orientation.sign)
    if level <= 0:
        return Corners(signs=signs)
    inverted = tr("Inverted") if display.inverted else ""
    window = _window(display.window, inverted)
    shown = _filled(window, _life(display), _zoom(display), _frame(instance, frame))
    lossy = _lossy(instance.lossy)
    if level == 1:
        name = instance.patient.name if display.patient == NAME else ""
        return Corners(_filled(name), _filled(_side(instance)), shown, _filled(lossy), signs)
    return Corners(
        _who(instance, display.patient),
        _what(instance),
        shown,
        _filled(lossy, _how_true(display.calibration)),
        signs,
    )


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _who(instance: Instance, told: str) -> tuple[str, ...]:
    patient, study = instance.patient, instance.study
    named, numbered = told == NAME, told in (NAME, NUMBER)
    born = " ".join(_filled(date(patient.birth_date), patient.sex))
    return _filled(
        patient.name if named else "",
        patient.identifier if numbered else "",
        born if named else "",
        date(study.date),
        study.description,
    )


def _what(instance: Instance) -> tuple[str, ...]:
    series = instance.series
    number = tr("Series {number}").format(number=series.number) if series.number else ""
    # Of loose pictures both are the folder, which stands on the other side already.
    description = series.description if series.description != instance.study.description else ""
    return _filled(
        _side(instance),
        " · ".join(_filled(number, description)),
        " · ".join(_filled(instance.modality, f"{instance.columns} × {instance.rows}")),
    )


def _side(instance: Instance) -> str:
    return " ".join(_filled(instance.laterality, instance.view))


def _window(window: Window, inverted: str) -> str:
    form = ".0f" if window.width >= _NARROW else ".3g"
    levels = tr("W {width}  L {centre}").format(
        width=f"{window.width:{form}}", centre=f"{window.centre:{form}}"
    )
    return "  ".join(_filled(levels, inverted))


def _zoom(display: Display) -> str:
    return tr("Zoom {percent}%").format(percent=f"{100 * display.zoom:.0f}")


def _life(display: Display) -> str:
    if display.life is None:
        return ""
    return tr("{factor}× life size").format(factor=f"{display.life:.2g}")


def _frame(instance: Instance, frame: int) -> str:
    if instance.frames <= 1:
        return ""
    return tr("Frame {number} / {count}").format(number=frame + 1, count=instance.frames)


def _how_true(calibration: Calibration) -> str:
    if not calibration.source:
        return tr("Uncalibrated")
    return tr("mm: {source}").format(source=said(calibration.source))


def _lossy(known: str) -> str:
    """Return the sign of a lossy compression; what is known of it may be no more than that it was one."""
    if known.casefold().startswith("lossy"):
        return known[0].upper() + known[1:]
    return tr("Lossy: {method}").format(method=known) if known else ""


def date(stored: str) -> str:
    """Return a DICOM date (YYYYMMDD) as YYYY-MM-DD; anything else as it is."""
    whole = len(stored) == 8 and stored.isdecimal()
    return f"{stored[:4]}-{stored[4:6]}-{stored[6:]}" if whole else stored
