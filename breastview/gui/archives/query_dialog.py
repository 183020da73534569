"""Asking an archive for studies and fetching them: fields above, a table, what happens below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.archives.criteria import MOST, Criteria
from breastview.gui.archives.results import Results
from breastview.gui.archives.study_table import StudyTable
from breastview.gui.icons import icon
from breastview.gui.panel.parts import label, put
from breastview.language import tr, trn
from breastview.pacs._protocol import Row


class QueryDialog(QDialog):
    """Shows what an archive has; knows nothing of how it is asked.

    Attributes
    ----------
    asked : Signal(str, Query)
        What the reader wants to know of which archive.
    abandoned : Signal()
        The reader waits for the answer no longer.
    wanted : Signal(str, tuple of Address)
        Studies of an archive that should be fetched.
    stop_wanted : Signal()
        Fetching should stop.
    settings_wanted : Signal()
        An archive should be added or changed.
    """

    asked = Signal(str, object)
    abandoned = Signal()
    wanted = Signal(str, object)
    stop_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, here: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Query archive"))
        self.setModal(False)
        self.resize(1060, 620)
        self.archive, self.criteria = QComboBox(), Criteria()
        self.search, self.table, self.middle = QPushButton(tr("Search")), StudyTable(here), QStackedWidget()
        self.empty, self.says = label(""), label("")
        self.retrieve, self.stop = QPushButton(tr("Retrieve")), QPushButton(tr("Stop"))
        self._edit, self._add = QPushButton(tr("Edit archives…")), QPushButton(tr("Add an archive…"))
        self._progress = QProgressBar()
        self._asked_of, self._searching, self._fetching = "", False, False
        self._sentence, self._role = "", ""
        self._proposed: tuple[Row, ...] = ()
        self._build()
        self._follow()

    # Making

    def _build(self) -> None:
        self.archive.setAccessibleName(tr("Archive"))
        self.search.setProperty("primary", "true")
        self.search.setIcon(icon("magnify"))
        self.retrieve.setIcon(icon("download"))
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(160)
        for button, does in (
            (self.search, self.ask), (self.retrieve, self.fetch), (self.stop, self._stop),
            (self._edit, self.settings_wanted.emit), (self._add, self.settings_wanted.emit),
        ):  # fmt: skip
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, do=does: do())
        self.criteria.asked.connect(self.ask)
        self.table.entered.connect(self.fetch)
        self.table.chosen_changed.connect(self._follow)
        self.archive.currentIndexChanged.connect(lambda _index: self._turn())
        close = QPushButton(tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        top = QHBoxLayout()
        name = QLabel(tr("Archive"))
        name.setBuddy(self.archive)
        self.archive.setMinimumWidth(260)
        for widget in (name, self.archive, self._edit):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.search)
        bottom = QHBoxLayout()
        bottom.addWidget(self.says, 1)
        for one in (self._progress, self.stop, self.retrieve, close):
            bottom.addWidget(one)
        self.middle.addWidget(self._empty_page())
        self.middle.addWidget(self.table)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(10)
        whole.addLayout(top)
        whole.addWidget(self.criteria)
        whole.addWidget(self.middle, 1)
        whole.addLayout(bottom)

    def _empty_page(self) -> QWidget:
        page = QFrame()
        page.setObjectName("panel")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setProperty("role", "muted")
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._add)
        across.addStretch(1)
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(self.empty)
        column.addLayout(across)
        column.addStretch(1)
        return page

    @property
    def results(self) -> Results:
        """The studies found."""
        return self.table.results

    # What the reader does

    def ask(self) -> None:
        """Ask the chosen archive."""
        name = self.archive.currentText()
        if not name:
            return
        self.results.clear()
        self._asked_of, self._searching = name, True
        self._say("")
        self.asked.emit(name, self.criteria.query())

    def fetch(self) -> None:
        """Ask for the chosen studies to be fetched."""
        studies = tuple(row.address for row in self.table.chosen())
        if studies and not self._fetching:
            self.wanted.emit(self._asked_of, studies)

    def _stop(self) -> None:
        if self._fetching:
            self.stop_wanted.emit()
        else:
            self._abandon()

    def _abandon(self) -> None:
        """Wait for the answer no longer; what was not waited for is not said to be nothing."""
        if self._searching:
            self.abandoned.emit()
            self._say("")

    def _turn(self) -> None:
        """Another archive is chosen: what was found is not of it."""
        self._abandon()
        self.results.clear()
        self._say("")

    def done(self, result: int) -> None:
        """Close; a search is given up, fetching goes on in the status bar."""
        self._abandon()
        super().done(result)

    # What is told

    def set_archives(self, names: Sequence[str]) -> None:
        """Offer these archives; the chosen one stays chosen."""
        chosen = self.archive.currentText()
        blocked = QSignalBlocker(self.archive)
        self.archive.clear()
        self.archive.addItems(list(names))
        self.archive.setCurrentIndex(max(0, self.archive.findText(chosen)))
        blocked.unblock()
        if self.archive.currentText() != chosen:
            self._turn()
        self._follow()

    def begin(self) -> None:
        """Give the keys to the field that is typed in first."""
        self.criteria.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self.criteria.name.selectAll()

    def take(self, rows: Sequence[Row]) -> None:
        """Show some more studies."""
        first, ours = not self.results.rowCount(), self.table.chosen() == self._proposed
        self.results.extend(rows)
        self._follow()
        if first or ours:  # the topmost, until the reader chooses
            self.table.selectRow(0)
            self._proposed = self.table.chosen()
        if first:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def answered(self, trouble: str = "") -> None:
        """The search is over: with an error's sentence, or well."""
        self._searching = False
        nothing = tr("Nothing was found. Part of the name, any date or any modality find more.")
        self._say(trouble or ("" if self.results.rowCount() else nothing), "danger" if trouble else "")

    def fetching(self, text: str) -> None:
        """Studies are being fetched."""
        self._fetching = True
        self._progress.setRange(0, 0)
        self._say(text)

    def advance(self, done: int, total: int | None, text: str = "") -> None:
        """Show how far fetching is."""
        self._progress.setRange(0, total or 0)
        self._progress.setValue(done)
        self._say(text or self._sentence)

    def fetched(self) -> None:
        """Fetching is over."""
        self._fetching = False
        self.results.look_again()
        self._say("")

    def say(self, sentence: str, trouble: bool = False) -> None:
        """Show a sentence on what was fetched, or why it was not."""
        self._say(sentence, "danger" if trouble else "")

    def _say(self, sentence: str, role: str = "") -> None:
        self._sentence, self._role = sentence, role
        self._follow()

    def _follow(self) -> None:
        """Show how things stand, and switch what can be done now."""
        any_archive, any_row = self.archive.count() > 0, self.results.rowCount() > 0
        busy = self._fetching or self._searching
        for widget in (self.criteria, self.archive, self.search):
            widget.setEnabled(any_archive)
        self.retrieve.setEnabled(bool(self.table.chosen()) and not self._fetching)
        if self._searching and not self._fetching:
            self._progress.setRange(0, 0)
        self._progress.setVisible(busy)
        self.stop.setVisible(busy)
        self._add.setVisible(not any_archive)
        self.middle.setCurrentIndex(1 if any_row else 0)
        put(self.empty, *self._instead())
        put(self.says, *((self._sentence or self._counted(), self._role) if any_row else ("", "")))

    def _instead(self) -> tuple[str, str]:
        """Return what stands in the place of the table, and its role."""
        if not self.archive.count():
            return tr("No archive is known yet. Add the hospital’s archive in the settings."), "muted"
        if self._searching:
            return tr("Waiting for the answer of {archive}…").format(archive=self._asked_of), "muted"
        hint = tr("Type what you know of the patient or the study and press Enter.")
        return self._sentence or hint, self._role or "muted"

    def _counted(self) -> str:
        count = self.results.rowCount()
        if count >= MOST:
            text = tr("The first {count} studies are shown. Narrow the search to see the others.")
            return text.format(count=count)
        return trn("{count} study", "{count} studies", count)
