"""`breastview export`: the record in every form, whole folders at once, with names or without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from breastview import language
from breastview.cli import _console, _options

if TYPE_CHECKING:
    from breastview.cli._console import ConsoleTask
    from breastview.deidentify import Deidentifier, Options
    from breastview.exporters._protocol import ExportOptions
    from breastview.session import Session
    from breastview.session.outgoing import Outgoing
    from breastview.study.instance import Instance, Refusal
    from breastview.study.reading import Reading

EXAMPLES = """
Examples:

- `breastview export study/ --to seg,sr,pdf -o out/`
- `breastview export study/ --to dicom,seg,sr -o out/ --deidentify --blank regions`
- `breastview export study/ --to seg,sr,ko -o out/ --send archive`

Kinds: dicom (the pictures themselves), seg, sr, sc, gsps, ko, epdf (DICOM objects of the record), pdf, csv,
json, fhir, png, masks.

Exit code: 0 all was written, 1 something could not be (its sentence says why), 2 wrong usage,
130 interrupted.
"""

SOME_FAILED, INTERRUPTED = 1, 130


def command(
    sources: _options.Sources,
    to: Annotated[str, typer.Option("--to", metavar="KINDS", help="What to write, with commas between.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for it.", file_okay=False)
    ],
    every_frame: Annotated[
        bool, typer.Option("--every-frame", help="All frames of a cine, not only those you worked on.")
    ] = False,
    ai: Annotated[bool, typer.Option("--ai/--no-ai", help="With the AI's reading or without.")] = True,
    deidentify: Annotated[
        bool, typer.Option("--deidentify", help="Without what tells whose pictures they are (PS3.15).")
    ] = False,
    keep_dates: Annotated[bool, typer.Option(help="Dates stay; else a patient's move by some days.")] = False,
    keep_uids: Annotated[bool, typer.Option(help="UIDs stay; else each is replaced.")] = False,
    keep_characteristics: Annotated[bool, typer.Option(help="Age, sex, size and weight stay.")] = False,
    keep_text: Annotated[
        bool, typer.Option(help="Descriptions and notes stay, with the known names cut out.")
    ] = False,
    blank: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Blank pixels: regions (all outside the ultrasound regions), text (lines of text that are "
            "found), or X,Y,WIDTH,HEIGHT; may be given several times.",
        ),
    ] = None,
    keep_burned_in: Annotated[
        bool, typer.Option(help="Pictures with text burned in go out all the same.")
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option(help="A file with the key of the pseudonyms; your own by default.")
    ] = None,
    send: Annotated[str, typer.Option(metavar="ARCHIVE", help="Send the DICOM files there, too.")] = "",
    bundle: _options.BundleName = "",
    device: _options.OnDevice = None,
    kind: _options.OnKind = _options.AsKind.AUTO,
    quiet: _options.Quiet = False,
) -> None:
    """Write pictures, DICOM objects, reports and tables of files, folders and archives.

    Of a file with several frames those that you worked on are written, else the first one.
    """
    from breastview.session import Session
    from breastview.session import outgoing as out
    from breastview.store import Store

    kinds = _kinds(to, out.kinds())
    settings = _options.chosen(bundle, device)
    language.use(settings.language)
    options = _chosen(keep_dates, keep_uids, keep_characteristics, keep_text, blank, keep_burned_in)
    _only_with_deidentify(deidentify, options)
    if send:
        _known(send)
    with Session(settings, Store.of_user()) as session, _console.watched(quiet) as task:
        session.kinds.forced = kind.forced
        cleaner = _deidentifier(session, options, key_file) if deidentify else None
        outgoing = out.Outgoing(kinds, output, _export_options(session, deidentify), cleaner)
        _written(session, sources, outgoing, task, every_frame=every_frame, ai=ai, pdf="pdf" in kinds)
        if send and not task.cancelled():
            task.stage("Sending", None)
            outgoing.outcome.failures.extend(out.send(send, outgoing.files, task))
    _summed_up(outgoing, output, quiet, stopped=task.cancelled())


def _written(
    session: Session, sources: Sequence[Path], outgoing: Outgoing, task: ConsoleTask, *,
    every_frame: bool, ai: bool, pdf: bool,
) -> None:  # fmt: skip
    """Write everything; a cancelled task finishes what is begun and leaves the rest."""
    from breastview.cli import _records
    from breastview.study.instance import Refusal

    cases, refusals = _records.found(session, sources, task)
    if ai and cases:
        _records.prepared(session, cases)
    frames = [one for case in cases for one in (
        _records.frames_of([case]) if every_frame else _records.reportable(session, case)
    )]  # fmt: skip

    def readings() -> Iterator[tuple[Instance, Reading | Refusal]]:
        made = (
            _records.records(session, frames, task, 4, with_truth=True)
            if ai else _records.unanalysed(session, frames, task)
        )  # fmt: skip
        for (case, _), record in zip(frames, made, strict=False):
            yield case, record

    with outgoing.opened():
        for refusal in _records.refused(session, refusals):
            outgoing.refuse(refusal)
        for case, record in readings():
            if isinstance(record, Refusal):
                outgoing.refuse(record)
            else:
                outgoing.add(record, case)
    if pdf and frames and not task.cancelled():
        outgoing.report(session.export, readings(), task)


def _summed_up(outgoing: Outgoing, output: Path, quiet: bool, *, stopped: bool) -> None:
    for sentence in outgoing.outcome.failures:
        _console.complain(sentence)
    if not quiet:
        failed = len(outgoing.outcome.failures)
        said = f"{outgoing.outcome.written} files written" + (f", {failed} not" if failed else "")
        _console.say(f"{said}.\n  {output}")
    if stopped:
        _console.complain("Stopped; what was finished is written.")
        raise typer.Exit(INTERRUPTED)
    if outgoing.outcome.failures or not outgoing.outcome.written:
        raise typer.Exit(SOME_FAILED)


def _known(archive: str) -> None:
    """Refuse an archive that is not in the settings before any work is done."""
    from breastview.pacs import configuration

    configuration.load().named(archive)


def _kinds(text: str, known: Sequence[str]) -> list[str]:
    wanted = [one.strip().lower() for one in text.split(",") if one.strip()]
    unknown = [one for one in wanted if one not in known]
    if unknown or not wanted:
        what = f"there is no {unknown[0]!r}; " if unknown else ""
        raise typer.BadParameter(f"{what}choose among {', '.join(known)}", param_hint="--to")
    return list(dict.fromkeys(wanted))


def _chosen(
    keep_dates: bool, keep_uids: bool, keep_characteristics: bool, keep_text: bool, blank: list[str] | None,
    keep_burned_in: bool,
) -> Options:  # fmt: skip
    from breastview.deidentify import Options

    words = [one.strip().lower() for one in blank or ()]
    return Options(
        keep_dates=keep_dates, keep_uids=keep_uids, keep_characteristics=keep_characteristics,
        keep_text=keep_text, blank_outside="regions" in words, blank_text="text" in words,
        rectangles=tuple(_rectangle(one) for one in words if one not in ("regions", "text")),
        accept_text=keep_burned_in,
    )  # fmt: skip


def _rectangle(text: str) -> tuple[int, int, int, int]:
    try:
        x, y, width, height = (int(part) for part in text.split(","))
    except ValueError:
        x = y = width = height = -1
    if min(x, y) < 0 or min(width, height) < 1:
        raise typer.BadParameter(
            f"{text!r} is none of: regions, text, X,Y,WIDTH,HEIGHT in px", param_hint="--blank"
        )
    return x, y, width, height


def _only_with_deidentify(on: bool, options: Options) -> None:
    from breastview.deidentify import Options

    if not on and options != Options():
        raise typer.BadParameter("the options that keep or blank something need --deidentify")


def _deidentifier(session: Session, options: Options, key_file: Path | None) -> Deidentifier:
    from breastview.deidentify import Deidentifier
    from breastview.deidentify.key import own_key, read_key

    key = own_key() if key_file is None else read_key(key_file)
    return Deidentifier(key, options, session.pixels)


def _export_options(session: Session, deidentify: bool) -> ExportOptions:
    """Return how outputs look; who reads where is told by none that is de-identified."""
    from dataclasses import replace

    from breastview.exporters._protocol import ExportOptions

    options = ExportOptions.from_settings(session.settings)
    return replace(options, reader="", institution="") if deidentify else options
