"""`breastview analyse`: whole folders and archives, without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview import language
from breastview.cli import _console, _options

if TYPE_CHECKING:
    from breastview.cli._console import ConsoleTask
    from breastview.session import Session
    from breastview.session.recording import Tally
    from breastview.study.instance import Refusal
    from breastview.study.reading import Reading

EXAMPLES = """
Examples:

- `breastview analyse scans/ --csv out.csv`
- `breastview analyse study.zip --csv out.csv --json out.json --masks masks/`
- `breastview analyse a.dcm b.png --out results/`
- `breastview analyse /archive --cluster tls://scheduler:8786 --out results/` (also `local:4`)

Results are kept: an analysis that was interrupted goes on where it stopped.

Exit code: 0 all was read, 1 something could not be read or analysed (its row says why), 2 wrong usage,
130 interrupted.
"""

SOME_FAILED, INTERRUPTED = 1, 130
Add = Callable[["Reading | Refusal"], object]


def command(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="Files, folders (with all below), DICOMDIRs or ZIP archives. With --cluster also "
            "s3://bucket/folder or dicomweb:NAME, an archive of the settings.",
        ),
    ],
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
    kind: _options.OnKind = _options.AsKind.AUTO,
    batch: Annotated[int, typer.Option(min=1, max=256, help="Frames that go to the AI together.")] = 8,
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Have the workers of a Dask cluster do it: tls://host:8786, local:4."
        ),
    ] = "",
    parquet: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --cluster: the table as Parquet.", dir_okay=False),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="With --cluster: the record that the run goes on from; beside the table if not given.",
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="With --cluster: try again what failed or is in quarantine.")
    ] = False,
    trusted_network: Annotated[
        bool,
        typer.Option("--trusted-network", help="With --cluster: the way need not be encrypted."),
    ] = False,
    quiet: _options.Quiet = False,
) -> None:
    """Analyse every frame of files, folders and archives; write a table, records, masks."""
    if cluster:
        from breastview.cli import _cluster

        _cluster.refuse({"--json": json, "--masks": masks, "--pdf": pdf, "--kind": kind.forced})
        results = _cluster.Results.named(csv, parquet, store, out)
        settings = _options.chosen(bundle, device)
        counted = _cluster.analyse(sources, cluster, results, settings, batch, retry, trusted_network, quiet)
        if counted.failed or not counted.frames:
            raise typer.Exit(SOME_FAILED)
        return
    if parquet or store or retry or trusted_network:
        raise typer.BadParameter("--parquet, --store, --retry and --trusted-network go with --cluster")
    _analyse_here(_options.present(sources), csv, json, masks, pdf, out, bundle, device, kind, batch, quiet)


def _analyse_here(
    sources: Sequence[Path], csv: Path | None, json: Path | None, masks: Path | None, pdf: Path | None,
    out: Path | None, bundle: str, device: _options.Device | None,
    kind: _options.AsKind, batch: int, quiet: bool,
) -> None:  # fmt: skip
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

    settings = _options.chosen(bundle, device)
    language.use(settings.language)
    with Session(settings) as session, _console.watched(quiet) as task:
        session.kinds.forced = kind.forced
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
    from breastview.session.recording import Tally

    tally = Tally()
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
