"""`breastview bench`: how fast it is here, each figure beside what it is compared to."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview.cli import _console

if TYPE_CHECKING:
    from breastview.bench.row import Result

EXAMPLES = """
Examples:

- `breastview bench --quick`
- `breastview bench frame grad-cam`
- `breastview bench --json bench.json --plot growth.png`
- `breastview bench soak --cases 5000`

What is measured is made for it; no picture of yours is opened and no setting changed. A figure of a machine
that is busy with something else is of little use: its load stands beside it.

Exit code: 0 all goals were reached, 1 one was missed, 2 wrong usage.
"""

MISSED = 1


def command(
    rows: Annotated[
        list[str] | None,
        typer.Argument(metavar="ROW", help="Rows to measure; all but soak if none is named."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Small and few: whether it works, not how fast it is.")
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Everything measured, with the machine.", dir_okay=False),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="Measure, too, how cost grows with files, frames, pixels, batch and workers; a PNG.",
        ),
    ] = None,
    cases: Annotated[
        int | None,
        typer.Option(
            min=1, help="Of `soak`: how many cases a window steps through, with random actions (5,000)."
        ),
    ] = None,
    with_ai: Annotated[
        bool, typer.Option("--with-ai", help="Of `soak`: the installed AI, not one that answers at once.")
    ] = False,
    names: Annotated[bool, typer.Option("--list", help="Name the rows and stop.")] = False,
) -> None:
    """Measure how fast BreastView is on this machine, each figure beside what it is compared to."""
    from breastview.bench import run, soak

    known = run.rows()
    if names:
        for name, row in known.items():
            typer.echo(f"{name:14}  {row.title}" + (f"; against: {row.beside}" if row.beside else ""))
        typer.echo(f"{soak.NAME:14}  Thousands of cases with random actions; only when it is named")
        return
    wanted = list(rows or known)
    soaks = soak.NAME in wanted
    if unknown := [name for name in wanted if name not in known and name != soak.NAME]:
        raise typer.BadParameter(f"no row {unknown[0]!r}; there are: {', '.join(known)}, {soak.NAME}")
    found = []
    with run.temporary() as folder:
        measured = run.results([name for name in wanted if name in known], Path(folder), quick)
        if soaks:
            how_many = cases or (soak.FEW if quick else soak.CASES)
            measured = itertools.chain(measured, soak.results(Path(folder), how_many, with_ai))
        for result in measured:
            found.append(result)
            _tell(result)
        grown = []
        if plot is not None:
            grown = _grown(Path(folder), quick, plot)
    if json is not None:
        run.save(json, found, quick, grown)
        _console.say(f"  {json}")
    if any(result.reached is False for result in found):
        raise typer.Exit(MISSED)


def _grown(folder: Path, quick: bool, path: Path) -> list:
    from breastview.bench import growth, plot
    from breastview.bench.row import Place

    curves = list(growth.curves(Place(folder, quick)))
    plot.save(curves, path)
    _console.say(f"  {path}")
    return [curve.as_dict() for curve in curves]


def _tell(result: Result) -> None:
    """Print a row as soon as it is there: some take minutes."""
    from breastview.bench import table

    for line in table.lines(result):
        typer.echo(line)
