"""The left side of the window: search, filter, order and the list itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.elided_box import ElidedBox
from breastview.gui.icons import icon
from breastview.gui.worklist.delegate import HEADING_HEIGHT, ROW_HEIGHT, WorklistDelegate
from breastview.gui.worklist.listing import Filter, Heading, Sort
from breastview.gui.worklist.model import LINE, WorklistModel
from breastview.gui.worklist.progress import ReadingProgress
from breastview.language import mark, tr

FILTERS = {
    Filter.ALL: mark("All"),
    Filter.UNREAD: mark("Unread"),
    Filter.PRELIMINARY: mark("Preliminary"),
    Filter.FINAL: mark("Final"),
    Filter.MARKED: mark("Marked"),
    Filter.EDITED: mark("Edited mask"),
    Filter.SUSPICIOUS: mark("Suspicious (AI)"),
    Filter.ABSTAINED: mark("Undecided (AI)"),
    Filter.GATED: mark("No score (AI)"),
    Filter.PROBLEMS: mark("Problems"),
}
ARROW = 26
"""Room in px of a choice's arrow and margins."""
SORTS = {
    Sort.ORDER: mark("Study"),
    Sort.DATE: mark("Newest first"),
    Sort.NAME: mark("Name"),
    Sort.STATE: mark("State"),
    Sort.EXAM: mark("Exam"),
    Sort.SUSPICION: mark("Suspicion"),
    Sort.UNCERTAINTY: mark("Uncertainty"),
}


class _Table(QTableView):
    def keyboardSearch(self, search: str) -> None:
        """Stay: letters are commands, also where one has nothing to do at the moment."""


class WorklistView(QWidget):
    """Shows the worklist; says what the reader chose and waits to be told what to show.

    Attributes
    ----------
    chosen : Signal(int)
        A row was clicked.
    filtered : Signal(Filter), searched : Signal(str), sorted : Signal(Sort)
        The reader wants another list.
    entered : Signal()
        Return was pressed in the search: the first case found is wanted.
    menu_wanted : Signal(int, QPoint)
        A row was clicked with the right button, and where on the screen.
    """

    chosen = Signal(int)
    filtered = Signal(object)
    searched = Signal(str)
    sorted = Signal(object)
    entered = Signal()
    menu_wanted = Signal(int, QPoint)

    def __init__(self, model: WorklistModel) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self.search = QLineEdit()
        self.filter, self.sort = ElidedBox(), ElidedBox()
        self._choices = QHBoxLayout()
        self.table = _Table()
        self._delegate = WorklistDelegate(model)
        self._nothing = QLabel()
        self.progress = ReadingProgress()
        self._build_choices()
        self._build_table()
        self._lay_out()
        # Heights stay where they are when the lines become others.
        model.modelAboutToBeReset.connect(lambda: self._size(0, model.rowCount() - 1, ROW_HEIGHT))
        model.modelReset.connect(self._size_all)
        model.read.connect(self.progress.show_read)
        model.rowsInserted.connect(lambda _parent, first, last: self._size(first, last, HEADING_HEIGHT))
        self._size_all()

    def _build_choices(self) -> None:
        self.search.setPlaceholderText(tr("Search (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnify", theme.MUTED), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setToolTip(tr("Name, patient, study, date: every word must be found"))
        self.search.textEdited.connect(self.searched)
        self.search.returnPressed.connect(self.entered)
        self.search.setAccessibleName(tr("Search the worklist"))
        for combo, names, tip in (
            (self.filter, FILTERS, tr("Which cases are listed")),
            (self.sort, SORTS, tr("In which order")),
        ):
            for key, text in names.items():
                combo.addItem(tr(text), key)
            combo.setToolTip(tip)
            combo.setAccessibleName(tip)
            combo.setSizeAdjustPolicy(ElidedBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.currentIndexChanged.connect(self._share_out)
        self.filter.activated.connect(lambda: self.filtered.emit(Filter(self.filter.currentData())))
        self.sort.activated.connect(lambda: self.sorted.emit(Sort(self.sort.currentData())))

    def _build_table(self) -> None:
        table = self.table
        table.setObjectName("worklist")
        table.setModel(self._model)
        table.setItemDelegate(self._delegate)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().hide()
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(HEADING_HEIGHT)
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        table.setShowGrid(False)
        table.setMouseTracking(True)
        table.setTabKeyNavigation(False)
        # The highlight is the state's alone (`set_current`): a slipped drag must not name another patient.
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        table.setAccessibleName(tr("Worklist"))
        table.clicked.connect(self._clicked)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._ask_menu)

    def _lay_out(self) -> None:
        choices = self._choices
        choices.setSpacing(4)
        choices.addWidget(self.filter)
        choices.addWidget(self.sort)
        self._share_out()
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 8)
        top.setSpacing(6)
        top.addWidget(self.search)
        top.addLayout(choices)
        self._nothing.setProperty("role", "muted")
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setContentsMargins(16, 24, 16, 24)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self._nothing)
        whole.addWidget(self.table, 1)
        whole.addWidget(self.progress)

    def _share_out(self) -> None:
        """Give each of the two choices the room that what it says needs beside the other."""
        for place, combo in enumerate((self.filter, self.sort)):
            needed = combo.fontMetrics().horizontalAdvance(combo.currentText()) + ARROW
            self._choices.setStretch(place, needed)

    def _size_all(self) -> None:
        self._size(0, self._model.rowCount() - 1, HEADING_HEIGHT)
        nothing = bool(self._model.rows) and not self._model.lines
        self._nothing.setVisible(nothing)
        if nothing:
            veiled = any(row.veiled for row in self._model.rows)
            self._nothing.setText(
                tr(
                    "No case passes the search and filter. "
                    "Cases whose AI reading is kept back pass none of it."
                )
                if veiled else tr("No case passes the search and filter.")
            )  # fmt: skip

    def _size(self, first: int, last: int, height: int) -> None:
        """Give headings their height; other lines have the default one, so 10,000 of them cost nothing.

        A header that is not to be drawn meanwhile does not place all lines anew after each.
        """
        header = self.table.verticalHeader()
        header.setUpdatesEnabled(False)
        for at, line in enumerate(self._model.lines[first : last + 1], first):
            if isinstance(line, Heading):
                header.resizeSection(at, height)
        header.setUpdatesEnabled(True)

    def _clicked(self, index: QModelIndex) -> None:
        line = index.data(LINE)
        if isinstance(line, int):
            self.chosen.emit(line)

    def _ask_menu(self, at: QPoint) -> None:
        line = self.table.indexAt(at).data(LINE)
        if isinstance(line, int):
            self.chosen.emit(line)
            self.menu_wanted.emit(line, self.table.viewport().mapToGlobal(at))

    def set_choice(self, wanted: Filter, search: str, sort: Sort) -> None:
        """Show which list is asked for."""
        self.filter.setCurrentIndex(self.filter.findData(wanted))
        self.sort.setCurrentIndex(self.sort.findData(sort))
        if self.search.text() != search:
            self.search.setText(search)

    def set_current(self, row: int | None) -> None:
        """Select the shown row and keep it, and a neighbour, in sight."""
        index = QModelIndex() if row is None else self._model.line(row)
        selection = self.table.selectionModel()
        if not index.isValid():
            selection.clear()
            return
        selection.setCurrentIndex(index, selection.SelectionFlag.ClearAndSelect)
        self._show_current()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the shown row in sight in a window that became smaller."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        index = self.table.selectionModel().currentIndex()
        self.table.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
