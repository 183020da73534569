"""Text from files and archives is never taken for markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.panel.parts import label
from breastview.gui.panes.captions import Caption
from breastview.gui.panes.footer import Footer
from breastview.gui.plain import plain
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row
from breastview.settings import Settings
from breastview.study.instance import Refusal
from tests import doubles, phantoms, rooms

BAIT = "Doe<img src='file://evil.example/share/x.png'>^Jane"


def test_a_plain_text_stays_as_it_is() -> None:
    assert plain("Doe^Jane\n5 < 6") == "Doe^Jane\n5 < 6"


def test_what_looks_like_markup_is_shown_letter_by_letter() -> None:
    assert plain(f"{BAIT}\nnext") == (
        "<span>Doe&lt;img src=&#x27;file://evil.example/share/x.png&#x27;&gt;^Jane<br>next</span>"
    )


@pytest.mark.usefixtures("qapp")
def test_tooltips_of_the_window_load_nothing_that_a_file_names() -> None:
    footer = Footer()
    footer.show_captions((Caption(BAIT),))
    model = WorklistModel()
    model.extend([Row(Refusal(Path("a.dcm"), BAIT, BAIT))])
    tips = [footer.toolTip()]
    tips += [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(model.rowCount())]
    assert len([tip for tip in tips if tip and "evil" in tip]) >= 2
    assert not [tip for tip in tips if tip and re.search(r"<img", tip)]
    assert label(BAIT).textFormat() == Qt.TextFormat.PlainText


def test_no_label_and_no_tooltip_of_the_window_takes_words_of_a_file_or_a_model_for_markup(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    doubles.bundle_folder(tmp_path / "models", name=BAIT.replace("/", "-"), version=BAIT)
    words = dict.fromkeys(
        ("PatientName", "PatientID", "StudyDescription", "SeriesDescription", "AccessionNumber",
         "Manufacturer", "ManufacturerModelName", "InstitutionName", "ImageComments"), BAIT,
    )  # fmt: skip
    phantoms.us_grey(tmp_path / "scans" / "a.dcm", **words)
    (tmp_path / "scans" / "<img src='x'>evil.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with rooms.opened(qtbot, tmp_path / "scans", settings=Settings(reader=BAIT, institution=BAIT)) as room:
        rooms.settled(qtbot, room)
        assert len(room.model.rows) == 2
        for case in range(2):
            room.stepping.to((case, 0))
            rooms.settled(qtbot, room)
        widgets = [one for top in QApplication.topLevelWidgets() for one in (top, *top.findChildren(QWidget))]
        labels = [(one.text(), one.textFormat()) for one in widgets if isinstance(one, QLabel)]
        tips = [one.toolTip() for one in widgets]
    assert [text for text, _ in labels if "evil" in text]
    assert not [tip for tip in tips if "<img" in tip]
    assert not [
        text for text, format_ in labels
        if "evil" in text and format_ != Qt.TextFormat.PlainText and Qt.mightBeRichText(text)
    ]  # fmt: skip
