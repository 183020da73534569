"""The worklist as Qt sees it: rows arrive while folders are read, lines are what filter and order leave."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QImage

from breastview.gui.plain import plain
from breastview.gui.worklist.listing import (
    STATES,
    Filter,
    Heading,
    Line,
    Sort,
    by_study,
    called,
    cases,
    chosen,
    follows_scores,
    lines,
)
from breastview.gui.worklist.row import Row
from breastview.language import inside, said, tr
from breastview.study.ai_words import class_name
from breastview.study.instance import Refusal
from breastview.study.reading import ALL_CATEGORIES
from breastview.study.shares import percent

Index = QModelIndex | QPersistentModelIndex
LINE = Qt.ItemDataRole.UserRole
THUMBNAILS_KEPT = 1500


class WorklistModel(QAbstractListModel):
    """All rows, the lines shown of them, and their thumbnails.

    Attributes
    ----------
    thumbnail_wanted : Signal(int)
        A row was painted whose thumbnail is not there yet.
    arranged : Signal()
        The lines changed.
    counted : Signal()
        Rows came or went.
    read : Signal(int, int)
        How many of the cases the AI has read, of how many.
    """

    thumbnail_wanted = Signal(int)
    arranged = Signal()
    counted = Signal()
    read = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.lines: tuple[Line, ...] = ()
        self.cases: tuple[int, ...] = ()
        self._line_of: dict[int, int] = {}
        self._in_order: list[int] = []
        self._refused: list[int] = []
        self._choice: tuple[Filter, str, Sort] = (Filter.ALL, "", Sort.ORDER)
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        self._read = self._cases = self._marked = 0

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the line itself, its text or its tooltip."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.text if isinstance(line, Heading) else called(self.rows[line].entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._tip(line))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.lines[index.row()], Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _tip(self, line: Line) -> str:
        if isinstance(line, Heading):
            return "\n".join(filter(None, (f"{line.text} ({line.count})", line.tip)))
        row = self.rows[line]
        if isinstance(row.entry, Refusal):
            return f"{row.entry.label}\n{said(row.entry.reason)}"
        parts = [row.entry.label, f"{row.entry.columns} × {row.entry.rows} px"]
        if row.entry.frames > 1:
            parts.append(tr("{count} frames").format(count=row.entry.frames))
        score = row.seen_score
        if score is not None and score.suspicion is not None:
            text = tr("Calibrated probability of “{name}” {share}")
            parts.append(text.format(name=class_name(score.name), share=percent(score.suspicion)))
        if score is not None and score.note:
            parts.append(score.note)
        parts += [tr(ALL_CATEGORIES[row.category])] if row.category in ALL_CATEGORIES and row.category else []
        parts += [tr("The mask was drawn or changed by the reader")] if row.edited else []
        return "\n".join([*parts, tr("State: {state}").format(state=inside(tr(STATES[row.state])))])

    def extend(self, rows: Iterable[Row]) -> None:
        """Add rows at the end and list them where they belong."""
        fresh, known = tuple(rows), len(self.rows)
        self.rows.extend(fresh)
        self._cases += sum(row.instance is not None for row in fresh)
        self._read += sum(row.score is not None for row in fresh)
        self._marked += sum(row.marked for row in fresh)
        more = sorted(range(known, len(self.rows)), key=self._key)
        self._put_in_order(self._in_order, [row for row in more if self.rows[row].instance is not None])
        self._put_in_order(self._refused, [row for row in more if self.rows[row].instance is None])
        if not self._append(more):
            self._arrange()
        self.counted.emit()
        self.read.emit(self._read, self._cases)

    def clear(self) -> None:
        """Forget everything."""
        self.rows.clear()
        self._thumbnails.clear()
        self._asked.clear()
        self._in_order.clear()
        self._refused.clear()
        self._read = self._cases = self._marked = 0
        self._arrange()
        self.counted.emit()
        self.read.emit(0, 0)

    def update(self, index: int, **fields: Any) -> None:
        """Change what is known of a row; the order stays as it is until the list is arranged again."""
        if index >= len(self.rows):
            return
        before = self.rows[index]
        self.rows[index] = after = replace(before, **fields)
        if after == before:
            return
        self._marked += after.marked - before.marked
        self._repaint(index)
        if before.score is None and after.score is not None:
            self._read += 1
            self.read.emit(self._read, self._cases)

    @property
    def any_marked(self) -> bool:
        """Whether a row is marked; counted along, for it is asked at every step of lists of any length."""
        return self._marked > 0

    @property
    def case_count(self) -> int:
        """How many rows are cases, listed or not."""
        return self._cases

    def veil(self, veiled: Callable[[Row], bool]) -> None:
        """Keep the AI's reading of those rows back for which it is so, and show that of the others."""
        self.rows[:] = [row.veil(veiled(row)) for row in self.rows]
        if follows_scores(self._choice[0], self._choice[2]):
            self._arrange()
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, 0))

    def arrange(self, wanted: Filter, search: str, sort: Sort) -> None:
        """List the rows by another choice."""
        self._choice = (wanted, search, sort)
        self._arrange()

    def _arrange(self) -> None:
        fresh = lines(self.rows, *self._choice, [*self._in_order, *self._refused])
        known = len(self.lines)
        if known and len(fresh) > known and all(map(_alike, fresh, self.lines)):
            self.beginInsertRows(QModelIndex(), known, len(fresh) - 1)
            self._take(fresh)
            self.endInsertRows()
            self.dataChanged.emit(self.index(0, 0), self.index(known - 1, 0))
        elif fresh != self.lines:
            self.beginResetModel()
            self._take(fresh)
            self.endResetModel()
        else:
            return
        self.arranged.emit()

    def _key(self, row: int) -> tuple[object, ...]:
        return self.rows[row].key

    def _put_in_order(self, order: list[int], more: list[int]) -> None:
        """Take rows among others in reading order; mostly they come after them."""
        comes_after = not order or not more or self._key(order[-1]) <= self._key(more[0])
        order.extend(more)
        if not comes_after:
            order.sort(key=self._key)

    def _append(self, more: list[int]) -> bool:
        """List rows below all others of their sort, without a look at those; return whether that is right.

        A folder is mostly read in the order in which it is listed: arranging ten thousand rows anew for each
        batch of it held the window up. Files that are refused stay at the end.
        """
        wanted, search, sort = self._choice
        if sort is not Sort.ORDER or not self.cases or self.rows[self.cases[-1]].instance is None:
            return False
        fresh = chosen(self.rows, more, wanted, search)
        shown = [row for row in fresh if self.rows[row].instance is not None]
        refused = fresh[len(shown) :]
        above = self._line_of[self.cases[-1]]
        if not self._follows(shown, above) or not self._follows(refused, len(self.lines) - 1):
            return False
        self._list_below(above + 1, shown)
        self._list_below(len(self.lines), refused)
        if fresh:
            self.arranged.emit()
        return True

    def _follows(self, fresh: list[int], line: int) -> bool:
        """Return whether rows belong below a line that shows one."""
        row = self.lines[line]
        return not fresh or (isinstance(row, int) and self._key(row) <= self._key(fresh[0]))

    def _list_below(self, at: int, fresh: list[int]) -> None:
        """List rows from line `at` on, the first of them perhaps of the study whose pictures end there."""
        if not fresh:
            return
        head = next(n for n in range(at - 1, -1, -1) if isinstance(self.lines[n], Heading))
        block = tuple(by_study(self.rows, [*self.lines[head + 1 : at], *fresh]))  # type: ignore[list-item]
        self.beginInsertRows(QModelIndex(), at, head + len(block) - 1)
        self.lines = (*self.lines[:head], *block, *self.lines[at:])
        self.cases = (*self.cases, *(row for row in fresh if self.rows[row].instance is not None))
        self._line_of |= {line: n for n, line in enumerate(self.lines[at:], at) if isinstance(line, int)}
        self.endInsertRows()
        self.dataChanged.emit(self.index(head, 0), self.index(head, 0))

    def _take(self, fresh: tuple[Line, ...]) -> None:
        self.lines = fresh
        self.cases = cases(self.rows, fresh)
        self._line_of = {line: at for at, line in enumerate(fresh) if isinstance(line, int)}

    def line(self, row: int) -> QModelIndex:
        """Return the line that shows a row; invalid where it is not listed."""
        at = self._line_of.get(row)
        return QModelIndex() if at is None else self.index(at, 0)

    def thumbnail(self, row: int) -> QImage | None:
        """Return a row's thumbnail, or None and ask for it."""
        if (image := self._thumbnails.get(row)) is not None:
            self._thumbnails.move_to_end(row)
            return image
        if row not in self._asked and self.rows[row].instance is not None:
            self._asked.add(row)
            self.thumbnail_wanted.emit(row)
        return None

    def set_thumbnail(self, row: int, pixels: NDArray[np.uint8] | None) -> None:
        """Take a thumbnail, ``(h, w, 3)`` RGB; None where the picture could not be read."""
        if row >= len(self.rows) or pixels is None:
            return
        height, width, _ = pixels.shape
        packed = np.ascontiguousarray(pixels)
        self._thumbnails[row] = QImage(
            packed.data, width, height, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        self._asked.discard(row)
        while len(self._thumbnails) > THUMBNAILS_KEPT:
            self._thumbnails.popitem(last=False)
        self._repaint(row)

    def forget_wish(self, row: int) -> None:
        """Let a thumbnail be asked for again: its request was dropped because the list had scrolled on."""
        self._asked.discard(row)

    def _repaint(self, row: int) -> None:
        index = self.line(row)
        if index.isValid():
            self.dataChanged.emit(index, index)


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines are the same but for a heading's count."""
    if isinstance(one, Heading) and isinstance(other, Heading):
        return one.text == other.text
    return one == other
