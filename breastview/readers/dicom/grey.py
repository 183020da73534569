"""Stored values to modality values, and the window to begin with (PS3.3 C.11.1 and C.11.2)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.readers.dicom.header import Header
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels


def frame_pixels(header: Header, stored: NDArray[Any], photometric: str, frame: int) -> FramePixels:
    """Return a grey frame in modality values with its window.

    Parameters
    ----------
    header : Header
        Grey scale elements of the file.
    stored : ndarray, shape (rows, columns), integers
        Stored values, signed where the header says so.
    photometric : str
        ``"MONOCHROME1"`` or ``"MONOCHROME2"``.
    frame : int
        Which frame, for files that give every frame its own rescaling and window.
    """
    groups = functional_groups(header, frame)
    padding = _padding(header, stored)
    values = _modality(header, groups, stored)
    values = _padded_dark(values, padding, photometric)
    real = values if padding is None or padding.all() else values[~padding]
    listed = windows(header, groups)
    lut = _voi_lut(header, signed=values.dtype.kind == "i" or float(real.min()) < 0)
    if lut is None and listed and _curved(header, groups):
        lut = _sigmoid(listed[0], values)
    if lut is not None:
        table, first = lut
        window = listed[0] if listed else Window(first + len(table) / 2, float(len(table)), "VOI LUT")
        return _frozen(values, photometric, window, table, first)
    return _frozen(values, photometric, listed[0] if listed else _range(header, stored, real), None, 0)


def functional_groups(header: Header, frame: int) -> list[Header]:
    """Return the functional groups that hold for a frame: its own, then the shared ones."""
    own = header.items("PerFrameFunctionalGroupsSequence")
    return [*own[frame : frame + 1], *header.items("SharedFunctionalGroupsSequence")]


def windows(header: Header, groups: list[Header]) -> tuple[Window, ...]:
    """Return the VOI windows in the file's order, in the terms of the LINEAR function (PS3.3 C.11.2.1.2)."""
    sources = [item for group in groups for item in group.items("FrameVOILUTSequence")]
    for source in [*sources, header]:
        centres, widths = source.numbers("WindowCenter"), source.numbers("WindowWidth")
        names = source.texts("WindowCenterWidthExplanation") + [""] * len(centres)
        # LINEAR_EXACT with c and w is LINEAR with c + 0.5 and w + 1.
        exact = source.text("VOILUTFunction") == "LINEAR_EXACT"
        shift, wider = (0.5, 1.0) if exact else (0.0, 0.0)
        found = tuple(
            Window(c + shift, w + wider, name)
            for c, w, name in zip(centres, widths, names, strict=False)
            if np.isfinite(c) and np.isfinite(w) and (w >= 1 or (exact and w > 0))
        )
        if found:
            return found
    return ()


def _curved(header: Header, groups: list[Header]) -> bool:
    sources = [item for group in groups for item in group.items("FrameVOILUTSequence")]
    return any(source.text("VOILUTFunction") == "SIGMOID" for source in [*sources, header])


def _modality(header: Header, groups: list[Header], stored: NDArray[Any]) -> NDArray[Any]:
    for item in header.items("ModalityLUTSequence"):
        table, first = _table(item, header.integer("PixelRepresentation") == 1)
        if table.size:
            place = np.clip(stored.astype(np.int64) - first, 0, table.size - 1)
            return table[place]
    transforms = [item for group in groups for item in group.items("PixelValueTransformationSequence")]
    source = next((item for item in [*transforms, header] if "RescaleSlope" in item), header)
    slope, intercept = source.number("RescaleSlope", 1.0) or 1.0, source.number("RescaleIntercept", 0.0)
    if (slope, intercept) == (1.0, 0.0) or not (np.isfinite(slope) and np.isfinite(intercept)):
        return _narrow(stored)
    if slope == int(slope) and intercept == int(intercept) and abs(slope) < 2**15 and abs(intercept) < 2**30:
        return _narrow(stored.astype(np.int64) * int(slope) + int(intercept))
    return stored.astype(np.float32) * np.float32(slope) + np.float32(intercept)


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers in the smallest type of `FramePixels` that holds them without changing one."""
    if values.dtype in (np.uint8, np.uint16, np.int16):
        return values
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    for kind in (np.uint8, np.uint16, np.int16, np.int32):
        if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
            return values.astype(kind)
    return values.astype(np.float32)


def _padding(header: Header, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Return where the picture is filling only (PS3.3 C.7.5.1.1.2), None where it is nowhere."""
    if "PixelPaddingValue" not in header:
        return None
    first = _signed(header, header.integer("PixelPaddingValue"))
    last = _signed(header, header.integer("PixelPaddingRangeLimit", header.integer("PixelPaddingValue")))
    mask = (stored >= min(first, last)) & (stored <= max(first, last))
    return mask if mask.any() else None


def _signed(header: Header, value: int) -> int:
    return value - 65536 if header.integer("PixelRepresentation") == 1 and value > 32767 else value


def _padded_dark(values: NDArray[Any], padding: NDArray[np.bool_] | None, photometric: str) -> NDArray[Any]:
    """Give the filling the darkest value of the real picture where it would shine."""
    if padding is None or padding.all():
        return values
    real = values[~padding]
    inverse = photometric == "MONOCHROME1"
    darkest = real.max() if inverse else real.min()
    shining = values < darkest if inverse else values > darkest
    return np.where(padding & shining, darkest, values).astype(values.dtype)


def _range(header: Header, stored: NDArray[Any], real: NDArray[Any]) -> Window:
    """Return the window of a file that gives none: all of 8 bits, else the values there are."""
    if stored.dtype == np.uint8 and header.integer("BitsStored", 8) == 8 and real.dtype == np.uint8:
        return Window(128.0, 256.0)
    low, high = float(real.min()), float(real.max())
    return Window((low + high + 1) / 2, max(high - low + 1, 1.0))


def _table(item: Header, signed: bool) -> tuple[NDArray[Any], int]:
    """Return the entries of a LUT and the value its first one stands for (PS3.3 C.11.1.1)."""
    descriptor = item.numbers("LUTDescriptor")
    if len(descriptor) != 3:
        return np.empty(0, np.uint16), 0
    count, first, bits = int(descriptor[0]) or 65536, int(descriptor[1]), int(descriptor[2])
    first = first - 65536 if signed and first > 32767 else first
    data = _lut_data(item, bits)
    return data[:count], first


def _lut_data(item: Header, bits: int) -> NDArray[np.uint16]:
    raw = item.element("LUTData")
    value = getattr(raw, "value", None)
    if isinstance(value, bytes):
        order = "<" if getattr(raw, "is_little_endian", True) else ">"
        data = np.frombuffer(value[: len(value) // 2 * 2], f"{order}u2").astype(np.uint16)
    else:
        data = np.atleast_1d(np.asarray(value if value is not None else [], np.int64)).astype(np.uint16)
    count = int(item.numbers("LUTDescriptor")[0]) or 65536
    if bits <= 8 and data.size * 2 - count in (0, 1):  # two 8-bit entries a word
        return data.view(np.uint8)[:count].astype(np.uint16)
    return data


def _voi_lut(header: Header, signed: bool) -> tuple[NDArray[np.uint8], int] | None:
    for item in header.items("VOILUTSequence"):
        table, first = _table(item, signed)
        if table.size:
            bits = int(item.numbers("LUTDescriptor")[2])
            top = max((1 << bits) - 1, int(table.max()), 1)
            return np.rint(table * (255.0 / top)).astype(np.uint8), first
    return None


def _sigmoid(window: Window, values: NDArray[Any]) -> tuple[NDArray[np.uint8], int] | None:
    """Return a SIGMOID window as a table (PS3.3 C.11.2.1.3.1): the file's own look, exactly."""
    if values.dtype.kind not in "iu" or not values.size:
        return None
    first, last = int(values.min()), int(values.max())
    if last - first > 65535:
        return None
    x = np.arange(first, last + 1, dtype=np.float64)
    exponent = np.clip(-4.0 * (x - window.centre) / window.width, -700, 700)
    return np.rint(255.0 / (1.0 + np.exp(exponent))).astype(np.uint8), first


def _frozen(
    values: NDArray[Any], photometric: str, window: Window, lut: NDArray[np.uint8] | None, first: int
) -> FramePixels:
    values = np.ascontiguousarray(values)
    values.setflags(write=False)
    return FramePixels(values, photometric, window, lut, first)
