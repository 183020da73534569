"""`breastview analyse --cluster`: what is particular to it; the command itself is `analyse`."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from breastview.cli import _console, _options
from breastview.cli._console import ConsoleTask
from breastview.session.recording import Tally
from breastview.settings import Settings
from breastview.store import Store

INTERRUPTED = 130
_EVERY_S = 30.0


@dataclass(frozen=True)
class Results:
    """Where results go."""

    store: Path
    csv: Path | None
    parquet: Path | None

    @classmethod
    def named(cls, csv: Path | None, parquet: Path | None, store: Path | None, out: Path | None) -> Results:
        """Return where results go by the options; the record lies beside the table if nothing is said."""
        if out is not None:
            csv, parquet = csv or out / "readings.csv", parquet or out / "readings.parquet"
        table = csv or parquet
        if table is None and store is None:
            raise typer.BadParameter("say where the results go: --csv, --parquet, --store or --out")
        return cls(store or (table or Path()).with_suffix(".sqlite3"), csv, parquet)

    @property
    def files(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(one for one in (self.csv, self.parquet, self.store) if one is not None)


def refuse(options: Mapping[str, object]) -> None:
    """Refuse options that workers do not serve."""
    for name, value in options.items():
        if value is not None:
            raise typer.BadParameter(
                f"{name} does not go with --cluster, which writes --csv, --parquet and --store"
            )


def analyse(
    sources: list[str], address: str, results: Results, settings: Settings, batch: int, again: bool,
    trusted: bool, quiet: bool,
) -> Tally:  # fmt: skip
    """Have a cluster analyse the sources, write the tables, and return what came of it.

    Raises
    ------
    typer.Exit
        If it was interrupted; the tables then hold what was done.
    BreastViewError
        If the cluster, the source or a bundle fails; the record then holds what was done.
    """
    from breastview.cluster import address as addresses
    from breastview.cluster import sources as places
    from breastview.cluster.run import Plan, Run

    here = [text for text in sources if not places.is_elsewhere(text)]
    _options.present(here)
    store = Store(results.store)
    try:
        with _console.watched(quiet) as task:
            source = places.source(sources, store.batches)
            plan = Plan(settings, batch, again)
            with addresses.connected(address, trusted) as client:
                task.stage("Looking for images")
                Run(client, store.batches, source, plan, task, _Teller(task, quiet)).execute()
            _write(store, results, task)
        return _told(store, results, task, quiet)
    finally:
        store.close()


def _write(store: Store, results: Results, task: ConsoleTask) -> None:
    from breastview.cluster import tables

    task.stage("Writing the tables")
    if results.csv is not None:
        tables.write_csv(store.batches.rows, results.csv)
    if results.parquet is not None:
        tables.write_parquet(store.batches.rows, results.parquet)


def _told(store: Store, results: Results, task: ConsoleTask, quiet: bool) -> Tally:
    totals = store.batches.totals()
    tally = Tally(totals.frames, totals.abstained, totals.refused, totals.failed)
    if not quiet:
        _console.say(str(tally))
        if totals.quarantined:
            many = "1 is" if totals.quarantined == 1 else f"{totals.quarantined} are"
            _console.say(f"Of these {many} in quarantine: --retry tries again.")
        for path in results.files:
            _console.say(f"  {path}")
    if task.cancelled():
        _console.complain("Stopped; what was done is written. The same command goes on from there.")
        raise typer.Exit(INTERRUPTED)
    return tally


class _Teller:
    """Says where a run is: beside the bar, or a line now and then where there is none."""

    def __init__(self, task: ConsoleTask, quiet: bool) -> None:
        self._task, self._quiet = task, quiet
        self._said = time.monotonic()

    def __call__(self, text: str) -> None:
        """Say it."""
        self._task.retitle(text)
        now = time.monotonic()
        if not self._task.shown and not self._quiet and now - self._said >= _EVERY_S:
            self._said = now
            _console.say(text)
