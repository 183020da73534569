"""Text from files and archives is never taken for markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import Qt

from breastview.gui.panel.parts import label
from breastview.gui.panes.captions import Caption
from breastview.gui.panes.footer import Footer
from breastview.gui.plain import plain
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row
from breastview.study.instance import Refusal

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
