"""An analysis as bytes and back, to the last bit: arrays as npz, the rest as JSON within it; no pickle."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.study.analysis import Analysis, BundleStamp, Finding, Flag, Heat
from breastview.study.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

VERSION = 2
"""To be raised with every change of the format or of what the analyser makes of the same network output."""

_PLAIN = ("sentence", "abstained", "calibration_set", "device", "milliseconds", "made_at", "abstains_below")
_LATER = {"experimental": False, "suspicious": "malignant", "area_share": None}
"""What results kept by earlier versions have not, and what it was then; their kind was ultrasound."""


def dumps(analysis: Analysis) -> bytes:
    """Return the analysis as the content of one file."""
    heat = analysis.heat
    arrays: dict[str, NDArray[Any]] = {
        "mask": np.packbits(analysis.mask, axis=None),
        "mask_probability": analysis.mask_probability,
        "heat_classes": heat.classes,
        "heat_segmenter": heat.segmenter,
    }
    for index, finding in enumerate(analysis.findings):
        arrays[f"contour_{index}"] = np.array(finding.contour, np.float64)
    words = {
        "version": VERSION,
        "bundle": asdict(analysis.bundle),
        "classes": analysis.classes,
        "probabilities": analysis.probabilities,
        "mask_shape": analysis.mask.shape,
        "placement": heat.placement,
        "share_inside": heat.share_inside,
        "findings": [_without_contour(finding) for finding in analysis.findings],
        "flags": [asdict(flag) for flag in analysis.flags],
        "kind": analysis.kind.value if analysis.kind else None,
        **{name: getattr(analysis, name) for name in (*_PLAIN, *_LATER)},
    }
    arrays["words"] = np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def loads(content: bytes) -> Analysis:
    """Return the analysis that `dumps` turned into bytes.

    Raises
    ------
    ValueError
        If the bytes are damaged, cut short or of another version.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return _analysis(json.loads(arrays["words"].tobytes()), arrays)
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, EOFError, OSError, MemoryError) as error:
        raise ValueError(f"no whole analysis ({type(error).__name__})") from error
    except (NotImplementedError, RuntimeError, AttributeError) as error:
        # A damaged ZIP directory that claims encryption or an unknown compression.
        raise ValueError(f"no readable analysis ({type(error).__name__})") from error


def _analysis(words: dict[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Analysis:
    if words["version"] != VERSION:
        raise ValueError(f"an analysis of format {words['version']}, not {VERSION}")
    rows, columns = words["mask_shape"]
    mask = np.unpackbits(arrays["mask"], count=rows * columns).astype(bool).reshape(rows, columns)
    return Analysis(
        bundle=BundleStamp(**words["bundle"]),
        classes=tuple(words["classes"]),
        probabilities=_floats(words["probabilities"]),
        mask=mask,
        mask_probability=arrays["mask_probability"],
        findings=tuple(
            _finding(values, arrays[f"contour_{index}"]) for index, values in enumerate(words["findings"])
        ),
        heat=Heat(
            classes=arrays["heat_classes"],
            segmenter=arrays["heat_segmenter"],
            placement=tuple(words["placement"]),
            share_inside=_floats(words["share_inside"]),
        ),
        flags=tuple(_flag(values) for values in words["flags"]),
        kind=_kind(words.get("kind", Kind.ULTRASOUND.value)),
        **{name: words[name] for name in _PLAIN},
        **{name: words.get(name, default) for name, default in _LATER.items()},
    )


def _kind(modality: str | None) -> Kind | None:
    return None if modality is None else Kind(modality)


def _flag(values: dict[str, Any]) -> Flag:
    return Flag(**(values | {"boxes": tuple(tuple(box) for box in values["boxes"])}))


def _floats(values: list[float] | None) -> tuple[float, ...] | None:
    return None if values is None else tuple(values)


def _without_contour(finding: Finding) -> dict[str, Any]:
    """Return what is kept of a finding besides its outline; that it is the AI's goes without saying."""
    left_out = {"contour", "number", "source"}
    return {item.name: getattr(finding, item.name) for item in fields(finding) if item.name not in left_out}


def _finding(values: dict[str, Any], contour: NDArray[np.float64]) -> Finding:
    ends = {name: tuple(tuple(point) for point in values[name]) for name in ("long_ends", "short_ends")}
    return Finding(contour=tuple((x, y) for x, y in contour.tolist()), **(values | ends))
