"""The settings' page of archives: a list, one archive below, and whether it answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.archives.archive_form import KIND_TITLES, ArchiveForm, address
from breastview.gui.icons import icon
from breastview.gui.panel.parts import label, put, scrolled
from breastview.language import mark, tr
from breastview.pacs.configuration import KINDS, ArchiveSettings, DicomwebSettings, problems

TITLE = mark("Archives")


@dataclass(frozen=True)
class Secrets:
    """What is to be changed in the keyring.

    Attributes
    ----------
    typed : mapping of str to str
        Name of an archive -> its new secret.
    moved : mapping of str to str
        Name that an archive had -> the one it has now, empty: it was removed.
    """

    typed: dict[str, str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)


LIST_HEIGHT = 118


class ArchivesPage(QFrame):
    """Edits a copy of the archives there are.

    Attributes
    ----------
    test_wanted : Signal(ArchiveSettings, str)
        Whether this archive answers, with the secret that was typed (empty: the one that is kept).

    Parameters
    ----------
    known : tuple of ArchiveSettings
    """

    test_wanted = Signal(object, str)

    def __init__(self, known: tuple[ArchiveSettings, ...]) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._before = tuple(one.name for one in known if isinstance(one, DicomwebSettings))
        self._made: list[ArchiveForm] = []
        self.list, self.forms = QListWidget(), QStackedWidget()
        self.add, self.remove, self.test = (
            QPushButton(icon("plus"), tr("Add")), QPushButton(icon("delete-outline"), tr("Remove")),
            QPushButton(icon("lan-connect"), tr("Test")),
        )  # fmt: skip
        self.says = label("")
        self.hint = label(
            tr("No archive yet. Add the hospital’s archive to query it and to send to it."), "muted"
        )
        self._build()
        for archive in known:
            self._append(archive, archive.name)
        self.list.setCurrentRow(0)
        self._follow()

    def _build(self) -> None:
        menu = QMenu(self.add)
        for kind, title in KIND_TITLES.items():
            menu.addAction(tr(title)).triggered.connect(lambda _on=False, k=kind: self.new(k))
        self.add.setMenu(menu)
        self.remove.clicked.connect(self._remove)
        self.test.clicked.connect(self._test)
        self.list.setAccessibleName(tr("Archives"))
        self.list.setFixedHeight(LIST_HEIGHT)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._turn)
        buttons = QVBoxLayout()
        for button in (self.add, self.remove, self.test):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        top = QHBoxLayout()
        top.addWidget(self.list, 1)
        top.addLayout(buttons)
        self.forms.addWidget(QWidget())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 14, 18, 14)
        whole.setSpacing(10)
        whole.addLayout(top)
        whole.addWidget(self.hint)
        whole.addWidget(self.says)
        whole.addWidget(self.forms, 1)

    def _append(self, archive: ArchiveSettings, known_as: str = "") -> None:
        form = ArchiveForm(archive, known_as)
        form.changed.connect(self._edited)
        self.forms.addWidget(scrolled(form))
        self._made.append(form)
        self.list.addItem(_line(archive))

    def new(self, kind: str) -> None:
        """Add an archive of a kind and give its name the keys."""
        self._append(KINDS[kind](name=self._free(tr("Archive"))))
        self.list.setCurrentRow(self.list.count() - 1)
        self._forms()[-1].form.editors["name"].widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _free(self, name: str, taken: frozenset[str] | None = None) -> str:
        others = taken if taken is not None else frozenset(one.name.casefold() for one in self.archives())
        number, found = 1, name
        while found.casefold() in others:
            number += 1
            found = f"{name} {number}"
        return found

    def _forms(self) -> list[ArchiveForm]:
        return self._made

    def _current(self) -> ArchiveForm | None:
        row = self.list.currentRow()
        return self._made[row] if 0 <= row < len(self._made) else None

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            area = self.forms.widget(row + 1)
            self._made.pop(row)
            blocked = QSignalBlocker(self.list)  # until list and forms agree again
            self.list.takeItem(row)
            blocked.unblock()
            if area is not None:
                self.forms.removeWidget(area)
                area.deleteLater()
            self._turn(self.list.currentRow())

    def _turn(self, row: int) -> None:
        self.forms.setCurrentIndex(row + 1)
        self._edited()

    def _edited(self) -> None:
        """Something was changed: name it in the list, and say what keeps it from being used."""
        form, item = self._current(), self.list.currentItem()
        if form is not None and item is not None:
            archive = form.archive()
            item.setText(_line(archive))
            others = tuple(one.archive() for one in self._forms() if one is not form)
            put(self.says, " ".join(problems(archive, others)), "warning")
        self._follow()

    def _follow(self) -> None:
        form = self._current()
        self.remove.setEnabled(form is not None)
        self.hint.setVisible(form is None)
        self.says.setVisible(form is not None and bool(self.says.text()))
        self.test.setEnabled(form is not None and not problems(form.archive()))

    def _test(self) -> None:
        form = self._current()
        if form is not None:
            put(self.says, tr("Asking {archive}…").format(archive=form.archive().name), "muted")
            self._follow()
            self.test_wanted.emit(form.archive(), form.secret.text())

    def answered(self, archive: ArchiveSettings, sentence: str, well: bool) -> None:
        """Show what an archive answered, unless it is another one or was changed since."""
        form = self._current()
        if form is not None and form.archive() == archive:
            put(self.says, sentence, "good" if well else "danger")
            self._follow()

    def archives(self) -> tuple[ArchiveSettings, ...]:
        """Return the archives as they stand; one without a name of its own gets one."""
        found: list[ArchiveSettings] = []
        for form in self._forms():
            archive = form.archive()
            taken = frozenset(one.name.casefold() for one in found)
            name = self._free(archive.name.strip() or tr("Archive"), taken)
            found.append(replace(archive, name=name))
        return tuple(found)

    def secrets(self) -> Secrets:
        """Return what is to be changed in the keyring."""
        pairs = tuple(zip(self.archives(), self._forms(), strict=True))
        now = {form.known_as: archive.name for archive, form in pairs if form.known_as}
        moved = {before: now.get(before, "") for before in self._before}
        return Secrets(
            {archive.name: form.secret.text() for archive, form in pairs if form.secret.text()},
            {before: name for before, name in moved.items() if before != name},
        )


def _line(archive: ArchiveSettings) -> str:
    return f"{archive.name or '–'}   {address(archive)}"
