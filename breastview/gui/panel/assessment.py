"""The reader's own opinion: category, site, descriptors, text, state; every change is told at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.elided_box import ElidedBox
from breastview.gui.panel.descriptors import DescriptorFields
from breastview.gui.panel.folding import Folding
from breastview.gui.panel.pairs import PairFields
from breastview.gui.panel.parts import caption, section
from breastview.gui.panel.reveal import RevealBar
from breastview.gui.panel.signing import Signing
from breastview.gui.panel.site import SiteFields
from breastview.language import tr
from breastview.study import descriptors, site
from breastview.study.instance import Entry, Instance
from breastview.study.kind import Kind
from breastview.study.reading import ALL_CATEGORIES, CATEGORIES, Assessment, ReadState, categories

NOTES = (50, 84)
"""Least and greatest height of the notes in device-independent px: what the AI says needs the room."""

TYPING_PAUSE_MS = 600
"""Typed text is told after this pause, and at once when the field or the case is left."""


class _Category(ElidedBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll: a category is never given by accident."""
        event.ignore()


class AssessmentForm(QWidget):
    """Fields of an assessment; holds no truth of its own beyond what is being typed.

    Attributes
    ----------
    edited : Signal(Assessment)
        The reader changed something.
    left : Signal()
        Esc was pressed in a field: the keys belong to the pictures again.
    resized : Signal()
        A part was opened or folded away.
    """

    edited = Signal(object)
    left = Signal()
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._assessment = Assessment()
        self.category = _Category()
        self.reveal, self.site, self.descriptors = RevealBar(), SiteFields(), DescriptorFields()
        self.notes, self.pairs, self.signing = QPlainTextEdit(), PairFields(), Signing()
        self.indication, self.comparison, self.management = QLineEdit(), QLineEdit(), QLineEdit()
        self.clock, self.right, self.left_side = self.site.clock, self.site.right, self.site.left
        self.marked, self.final = self.signing.mark, self.signing.final
        self._lines = {
            "indication": self.indication, "comparison": self.comparison, "management": self.management,
        }  # fmt: skip
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._build()
        self._lay_out()
        self._connect()
        self.set_assessment(None)

    def _build(self) -> None:
        self._offer(CATEGORIES)
        self.category.setAccessibleName(tr("Assessment category"))
        self.category.setMinimumContentsLength(12)
        self.notes.setPlaceholderText(tr("Notes (F2; Esc leaves)"))
        self.notes.setAccessibleName(tr("Notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(NOTES[0])
        self.notes.setMaximumHeight(NOTES[1])
        titles = (tr("Indication"), tr("Comparison"), tr("Management"))
        for line, title in zip(self._lines.values(), titles, strict=True):
            line.setPlaceholderText(title)
            line.setAccessibleName(title)
            line.setToolTip(title)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(caption(tr("Category")))
        top.addWidget(self.category, 1)
        texts = QWidget()
        column = QVBoxLayout(texts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for line in self._lines.values():
            column.addWidget(line)
        self.site_part = Folding(tr("Site"), self.site)
        self.words_part = Folding(tr("Descriptors"), self.descriptors)
        self.texts_part = Folding(tr("Indication, comparison, management"), texts)
        self.pairs_part = Folding(tr("Same lesion elsewhere"), self.pairs)
        self.parts = {
            "site": self.site_part, "descriptors": self.words_part, "texts": self.texts_part,
            "pairs": self.pairs_part,
        }  # fmt: skip
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(section(tr("Assessment")))
        head.addWidget(self.signing.line, 1)
        whole.addLayout(head)
        whole.addLayout(top)
        whole.addWidget(self.reveal)
        for part in self.parts.values():
            whole.addWidget(part)
        whole.addWidget(self.notes)
        whole.addWidget(self.signing)
        whole.addStretch(1)

    def _connect(self) -> None:
        self.category.activated.connect(lambda: self._tell(category=self.category.currentData()))
        self.site.edited.connect(lambda fields: self._tell(**fields))
        self.descriptors.edited.connect(lambda pairs: self._tell(descriptors=pairs))
        self.signing.marked.connect(lambda on: self._tell(marked=on))
        self.signing.finished.connect(
            lambda on: self._tell(state=ReadState.FINAL if on else ReadState.PRELIMINARY)
        )
        self.notes.textChanged.connect(self._pause.start)
        for line in self._lines.values():
            line.textEdited.connect(lambda: self._pause.start())
        for typed in (self.notes, *self._lines.values()):
            typed.installEventFilter(self)
        for part in self.parts.values():
            part.folded.connect(lambda _closed: self.resized.emit())

    def event(self, event: QEvent) -> bool:
        """Esc, which fields leave to what they stand in, gives the keys back to the pictures."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.flush()
                self.left.emit()
                return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell what was typed when a field is left."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def set_low(self, low: bool) -> None:
        """Make do with less height, or take what is there."""
        self.notes.setMaximumHeight(NOTES[0] if low else NOTES[1])

    def open_site(self) -> None:
        """Let the keys choose the place of the lesion."""
        self.site_part.open()
        self.site.diagram.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_descriptors(self) -> None:
        """Let the keys describe the lesion."""
        self.words_part.open()
        first = next(iter(self.descriptors.fields.values()), self.notes)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def opened_parts(self) -> list[str]:
        """Return which parts are open, to be shown so again."""
        return [name for name, part in self.parts.items() if part.opened]

    def open_parts(self, names: object) -> None:
        """Open these parts and fold the others away."""
        if isinstance(names, list):
            for name, part in self.parts.items():
                part.open(name in names)

    def _typed(self) -> Assessment:
        lines = {name: line.text() for name, line in self._lines.items()}
        return replace(self._assessment, notes=self.notes.toPlainText(), **lines)  # type: ignore[arg-type]

    def _tell(self, **fields: object) -> None:
        self._pause.stop()
        changed = replace(self._typed(), **fields)  # type: ignore[arg-type]
        if changed != self._assessment:
            self._assessment = changed
            self.edited.emit(changed)

    def flush(self) -> None:
        """Tell what was typed, now."""
        self._tell()

    def _offer(self, categories: dict[str, str]) -> None:
        self._offered = categories
        self.category.clear()
        for key, text in categories.items():
            self.category.addItem(tr(text), key)
        typed = categories is CATEGORIES
        tip = tr("Assessment category (F3; type 0–6)") if typed else tr("Assessment category (F3)")
        self.category.setToolTip(tip)

    def set_kind(self, kind: Kind | None) -> None:
        """Offer what fits a kind of picture; what was said before stays and is shown."""
        if self._offered is not categories(kind):
            self._offer(categories(kind))
            self._show_category(self._assessment.category)
        self.descriptors.set_kind(kind)
        self._show_words_part()
        self.site.offer_place(kind is not Kind.HISTOLOGY)
        self.parts["pairs"].setVisible(kind is not Kind.HISTOLOGY)

    def _show_category(self, key: str) -> None:
        """Show a category; one of another kind's, of an older record, is shown beside those offered."""
        while self.category.count() > len(self._offered):
            self.category.removeItem(self.category.count() - 1)
        if key not in self._offered:
            self.category.addItem(tr(ALL_CATEGORIES.get(key, key)), key)
        self.category.setCurrentIndex(max(0, self.category.findData(key)))

    def _show_words_part(self) -> None:
        self.words_part.setVisible(bool(self.descriptors.fields) or bool(self._assessment.descriptors))

    def set_entry(self, entry: Entry | None) -> None:
        """Offer what fits the picture."""
        case = entry if isinstance(entry, Instance) else None
        self.site.diagram.set_usual_side(case.laterality if case is not None else "")

    def set_assessment(self, assessment: Assessment | None) -> None:
        """Show an assessment; None: there is nothing to assess."""
        self._pause.stop()
        self.setEnabled(assessment is not None)
        self._assessment = shown = assessment or Assessment()
        self._lock(shown.state is ReadState.FINAL)
        self._show_category(shown.category)
        self.site.set_site(shown.laterality, shown.clock, shown.nipple_mm)
        self.site_part.set_summary(site.short(shown.laterality, shown.clock, shown.nipple_mm))
        self.descriptors.set_pairs(shown.descriptors)
        self.words_part.set_summary(", ".join(text for _, text in descriptors.in_words(shown.descriptors)))
        self._show_words_part()
        self.signing.set_assessment(shown)
        for name, line in self._lines.items():
            if line.text() != getattr(shown, name):
                line.setText(getattr(shown, name))
        if self.notes.toPlainText() != shown.notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(shown.notes)
            self.notes.blockSignals(False)

    def _lock(self, final: bool) -> None:
        for widget in (self.category, self.site, self.descriptors, self.notes, *self._lines.values()):
            widget.setEnabled(not final)
