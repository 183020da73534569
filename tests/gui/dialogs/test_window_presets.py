from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTableWidgetItem
from pytestqt.qtbot import QtBot

from breastview.gui.dialogs.window_presets import NAME, WIDTH, WindowPresets
from breastview.imaging.window import own, presets, stored
from breastview.study.instance import Window
from tests.gui.panes.conftest import make_case

SOFT, HARD = Window(40, 400, "Soft"), Window(300, 1500, "Hard")


@pytest.fixture
def dialog(qtbot: QtBot) -> WindowPresets:
    made = WindowPresets((SOFT, HARD), Window(12.345, 67.0))
    qtbot.addWidget(made)
    return made


def test_presets_go_to_the_settings_and_back() -> None:
    assert own(stored((SOFT, HARD))) == (SOFT, HARD)
    bad = {"a": "1", "b": "x y", "c": "1 0.5", "d": "nan 5", "e": "5 inf"}
    assert own(bad) == ()


def test_the_users_presets_stand_after_the_files() -> None:
    case = make_case()
    found = presets(case.instance, case.pixels, (SOFT,))
    assert found[0] == Window(2048, 4096, "As stored") and found[-1] == SOFT


def test_the_window_in_use_can_be_added(dialog: WindowPresets) -> None:
    dialog.add.click()
    added = dialog.windows[2]
    assert (added.name, added.width) == ("Preset 1", 67.0) and added.centre == pytest.approx(12.345, abs=0.01)
    assert len(dialog.windows) == 3 and dialog.accepting.isEnabled()


def test_presets_are_edited_moved_and_removed(dialog: WindowPresets) -> None:
    dialog._box(0, WIDTH).setValue(350)
    assert dialog.windows[0] == Window(40, 350, "Soft")
    dialog.table.selectRow(1)
    dialog.up.click()
    assert [window.name for window in dialog.windows] == ["Hard", "Soft"]
    dialog.remove.click()
    assert [window.name for window in dialog.windows] == ["Soft"]


@pytest.mark.parametrize(("name", "sentence"), [("", "needs a name"), ("Hard", "same name")])
def test_a_preset_without_a_name_of_its_own_is_not_kept(
    dialog: WindowPresets, name: str, sentence: str
) -> None:
    dialog.table.setItem(0, NAME, QTableWidgetItem(name))
    assert sentence in dialog.trouble.text() and not dialog.accepting.isEnabled()
    dialog.table.setItem(0, NAME, QTableWidgetItem("Another"))
    assert dialog.trouble.text() == "" and dialog.accepting.isEnabled()


def test_without_a_picture_no_window_is_in_use(qtbot: QtBot) -> None:
    made = WindowPresets((), None)
    qtbot.addWidget(made)
    assert not made.add.isEnabled() and not made.remove.isEnabled()
    made.new.click()
    assert made.windows == (Window(128, 256, "Preset 1"),)
