"""What every exporter offers, and the choices that all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from breastview.settings import Settings
from breastview.study.instance import Refusal, Window
from breastview.study.reading import Reading
from breastview.task import Task

Record = Reading | Refusal
"""What an exporter is given: a frame that was read, or a file that could not be."""


@dataclass(frozen=True)
class ExportOptions:
    """How an output looks; what it says comes from the readings alone.

    Attributes
    ----------
    reader, institution : str
        Printed in reports; empty ones are left out.
    paper : str
        ``"A4"`` or ``"Letter"``.
    heat_map : str
        Colour map of the Grad-CAM, a name of `breastview.imaging.colour_maps`.
    heat_opacity, heat_threshold : float
        Opacity of the Grad-CAM, and the heat (0..1) below which it is not drawn.
    segmenter_map, segmenter_opacity, segmenter_threshold
        The same of what drove the mask, shown where no class has a Grad-CAM.
    mask_opacity : float
        Opacity of the mask's fill, 0..1.
    mask_colour : str
        Key of `breastview.imaging.colour_maps.MASK_COLOURS`.
    contour_width : float
        Width of the mask's outline in screen px (1/96 inch on paper).
    window : Window or None
        VOI window of the pictures; None takes the one each file starts with.
    invert : bool
        Whether the pictures' grey values are inverted.
    made_at : datetime or None
        When a report says that it was made; None: now.
    """

    reader: str = ""
    institution: str = ""
    paper: str = "A4"
    heat_map: str = "inferno"
    heat_opacity: float = 0.45
    heat_threshold: float = 0.15
    segmenter_map: str = "cividis"
    segmenter_opacity: float = 0.45
    segmenter_threshold: float = 0.15
    mask_opacity: float = 0.35
    mask_colour: str = "cyan"
    contour_width: float = 2.0
    window: Window | None = None
    invert: bool = False
    made_at: datetime | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> ExportOptions:
        """Return the options the user has set."""
        return cls(
            reader=settings.reader,
            institution=settings.institution,
            paper=settings.paper,
            heat_map=settings.heat_map,
            heat_opacity=settings.heat_opacity,
            heat_threshold=settings.heat_threshold,
            mask_opacity=settings.mask_opacity,
            mask_colour=settings.mask_colour,
            contour_width=settings.contour_width,
        )


class Exporter(Protocol):
    """A plug-in of this folder, under the module's name ``EXPORTER``.

    Attributes
    ----------
    name : str
        The plug-in's name in the registry.
    title : str
        What menus call it.
    suffix : str
        Suffix of the files it writes, with the dot.
    one_file : bool
        Whether a destination with that suffix takes many readings; else many need a folder.
    """

    name: str
    title: str
    suffix: str
    one_file: bool

    def export(
        self, readings: Iterable[Record], destination: Path, task: Task, options: ExportOptions
    ) -> tuple[Path, ...]:
        """Write the readings and return the files written.

        Raises
        ------
        ExportError
            If something could not be written; nothing incomplete is left under a final name.
        Cancelled
            If the task was cancelled.
        """
        ...


@runtime_checkable
class StreamingExporter(Exporter, Protocol):
    """An exporter that takes records one by one, so that several can share one pass over a long list."""

    def writing(
        self, destination: Path, options: ExportOptions
    ) -> AbstractContextManager[Callable[[Record], tuple[Path, ...]]]:
        """Open the output; the function given takes a record and returns the files that it finished.

        The output takes its final name when the block ends without an exception.
        """
        ...
