"""Plots of an evaluation, drawn by Matplotlib without a display; loaded when the first one is drawn."""

from __future__ import annotations

import io
import statistics
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

WIDTH, HEIGHT, DENSITY = 4.6, 3.8, 130  # inches, inches, px an inch
INK, MUTED = "#20262c", "#8a949e"
# Okabe and Ito's colours, which the colour-blind can tell apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


def draw(values: dict[str, Any]) -> dict[str, bytes]:
    """Return every plot there are numbers for, as PNG by name.

    Parameters
    ----------
    values : dict
        The figures of one data set, with their ``curves``; see `breastview.training.measure`.
    """
    curves = values["curves"]
    wanted: dict[str, Callable[[Axes], None]] = {}
    if values.get("confusion"):
        wanted["confusion"] = lambda axes: _confusion(axes, values["confusion"], values["classes"])
    if curves.get("roc"):
        wanted["roc"] = lambda axes: _lines(
            axes, curves["roc"], "1 − specificity", "sensitivity", diagonal=True
        )
        wanted["precision-recall"] = lambda axes: _lines(
            axes, curves["precision-recall"], "recall", "precision"
        )
        wanted["reliability"] = lambda axes: _reliability(axes, curves["reliability"])
        wanted["selective"] = lambda axes: _selective(axes, *curves["selective"])
    if curves.get("dice"):
        wanted["dice"] = lambda axes: _dice(axes, curves["dice"])
    return {name: png(paint, TITLES[name]) for name, paint in wanted.items()}


TITLES = {
    "confusion": "Truth against answer",
    "roc": "ROC curves",
    "precision-recall": "Precision and recall",
    "reliability": "Reliability of the probability",
    "selective": "Accuracy among those answered",
    "dice": "Dice of the lesions",
}


def png(paint: Callable[[Axes], None], title: str, width: float = WIDTH, height: float = HEIGHT) -> bytes:
    """Return one plot as PNG.

    Parameters
    ----------
    paint : Callable
        Draws on the axes it is given.
    title : str
    width, height : float
        Inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((width, height), dpi=DENSITY, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    paint(axes)
    axes.set_title(title, fontsize=11, color=INK, loc="left")
    axes.tick_params(labelsize=8, colors=INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x, fontsize=9, color=INK)
    axes.set_ylabel(y, fontsize=9, color=INK)


def _confusion(axes: Axes, matrix: list[list[int]], classes: list[str]) -> None:
    rows = [[value / max(1, sum(row)) for value in row] for row in matrix]
    axes.imshow(rows, cmap="Blues", vmin=0, vmax=1)
    for y, row in enumerate(matrix):
        for x, count in enumerate(row):
            colour = "white" if rows[y][x] > 0.55 else INK
            axes.text(x, y, f"{count}\n{rows[y][x]:.0%}", ha="center", va="center", fontsize=9, color=colour)
    axes.set_xticks(range(len(classes)), classes)
    axes.set_yticks(range(len(classes)), classes)
    _label(axes, "answer", "truth")


def _lines(axes: Axes, curves: dict[str, list[list[float]]], x: str, y: str, diagonal: bool = False) -> None:
    if diagonal:
        axes.plot((0, 1), (0, 1), color=MUTED, linewidth=0.8, linestyle=":")
    for number, (name, (across, up)) in enumerate(curves.items()):
        # A curve of counts is a stair: between two scores nothing was measured.
        colour, style = COLOURS[number % len(COLOURS)], "-" if name.endswith("or not") else "--"
        axes.step(across, up, where="post", color=colour, linestyle=style, linewidth=1.5, label=name)
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.02)
    _label(axes, x, y)
    axes.legend(fontsize=8, frameon=False, loc="lower right" if diagonal else "lower left")


def _reliability(axes: Axes, bins: list[list[float]]) -> None:
    confidence, correct, counts = zip(*bins, strict=True)
    largest = max(counts)
    axes.plot((0, 1), (0, 1), color=MUTED, linewidth=0.8, linestyle=":")
    sizes = [12 + 90 * count / largest for count in counts]
    axes.plot(confidence, correct, color=COLOURS[0], linewidth=1.2)
    axes.scatter(confidence, correct, s=sizes, color=COLOURS[0], zorder=3)
    for x, y, count in zip(confidence, correct, counts, strict=True):
        axes.annotate(f"{count:.0f}", (x, y), (0, -13), textcoords="offset points", ha="center", fontsize=7,
                      color=MUTED)  # fmt: skip
    axes.set_xlim(min(0.3, *confidence) - 0.03, 1.03)
    axes.set_ylim(-0.03, 1.05)
    _label(axes, "probability of the answer (mean of the bin)", "share correct")


def _selective(axes: Axes, share: list[float], accuracy: list[float]) -> None:
    axes.plot(share, accuracy, color=COLOURS[0], linewidth=1.5)
    axes.set_xlim(0, 1.01)
    axes.set_ylim(min(0.5, *accuracy), 1.01)
    _label(axes, "share of pictures answered, the surest first", "accuracy among them")


def _dice(axes: Axes, values: list[float]) -> None:
    axes.hist(values, bins=[number / 20 for number in range(21)], color=COLOURS[0], edgecolor="white")
    median = statistics.median(values)
    axes.axvline(median, color=COLOURS[1], linewidth=1.2)
    axes.annotate(f"median {median:.2f}", (median, 1), (-4, -2), xycoords=("data", "axes fraction"),
                  textcoords="offset points", ha="right", va="top", fontsize=8, color=COLOURS[1])  # fmt: skip
    axes.set_xlim(0, 1)
    _label(axes, "Dice", "lesions")
