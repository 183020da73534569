"""Whole slides in tiled TIFF (SVS, OME-TIFF, NDPI, generic pyramids), opened at one magnification."""

from __future__ import annotations

from pathlib import Path

from breastview.errors import UnreadableFile
from breastview.language import mark
from breastview.readers.isolated import POOL
from breastview.readers.slides import tiff
from breastview.study.calibration import UNCALIBRATED, everywhere
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels

SECONDS = 300.0
"""Time for a slide: of the finest magnification some thousand tiles may have to be decoded."""


class _Slide:
    """Slides that tifffile reads, in a child process."""

    suffixes = frozenset({".svs", ".ndpi", ".scn", ".btf"})

    def sniff(self, head: bytes, path: Path) -> bool:
        """Return whether it is a TIFF in tiles with several magnifications, or a very large one."""
        return tiff.is_slide(head, path)

    def describe(self, path: Path, label: str) -> Instance:
        """Return the slide's size as it is opened; its study and series are the folder it lies in."""
        header = tiff.read_header(path)
        folder = str(path.parent)
        name = Path(label).parent.name or path.parent.name
        rows, columns = header.whole
        millimetres = header.um_per_px / 1000
        known = everywhere(
            mark("resolution of the slide"), header.rows, header.columns, millimetres, millimetres
        )
        reduced = columns / header.columns
        return Instance(
            path=path,
            label=label,
            reader="slide",
            rows=header.rows,
            columns=header.columns,
            modality="SM",
            photometric="RGB" if header.coloured else "MONOCHROME2",
            calibrations=(known if millimetres else UNCALIBRATED,),
            lossy=header.lossy,
            study=StudyInfo(uid=folder, description=name),
            series=SeriesInfo(
                uid=folder, description=f"Whole slide of {columns} × {rows} px, opened at 1:{reduced:.3g}"
            ),
        )

    def pixels(self, instance: Instance, frame: int) -> FramePixels:
        """Return the slide at the magnification it is opened at."""
        if frame:
            raise UnreadableFile("a slide has one frame", instance.path)
        channels = 3 if instance.photometric == "RGB" else 1
        values = POOL.call(
            "breastview.readers.slides.tiff:decode",
            (instance.path,),
            size=instance.rows * instance.columns * channels,
            path=instance.path,
            seconds=SECONDS,
        )
        values.setflags(write=False)
        return FramePixels(values, instance.photometric, Window(128.0, 256.0))


READER = _Slide()
