"""`breastview evaluate`: the figures of a bundle on labelled pictures, or of a run on its held-out folds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from breastview.cli import _console
from breastview.cli._options import Device

if TYPE_CHECKING:
    from rich.table import Table

EXAMPLES = """
Examples:

- `breastview evaluate models/us-attentive-3 another-hospital --out report`
- `breastview evaluate models/us-attentive-3 list.csv --json figures.json`
- `breastview evaluate run --out report`
"""


def command(
    source: Annotated[Path, typer.Argument(help="A bundle's folder, or the --out folder of a training run.")],
    pictures: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled data sets (for a bundle): folders with the folders normal, benign and malignant, "
            "folders with a manifest.csv, or CSV files (image, mask, label, group).",
        ),
    ] = None,
    data: Annotated[list[Path] | None, typer.Option(help="A further data set, repeatable.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for a report: one page with plots, all figures as JSON, the worst pictures."
        ),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write all figures here.")] = None,
    device: Annotated[Device, typer.Option(help="Where the AI runs.")] = Device.AUTO,
) -> None:
    """Measure a bundle on labelled pictures, or a training run on the pictures its folds held out.

    A bundle's final model was trained on all pictures of its data sets: on those it cannot be measured.
    """
    import json

    from breastview import atomic
    from breastview.training import measure

    measured = measure.of(source, (*(pictures or ()), *(data or ())), _console.say, device.value)
    if json_file is not None:
        with atomic.written(json_file) as temporary:
            text = json.dumps(measured.figures, indent=1, ensure_ascii=False)
            temporary.write_text(text, encoding="utf-8")
    _show(measured.figures)
    if out is not None:
        from breastview.training import report

        page = report.write(out, measured)
        typer.echo(f"Report written to {page}; the worst pictures lie beside it, in {report.GALLERY}.")


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console()
    console.print(figures["protocol"])
    for name, values in figures["sets"].items():
        console.print(_table(name, values))


def _table(name: str, values: dict[str, Any]) -> Table:
    from rich.table import Table

    from breastview.training.card import rows

    table = Table(title=name)
    folds = len(values["folds"]) > 1
    spread = ("mean ± sd of folds",) if folds else ()
    for column in ("figure", *spread, "pooled" if folds else "value", "95% interval"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for row in rows(values):
        if row not in values["pooled"]:
            continue
        deviation = f" ± {values['sd'][row]:.3f}" if row in values["sd"] else ""
        mean = (f"{values['mean'][row]:.3f}{deviation}",) if folds else ()
        bounds = values["interval"].get(row)
        interval = f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
        table.add_row(row, *mean, f"{values['pooled'][row]:.3f}", interval)
    return table
