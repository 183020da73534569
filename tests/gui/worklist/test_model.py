"""The worklist as Qt sees it: streaming, 10,000 rows, thumbnails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from breastview.gui.worklist.delegate import HEADING_HEIGHT, ROW_HEIGHT
from breastview.gui.worklist.listing import Filter, Heading, Sort, cases, lines
from breastview.gui.worklist.model import THUMBNAILS_KEPT, WorklistModel
from breastview.gui.worklist.row import Row, Score
from breastview.gui.worklist.view import WorklistView
from breastview.study.instance import Instance, Refusal, SeriesInfo, StudyInfo


def row(number: int, study: str = "s") -> Row:
    name = f"case ({number}).png"
    return Row(Instance(Path(name), name, "picture", 1, 1, StudyInfo(study), SeriesInfo("1")))


def refused(name: str) -> Row:
    return Row(Refusal(Path(name), name, "It is no picture."))


def test_rows_that_stream_in_order_are_inserted_and_others_find_their_place(qtbot: QtBot) -> None:
    model = WorklistModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(model.rowCount()))
    model.extend([row(2)])
    assert resets == [2]
    model.extend([row(3)])
    assert resets == [2] and model.lines == (Heading("", 2), 0, 1)
    model.extend([Row(Refusal(Path("x"), "x", "It is no picture."))])
    model.extend([row(1)])
    assert [line for line in model.lines if isinstance(line, int)] == [3, 0, 1, 2]
    assert model.cases == (3, 0, 1) and tester.model() is model


@pytest.mark.parametrize("refused_first", [False, True])
@pytest.mark.parametrize(
    ("wanted", "search"),
    [(Filter.ALL, ""), (Filter.MARKED, ""), (Filter.PROBLEMS, ""), (Filter.ALL, "1")],
)
def test_rows_that_come_in_parts_stand_where_they_would_if_they_came_at_once(
    qtbot: QtBot, wanted: Filter, search: str, refused_first: bool
) -> None:
    model = WorklistModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.arrange(wanted, search, Sort.ORDER)
    parts = [
        [row(1, "a"), row(2, "a")], [row(3, "a")], [row(5, "b"), row(10, "b")], [],
        [refused("x"), row(11, "b")], [row(12, "b"), row(13, "c")], [row(14, "c")], [refused("y")],
        [row(4, "a"), row(15, "c")], [row(16, "d"), row(21, "e"), row(18, "d")],
        [row(22, "e"), refused("z"), row(23, "f"), refused("w")], [refused("v")],
    ]  # fmt: skip
    if refused_first:
        parts = [[refused("t")], [refused("u")], *parts]
    for part in parts:
        model.extend(replace(one, marked=bool(number % 2)) for number, one in enumerate(part))
        expected = lines(model.rows, wanted, search, Sort.ORDER)
        assert model.lines == expected and model.cases == cases(model.rows, expected)
        for at, line in enumerate(expected):
            assert isinstance(line, Heading) or model.line(line).row() == at
    assert tester.model() is model and model.case_count == sum(one.instance is not None for one in model.rows)


def test_a_batch_with_refused_files_is_listed_without_arranging_all_anew(qtbot: QtBot) -> None:
    model = WorklistModel()
    model.extend([row(1, "a"), refused("x")])
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(model.rowCount()))
    model.extend([row(2, "a"), row(3, "b"), refused("y")])
    model.extend([refused("z"), row(4, "b")])
    assert resets == [] and model.lines == lines(model.rows, Filter.ALL, "", Sort.ORDER)


def test_headings_and_rows_keep_their_heights_when_the_list_is_arranged_anew(qtbot: QtBot) -> None:
    model = WorklistModel()
    view = WorklistView(model)
    qtbot.addWidget(view)
    view.show()
    model.extend(replace(row(number, f"study {number // 3}"), marked=number % 2 == 0) for number in range(30))
    model.extend(row(number, f"study {number // 3}") for number in range(30, 40))
    for wanted, sort in ((Filter.MARKED, Sort.ORDER), (Filter.ALL, Sort.NAME), (Filter.ALL, Sort.ORDER)):
        model.arrange(wanted, "", sort)
        header = view.table.verticalHeader()
        assert [header.sectionSize(at) for at in range(model.rowCount())] == [
            HEADING_HEIGHT if isinstance(line, Heading) else ROW_HEIGHT for line in model.lines
        ]


def test_all_rows_are_veiled_at_once_and_the_list_is_arranged_only_where_scores_have_a_say(
    qtbot: QtBot,
) -> None:
    model = WorklistModel()
    model.extend(replace(row(number), score=Score(number / 10, True)) for number in range(5))
    told: list[str] = []
    model.dataChanged.connect(lambda *_: told.append("changed"))
    model.arranged.connect(lambda: told.append("arranged"))
    model.veil(lambda _row: True)
    assert told == ["changed"] and all(row.seen_score is None for row in model.rows)
    model.veil(lambda row: row.veiled and row is not model.rows[2])
    assert [row.seen_score for row in model.rows] == [None, None, Score(0.2, True), None, None]
    model.arrange(Filter.ALL, "", Sort.SUSPICION)
    assert model.cases[0] == 2
    model.veil(lambda _row: False)
    assert model.cases == (4, 3, 2, 1, 0) and model.rows[4].key == row(4).key


def test_ten_thousand_rows_are_listed_filtered_and_painted_only_where_seen(qtbot: QtBot) -> None:
    model = WorklistModel()
    view = WorklistView(model)
    qtbot.addWidget(view)
    view.resize(260, 700)
    view.show()
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    model.extend(row(number, f"study {number // 100}") for number in range(10_000))
    assert model.rowCount() == 10_100
    view.set_current(9_999)
    view.grab()
    assert 9_999 in asked and len(asked) < 60
    header = view.table.verticalHeader()
    assert (header.sectionSize(0), header.sectionSize(1)) == (HEADING_HEIGHT, ROW_HEIGHT)
    model.arrange(Filter.ALL, "(77)", Sort.ORDER)
    assert [model.rows[at].entry.label for at in model.cases] == ["case (77).png"]
    assert isinstance(model.lines[0], Heading)


def test_a_click_on_a_heading_chooses_nothing_and_on_a_row_its_case(qtbot: QtBot) -> None:
    model = WorklistModel()
    view = WorklistView(model)
    qtbot.addWidget(view)
    view.resize(260, 400)
    view.show()
    model.extend([row(1), row(2)])
    chosen: list[int] = []
    view.chosen.connect(chosen.append)
    for line in (0, 2):
        at = view.table.visualRect(model.index(line, 0)).center()
        qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert chosen == [1]


def test_thumbnails_are_kept_within_bounds_and_asked_for_once(qtbot: QtBot) -> None:
    model = WorklistModel()
    model.extend(row(number) for number in range(THUMBNAILS_KEPT + 10))
    asked: list[int] = []
    model.thumbnail_wanted.connect(asked.append)
    assert model.thumbnail(0) is None and model.thumbnail(0) is None and asked == [0]
    for number in range(THUMBNAILS_KEPT + 10):
        model.set_thumbnail(number, np.zeros((4, 6, 3), np.uint8))
    last = model.thumbnail(THUMBNAILS_KEPT + 9)
    assert last is not None and (last.width(), last.height()) == (6, 4)
    assert model.thumbnail(0) is None


def test_the_progress_of_the_ai_shows_while_it_reads_and_goes_when_all_is_read(qtbot: QtBot) -> None:
    model = WorklistModel()
    view = WorklistView(model)
    qtbot.addWidget(view)
    view.show()
    model.extend([row(1), row(2), row(3)])
    assert not view.progress.isVisible()
    model.update(0, score=Score(0.2))
    model.update(0, score=Score(0.3))
    assert view.progress.isVisible() and view.progress.text.text() == "The AI has read 1 of 3 cases"
    for at in (1, 2):
        model.update(at, score=Score(0.1))
    assert not view.progress.isVisible()


def test_the_right_button_shows_the_case_and_asks_for_its_menu(qtbot: QtBot) -> None:
    model = WorklistModel()
    view = WorklistView(model)
    qtbot.addWidget(view)
    view.resize(260, 400)
    view.show()
    model.extend([row(1), row(2)])
    asked: list[tuple[str, int]] = []
    view.chosen.connect(lambda at: asked.append(("chosen", at)))
    view.menu_wanted.connect(lambda at, _point: asked.append(("menu", at)))
    view.table.customContextMenuRequested.emit(view.table.visualRect(model.index(2, 0)).center())
    view.table.customContextMenuRequested.emit(view.table.visualRect(model.index(0, 0)).center())
    assert asked == [("chosen", 1), ("menu", 1)]


def test_a_row_tells_its_category_and_hides_the_score_while_it_is_veiled(qtbot: QtBot) -> None:
    model = WorklistModel()
    model.extend([replace(row(1), score=Score(0.87, True), category="4A", veiled=True)])
    tip = model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "4A" in tip and "87%" not in tip
    model.update(0, veiled=False)
    assert "87%" in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_whether_a_row_is_marked_is_known_as_rows_come_change_and_go() -> None:
    model = WorklistModel()
    model.extend([Row(row(0).entry), Row(row(1).entry, marked=True)])
    assert model.any_marked
    model.update(0, marked=True)
    model.update(1, marked=False)
    assert model.any_marked
    model.update(0, marked=False)
    assert not model.any_marked
    model.update(1, marked=True)
    model.clear()
    assert not model.any_marked
