"""`breastview analyse`: whole folders and archives, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview.cli import _console, _options

if TYPE_CHECKING:
    from breastview.cli._console import ConsoleTask
    from breastview.cli._records import Tally
    from breastview.session import Session
    from breastview.study.instance import Refusal
    from breastview.study.reading import Reading

EXAMPLES = """
Examples:

- `breastview analyse scans/ --csv out.csv`
- `breastview analyse study.zip --csv out.csv --json out.json --masks masks/`
- `breastview analyse a.dcm b.png --out results/`

Results are kept: an analysis that was interrupted goes on where it stopped.

Exit code: 0 all was read, 1 something could not be read or analysed (its row says why), 2 wrong usage,
130 interrupted.
"""

SOME_FAILED, INTERRUPTED = 1, 130
Add = Callable[["Reading | Refusal"], object]


def command(
    sources: _options.Sources,
    csv: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Table: a row for every frame and every unreadable file.", dir_okay=False
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The same with everything known of each frame.", dir_okay=False),
    ] = None,
    masks: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Masks as PNG (0/255) at the originals' size.", file_okay=False),
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A report of all frames.", dir_okay=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="All of these in one folder.", file_okay=False)
    ] = None,
    bundle: _options.BundleName = "",
    device: _options.OnDevice = None,
    batch: Annotated[int, typer.Option(min=1, max=256, help="Frames that go to the AI together.")] = 8,
    quiet: _options.Quiet = False,
) -> None:
    """Analyse every frame of files, folders and archives; write a table, records, masks."""
    if out is not None:
        csv, json = csv or out / "readings.csv", json or out / "readings.json"
        masks, pdf = masks or out / "masks", pdf or out / "report.pdf"
    files = {"csv": csv, "json": json, "masks": masks}
    wanted = {name: path for name, path in files.items() if path is not None}
    if not wanted and pdf is None:
        raise typer.BadParameter("say where the results go: --csv, --json, --masks, --pdf or --out")
    if masks is not None and _hides_truth(masks, sources):
        raise typer.BadParameter(
            "the masks would lie beside the pictures, where ground truth lies; choose another folder",
            param_hint="--masks",
        )
    from breastview.session import Session

    with Session(_options.chosen(bundle, device)) as session, _console.watched(quiet) as task:
        tally = _analysed(session, sources, wanted, pdf, task, batch)
    if not quiet:
        _console.say(str(tally))
        for path in (*wanted.values(), *((pdf,) if pdf else ())):
            _console.say(f"  {path}")
    if task.cancelled():
        _console.complain("Stopped; what was done is written. The same command goes on from there.")
        raise typer.Exit(INTERRUPTED)
    if tally.failed or not tally.frames:
        raise typer.Exit(SOME_FAILED)


def _analysed(
    session: Session, sources: Sequence[Path], wanted: dict[str, Path], pdf: Path | None,
    task: ConsoleTask, batch: int,
) -> Tally:  # fmt: skip
    """Write a record for every frame and every file that is none; cancelled, write those there are."""
    from breastview.cli import _records
    from breastview.errors import Cancelled

    tally = _records.Tally()
    try:
        cases, refusals = _records.found(session, sources, task)
    except Cancelled:
        cases, refusals = [], []
    if cases and not task.cancelled():
        _records.prepared(session, cases)
    frames = _records.frames_of(cases)
    with _outputs(session, wanted) as add:
        try:
            for refusal in _records.refused(session, refusals):
                tally.count(refusal)
                add(refusal)
            for record in _records.records(session, frames, task, batch):
                tally.count(record)
                add(record)
        except KeyboardInterrupt:
            # The second Ctrl-C: also then the files are finished with what they hold.
            task.cancel()
    if pdf is not None and frames and not task.cancelled():
        readings = _records.records(session, frames, task, batch)
        session.export("pdf", (r for r in readings if not hasattr(r, "reason")), pdf, task)
    return tally


@contextmanager
def _outputs(session: Session, wanted: dict[str, Path]) -> Iterator[Add]:
    """Open all outputs; they take their final names when the block is left without an error."""
    from breastview.exporters._protocol import ExportOptions, StreamingExporter
    from breastview.session.engine import exporter

    options = ExportOptions.from_settings(session.settings)
    with ExitStack() as stack:
        adds = []
        for name, path in wanted.items():
            streaming = exporter(name)
            assert isinstance(streaming, StreamingExporter)
            adds.append(stack.enter_context(streaming.writing(path, options)))

        def add(record: Reading | Refusal) -> None:
            for one in adds:
                one(record)

        yield add


def _hides_truth(masks: Path, sources: Sequence[Path]) -> bool:
    """Return whether masks would be written where the pictures lie."""
    folders = {(source if source.is_dir() else source.parent).resolve() for source in sources}
    return masks.resolve() in folders
