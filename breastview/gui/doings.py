"""What the window itself does for an action: asks for files, opens dialogs, moves the keys to a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QMessageBox

from breastview import RESEARCH_USE, __version__
from breastview.errors import ExportError
from breastview.gui import key_card, screens, theme
from breastview.gui.controllers.exporting import file_name
from breastview.gui.dialogs.cheat_sheet import CheatSheet
from breastview.gui.dialogs.screen_dialog import ScreenDialog
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.gui.dialogs.window_presets import WindowPresets
from breastview.gui.message_bar import Kind
from breastview.gui.panes.orientation import UPRIGHT
from breastview.imaging.window import stored
from breastview.language import said, tr
from breastview.settings import Settings

if TYPE_CHECKING:
    from breastview.gui.archives.settings_pages import SettingsPages
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.desk import Desk
    from breastview.gui.dialogs.destination import DestinationDialogs
    from breastview.gui.main_window import MainWindow

PICTURES = "*.dcm *.dicom *.ima *.png *.jpg *.jpeg *.bmp *.tif *.tiff *.zip DICOMDIR"


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
    palette_wanted : Signal()
        The reader wants to find a command.
    """

    chosen = Signal(object)
    settings_changed = Signal(object)
    shown_parts_changed = Signal()
    palette_wanted = Signal()

    def __init__(
        self,
        window: MainWindow,
        desk: Desk,
        stepping: Stepping,
        showing: Showing,
        settings: Callable[[], Settings],
        other_pages: Callable[[], SettingsPages],
        destinations: DestinationDialogs,
    ) -> None:
        super().__init__(window)
        self.other_pages = other_pages
        self._window, self._desk, self._stepping, self._showing = window, desk, stepping, showing
        self._settings, self._destinations = settings, destinations
        self._last = str(Path.home())

    def ask_files(self) -> None:
        """Ask which files to open."""
        kinds = f"{tr('Pictures and archives')} ({PICTURES});;{tr('All files')} (*)"
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open files"), self._last, kinds)
        if names:
            self._last = str(Path(names[0]).parent)
            self.chosen.emit([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Ask which folder to open."""
        name = QFileDialog.getExistingDirectory(self._window, tr("Open folder"), self._last)
        if name:
            self._last = name
            self.chosen.emit([Path(name)])

    def written(self, files: tuple[Path, ...]) -> None:
        """Say what was written and offer to show it in its folder."""
        if not files:
            return
        text = (
            tr("Saved: {file}").format(file=files[0])
            if len(files) == 1
            else tr("Saved {count} files in {folder}").format(count=len(files), folder=files[0].parent)
        )
        folder = QUrl.fromLocalFile(str(files[0].parent))
        self._window.messages.say(
            text, Kind.NOTE, tr("Show in folder"), lambda: QDesktopServices.openUrl(folder)
        )

    def save_key_image(self) -> None:
        """Save the panes as they are shown, with the research-use line, as PNG."""
        instance = self._showing.instance
        if instance is None:
            return
        image = self._window.panes.grab_key_image()
        target = self._destinations.file(tr("Key image"), file_name(instance.label, ".png"), ".png")
        if target is None:
            return
        image = _with_line(image)
        if image.save(str(target)):
            self.written((target,))
        else:
            sentence = tr("{name}: the picture could not be written. Choose another folder.")
            self._window.messages.say(sentence.format(name=target.name), Kind.ERROR)

    def next_unread(self) -> None:
        """Go to the next unread case, or say that there is none."""
        if not self._stepping.unread():
            self._window.messages.say(tr("Every listed case has been looked at."), Kind.NOTE)

    def reset(self) -> None:
        """Give up what is being drawn; then the tool; then reset window, zoom and position.

        One thing a time, so that Esc pressed once too little does less rather than more.
        """
        if self._window.panes.tools.cancel():
            return
        if self._desk.state.look.tool:
            self._desk.look(tool="")
            return
        self._window.panes.reset_view()
        self._desk.look(window=None, invert=False, orientation=UPRIGHT, maximised=None)

    def focus_search(self) -> None:
        """Let the reader type a search."""
        self._window.worklist.show()
        self._window.worklist.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.worklist.search.selectAll()

    def focus_category(self) -> None:
        """Let the reader choose a category."""
        self._window.panel.show()
        self._window.panel.form.category.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_site(self) -> None:
        """Let the reader say where the lesion lies."""
        self._window.panel.show()
        self._window.panel.form.open_site()

    def focus_descriptors(self) -> None:
        """Let the reader describe the lesion."""
        self._window.panel.show()
        self._window.panel.form.open_descriptors()

    def toggle_commit_first(self) -> None:
        """Keep the AI back until a category is committed, or show it at once."""
        now = self._settings()
        self.settings_changed.emit(replace(now, commit_first=not now.commit_first))

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

    def settings_dialog(self, setting: str = "") -> None:
        """Let the reader change the settings, `setting` first; the window follows, Cancel takes all back."""
        before, others = self._settings(), self.other_pages()
        dialog = SettingsDialog(before, self._window, others.widgets)
        # Another model is loaded once, when the reader is sure.
        dialog.changed.connect(lambda now: self.settings_changed.emit(replace(now, **before.models)))
        dialog.show_setting(setting)
        accepted = bool(dialog.exec())
        now = dialog.result_settings() if accepted else before
        others.close()
        if accepted:
            others.keep()
        if now != self._settings():
            self.settings_changed.emit(now)
        dialog.deleteLater()

    def true_size(self) -> None:
        """Show the picture as large as life, or say why that cannot be."""
        panes = self._window.panes
        if panes.true_size():
            return
        if not panes.calibrated:
            self._window.messages.say(
                tr(
                    "The millimetres of this picture are not known, so it has no true size. "
                    "Draw a depth ruler first."
                )
            )
            return
        self._window.messages.say(
            tr("This screen has not been measured, so true size is not known on it."),
            Kind.WARNING,
            tr("Measure this screen…"),
            self.measure_screen,
        )

    def measure_screen(self) -> None:
        """Let the reader measure the screen that the window is on."""
        screen, now = self._window.screen(), self._settings()
        known = screens.measured(screen, screens.densities(now.screens))
        dialog = ScreenDialog(screen, known, self._window)
        if dialog.exec():
            found = now.screens | {screens.name(dialog.screen()): f"{dialog.density:.4g}"}
            self.settings_changed.emit(replace(self._settings(), screens=found))
        dialog.deleteLater()

    def edit_presets(self) -> None:
        """Let the reader name windows of their own."""
        look, shown = self._desk.state.look, self._showing.shown
        pixels = shown.pixels if shown is not None else None
        in_use = look.window or (pixels.window if pixels is not None else None)
        dialog = WindowPresets(look.presets, in_use, self._window)
        if dialog.exec():
            kept = stored(dialog.windows)
            self.settings_changed.emit(replace(self._settings(), window_presets=kept))
        dialog.deleteLater()

    def find_command(self) -> None:
        """Let the reader find a command by typing."""
        self.palette_wanted.emit()

    def cheat_sheet(self) -> None:
        """Show all keys."""
        sheet = CheatSheet(self._settings().shortcuts, self._window)
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet.open()

    def key_card(self) -> None:
        """Write all keys as one page to print."""
        target = self._destinations.file(tr("Keyboard card"), "breastview-keys.pdf", ".pdf")
        if target is None:
            return
        try:
            key_card.write(self._settings().shortcuts, self._settings().paper, target)
        except ExportError as error:
            self._window.messages.say(said(str(error)), Kind.ERROR)
            return
        self.written((target,))

    def about(self) -> None:
        """Say what this is, and what it is not for."""
        box = QMessageBox(self._window)
        box.setWindowTitle(tr("About BreastView"))
        analysis = self._showing.analysis
        model = tr("Model of the shown reading: {model}") if analysis is not None else ""
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"BreastView {__version__}")
        what = tr(
            "Open workstation for breast imaging with AI that shows its reasons. "
            "Everything stays on this computer."
        )
        model = model.format(model=analysis.bundle) if analysis is not None else ""
        box.setInformativeText("\n\n".join(filter(None, (tr(RESEARCH_USE), what, model))))
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
