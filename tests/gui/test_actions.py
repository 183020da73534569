"""The action table: whole, without clashes, and on one page."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui import actions
from breastview.gui.actions import ACTIONS, Action
from breastview.gui.commands import Facts
from breastview.gui.dialogs.cheat_sheet import CheatSheet, groups
from breastview.gui.icons import icon

WANTED = {
    "image.previous": "Up", "image.next": "Down", "image.first": "Home", "image.last": "End",
    "image.back": "Shift+Up", "image.forward": "Shift+Down", "series.previous": "Left",
    "series.next": "Right", "study.previous": "Ctrl+Left", "study.next": "Ctrl+Right", "unread.next": "N",
    "pane.next": "Tab", "pane.maximise": "F11", "look.invert": "Shift+I", "look.reset": "Esc",
    "look.annotation": "I",
    "overlay.mask": "O", "overlay.heat": "G", "overlay.less": "[", "overlay.more": "]", "undo": "Ctrl+Z",
    "image.key": "K", "export.pdf": "Ctrl+E", "report.preview": "Ctrl+P", "assess.mark": "M",
    "open.files": "Ctrl+O", "open.folder": "Ctrl+Shift+O", "help.keys": "?", "quit": "Ctrl+Q",
}  # fmt: skip


def test_the_keys_are_those_readers_know() -> None:
    by_id = {action.id: action for action in ACTIONS}
    assert {name: by_id[name].keys[0] for name in WANTED} == WANTED


def test_ids_are_unique_and_no_key_has_two_actions() -> None:
    assert max(Counter(action.id for action in ACTIONS).values()) == 1
    assert actions.clashes({}) == {}


def test_a_key_given_twice_is_told_with_both_names() -> None:
    assert actions.clashes({"assess.mark": "O"}) == {"o": ("Mask", "Mark")}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.id)
def test_every_action_has_a_name_a_tip_valid_keys_and_an_icon_that_exists(
    action: Action, qapp: QApplication
) -> None:
    assert action.text and action.tip and not action.tip.endswith(".")
    assert all(not QKeySequence(key).isEmpty() for key in action.keys)
    assert not action.icon or not icon(action.icon).isNull()
    assert isinstance(action.when(Facts()), bool)


def test_the_reader_can_change_a_key_and_take_one_away() -> None:
    mark = next(action for action in ACTIONS if action.id == "assess.mark")
    assert actions.keys(mark, {}) == ("M",)
    assert actions.keys(mark, {"assess.mark": "X"}) == ("X",)
    assert actions.keys(mark, {"assess.mark": ""}) == ()


def test_the_cheat_sheet_holds_every_key_and_the_readers_own(qtbot: QtBot) -> None:
    sheet = CheatSheet({"assess.mark": "X"})
    qtbot.addWidget(sheet)
    shown = {text: key for lines in groups({"assess.mark": "X"}).values() for key, text in lines}
    assert shown["Mark"] == "X" and shown["Next image"] == "↓" and shown["Window presets"] == "1 – 9"
    without_key = {action.text.removesuffix("…") for action in ACTIONS if not action.keys}
    presets = {
        action.text for action in ACTIONS if action.id.startswith("window.") and action.id != "window.0"
    }
    assert {action.text.removesuffix("…") for action in ACTIONS} - without_key - presets <= shown.keys()
