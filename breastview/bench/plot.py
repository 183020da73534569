"""Draws how cost grows, by Matplotlib without a display."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from breastview import atomic
from breastview.bench.growth import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, DENSITY = 4.0, 3.2, 130  # inches, inches, px an inch
# Okabe and Ito's colours, which the colour-blind can tell apart, on a ground that does not glare in the dark.
COLOURS = ("#56b4e9", "#e69f00", "#009e73")
DASHES = ("-", "--", ":")
GROUND, INK, GRID = "#14181c", "#d5dade", "#30373d"
ROOM = 1.25  # of the highest value, so that the legend has room
TITLES = {
    "files": "List of a folder", "frames": "AI on the frames of a cine",
    "pixels": "One frame by its size", "batch": "Frames in one call of the network",
    "workers": "Workers of one thread",
}  # fmt: skip


def draw(curves: Sequence[Curve]) -> bytes:
    """Return the curves side by side, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    across = min(3, len(curves))
    down = -(-len(curves) // across)
    figure = Figure(figsize=(WIDTH * across, HEIGHT * down), layout="constrained", facecolor=GROUND)
    FigureCanvasAgg(figure)
    for number, curve in enumerate(curves, start=1):
        axes = figure.add_subplot(down, across, number)
        for (name, values), colour, dashes in zip(curve.lines.items(), COLOURS, DASHES, strict=False):
            axes.plot(
                curve.sizes, values, dashes, marker="o", markersize=4, color=colour, label=name, clip_on=False
            )
        if curve.logarithmic:
            axes.set_xscale("log")
            axes.set_yscale("log")
        else:
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0, top=ROOM * max(map(max, curve.lines.values())))
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(curve.x)
        axes.set_ylabel(curve.y)
        axes.set_title(TITLES.get(curve.name, curve.name), color=INK, fontsize=10)
        axes.legend(frameon=False, fontsize=8, labelcolor=INK)
        _darken(axes)
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=DENSITY)
    return made.getvalue()


def _darken(axes: Axes) -> None:
    axes.set_facecolor(GROUND)
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["bottom", "left"]].set_color(INK)
    axes.tick_params(which="both", colors=INK)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)


def save(curves: Sequence[Curve], path: Path) -> None:
    """Write the curves as a PNG."""
    with atomic.written(path) as temporary:
        temporary.write_bytes(draw(curves))
