"""What the window itself does for an action: asks for files, opens dialogs, moves the keys to a field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QMessageBox

from breastview import RESEARCH_USE, __version__
from breastview.gui import theme
from breastview.gui.controllers.exporting import file_name
from breastview.gui.dialogs.cheat_sheet import CheatSheet
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.gui.message_bar import Kind
from breastview.settings import Settings

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.desk import Desk
    from breastview.gui.main_window import MainWindow

PICTURES = (
    "Pictures and archives (*.dcm *.dicom *.ima *.png *.jpg *.jpeg *.bmp *.tif *.tiff *.zip DICOMDIR);;"
    "All files (*)"
)


class Doings(QObject):
    """Dialogs and focus.

    Attributes
    ----------
    chosen : Signal(list of Path)
        Files or a folder to open.
    settings_changed : Signal(Settings)
        The reader confirmed the settings dialog.
    shown_parts_changed : Signal()
        Worklist or side panel were shown or hidden.
    """

    chosen = Signal(object)
    settings_changed = Signal(object)
    shown_parts_changed = Signal()

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        stepping: Stepping,
        showing: Showing,
        settings: Callable[[], Settings],
    ) -> None:
        super().__init__(window)
        self._window, self._desk, self._stepping, self._showing = window, desk, stepping, showing
        self._settings = settings
        self._last = ""

    def ask_files(self) -> None:
        """Ask which files to open."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open files", self._last, PICTURES)
        if names:
            self._last = str(Path(names[0]).parent)
            self.chosen.emit([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Ask which folder to open."""
        name = QFileDialog.getExistingDirectory(self._window, "Open folder", self._last)
        if name:
            self._last = name
            self.chosen.emit([Path(name)])

    def ask_destination(self, title: str, suggestion: str, suffix: str) -> Path | None:
        """Ask where to write an output."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name, _ = QFileDialog.getSaveFileName(
            self._window, title, str(Path(folder) / suggestion), f"{title} (*{suffix})"
        )
        if not name:
            return None
        return Path(name) if not suffix or Path(name).suffix else Path(name + suffix)

    def written(self, files: tuple[Path, ...]) -> None:
        """Say what was written and offer to open it."""
        if not files:
            return
        text = f"Saved: {files[0]}" if len(files) == 1 else f"Saved {len(files)} files in {files[0].parent}"
        target = files[0] if len(files) == 1 else files[0].parent
        self._window.messages.say(
            text, Kind.NOTE, "Open", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))
        )

    def save_key_image(self) -> None:
        """Save the panes as they are shown, with the research-use line, as PNG."""
        instance = self._showing.instance
        if instance is None:
            return
        image = self._window.panes.grab_key_image()
        target = self.ask_destination("Key image", file_name(instance.label, ".png"), ".png")
        if target is None:
            return
        image = _with_line(image)
        if image.save(str(target)):
            self.written((target,))
        else:
            self._window.messages.say(
                f"{target.name}: the picture could not be written. Choose another folder.", Kind.ERROR
            )

    def next_unread(self) -> None:
        """Go to the next unread case, or say that there is none."""
        if not self._stepping.unread():
            self._window.messages.say("Every listed case has been looked at.", Kind.NOTE)

    def reset(self) -> None:
        """Give the keys back to the pictures; then window, zoom and position as when the picture came up."""
        self._window.panes.reset_view()
        self._desk.look(window=None, invert=False, maximised=None)

    def focus_search(self) -> None:
        """Let the reader type a search."""
        self._window.worklist.show()
        self._window.worklist.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.worklist.search.selectAll()

    def focus_category(self) -> None:
        """Let the reader choose a category."""
        self._window.panel.show()
        self._window.panel.form.category.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_notes(self) -> None:
        """Let the reader write notes."""
        self._window.panel.show()
        self._window.panel.form.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_pictures(self) -> None:
        """Let keys belong to the pictures, or to the list while there are none."""
        there = self._window.panes if self._window.panes.isVisible() else self._window.worklist.table
        there.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_worklist(self) -> None:
        """Show or hide the worklist."""
        self._window.worklist.setHidden(not self._window.worklist.isHidden())
        self.shown_parts_changed.emit()

    def toggle_panel(self) -> None:
        """Show or hide the side panel."""
        self._window.panel.setHidden(not self._window.panel.isHidden())
        self.shown_parts_changed.emit()

    def settings_dialog(self) -> None:
        """Let the reader change the settings."""
        dialog = SettingsDialog(self._settings(), self._window)
        if dialog.exec():
            self.settings_changed.emit(dialog.result_settings())
        dialog.deleteLater()

    def cheat_sheet(self) -> None:
        """Show all keys."""
        sheet = CheatSheet(self._settings().shortcuts, self._window)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def about(self) -> None:
        """Say what this is, and what it is not for."""
        box = QMessageBox(self._window)
        box.setWindowTitle("About BreastView")
        analysis = self._showing.analysis
        model = f"\n\nModel of the shown reading: {analysis.bundle}" if analysis is not None else ""
        box.setText(f"BreastView {__version__}")
        box.setInformativeText(
            f"{RESEARCH_USE}\n\nOpen workstation for breast imaging with AI that shows its reasons. "
            f"Everything stays on this computer.{model}"
        )
        box.exec()

    def close(self) -> None:
        """Close the window."""
        self._window.close()


def _with_line(image: QImage) -> QImage:
    """Return a picture with the research-use line below it."""
    height = 22
    whole = QImage(image.width(), image.height() + height, QImage.Format.Format_RGB32)
    whole.fill(QColor(theme.PANE))
    painter = QPainter(whole)
    painter.drawImage(0, 0, image)
    painter.setFont(theme.font(12))
    painter.setPen(QColor(theme.MUTED))
    line = QRect(0, image.height(), image.width(), height)
    painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), RESEARCH_USE)
    painter.end()
    return whole
