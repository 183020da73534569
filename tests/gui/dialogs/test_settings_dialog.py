"""The settings dialog is made from the settings themselves; OK gives back what was chosen."""

from __future__ import annotations

from dataclasses import fields

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.imaging import colour_maps
from breastview.settings import Settings, from_dict


def test_every_setting_with_a_title_has_an_editor_and_untouched_settings_come_back_equal(
    qtbot: QtBot,
) -> None:
    given = Settings(device="cpu", heat_map="viridis", reader="Dr. Ärztin", prefetch=7, mask_opacity=0.55)
    dialog = SettingsDialog(given)
    qtbot.addWidget(dialog)
    assert set(dialog.editors) == {item.name for item in fields(Settings) if "title" in item.metadata}
    assert dialog.result_settings() == given
    assert all(widget.accessibleName() for widget in dialog.editors.values())


def test_what_the_reader_chooses_comes_back_in_the_settings_own_types(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    device, paper = dialog.editors["device"], dialog.editors["paper"]
    assert isinstance(device, QComboBox) and isinstance(paper, QComboBox)
    device.setCurrentIndex(device.findData("gpu"))
    paper.setCurrentIndex(paper.findData("Letter"))
    for name, value in (("prefetch", 5), ("heat_opacity", 0.7)):
        box = dialog.editors[name]
        assert isinstance(box, QSpinBox | QDoubleSpinBox)
        box.setValue(value)
    reader = dialog.editors["reader"]
    assert isinstance(reader, QLineEdit)
    reader.setText("Dr. No")
    chosen = dialog.result_settings()
    assert (chosen.device, chosen.paper, chosen.prefetch, chosen.heat_opacity, chosen.reader) == (
        "gpu", "Letter", 5, 0.7, "Dr. No",
    )  # fmt: skip
    assert from_dict({item.name: getattr(chosen, item.name) for item in fields(Settings)}) == chosen


def test_colour_maps_are_those_there_are(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    combo = dialog.editors["heat_map"]
    assert isinstance(combo, QComboBox)
    assert tuple(combo.itemData(n) for n in range(combo.count())) == colour_maps.names()


def test_a_key_pressed_in_the_editor_becomes_the_readers_own_and_clashes_are_said(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    editor = dialog.shortcuts
    editor.choose("assess.mark")
    editor.edit.setKeySequence(QKeySequence("O"))
    editor.edit.editingFinished.emit()
    assert dialog.result_settings().shortcuts == {"assess.mark": "O"}
    assert not editor.warning.isHidden() and "Mask, Mark" in editor.warning.text()
    dialog.restore_defaults()
    assert dialog.result_settings().shortcuts == {} and editor.warning.isHidden()


def test_a_key_can_be_typed_into_the_editor(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.shortcuts.choose("unread.next")
    QTest.keyClick(dialog.shortcuts.edit, Qt.Key.Key_U)
    assert dialog.shortcuts.edit.keySequence().toString() == "U"


def test_defaults_can_be_shown_again(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(device="cpu", smooth=False, prefetch=9, reader="x"))
    qtbot.addWidget(dialog)
    dialog.restore_defaults()
    assert dialog.result_settings() == Settings()
