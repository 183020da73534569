"""The pages of ``docs/report``: what a report says of phantoms that were measured, edited and paired."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import studies
from breastview.exporters import pdf, png
from breastview.exporters._protocol import ExportOptions
from breastview.gui.room import Room
from breastview.study.measurement import Measurement, Tool
from breastview.study.reading import Assessment, Reading, ReadState
from breastview.task import SilentTask
from scenes import READER, SIGNED, category
from stage import DEMO, Stage, all_read, do, drag, go, rest, settle, until

DPI = 110.0


def pages(stage: Stage, folder: Path) -> None:
    """Write every page of the reports, and one key image."""
    print("report", flush=True)
    star = _read_before_the_ai(stage)
    _write(star, folder, "report", READER.paper)
    _key_image(star, folder / "key-image.png")
    _write(_of_folder(stage, studies.refused(stage.folder / "report-refused")), folder, "refused", "A4")
    _write(_of_folder(stage, studies.mammograms(stage.folder / "report-mg")), folder, "mammogram", "Letter")


def _read_before_the_ai(stage: Stage) -> Reading:
    """Read a lesion before the AI, change the opinion after, edit its mask, measure and pair it."""
    with stage.room(DEMO / "dicom", settings=replace(READER, commit_first=True)) as room:
        go(room, "US0003.dcm")
        category(room, "4b")
        do(room, "assess.commit")
        until(lambda: not room.showing.hidden)
        settle(room)
        _edit_and_measure(room)
        do(room, "lesion.pin")
        go(room, "US0004.dcm")
        category(room, "4c")
        do(room, "assess.commit")
        until(lambda: not room.showing.hidden)
        settle(room)
        do(room, "lesion.pair")
        until(lambda: bool(room.pairing.pairs))
        go(room, "US0003.dcm")
        room.assessing.edit(
            replace(room.assessing.assessment, state=ReadState.FINAL, **SIGNED)  # type: ignore[arg-type]
        )
        rest(800)
        room.settle()
        assert room.showing.instance is not None
        return room.session.reading(room.showing.instance, analyse=True)


def _edit_and_measure(room: Room) -> None:
    do(room, "layout.1")
    do(room, "lesion.brush")
    drag(room, [(150 + 6 * n, 330 + 4 * (n % 3)) for n in range(12)])
    do(room, "lesion.brush")
    settle(room)
    for tool, points in (
        (Tool.DISTANCE, ((292.0, 40.0), (292.0, 126.0))),
        (Tool.ELLIPSE, ((380.0, 360.0), (460.0, 360.0), (420.0, 390.0))),
    ):
        room.measuring.add(Measurement(f"report-{tool.value}", tool, points))
    do(room, "layout.3")


def _of_folder(stage: Stage, folder: Path) -> Reading:
    with stage.room(folder, settings=READER) as room:
        all_read(room)
        settle(room)
        assert room.showing.instance is not None
        room.session.assess(room.showing.instance, 0, Assessment(category="0", notes="A phantom."))
        return room.session.reading(room.showing.instance, analyse=True)


def _write(reading: Reading, folder: Path, name: str, paper: str) -> None:
    options = replace(ExportOptions.from_settings(READER), paper=paper)
    document = pdf.compose([reading], options, SilentTask())
    for number in range(len(document.pages)):
        pdf.page_image(document, number, DPI).save(str(folder / f"{name}-{number + 1}.png"))


def _key_image(reading: Reading, path: Path) -> None:
    png.compose(reading, ExportOptions.from_settings(READER)).save(path, optimize=True)
