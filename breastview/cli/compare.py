"""`breastview compare`: all systems by name, what they cost, how they were trained, and their figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breastview.cli import _console

EXAMPLES = """
Examples:

- `breastview compare`
- `breastview compare --results my-results --add run-of-resnet50 --add run-of-svm`
- `breastview compare --markdown table.md --plot table.png`
- `breastview compare --run runs --data busi --weights weights/ --only resnet152v2,efficientnetb7`
"""


def command(
    results: Annotated[Path, typer.Option(help="Folder of results, one JSON file a system.")] = Path(
        "docs/comparison"
    ),
    add: Annotated[
        list[Path] | None, typer.Option(help="The --out folder of a training run to take in, repeatable.")
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(
            help="Train every system that has no result yet, each for one short epoch on one fold, with the "
            "runs in this folder; may be stopped and called again."
        ),
    ] = None,
    only: Annotated[str, typer.Option(help="With --run: these systems alone, between commas.")] = "",
    data: Annotated[list[Path] | None, typer.Option(help="With --run: a data set, repeatable.")] = None,
    weights: Annotated[Path | None, typer.Option(help="With --run: ImageNet weights, as for train.")] = None,
    show: Annotated[str, typer.Option(help="The data set whose figures are shown.")] = "busi",
    markdown: Annotated[Path | None, typer.Option(help="Also write the table here, as Markdown.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Also draw the figures here, as PNG.")] = None,
) -> None:
    """Show the table of all published systems and baselines; take in the results of runs first.

    Systems without a result are listed as not run; those that come with the application are marked.
    """
    from breastview import atomic, paths
    from breastview.inference.bundle import list_bundles
    from breastview.training import comparison, comparison_plot

    if run is not None:
        from breastview.training import short_runs

        wanted = tuple(filter(None, only.split(",")))
        short_runs.complete(results, run, tuple(data or ()), weights, _console.say, wanted)
    for out in add or ():
        saved = comparison.save(comparison.of_run(out), results)
        typer.echo(f"{out} taken in as {saved.name}")
    bundled = [comparison.of_bundle(bundle) for bundle in list_bundles(paths.models())[0]]
    names = {entry.name for entry in bundled}
    entries = bundled + [entry for entry in comparison.read(results) if entry.name not in names]
    _show(comparison.rows(entries, show), comparison.COLUMNS)
    for path, content in (
        (markdown, lambda: comparison.markdown(entries, show).encode()),
        (plot, lambda: comparison_plot.draw(entries, show)),
    ):
        if path is not None:
            with atomic.written(path) as temporary:
                temporary.write_bytes(content())


def _show(rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, no_wrap=number == 0, justify="right" if 0 < number < 4 else "left")
    for row in rows:
        table.add_row(*row)
    Console().print(table)
