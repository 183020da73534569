"""`breastview evaluate`: the figures of a bundle on labelled pictures, or of a run on its held-out folds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breastview.cli import _console

if TYPE_CHECKING:
    from rich.table import Table

EXAMPLES = """
Examples:

- `breastview evaluate models/us-efficientnetb4-1 --data another-hospital --json figures.json`
- `breastview evaluate run`
"""


def command(
    source: Annotated[Path, typer.Argument(help="A bundle's folder, or the --out folder of a training run.")],
    data: Annotated[
        list[Path] | None, typer.Option(help="Labelled data set, repeatable (for a bundle).")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write all figures here.")] = None,
) -> None:
    """Measure a bundle on labelled pictures, or a training run on the pictures its folds held out.

    A bundle's final model was trained on all pictures of its data sets: on those it cannot be measured.
    """
    import json

    from breastview.paths import written_atomically
    from breastview.training import measure

    figures = measure.of(source, tuple(data or ()), _console.say)
    if json_file is not None:
        with written_atomically(json_file) as temporary:
            temporary.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")
    _show(figures)


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    console.print(figures["protocol"])
    for name, values in figures["sets"].items():
        console.print(_table(name, values))


def _table(name: str, values: dict[str, Any]) -> Table:
    from rich.table import Table

    from breastview.training.card import ROWS

    table = Table(title=name)
    for column in ("figure", "mean ± sd of folds", "pooled", "95% interval"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for row in ROWS:
        if row not in values["pooled"]:
            continue
        deviation = f" ± {values['sd'][row]:.3f}" if row in values["sd"] else ""
        mean = f"{values['mean'][row]:.3f}{deviation}" if len(values["folds"]) > 1 else ""
        bounds = values["interval"].get(row)
        interval = f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
        table.add_row(row, mean, f"{values['pooled'][row]:.3f}", interval)
    return table
