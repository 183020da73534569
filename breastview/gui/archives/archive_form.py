"""One archive in the settings: how it is reached, and a secret that is typed once and never shown again."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from breastview.gui.archives.record_form import RecordForm
from breastview.language import mark, tr
from breastview.pacs.configuration import ArchiveSettings, DicomwebSettings, kind_of

KIND_TITLES = {
    "dimse": mark("DICOM (DIMSE)"), "dicomweb": mark("DICOMweb"), "folder": mark("Folder"),
}  # fmt: skip
SELDOM = ("calling", "timeout_s", "attempts", "max_pdu", "settle_s", "max_associations", "max_object_mb")
"""Fields that hardly anyone needs: shown on demand."""
_FILES = ("ca_file", "certificate", "key")


def address(archive: ArchiveSettings) -> str:
    """Return where an archive is, in a few words."""
    kind = kind_of(archive)
    if kind == "dimse":
        where = f"{archive.host}:{archive.port}" if archive.host else ""  # type: ignore[union-attr]
    else:
        where = getattr(archive, "url" if kind == "dicomweb" else "path")
    title = tr(KIND_TITLES[kind])
    return f"{title} · {where}" if where else title


class ArchiveForm(QWidget):
    """Edits one archive.

    Attributes
    ----------
    changed : Signal()
        Something was changed.

    Parameters
    ----------
    archive : ArchiveSettings
    known_as : str
        The name under which the keyring may have its secret, empty: it is a new one.
    """

    changed = Signal()

    def __init__(self, archive: ArchiveSettings, known_as: str = "") -> None:
        super().__init__()
        self.setObjectName("panel")
        self.known_as = known_as
        self.form: RecordForm[ArchiveSettings] = RecordForm(archive)
        self.secret = QLineEdit()
        self.more = QCheckBox(tr("Show what is seldom needed"))
        self._web = isinstance(archive, DicomwebSettings)
        if isinstance(archive, DicomwebSettings):
            self._add_secret(bool(known_as) and archive.sign_in != "none")
        else:  # it goes with the form, though it is never shown
            self.secret.setParent(self)
            self.secret.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.form)
        column.addWidget(self.more)
        column.addStretch(1)
        self.form.changed.connect(self._follow)
        self.secret.textChanged.connect(lambda _text: self.changed.emit())
        self.more.toggled.connect(lambda _on: self._follow())
        self._follow()

    def _add_secret(self, kept: bool) -> None:
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setAccessibleName(tr("Password or token"))
        self.secret.setPlaceholderText(
            tr("Kept in the keyring; type to replace it") if kept else tr("Not set")
        )
        name = QLabel(tr("Password or token"))
        name.setBuddy(self.secret)
        self.form.insert_after("user", name, self.secret)

    def archive(self) -> ArchiveSettings:
        """Return the archive as it stands in the form."""
        return self.form.record()

    def _follow(self) -> None:
        """Show the fields that matter as things stand."""
        form = self.form
        for name in SELDOM:
            form.show_row(name, self.more.isChecked())
        if self._web:
            signs = form.editors["sign_in"].read()
            form.show_row("user", signs == "basic")
            form.form.setRowVisible(self.secret, signs != "none")
        if "tls" in form.parts:
            tls = form.parts["tls"]
            url = form.editors["url"].read() if self._web else ""
            on = url.startswith("https") if self._web else tls.editors["enabled"].read()
            tls.show_row("enabled", not self._web)
            for name in _FILES:
                tls.show_row(name, on)
            form.show_part("tls", on or not self._web)
        self.changed.emit()
