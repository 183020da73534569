"""Text burned into pixels: looking for it, and blanking where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from breastview.deidentify.options import Options, Rectangle
from breastview.errors import ExportError
from breastview.imaging import lettering
from breastview.imaging.window import to_display
from breastview.readers.dicom import colour, frames
from breastview.readers.dicom.header import Header
from breastview.study.pixels import FramePixels

LOOKED_AT = 5
"""Frames of a cine that are looked at: scanners print on all alike."""
MARGIN = 3  # px around found text, for what is left of soft edges
LARGEST = 2 << 30  # bytes of pixels that are written uncompressed
_COVERED = 0.9
"""Share of a box that has to be blanked for it to count as gone."""


@dataclass(frozen=True, eq=False)
class Blanking:
    """Which pixels are blanked, and which text stays.

    Attributes
    ----------
    mask : ndarray
        ``(rows, columns)`` bool.
    left : tuple of (int, int, int, int)
        Lines of text outside of it: column, row, width, height.
    said : tuple of str
        In words what was blanked.
    """

    mask: NDArray[np.bool_]
    left: tuple[Rectangle, ...]
    said: tuple[str, ...] = ()


def blanking(
    displayed: Sequence[NDArray[np.uint8]], regions: Sequence[Rectangle], options: Options
) -> Blanking:
    """Return what is to be blanked of a picture, and which text stays.

    Parameters
    ----------
    displayed : sequence of ndarray
        Some of its frames as shown, ``(rows, columns)`` or ``(rows, columns, 3)`` uint8.
    regions : sequence of (int, int, int, int)
        Where the file says that the picture is; empty where it says nothing.
    options : Options
    """
    rows, columns = displayed[0].shape[:2]
    mask = np.zeros((rows, columns), bool)
    said = []
    if options.blank_outside and regions:
        mask[:] = True
        for box in regions:
            mask[_slices(box)] = False
        said.append(f"outside of {len(regions)} ultrasound regions")
    for box in options.rectangles:
        mask[_slices(box)] = True
        said.append(f"rectangle {box[0]}, {box[1]}, {box[2]} × {box[3]} px")
    found = {box for picture in displayed for box in lettering.boxes(picture)}
    if options.blank_text and found:
        for box in found:
            mask[_slices(box, MARGIN)] = True
        said.append(f"{len(found)} lines of text")
    left = tuple(sorted(box for box in found if np.mean(mask[_slices(box)]) < _COVERED))
    return Blanking(mask, left, tuple(said))


def regions_of(dataset: Dataset) -> list[Rectangle]:
    """Return where the ultrasound regions of a file lie, calibrated or not (PS3.3 C.8.5.5)."""
    found = []
    for item in Header(dataset).items("SequenceOfUltrasoundRegions"):
        x0, y0 = item.integer("RegionLocationMinX0"), item.integer("RegionLocationMinY0")
        x1, y1 = item.integer("RegionLocationMaxX1"), item.integer("RegionLocationMaxY1")
        if 0 <= x0 < x1 and 0 <= y0 < y1:
            found.append((x0, y0, x1 - x0 + 1, y1 - y0 + 1))
    return found


def says_text(dataset: Dataset) -> bool:
    """Return whether a file says itself that text that may name the patient is in its pixels."""
    return Header(dataset).text("BurnedInAnnotation").upper() == "YES"


def blanked(pixels: FramePixels, mask: NDArray[np.bool_]) -> FramePixels:
    """Return a decoded frame with the masked pixels black.

    Raises
    ------
    ExportError
        If the frame is not of the mask's size.
    """
    if pixels.values.shape[:2] != mask.shape:
        raise ExportError("its frames differ in size and cannot be blanked")
    values = pixels.values.copy()
    values[mask] = 0 if pixels.colour else _black(values, pixels.photometric)
    values.setflags(write=False)
    return FramePixels(values, pixels.photometric, pixels.window, pixels.voi_lut, pixels.voi_first)


def shown(count: int) -> list[int]:
    """Return which frames of a cine are looked at."""
    return sorted({round(place) for place in np.linspace(0, max(count - 1, 0), LOOKED_AT)})


def looked_at(pixels: FramePixels) -> NDArray[np.uint8]:
    """Return a frame as text is looked for in it."""
    return to_display(pixels)


def blank_file(dataset: Dataset, path: Path, mask: NDArray[np.bool_]) -> None:
    """Blank the pixels of a data set, read from its file; they are stored uncompressed afterwards.

    Raises
    ------
    UnreadableFile
        If a frame cannot be decoded.
    ExportError
        If the pixels are too many to be written uncompressed.
    """
    header = Header(dataset)
    count = header.integer("NumberOfFrames", 1) or 1
    parts: list[bytes] = []
    values, photometric = _frame(header, path, 0)
    if values.nbytes * count > LARGEST:
        raise ExportError("its pixels are too many to be blanked (2 GB uncompressed)", path)
    for frame in range(count):
        values, photometric = _frame(header, path, frame) if frame else (values, photometric)
        if values.shape[:2] != mask.shape:
            raise ExportError("its frames differ in size and cannot be blanked", path)
        writable = values.copy()
        writable[mask] = 0 if writable.ndim == 3 else _black(writable, photometric)
        parts.append(np.ascontiguousarray(writable).astype(writable.dtype.newbyteorder("<")).tobytes())
    _describe(dataset, values, photometric, b"".join(parts))


def _frame(header: Header, path: Path, frame: int) -> tuple[NDArray[Any], str]:
    """Return a frame as it will be stored: palettes and YBR become RGB."""
    values, photometric = frames.stored(path, frame)
    if values.ndim == 2 and photometric != "PALETTE COLOR":
        return values, photometric
    return colour.frame_pixels(header, values, photometric).values, "RGB"


def _describe(dataset: Dataset, values: NDArray[Any], photometric: str, data: bytes) -> None:
    """Let a data set say how its uncompressed pixels are stored."""
    if photometric == "RGB":
        dataset.SamplesPerPixel, dataset.PlanarConfiguration = 3, 0
        for keyword in [one for one in dataset.dir() if "PaletteColorLookupTable" in one]:
            delattr(dataset, keyword)
    dataset.PhotometricInterpretation = photometric
    dataset.BitsAllocated = values.dtype.itemsize * 8
    stored = dataset.get("BitsStored") or dataset.BitsAllocated
    dataset.BitsStored = 8 if photometric == "RGB" else min(int(stored), dataset.BitsAllocated)
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths", "PixelData"):
        if keyword in dataset:
            delattr(dataset, keyword)
    vr = "OB" if dataset.BitsAllocated <= 8 else "OW"
    dataset.add_new("PixelData", vr, data + b"\0" * (len(data) % 2))
    dataset["PixelData"].is_undefined_length = False
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    # Whatever order the file had: its elements are decoded before they are written.
    dataset.set_original_encoding(False, True)


def _black(values: NDArray[Any], photometric: str) -> Any:
    return values.max() if photometric == "MONOCHROME1" else values.min()


def _slices(box: Rectangle, margin: int = 0) -> tuple[slice, slice]:
    x, y, width, height = box
    left, top = max(x - margin, 0), max(y - margin, 0)
    return slice(top, max(y + height + margin, top)), slice(left, max(x + width + margin, left))
