"""What is photographed: one function a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QListWidget

import studies
from breastview.gui.archives.page import Secrets
from breastview.gui.archives.send_dialog import Order
from breastview.gui.report_preview import ReportPreview
from breastview.gui.room import Room
from breastview.gui.worklist.listing import Filter, Sort
from breastview.pacs import configuration
from breastview.pacs.configuration import Archives, DicomwebSettings, DimseSettings, FolderSettings
from breastview.settings import Settings
from breastview.study.calibration import Ruler
from breastview.study.measurement import Measurement, Tool
from breastview.study.reading import ReadState
from stage import DEMO, Stage, all_read, dialogs, do, drag, go, rest, settle, until

READER = Settings(reader="Dr. A. Example", institution="Example Hospital")
SIGNED = {
    "category": "5",
    "laterality": "L",
    "clock": 2,
    "nipple_mm": 40.0,
    "descriptors": (("shape", "irregular"), ("margin", "spiculated")),
    "notes": "Irregular mass with spicules; biopsy advised.",
}


def empty(stage: Stage) -> None:
    """Nothing is open."""
    with stage.room(settings=READER) as room:
        rest(1500)
        stage.take("empty", room)


def reading(stage: Stage) -> None:
    """A lesion, what the AI says and why; then two by two, and the list by suspicion, filtered."""
    with stage.room(DEMO, settings=READER) as room:
        all_read(room)
        go(room, "US0003.dcm")
        stage.take("reading", room)
        do(room, "layout.4")
        stage.take("layout-two-by-two", room)
        do(room, "layout.3")
        room.desk.change(sort=Sort.SUSPICION)
        rest()
        room.stepping.row(room.model.cases[0])
        stage.take("worklist-by-suspicion", room)
        room.desk.change(filter=Filter.SUSPICIOUS, search="spic")
        rest()
        stage.take("worklist-filtered", room)
        room.desk.change(filter=Filter.ALL, search="", sort=Sort.ORDER)


def editing(stage: Stage) -> None:
    """The mask edited with the brush, a second lesion painted."""
    with stage.room(DEMO / "dicom", settings=READER) as room:
        go(room, "US0003.dcm")
        do(room, "layout.2")
        room.desk.change(folded=("ai",))
        do(room, "overlay.heat")
        rest()
        do(room, "lesion.brush")
        drag(room, [(150 + 6 * n, 330 + 4 * (n % 3)) for n in range(12)])
        settle(room)
        all_read(room)
        stage.take("editing-mask", room)
        do(room, "lesion.brush")
        do(room, "overlay.heat")
        room.desk.change(folded=())
        do(room, "layout.3")


def measuring(stage: Stage) -> None:
    """Measured on a picture that a ruler calibrated, with the histogram."""
    with stage.room(DEMO / "pictures" / "benign", settings=READER) as room:
        go(room, "fibroadenoma (1).png")
        do(room, "layout.2")
        room.measuring.calibrate(Ruler((510.0, 20.0), (510.0, 480.0), 35.0), folder=False)
        until(lambda: room.measuring.by_ruler is not None)
        for tool, points in (
            (Tool.AXES, ((130.0, 210.0), (338.0, 190.0), (229.0, 142.0), (240.0, 258.0))),
            (Tool.DISTANCE, ((232.0, 10.0), (232.0, 140.0))),
            (Tool.ELLIPSE, ((360.0, 330.0), (470.0, 330.0), (415.0, 370.0))),
        ):
            room.measuring.add(Measurement(f"scene-{tool.value}", tool, points))
        do(room, "look.histogram")
        do(room, "overlay.heat")
        room.desk.change(folded=("ai", "findings"))
        settle(room)
        all_read(room)
        stage.take("measuring", room)
        do(room, "look.histogram")
        do(room, "overlay.heat")
        room.desk.change(folded=())
        do(room, "layout.3")


def cine(stage: Stage) -> None:
    """A sweep of which the AI has read every frame."""
    with stage.room(DEMO / "dicom", settings=READER) as room:
        all_read(room)
        go(room, "US0006.dcm")
        do(room, "cine.analyse")
        until(lambda: not room.cine.scoring.busy and all(one is not None for one in room.cine.scoring.scores))
        do(room, "cine.worst")
        settle(room)
        stage.take("cine-scores", room)


def mammograms(stage: Stage) -> None:
    """The four views of a screening study."""
    with stage.room(studies.mammograms(stage.folder / "mammograms"), settings=READER) as room:
        all_read(room)
        go(room, "RCC.dcm")
        rest(1000)
        stage.take("mammogram-hanging", room)


def histology(stage: Stage) -> None:
    """A whole slide with the map of patches, and a field whose kind the reader chose, in German."""
    folder = studies.histology(stage.folder / "histology")
    with stage.room(folder, settings=READER) as room:
        all_read(room)
        go(room, "slide.tif")
        rest(1500)
        stage.take("histology-slide", room)
    with stage.room(folder, settings=replace(READER, language="de"), language="de") as room:
        go(room, "field.png")
        do(room, "kind.sm")
        until(lambda: room.showing.analysis is not None and not room.showing.analysis.refused)
        all_read(room)
        settle(room)
        rest(1500)
        stage.take("histology-field", room)


def prior(stage: Stage) -> None:
    """The same patient a year before, beside."""
    with stage.room(studies.with_prior(stage.folder / "prior"), settings=READER) as room:
        all_read(room)
        go(room, "now.dcm")
        do(room, "compare.prior")
        rest(2000)
        settle(room)
        stage.take("prior-beside", room)
        room.opening.close_all()


def refused(stage: Stage) -> None:
    """A picture that the input gate refuses."""
    with stage.room(studies.refused(stage.folder / "refused"), settings=READER) as room:
        stage.take("refused", room)


def abstained(stage: Stage) -> None:
    """A picture on which the AI does not commit itself."""
    with stage.room(studies.doubtful(stage.folder / "doubtful"), settings=READER) as room:
        all_read(room)
        for row in room.model.rows:
            go(room, row.entry.path.name)
            analysis = room.showing.analysis
            if analysis is not None and analysis.abstained:
                stage.take("abstained", room)
                return
        print("  no picture on which the AI abstains")


def before_the_ai(stage: Stage) -> None:
    """Assessed first, then revealed."""
    with stage.room(DEMO / "dicom", settings=replace(READER, commit_first=True)) as room:
        go(room, "US0001.dcm")
        stage.take("commit-before", room)
        category(room, "3")
        do(room, "assess.commit")
        until(lambda: not room.showing.hidden)
        settle(room)
        category(room, "2")
        rest(600)
        stage.take("commit-after", room)


def category(room: Room, key: str) -> None:
    """Choose a category by keys."""
    do(room, "assess.category")
    form = QApplication.focusWidget() or room.window
    QTest.keyClicks(form, key)
    QTest.keyClick(QApplication.focusWidget() or room.window, Qt.Key.Key_Return)
    rest()


def final(stage: Stage) -> None:
    """A final assessment with its place in the breast, locked."""
    with stage.room(DEMO / "dicom", settings=READER) as room:
        all_read(room)
        go(room, "US0004.dcm")
        room.assessing.edit(replace(room.assessing.assessment, state=ReadState.PRELIMINARY, **SIGNED))
        rest()
        do(room, "assess.final")
        room.window.panel.form.site_part.open()
        rest(500)
        stage.take("assessment-final", room)
        room.window.panel.form.site_part.open(False)


def commands(stage: Stage) -> None:
    """The palette, the settings, the keys, the audit log."""
    with stage.room(DEMO / "dicom", settings=READER) as room:
        go(room, "US0003.dcm")

        def palette() -> None:
            do(room, "palette")
            for field in (f for one in dialogs(room.window) for f in one.findChildren(QLineEdit)):
                QTest.keyClicks(field, "mask")

        stage.take("command-palette", room, palette)
        modal(stage, "settings", room, lambda: room.doings.settings_dialog("mask_opacity"))
        modal(stage, "shortcuts", room, lambda: do(room, "settings"), keys_page)
        modal(stage, "keys", room, lambda: do(room, "help.keys"))

        def audit() -> None:
            do(room, "audit")
            until(lambda: room.auditing.dialog is not None)

        stage.take("audit-log", room, audit)


def keys_page(dialog: QDialog) -> None:
    """Turn to the page of the keys, the last one of the settings."""
    for groups in dialog.findChildren(QListWidget):
        groups.setCurrentRow(groups.count() - 1)
    rest()


def modal(
    stage: Stage,
    name: str,
    room: Room,
    show: Callable[[], object],
    turn: Callable[[QDialog], None] = lambda _dialog: None,
) -> None:
    """Photograph a dialog that runs a loop of its own until it is closed."""
    for size in stage.sizes:
        room.window.resize(*size)
        rest(400)

        def look(size: tuple[int, int] = size) -> None:
            rest(1200)
            for dialog in dialogs(room.window):
                turn(dialog)
            stage.keep(name, room, size)
            for dialog in dialogs(room.window):
                dialog.reject()

        QTimer.singleShot(300, look)
        show()
        rest()


def archives(stage: Stage) -> None:
    """The settings of archives, a query, what is to be sent, the queue with one archive that is off."""
    web = DicomwebSettings("Research", "https://research.example.org/dicom-web", "basic", "reader")
    configuration.save(Archives((DimseSettings("Main archive", "pacs.example.org", 104, "PACS"), web)))
    with stage.room(DEMO / "dicom", settings=READER) as room:
        go(room, "US0003.dcm")
        modal(stage, "archives", room, lambda: room.doings.settings_dialog("Archives"))

        off = DimseSettings("Main archive", "127.0.0.1", 1, "PACS", attempts=1)
        folders = (
            FolderSettings("Teaching", str(DEMO / "dicom")), FolderSettings("Research", str(stage.folder))
        )  # fmt: skip
        room.archives.take(Archives((*folders, off)), Secrets())

        def query() -> None:
            do(room, "archive.query")
            dialog = room.archives.dialog
            assert dialog is not None
            dialog.ask()
            until(lambda: not room.archives.querying.busy)

        stage.take("archive-query", room, query)
        category(room, "3")
        stage.take("archive-send", room, lambda: do(room, "archive.send"))
        shown = room.showing.instance
        assert shown is not None
        for name in ("Research", "Main archive"):
            room.archives.take_order(Order(name, kinds=("sr", "seg")), (shown, 0), ())
            until(lambda: not room.archives.sending.busy)
        rest(5000)

        def queue() -> None:
            do(room, "archive.queue")
            window = room.archives.queue_window
            assert window is not None
            until(lambda: any(window.model.item(row).reason for row in range(window.model.rowCount())))
            window.table.selectRow(0)

        stage.take("archive-queue", room, queue)
    configuration.save(Archives())


def german(stage: Stage) -> None:
    """The window in German."""
    with stage.room(DEMO / "dicom", settings=replace(READER, language="de"), language="de") as room:
        all_read(room)
        go(room, "US0003.dcm")
        stage.take("german", room)


def report_preview(stage: Stage) -> None:
    """The report before it is printed."""
    with stage.room(DEMO / "dicom", settings=READER) as room:
        go(room, "US0003.dcm")
        instance = room.showing.instance
        assert instance is not None
        readings = [room.session.reading(instance, analyse=True)]

        def preview() -> None:
            dialog = ReportPreview(readings, room.exporting.options(alone=True), lambda: None, room.window)
            dialog.resize(min(900, room.window.width()), room.window.height() - 130)
            dialog.show()
            until(lambda: dialog.pages.count > 0 and dialog.pages.image(0) is not None)

        stage.take("report-preview", room, preview)


SCENES = (
    empty, reading, editing, measuring, cine, mammograms, histology, prior, refused, abstained, before_the_ai,
    final, commands, archives, german, report_preview,
)  # fmt: skip
