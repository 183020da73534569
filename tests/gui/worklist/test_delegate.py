"""Lines of the list: what is remembered of their look is never another case's, nor of yesterday."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from breastview.gui.worklist.delegate import WorklistDelegate
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row, Score
from breastview.study.instance import Instance, Refusal, SeriesInfo, StudyInfo

pytestmark = pytest.mark.usefixtures("qapp")
NOTHING = QStyle.StateFlag.State_None
SELECTED = QStyle.StateFlag.State_Selected


def listed(*names: str) -> list[Row]:
    return [Row(Refusal(Path(f"{name}.png"), f"{name}.png", "Cannot be shown.")) for name in names]


def painted(
    delegate: WorklistDelegate, model: WorklistModel, at: int, state: QStyle.StateFlag = NOTHING
) -> QImage:
    option = QStyleOptionViewItem()
    option.rect, option.state = QRect(0, 0, 240, 56), state
    image = QImage(240, 56, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    delegate.paint(painter, option, model.index(at, 0))
    painter.end()
    return image


def afresh(model: WorklistModel, at: int, state: QStyle.StateFlag = NOTHING) -> QImage:
    return painted(WorklistDelegate(model), model, at, state)


def test_a_line_follows_what_is_known_of_its_case() -> None:
    model = WorklistModel()
    model.extend(listed("a", "b"))
    delegate = WorklistDelegate(model)
    heading, first, second = (painted(delegate, model, at) for at in range(3))
    assert first != second != heading
    assert painted(delegate, model, 1) == first
    assert painted(delegate, model, 1, SELECTED) == afresh(model, 1, SELECTED) != first
    assert painted(delegate, model, 1) == first
    model.update(0, entry=Refusal(Path("a.png"), "a.png", "Damaged."))
    assert painted(delegate, model, 1) == afresh(model, 1) != first


def test_another_list_shows_its_own_cases() -> None:
    model = WorklistModel()
    model.extend(listed("a", "b"))
    delegate = WorklistDelegate(model)
    before = [painted(delegate, model, at) for at in range(3)]
    model.clear()
    model.extend(listed("c", "d"))
    after = [painted(delegate, model, at) for at in range(3)]
    assert after == [afresh(model, at) for at in range(3)]
    assert after[1:] != before[1:]


def test_thumbnail_and_score_are_seen_when_they_come() -> None:
    model = WorklistModel()
    model.extend([Row(Instance(Path("a.png"), "a.png", "picture", 1, 1, StudyInfo("s"), SeriesInfo("1")))])
    delegate = WorklistDelegate(model)
    bare = painted(delegate, model, 1)
    model.set_thumbnail(0, np.full((44, 44, 3), 200, np.uint8))
    pictured = painted(delegate, model, 1)
    assert pictured == afresh(model, 1) != bare
    model.update(0, score=Score(suspicion=0.8, suspicious=True))
    scored = painted(delegate, model, 1)
    assert scored == afresh(model, 1) != pictured
    model.update(0, veiled=True)  # the reader is to commit first: nothing of the score may be left
    assert painted(delegate, model, 1) == pictured
