"""Masks: the segmentation of every frame as a 0/255 PNG at the original's size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breastview import __version__, atomic
from breastview.exporters import _streams
from breastview.exporters._names import Names
from breastview.exporters._outlined import outlined
from breastview.exporters._protocol import ExportOptions, Record
from breastview.language import mark
from breastview.study.reading import Reading


class MasksExporter(_streams.ManyFiles):
    """One PNG a frame under a folder, at the picture's relative path, ending in ``_mask.png``.

    A frame that neither AI nor reader outlined gets no file: an empty mask would say that nothing was found
    in it. Who drew the mask stands in the PNG's text "Mask": AI, edited (the AI's, by the reader) or reader.
    """

    name = "masks"
    title = mark("Masks (PNG)")
    suffix = ".png"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:  # noqa: ARG002
        """Write each mask at once; those that are finished stay when the block fails."""
        names = Names(destination, "_mask.png")

        def add(record: Record) -> tuple[Path, ...]:
            mask = record.mask if isinstance(record, Reading) and outlined(record) else None
            if not isinstance(record, Reading) or mask is None:
                return ()
            path = names.path(record.instance, record.frame)
            _write(mask, record, path)
            return (path,)

        yield add


def _write(mask: NDArray[np.bool_], reading: Reading, path: Path) -> None:
    from PIL import Image, PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Software", f"BreastView {__version__}")
    notes.add_text("Mask", reading.mask_source.value)
    with _streams.explained(path), atomic.written(path) as temporary:
        Image.fromarray(mask.astype(np.uint8) * 255).save(temporary, format="PNG", pnginfo=notes)


EXPORTER = MasksExporter()
