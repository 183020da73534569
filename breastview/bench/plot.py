"""Draws how cost grows, by Matplotlib without a display."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from breastview import paths
from breastview.bench.growth import Curve

WIDTH, HEIGHT, DENSITY = 4.0, 3.2, 130  # inches, inches, px an inch
# Okabe and Ito's colours, which the colour-blind can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73")


def draw(curves: Sequence[Curve]) -> bytes:
    """Return the curves side by side, as PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    across = min(3, len(curves))
    down = -(-len(curves) // across)
    figure = Figure(figsize=(WIDTH * across, HEIGHT * down), layout="constrained")
    FigureCanvasAgg(figure)
    for number, curve in enumerate(curves, start=1):
        axes = figure.add_subplot(down, across, number)
        for (name, values), colour in zip(curve.lines.items(), COLOURS, strict=False):
            axes.plot(curve.sizes, values, marker="o", markersize=4, color=colour, label=name)
        if curve.logarithmic:
            axes.set_xscale("log")
            axes.set_yscale("log")
        else:
            axes.set_xlim(left=0)
            axes.set_ylim(bottom=0)
        axes.set_xlabel(curve.x)
        axes.set_ylabel(curve.y)
        axes.set_title(curve.name)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, fontsize=8)
    made = io.BytesIO()
    figure.savefig(made, format="png", dpi=DENSITY)
    return made.getvalue()


def save(curves: Sequence[Curve], path: Path) -> None:
    """Write the curves as a PNG."""
    with paths.written_atomically(path) as temporary:
        temporary.write_bytes(draw(curves))
