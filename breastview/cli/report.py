"""`breastview report`: the PDF report of a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview.cli import _console, _options

if TYPE_CHECKING:
    from breastview.cli._console import ConsoleTask
    from breastview.session import Session
    from breastview.study.reading import Reading

EXAMPLES = """
Examples:

- `breastview report scan.dcm -o report.pdf`
- `breastview report study/ -o report.pdf --reader "Dr. A. Example" --paper Letter`
"""

SOME_FAILED = 1


def command(
    sources: _options.Sources,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The PDF.", dir_okay=False)],
    every_frame: Annotated[
        bool, typer.Option("--every-frame", help="All frames of a cine, not only those assessed or marked.")
    ] = False,
    ai: Annotated[bool, typer.Option("--ai/--no-ai", help="With the AI's reading or without.")] = True,
    reader: Annotated[str, typer.Option(help="Your name in the report.")] = "",
    institution: Annotated[str, typer.Option(help="The institution in the report.")] = "",
    paper: Annotated[str, typer.Option(help="A4 or Letter.")] = "",
    bundle: _options.BundleName = "",
    device: _options.OnDevice = None,
    kind: _options.OnKind = _options.AsKind.AUTO,
    quiet: _options.Quiet = False,
) -> None:
    """Write the PDF report of files, folders or archives, with your assessments where there are any.

    Of a file with several frames those that you worked on are reported, else the first one.
    """
    from breastview import language
    from breastview.session import Session
    from breastview.store import Store

    settings = _options.chosen(bundle, device)
    language.use(settings.language)
    if paper and paper not in {"A4", "Letter"}:
        raise typer.BadParameter("the paper is A4 or Letter", param_hint="--paper")
    settings = replace(
        settings, reader=reader or settings.reader, institution=institution or settings.institution,
        paper=paper or settings.paper,
    )  # fmt: skip
    with Session(settings, Store.of_user()) as session, _console.watched(quiet) as task:
        session.kinds.forced = kind.forced
        failed = _reported(session, sources, output, task, every_frame=every_frame, ai=ai)
    if not quiet:
        _console.say(f"  {output}")
    if failed:
        raise typer.Exit(SOME_FAILED)


def _reported(
    session: Session, sources: Sequence[Path], output: Path, task: ConsoleTask, *, every_frame: bool, ai: bool
) -> int:
    """Write the report; return how many files or frames could not be read."""
    from breastview.cli import _records
    from breastview.errors import UnreadableFile
    from breastview.study.instance import Refusal
    from breastview.task import check

    cases, refusals = _records.found(session, sources, task)
    if every_frame:
        frames = _records.frames_of(cases)
    else:
        frames = [one for case in cases for one in _records.reportable(session, case)]
    failed = list(_records.refused(session, refusals))

    def readings() -> Iterator[Reading]:
        analysed = _records.records(session, frames, task, 4, with_truth=True) if ai else None
        made = analysed or _records.unanalysed(session, frames, task)
        for record in made:
            if isinstance(record, Refusal):
                failed.append(record)
            else:
                yield record
        check(task)

    if ai and cases:
        _records.prepared(session, cases)
    made = readings()
    first = next(made, None)
    if first is not None:
        session.export("pdf", chain([first], made), output, task)
    for refusal in failed:
        _console.complain(f"{refusal.label}: {refusal.reason}")
    if first is None:
        raise UnreadableFile(
            "there is no picture to report", sources[0], "Give a file or folder with pictures."
        )
    return len(failed)
