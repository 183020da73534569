"""Presentation states: window, outlines and measurements over the stored picture, which stays as it is."""

from __future__ import annotations

from copy import deepcopy
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from breastview.exporters._dicom_groups import HALF
from breastview.exporters._dicom_object import EQUIPMENT, RESEARCH_ONLY, finished, series, when
from breastview.exporters._dicom_observers import reader_name
from breastview.exporters._dicom_seg import COLOURS, tracking
from breastview.exporters._dicom_source import Source, stored_elements
from breastview.exporters._measured import COLOUR, measured, tag_place
from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import ExportOptions
from breastview.imaging import regions
from breastview.study.analysis import Finding, numbered
from breastview.study.instance import Window
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_LAYERS = {MaskSource.AI: "AI", MaskSource.EDITED: "AI EDITED", MaskSource.READER: "READER"}
_DRAWN = "MEASUREMENTS"
_MODALITY_LUT = ("RescaleSlope", "RescaleIntercept", "RescaleType", "ModalityLUTSequence")
_LEAST_WIDTH = 1.0


def presentations(reading: Reading, source: Source, options: ExportOptions) -> list[Dataset]:
    """Return how a reading looks on its picture: a greyscale state, or a colour one of a picture in colour.

    Each lesion's outline lies in a layer that says who drew it, the reader's measurements in one of their
    own, in the colours of the screen.
    """
    import highdicom

    header = _header(reading, source)
    layers: dict[str, Any] = {}
    annotations = [
        *_outlines(reading, source, header, layers), *_measurements(reading, header, layers)
    ]  # fmt: skip
    given: dict[str, Any] = {
        "referenced_images": [header], **series("gsps", source), **EQUIPMENT,
        "content_label": "BREASTVIEW", "content_description": f"Outlines and measures. {RESEARCH_ONLY}",
        "graphic_annotations": annotations or None, "graphic_layers": list(layers.values()) or None,
        "content_creator_name": reader_name(reading) or None,
    }  # fmt: skip
    made: Dataset
    if reading.pixels.colour:
        made = highdicom.pr.ColorSoftcopyPresentationState(**given, icc_profile=_srgb())
    else:
        turned = options.invert != (reading.pixels.photometric == "MONOCHROME1")
        made = highdicom.pr.GrayscaleSoftcopyPresentationState(
            **given, voi_lut_transformations=[_window(reading, options)],
            presentation_lut_transformation=highdicom.PresentationLUTTransformation(
                "INVERSE" if turned else "IDENTITY"
            ),
        )  # fmt: skip
    made.Laterality = header.Laterality
    _lay_out(made, reading)
    return [finished(made, source, when(reading, source))]


def _header(reading: Reading, source: Source) -> Dataset:
    """Return the picture's header with what its grey values need on the way to the screen."""
    header = deepcopy(source.header)
    header.SamplesPerPixel = 3 if reading.pixels.colour else 1
    for element in stored_elements(reading.instance, _MODALITY_LUT):
        header[element.tag] = element
    return header


def _window(reading: Reading, options: ExportOptions) -> Any:
    """Return the window that is shown; where the file's own table is, that table."""
    import highdicom

    pixels = reading.pixels
    chosen = options.window or pixels.window
    if pixels.voi_lut is not None and chosen == pixels.window and pixels.voi_first >= 0:
        table = highdicom.VOILUT(pixels.voi_first, pixels.voi_lut.astype(np.uint16) * 257)
        return highdicom.pr.SoftcopyVOILUTTransformation(voi_luts=[table])
    window = Window(chosen.centre, max(chosen.width, _LEAST_WIDTH), chosen.name)
    return highdicom.pr.SoftcopyVOILUTTransformation(
        window_center=window.centre, window_width=window.width, window_explanation=window.name[:64] or None
    )


def _lay_out(made: Dataset, reading: Reading) -> None:
    """Say how large a pixel is where that is true of the whole picture, else only how it is shaped."""
    area = made.DisplayedAreaSelectionSequence[0]
    # Pixels are counted in the stored picture, which is one frame and no tile of a larger one.
    area.pop("PixelOriginInterpretation", None)
    instance, calibration = reading.instance, reading.calibration
    alone = calibration.regions[0] if len(calibration.regions) == 1 else None
    if alone is not None and alone.area == instance.rows * instance.columns:
        area.pop("PresentationPixelAspectRatio", None)
        area.PresentationPixelSpacing = [f"{alone.dy:.10g}", f"{alone.dx:.10g}"]
        return
    shape = calibration.aspect if calibration.regions else instance.pixel_aspect
    area.PresentationPixelAspectRatio = [round(shape * 1000), 1000] if shape != 1 else [1, 1]


def _outlines(reading: Reading, source: Source, header: Dataset, layers: dict[str, Any]) -> list[Any]:
    if not outlined(reading):
        return []
    found = []
    for number, finding in numbered(reading.findings):
        drawn_by = MaskSource(finding.source)
        layer = _layer(layers, _LAYERS[drawn_by], COLOURS[drawn_by])
        outline = _line(
            finding.contour, header, closed=True, uid=tracking(source, number), name=f"Lesion {number}"
        )
        words = _text(_size(number, finding), max(finding.contour, key=lambda p: p[0] - 0.5 * p[1]), header)
        found.append(_annotation(header, layer, [outline], [words]))
    return found


def _size(number: int, finding: Finding) -> str:
    if finding.long_mm is not None and finding.short_mm is not None:
        return f"{number}: {finding.long_mm:.1f} x {finding.short_mm:.1f} mm"
    return f"{number}: {finding.long_px:.0f} x {finding.short_px:.0f} px, uncalibrated"


def _measurements(reading: Reading, header: Dataset, layers: dict[str, Any]) -> list[Any]:
    found = []
    for one in measured(reading):
        layer = _layer(layers, _DRAWN, COLOUR)
        lines = [_line(line, header, closed) for line, closed in regions.strokes(one.measurement)]
        found.append(_annotation(header, layer, lines, [_text(one.line, tag_place(one.measurement), header)]))
    return found


def _layer(layers: dict[str, Any], name: str, colour: tuple[int, int, int]) -> Any:
    import highdicom

    if name not in layers:
        lab = highdicom.color.CIELabColor.from_rgb(*colour)
        layers[name] = highdicom.pr.GraphicLayer(name, len(layers) + 1, RESEARCH_ONLY, lab)
    return layers[name]


def _annotation(header: Dataset, layer: Any, lines: list[Any], words: list[Any]) -> Any:
    import highdicom

    return highdicom.pr.GraphicAnnotation([header], layer, graphic_objects=lines or None, text_objects=words)


def _line(points: ArrayLike, header: Dataset, closed: bool, uid: str = "", name: str = "") -> Any:
    import highdicom

    line = _within(points, header)
    if closed:
        line = np.concatenate((line, line[:1]))
    return highdicom.pr.GraphicObject(
        "POLYLINE", line, "PIXEL", tracking_id=name or None, tracking_uid=uid or None
    )


def _text(words: str, at: tuple[float, float], header: Dataset) -> Any:
    import highdicom

    x, y = _within([at], header)[0]
    return highdicom.pr.TextObject(
        words[:1024], "PIXEL", anchor_point=(float(x), float(y)), anchor_point_visible=False
    )


def _within(points: ArrayLike, header: Dataset) -> NDArray[np.float64]:
    """Return points in DICOM's pixel coordinates; what was drawn beyond the edge ends there."""
    return np.clip(np.asarray(points, np.float64) + HALF, 0.0, [header.Columns, header.Rows])


def _srgb() -> bytes:
    """Return the ICC profile of the colours on screen; the picture's own are shown as sRGB, too."""
    return (files("highdicom") / "_icc_profiles" / "sRGB_v4_ICC_preference.icc").read_bytes()
