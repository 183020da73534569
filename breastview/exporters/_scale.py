"""Scale bars: only where a millimetre is true."""

from __future__ import annotations

from breastview.exporters._rows import answered
from breastview.study.calibration import Region
from breastview.study.instance import Instance
from breastview.study.reading import Reading

_LENGTHS = (1, 2, 5, 10, 20, 50, 100)


def true_spacing(reading: Reading) -> tuple[float | None, str]:
    """Return mm per px along a row where a scale bar is true, and what it holds for.

    In a picture of several regions that is the region of the largest lesion; without a lesion there is no
    scale unless all regions share one. The second value is empty where the scale holds for the whole picture.
    """
    calibration = reading.instance.calibration(reading.frame)
    analysis = answered(reading)
    if analysis and analysis.findings:
        largest = analysis.findings[0]
        region = calibration.common([*largest.long_ends, *largest.short_ends]) if largest.long_mm else None
        if region is None:
            return None, ""
        return region.dx, "" if _whole(region, reading.instance) else "in the lesion’s region"
    spacings = {(region.dx, region.dy) for region in calibration.regions}
    if len(spacings) != 1:
        return None, ""
    whole = all(_whole(region, reading.instance) for region in calibration.regions)
    return spacings.pop()[0], "" if whole else "in the calibrated region"


def bar_length(width: float) -> int:
    """Return a round length in mm of at most three tenths of a picture `width` mm wide (at least 1 mm)."""
    return max((length for length in _LENGTHS if length <= 0.3 * width), default=_LENGTHS[0])


def _whole(region: Region, instance: Instance) -> bool:
    """Return whether the region is the picture, but for a margin of 2 % such as burned-in borders take."""
    right, low = instance.columns - 1, instance.rows - 1
    x, y = 0.02 * instance.columns, 0.02 * instance.rows
    return region.x0 <= x and region.y0 <= y and region.x1 >= right - x and region.y1 >= low - y
