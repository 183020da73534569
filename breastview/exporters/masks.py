"""Masks: the segmentation of every frame as a 0/255 PNG at the original's size."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breastview import paths
from breastview.errors import ExportError
from breastview.exporters import _rows, _streams
from breastview.exporters._names import Names
from breastview.exporters._protocol import ExportOptions, Record
from breastview.study.reading import Reading


class MasksExporter(_streams.ManyFiles):
    """One PNG a frame under a folder, at the picture's relative path, ending in ``_mask.png``.

    A frame without an AI reading gets no file: an empty mask would say that nothing was found in it.
    """

    name = "masks"
    title = "Masks (PNG)"
    suffix = ".png"

    @contextmanager
    def writing(self, destination: Path, options: ExportOptions) -> Iterator[_streams.Add]:  # noqa: ARG002
        """Write each mask at once; those that are finished stay when the block fails."""
        names = Names(destination, "_mask.png")

        def add(record: Record) -> tuple[Path, ...]:
            analysis = _rows.answered(record) if isinstance(record, Reading) else None
            if not isinstance(record, Reading) or analysis is None:
                return ()
            path = names.path(record.instance, record.frame)
            _write(analysis.mask, path)
            return (path,)

        yield add


def _write(mask: NDArray[np.bool_], path: Path) -> None:
    import cv2

    sound, data = cv2.imencode(".png", mask.astype(np.uint8) * 255)
    if not sound:
        raise ExportError("the mask could not be encoded", path)
    with _streams.explained(path), paths.written_atomically(path) as temporary:
        temporary.write_bytes(data.tobytes())


EXPORTER = MasksExporter()
