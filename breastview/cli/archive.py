"""`breastview archive`: the hospital's archives from the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview.cli import _console, _options
from breastview.errors import Cancelled

if TYPE_CHECKING:
    from breastview.pacs.queue import Queue

HELP = "Ask, fetch from, send to the archives (PACS) of the settings, and listen to what is sent here."
EXAMPLES = """
Examples:

- `breastview archive find PACS --patient "Doe*" --from 2026-01-01 --modality US`
- `breastview archive get PACS 1.2.840.1 --to studies/`
- `breastview archive send PACS report.dcm masks/*.dcm`
"""
SOME_FAILED = 1

Name = Annotated[str, typer.Argument(metavar="ARCHIVE", help="Name in the settings.")]
Into = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR", help="Folder of studies; that of the settings if not given."),
]


def listed() -> None:
    """List the archives in the settings, and what waits to be sent to them."""
    from rich.console import Console
    from rich.table import Table

    from breastview.pacs import configuration
    from breastview.pacs.queue import Queue, State

    archives = configuration.load().known
    if not archives:
        _console.say("There are no archives in the settings.")
        return
    table = Table()
    for title in ("name", "kind", "where", "waiting", "failed"):
        table.add_column(title)
    queue = Queue()
    for one in archives:
        counts = queue.counts(one.name)
        waiting, failed = counts[State.WAITING] + counts[State.SENDING], counts[State.FAILED]
        kind, where = configuration.kind_of(one), configuration.place_of(one)
        table.add_row(one.name, kind, where, str(waiting), str(failed))
    queue.close()
    Console().print(table)


def echo(name: Name) -> None:
    """Ask an archive whether it is there and knows this machine."""
    from breastview.pacs import connect

    answer = connect.named(name).echo()
    _console.say(f"{name} answers after {answer.seconds:.1f} s. {answer.says}".strip())


def find(
    name: Name,
    patient: Annotated[str, typer.Option(help="Name; * and ? are wildcards.")] = "",
    number: Annotated[str, typer.Option("--id", help="Patient's number.")] = "",
    accession: Annotated[str, typer.Option(help="Accession number.")] = "",
    description: Annotated[str, typer.Option(help="Part of the study's description.")] = "",
    modality: Annotated[str, typer.Option(help="US, MG, ...")] = "",
    born: Annotated[str, typer.Option(metavar="YYYY-MM-DD")] = "",
    since: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="First day of the study.")] = "",
    until: Annotated[str, typer.Option("--until", metavar="YYYY-MM-DD", help="Last day.")] = "",
    limit: Annotated[int, typer.Option(min=1)] = 100,
) -> None:
    """Find studies; the table goes to the standard output, its last column is what `get` takes."""
    from breastview.pacs import connect
    from breastview.pacs._protocol import Query

    query = Query(
        patient_name=patient, patient_id=number, accession_number=accession, description=description,
        modality=modality.upper(), birth_date=_day(born, "--born"), study_from=_day(since, "--from"),
        study_to=_day(until, "--until"), limit=limit,
    )  # fmt: skip
    with _console.watched() as task:
        rows = list(connect.named(name).find(query, task))
    for row in rows:
        cells = (
            str(row.study_date or ""), row.patient_name, row.patient_id, "/".join(row.modalities),
            row.description, "" if row.objects is None else str(row.objects), row.address.study,
        )  # fmt: skip
        typer.echo("\t".join(map(_plain, cells)))
    _console.say(f"{len(rows)} studies." + (" There may be more." if len(rows) == limit else ""))


def get(
    name: Name,
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Study Instance UID.")],
    series: Annotated[str, typer.Option(help="Series Instance UID, for that series alone.")] = "",
    to: Into = None,
    quiet: _options.Quiet = False,
) -> None:
    """Fetch a study; its folder appears when everything is there."""
    from breastview.pacs import configuration, connect
    from breastview.pacs._protocol import Address

    root = to or configuration.load().studies()
    with _console.watched(quiet) as task:
        task.stage("Fetching")
        came = connect.named(name).retrieve(Address(study, series), root, task)
    if not quiet:
        _console.say(f"{len(came.files)} objects.")
    typer.echo(came.folder)


def send(
    name: Name,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="DICOM files, folders.", exists=True)],
    quiet: _options.Quiet = False,
) -> None:
    """Send DICOM files; what cannot be sent now stays in the queue and is tried again later."""
    from breastview.pacs import configuration
    from breastview.pacs.queue import Busy, Queue, State
    from breastview.pacs.sender import Sender

    archive = configuration.load().named(name)
    queue = Queue()
    objects = [file for one in files for file in _dicom(one)]
    with _console.watched(quiet) as task:
        added = queue.put(archive.name, objects)
        task.stage("Sending", added.new)
        sender = Sender(queue, changed=_progress(queue, task, archive.name))
        try:
            sender.drain(task)
        except Busy:
            queue.close()
            _console.say(f"{added.new} objects taken; another BreastView sends them.")
            return
    left = queue.items(State.WAITING, State.FAILED, archive=archive.name)
    queue.close()
    if not quiet:
        _console.say(f"{added.new} objects taken, {added.known} known before; {len(left)} still to be sent.")
    for item in left[:20]:
        _console.complain(f"{item.instance}: {item.reason}")
    if left:
        raise typer.Exit(SOME_FAILED)


def listen(to: Into = None) -> None:
    """Take what modalities send here until Ctrl-C; each study's folder is printed when it has come."""
    from breastview.pacs import configuration
    from breastview.pacs._retry import paused
    from breastview.pacs.listener import Listener

    archives = configuration.load()
    settings = archives.listener
    listener = Listener(settings, to or archives.studies(), lambda one: typer.echo(one.folder))
    with _console.watched(quiet=True) as task, listener, suppress(Cancelled):
        _console.say(f"{settings.title} listens on {settings.address}, port {settings.port}.")
        while True:
            paused(3600.0, task)


def secret(name: Name) -> None:
    """Keep the password or token of an archive in the system's keyring; it is asked for."""
    from breastview.pacs import configuration, credentials

    archive = configuration.load().named(name)
    question = "Password or token (empty: forget it)"
    given = typer.prompt(question, hide_input=True, default="", show_default=False)
    credentials.keep(archive.name, given)
    _console.say("Kept in the keyring." if given else "Forgotten.")


COMMANDS: dict[str, Callable[..., None]] = {
    "list": listed, "echo": echo, "find": find, "get": get, "send": send, "listen": listen, "secret": secret,
}  # fmt: skip


def _plain(text: str) -> str:
    """Return a text of an archive without what would move a terminal's cursor or break the table."""
    return _console.plain(text).replace("\n", " ")


def _day(text: str, option: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None
    except ValueError as error:
        raise typer.BadParameter("a day is written YYYY-MM-DD", param_hint=option) from error


def _dicom(source: Path) -> list[Path]:
    """Return a file, or the DICOM files of a folder with all below."""
    from breastview.pacs.watching import is_dicom

    if not source.is_dir():
        return [source]
    return [file for file in sorted(source.rglob("*")) if file.is_file() and is_dicom(file)]


def _progress(queue: Queue, task: _console.ConsoleTask, name: str) -> Callable[[], None]:
    from breastview.pacs.queue import State

    before = queue.counts(name)[State.SENT]
    return lambda: task.progress(queue.counts(name)[State.SENT] - before, None)
