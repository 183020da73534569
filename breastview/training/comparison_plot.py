"""The systems of the comparison in one picture: figures against the operations of a forward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.training import plots

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from breastview.training.comparison import Entry


def draw(entries: Sequence[Entry], source: str) -> bytes:
    """Return bars of the macro recall (classifiers) or mean Dice (segmenters) of the systems run, as PNG.

    Bundled systems, baselines and short trainings differ in colour: those of one colour had the same chance.
    """
    shown = [(entry, *value) for entry in entries if (value := _value(entry, source)) is not None]
    shown.sort(key=lambda row: (row[2] == "Dice", row[1]))
    height = 1.4 + 0.24 * len(shown)
    return plots.png(lambda axes: _bars(axes, shown), f"The systems on {source.upper()}", 7.5, height)


def _value(entry: Entry, source: str) -> tuple[float, str] | None:
    figures = entry.figures.get(source, {})
    if "macro recall" in figures:
        return figures["macro recall"], "macro recall"
    return (figures["dice mean"], "Dice") if "dice mean" in figures else None


GROUPS = {
    "bundled, five folds": plots.COLOURS[1],
    "baseline, five folds": plots.COLOURS[2],
    "short training, one fold": plots.COLOURS[0],
    "trained, five folds": plots.COLOURS[3],
}


def _group(entry: Entry) -> str:
    if entry.bundled:
        return "bundled, five folds"
    if entry.parameters is None:
        return "baseline, five folds"
    return "short training, one fold" if entry.budget.startswith("short") else "trained, five folds"


def _bars(axes: Axes, shown: list[tuple[Entry, float, str]]) -> None:
    names = [f"{entry.name}{' (Dice)' if kind == 'Dice' else ''}" for entry, _, kind in shown]
    groups = [_group(entry) for entry, _, _ in shown]
    values = [value for _, value, _ in shown]
    axes.barh(range(len(shown)), values, color=[GROUPS[group] for group in groups], height=0.7)
    for place, value in enumerate(values):
        axes.text(value + 0.01, place, f"{value:.2f}", va="center", fontsize=7.5, color=plots.INK)
    axes.axvline(1 / 3, color=plots.MUTED, linewidth=0.8, linestyle=":")
    axes.annotate("chance of three classes", (1 / 3, 1), (3, -2), xycoords=("data", "axes fraction"),
                  textcoords="offset points", va="top", fontsize=7, color=plots.MUTED)  # fmt: skip
    axes.set_yticks(range(len(shown)), names)
    axes.set_xlim(0, 1)
    axes.set_xlabel("macro recall (classifiers), mean Dice (segmenters)", fontsize=9, color=plots.INK)
    handles = [axes.barh(0, 0, color=GROUPS[group], label=group) for group in GROUPS if group in groups]
    axes.legend(handles=handles, fontsize=8, frameon=False, loc="lower right")
