"""Opening, what is written, and the end."""

from __future__ import annotations

from breastview.gui.actions.action import FILE, Action, listed, picture
from breastview.gui.controllers.exporting import Scope
from breastview.language import mark

ACTIONS: tuple[Action, ...] = (
    Action("open.files", FILE, "Open files…", "file-image-outline", ("Ctrl+O",),
           "Open pictures, DICOM files, a DICOMDIR or a ZIP", lambda c: c.window.ask_files(), bar=True),
    Action("open.folder", FILE, "Open folder…", "folder-open-outline", ("Ctrl+Shift+O",),
           "Open a folder with everything in it", lambda c: c.window.ask_folder(), bar=True),
    Action("open.demo", FILE, "Open the demo", "play-box-outline", (),
           "Open the demo study that comes with BreastView", lambda c: c.files.demo()),
    Action("archive.query", FILE, mark("Query archive…"), "database-search-outline", ("Ctrl+Shift+F",),
           mark("Find studies in the hospital’s archive and retrieve them"), lambda c: c.archives.query()),
    Action("archive.send", FILE, mark("Send to archive…"), "send-outline", ("Ctrl+Shift+S",),
           mark("Send reports, masks and measurements of this case or of all assessed ones to an archive"),
           lambda c: c.archives.send(), listed),
    Action("archive.queue", FILE, mark("Outgoing queue…"), "tray-full", ("F7",),
           mark("What waits to be sent, what was sent and what failed"), lambda c: c.archives.queue()),
    Action("list.close", FILE, "Close all", "close", ("Ctrl+W",),
           "Empty the worklist; your assessments are kept", lambda c: c.files.close_all(), listed),
    Action("export.pdf", FILE, "Export report…", "file-pdf-box", ("Ctrl+E",),
           "Write the report of this image as PDF", lambda c: c.export.ask("pdf"), picture, bar=True),
    Action("export.marked", FILE, "Export marked images…", "bookmark-multiple-outline", ("Ctrl+Shift+E",),
           "Write one report of all marked images as PDF", lambda c: c.export.ask("pdf", Scope.MARKED),
           lambda facts: facts.any_marked),
    Action("export.deidentified", FILE, mark("Export de-identified…"), "incognito", (),
           mark("Write pictures, objects and tables that do not say whose they are"),
           lambda c: c.parting.ask(), picture),
    Action("report.preview", FILE, "Preview and print report…", "printer-outline", ("Ctrl+P",),
           "See the report of this image before it is printed", lambda c: c.export.preview(), picture,
           bar=True),
    Action("image.key", FILE, "Save key image…", "camera-outline", ("K",),
           "Save the panes as they are shown, as PNG", lambda c: c.window.save_key_image(), picture),
    Action("settings", FILE, "Settings…", "cog-outline", ("Ctrl+,",), "Device, overlays, report, keys",
           lambda c: c.window.settings_dialog()),
    Action("quit", FILE, "Quit", "exit-to-app", ("Ctrl+Q",), "Close BreastView; everything is kept",
           lambda c: c.window.close()),
)  # fmt: skip
