"""The reader's measurements as every output has them: numbered, in words, and as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from breastview.imaging.quantities import quantities
from breastview.study import measured_words
from breastview.study.measurement import Measurement, Quantity, Tool, titles
from breastview.study.reading import Reading

COLOUR = (155, 234, 91)
"""Red, green, blue of the reader's own lines, as on screen."""


@dataclass(frozen=True)
class Measured:
    """One measurement of a reading.

    Attributes
    ----------
    number : int
        From 1, beside it on the pictures and in the tables.
    title : str
        The reader's words, or its kind.
    measurement : Measurement
    quantities : tuple of Quantity
    """

    number: int
    title: str
    measurement: Measurement
    quantities: tuple[Quantity, ...]

    @property
    def value(self) -> str:
        """The number it was drawn for, with its source; empty for a note."""
        return measured_words.value(self.measurement.tool, self.quantities)

    @property
    def line(self) -> str:
        """One line: ``"1 Distance 1: 12.3 mm (PixelSpacing)"``."""
        return f"{self.number} {self.title}: {self.value}" if self.value else f"{self.number} {self.title}"


def measured(reading: Reading) -> tuple[Measured, ...]:
    """Return what the reader measured on a frame, by the calibration that counts."""
    names = titles(reading.measurements)
    return tuple(
        Measured(
            number, names[one.identifier], one,
            quantities(one, reading.calibration, reading.pixels, reading.modality),
        )
        for number, one in enumerate(reading.measurements, 1)
    )  # fmt: skip


def text(reading: Reading) -> str:
    """Return all measurements of a frame in one line, empty without any."""
    return "; ".join(one.line.partition(" ")[2] for one in measured(reading))


def plain(reading: Reading) -> list[dict[str, Any]]:
    """Return the measurements as values for files that other programs read."""
    return [
        {
            "id": one.measurement.identifier, "number": one.number, "tool": one.measurement.tool.value,
            "title": one.title, "text": one.measurement.text, "lesion": one.measurement.lesion,
            "points": [list(point) for point in one.measurement.points], "drawn_by": "reader",
            "quantities": [_quantity(quantity) for quantity in one.quantities],
        }
        for one in measured(reading)
    ]  # fmt: skip


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "name": quantity.name, "value": float(quantity.value), "unit": quantity.unit,
        "source": quantity.source, "note": quantity.note,
    }  # fmt: skip


def tag_place(measurement: Measurement) -> tuple[float, float]:
    """Return where the number of a measurement stands on a picture, in px: at its upper right end."""
    points = measurement.points[1:] if measurement.tool is Tool.TEXT else measurement.points
    return max(points or measurement.points, key=lambda point: point[0] - 0.5 * point[1])
