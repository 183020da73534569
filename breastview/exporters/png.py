"""PNG: the key image of a frame, its three panes side by side, without anything that names the patient."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from PIL import Image, PngImagePlugin

from breastview import RESEARCH_USE, __version__, atomic
from breastview.exporters import _streams
from breastview.exporters._key_image import compose
from breastview.exporters._names import Names
from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark
from breastview.study.reading import Reading


class PngExporter(_streams.ManyFiles):
    """A PNG file for one reading; under a folder, one a reading at its picture's relative path."""

    name = "png"
    title = mark("Key image (PNG)")
    suffix = ".png"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:
        """Write each key image at once; those that are finished stay when the block fails."""
        names = Names(destination, "_key.png")
        numbers = count(1)

        def add(record: Record) -> tuple[Path, ...]:
            if not isinstance(record, Reading):
                return ()
            path = names.path(record.instance, record.frame)
            if destination.suffix.lower() == self.suffix:
                number = next(numbers)
                path = destination.with_stem(f"{destination.stem}_{number}") if number > 1 else destination
            _write(compose(record, options), record, path)
            return (path,)

        yield add


def _write(image: Image.Image, reading: Reading, path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", f"BreastView {__version__}")
    notes.add_text("Disclaimer", RESEARCH_USE)
    if reading.analysis is not None:
        notes.add_text("Source", str(reading.analysis.bundle))
    if outlined(reading):
        notes.add_text("Mask", reading.mask_source.value)
    with _streams.explained(path), atomic.written(path) as temporary:
        image.save(temporary, format="PNG", pnginfo=notes)


EXPORTER = PngExporter()
