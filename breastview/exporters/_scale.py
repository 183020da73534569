"""Scale bars: only where a millimetre is true."""

from __future__ import annotations

from breastview.exporters._outlined import outlined
from breastview.language import mark
from breastview.study.calibration import Region
from breastview.study.instance import Instance
from breastview.study.reading import Reading

_MICROMETRES = tuple(factor * 10**power for power in range(6) for factor in (1, 2, 5))


def true_spacing(reading: Reading) -> tuple[float | None, str]:
    """Return mm per px along a row where a scale bar is true, and what it holds for.

    In a picture of several regions that is the region of the largest lesion; without a lesion there is no
    scale unless all regions share one. The second value is empty where the scale holds for the whole picture.
    """
    calibration = reading.calibration
    if outlined(reading) and reading.findings:
        largest = reading.findings[0]
        region = calibration.common([*largest.long_ends, *largest.short_ends]) if largest.long_mm else None
        if region is None:
            return None, ""
        return region.dx, "" if _whole(region, reading.instance) else mark("in the lesion’s region")
    spacings = {(region.dx, region.dy) for region in calibration.regions}
    if len(spacings) != 1:
        return None, ""
    whole = all(_whole(region, reading.instance) for region in calibration.regions)
    return spacings.pop()[0], "" if whole else mark("in the calibrated region")


def bar_length(width: float) -> tuple[float, str]:
    """Return a round length in mm of at most three tenths of a picture `width` mm wide, and how to write it.

    It is 100 mm at most and 1 µm at least; below 1 mm it is written in µm.
    """
    fitting = [length for length in _MICROMETRES if length <= 300 * width and length <= 100_000]
    length = max(fitting, default=_MICROMETRES[0])
    return length / 1000, f"{length // 1000} mm" if length >= 1000 else f"{length} µm"


def _whole(region: Region, instance: Instance) -> bool:
    """Return whether the region is the picture, but for a margin of 2 % such as burned-in borders take."""
    right, low = instance.columns - 1, instance.rows - 1
    x, y = 0.02 * instance.columns, 0.02 * instance.rows
    return region.x0 <= x and region.y0 <= y and region.x1 >= right - x and region.y1 >= low - y
