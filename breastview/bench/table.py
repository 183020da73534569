"""A result in words and figures, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from breastview.bench.row import Held, Result

_SIGN = {Held.AT_MOST.value: "≤", Held.AT_LEAST.value: "≥"}


def lines(result: Result) -> Iterator[str]:
    """Yield what came of a row: verdict and title, then the figures, the load, and what else was found."""
    verdict = {True: "reached", False: "missed", None: "not measured"}[result.reached]
    yield f"{verdict:12}  {result.name}: {result.title}"
    if result.measured is None:
        yield f"{'':14}{result.missing}"
        return
    found = result.measured
    figure = f"{_short(found.value)} {found.unit}"
    if result.ratio is not None:
        figure += f" against {_short(found.against or 0)} {found.unit} ({result.beside}): {result.ratio:.3g}"
    unit = "" if result.of_ratio else f" {found.unit}"
    yield f"{'':14}{figure}; goal {_SIGN[result.held]} {result.goal:.3g}{unit}; load {result.load:.1f}"
    if found.others:
        yield f"{'':14}" + "; ".join(f"{name}: {_short(value)}" for name, value in found.others.items())


def _short(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
