"""The left side of the window: search, filter, order and the list itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.worklist.delegate import HEADING_HEIGHT, ROW_HEIGHT, WorklistDelegate
from breastview.gui.worklist.listing import Filter, Heading, Sort
from breastview.gui.worklist.model import LINE, WorklistModel

FILTERS = {
    Filter.ALL: "All",
    Filter.UNREAD: "Unread",
    Filter.MARKED: "Marked",
    Filter.SUSPICIOUS: "Suspicious (AI)",
    Filter.PROBLEMS: "Problems",
}
SORTS = {Sort.ORDER: "Study", Sort.SUSPICION: "Suspicion"}


class WorklistView(QWidget):
    """Shows the worklist; says what the reader chose and waits to be told what to show.

    Attributes
    ----------
    chosen : Signal(int)
        A row was clicked.
    filtered : Signal(Filter), searched : Signal(str), sorted : Signal(Sort)
        The reader wants another list.
    """

    chosen = Signal(int)
    filtered = Signal(object)
    searched = Signal(str)
    sorted = Signal(object)

    def __init__(self, model: WorklistModel) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self.search = QLineEdit()
        self.filter, self.sort = QComboBox(), QComboBox()
        self.table = QTableView()
        self._delegate = WorklistDelegate(model)
        self._nothing = QLabel("No case passes the search and filter.")
        self._build_choices()
        self._build_table()
        self._lay_out()
        model.modelReset.connect(self._size_all)
        model.rowsInserted.connect(lambda _parent, first, last: self._size(first, last))
        self._size_all()

    def _build_choices(self) -> None:
        self.search.setPlaceholderText("Search (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icon("magnify", theme.MUTED), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setToolTip("Name, patient, study, date: every word must be found")
        self.search.textEdited.connect(self.searched)
        self.search.setAccessibleName("Search the worklist")
        for combo, names, tip in (
            (self.filter, FILTERS, "Which cases are listed"),
            (self.sort, SORTS, "In which order"),
        ):
            for key, text in names.items():
                combo.addItem(text, key)
            combo.setToolTip(tip)
            combo.setAccessibleName(tip)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        table.setAccessibleName("Worklist")
        table.clicked.connect(self._clicked)

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(6)
        choices.addWidget(self.filter, 1)
        choices.addWidget(self.sort, 1)
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

    def _size_all(self) -> None:
        self._size(0, self._model.rowCount() - 1)
        self._nothing.setVisible(bool(self._model.rows) and not self._model.lines)

    def _size(self, first: int, last: int) -> None:
        """Give headings their height; rows have the default one, so 10,000 of them cost nothing."""
        header = self.table.verticalHeader()
        for at in range(first, last + 1):
            wanted = HEADING_HEIGHT if isinstance(self._model.lines[at], Heading) else ROW_HEIGHT
            if header.sectionSize(at) != wanted:
                header.resizeSection(at, wanted)

    def _clicked(self, index: QModelIndex) -> None:
        line = index.data(LINE)
        if isinstance(line, int):
            self.chosen.emit(line)

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
        self.table.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
