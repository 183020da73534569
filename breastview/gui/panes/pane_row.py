"""The panes: which picture each shows and how; what the reader does in one comes out as signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from breastview.gui.panes import content, layouts
from breastview.gui.panes.canvas import Parts
from breastview.gui.panes.content import Content, Note
from breastview.gui.panes.foreign_layer import ForeignLayers
from breastview.gui.panes.frame_slider import FrameSlider
from breastview.gui.panes.key_image import key_image
from breastview.gui.panes.layouts import Beside, Shows, Slot
from breastview.gui.panes.look import SEGMENTER, Look
from breastview.gui.panes.orientation import UPRIGHT
from breastview.gui.panes.outlines_lesions import Lesions
from breastview.gui.panes.outlines_live import LiveMask
from breastview.gui.panes.pane import Pane
from breastview.gui.panes.pane_views import STEP, PaneViews
from breastview.gui.panes.places import Boxes
from breastview.gui.panes.readout import value_text
from breastview.gui.panes.tools import Toolbox
from breastview.gui.panes.view import View
from breastview.gui.panes.viewing_tools import MAGNIFIER, viewing_tools
from breastview.gui.panes.window_drag import BRIGHTER, WIDER, dragged
from breastview.imaging.mask_editing import Box
from breastview.language import tr
from breastview.study.analysis import Analysis
from breastview.study.calibration import Calibration
from breastview.study.instance import Instance, Window
from breastview.study.pixels import FramePixels

GAP = 2
"""Between panes, in device-independent px; hung mammograms touch."""

_PARTS = {
    Shows.ORIGINAL: Parts(),
    Shows.MASK: Parts(mask=True),
    Shows.HEAT: Parts(heat=True),
    Shows.SEGMENTER: Parts(heat=True),
    Shows.BOTH: Parts(mask=True, heat=True),
}


class PaneRow(QWidget):
    """The current picture in one to four panes, alone or with others beside it.

    Setters show what they are given and send nothing; what the reader does is shown at once and sent.

    Parameters
    ----------
    parent : QWidget, optional
        The window.
    drag_up_brightens : bool
        Direction of a window/level drag.

    Attributes
    ----------
    look_changed : Signal(Look)
        Window dragged, overlay toggled, opacity, colours, heat source, contents or maximised pane chosen.
    pointed : Signal(int, int, str)
        Column and row under the mouse and the value there; -1, -1 and nothing when it leaves the picture.
    files_dropped : Signal(list)
        Paths dropped from outside.
    step_requested : Signal(int)
        Notches of the wheel, forwards is positive.
    beside_step_requested : Signal(int, int)
        Notches of the wheel over a picture beside the current one that goes its own way, and which.
    picture_chosen : Signal(int)
        A picture beside the current one was pressed.
    frame_requested : Signal(int)
        Frame chosen with the slider, counted from 0.
    active_changed : Signal(int)
        Index of the pane that keys act on, in reading order.
    view_changed : Signal(float)
        Zoom of the active pane in device px per px of the picture.
    tools : Toolbox
        Tools of the mouse on the current picture.
    frames : FrameSlider
        The bar under a cine.
    """

    look_changed = Signal(object)
    pointed = Signal(int, int, str)
    files_dropped = Signal(list)
    step_requested = Signal(int)
    beside_step_requested = Signal(int, int)
    picture_chosen = Signal(int)
    frame_requested = Signal(int)
    active_changed = Signal(int)
    view_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None, drag_up_brightens: bool = True) -> None:
        super().__init__(parent)
        self.drag_up_brightens = drag_up_brightens
        self._contents, self._look, self._beside = [Content()], Look(), Beside()
        self._gathering: set[int] | None = None
        self._shown: dict[int, Slot] = {}
        self._windows: dict[Path, Window] = {}
        self._together: set[Path | None] = set()
        self._views = PaneViews(self._of, self)
        self._views.changed.connect(self._tell_zoom)
        self._active = 0
        self._dragged, self._drags = QPointF(), 0
        self._taken: int | None = None
        self._windowing = QTimer(self)
        self._windowing.setSingleShot(True)
        self._windowing.setInterval(0)
        self._windowing.timeout.connect(self._drag_window)
        self.tools, self._no_tools = Toolbox(self), Toolbox(self)
        self.tools.done.connect(lambda: self._choose({"tool": ""}))
        for box in (self.tools, self._no_tools):
            for tool in viewing_tools(self):
                box.add(tool)
        self._panes: list[Pane] = []
        self._away: set[int] = set()
        self._playing = False
        self.frames = FrameSlider(self)
        self.frames.requested.connect(self.frame_requested)
        self.frames.resized.connect(self._arrange)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(QSize(480, 240))
        self._grow(4)
        self.set_look(self._look)
        self._activate(0)

    def _grow(self, count: int) -> None:
        """Have at least this many panes."""
        for index in range(len(self._panes), count):
            pane = Pane(f"pane{index + 1}", self)
            pane.hide()
            self._panes.append(pane)
            self._connect(index, pane)

    def _connect(self, index: int, pane: Pane) -> None:
        pane.chosen.connect(lambda fields: self._choose_in(index, fields))
        pane.canvas.histogram_closed.connect(lambda: self._choose({"histogram": False}))
        pane.canvas.window_chosen.connect(lambda window: self._choose_in(index, {"window": window}))
        pane.canvas.resized.connect(lambda: self._views.refit(index))
        gestures = pane.canvas.gestures
        for signal, act in (
            (gestures.pressed, self._press),
            (gestures.maximised, lambda _index: self.maximise()),
            (gestures.stepped, self._step),
            (gestures.window_dragged, self._collect_drag),
            (gestures.panned, lambda index, dx, dy: self.pan(dx, dy, index)),
            (gestures.zoomed, self._zoom_at),
            (gestures.hovered, self._point),
        ):
            signal.connect(partial(self._heard, index, act))
        gestures.left.connect(self._point_nowhere)

    def _heard(self, index: int, act: Callable[..., object], *arguments: Any) -> None:
        """Do what a gesture asks; the mouse may still hold a pane that a press or a key took away."""
        if index in self._shown:
            act(index, *arguments)

    # What to show ------------------------------------------------------------------------------------------

    def set_picture(
        self, pixels: FramePixels | None, instance: Instance | None, frame: int = 0, keep_view: bool = False
    ) -> None:
        """Show a frame; whatever was known about the one before is gone.

        Parameters
        ----------
        pixels, instance : FramePixels and Instance, or None
            None: no picture; a message stays.
        frame : int
            Counted from 0.
        keep_view : bool
            Keep zoom and centre (another frame of the same cine) instead of fitting the picture.
        """
        if pixels is None or pixels is not self._content.pixels:
            self.tools.forget()
        message = self._content.message if pixels is None else ""
        note = Note(tr("AI is reading…")) if pixels is not None else Note()
        fresh = self._opened(pixels, instance, frame)
        title = self._content.title if keep_view else ""
        self._show(replace(fresh, message=message, note=note, title=title))
        self.frames.show_frame(frame, instance.frames if instance is not None and pixels is not None else 1)
        self._arrange()
        if pixels is not None:
            self._views.settle(0, keep_view)

    def _opened(self, pixels: FramePixels | None, instance: Instance | None, frame: int) -> Content:
        """Return the content of a frame; what was sampled of it in another pane is kept."""
        fresh = content.opened(pixels, instance, frame)
        same = next((one.picture for one in self._contents if one.pixels is pixels), None)
        return fresh if same is None or pixels is None else replace(fresh, picture=same)

    def set_beside(self, contents: Sequence[Content], beside: Beside) -> None:
        """Show other pictures beside the current one.

        Parameters
        ----------
        contents : sequence of Content
            Pictures 1 and on.
        beside : Beside
            Where they stand.
        """
        before = [self._path(picture) for picture in range(len(self._contents))]
        drawn = {one.instance.path for one in self._contents if one.instance and one.picture}
        self._contents = [self._content, *contents]
        after = [self._path(picture) for picture in range(len(self._contents))]
        if self._together != set(after):
            self._together = set(after)
            self._views.forget()
        self._beside = beside
        self._lay_slots()
        for picture in range(1, len(after)):
            if before[picture : picture + 1] != [after[picture]] or after[picture] not in drawn:
                self._views.settle(picture, same=False)

    def set_beside_analysis(self, picture: int, analysis: Analysis | None, note: Note = Note()) -> None:
        """Show the AI's reading of a picture beside the current one."""
        self._show(self._contents[picture].with_note(note).with_analysis(analysis), picture)

    def set_analysis(
        self, analysis: Analysis | None, instance: Instance | None = None, frame: int | None = None
    ) -> None:
        """Show the AI's reading, or take it away.

        Parameters
        ----------
        analysis : Analysis or None
            One whose mask is not of the picture's size is not shown.
        instance, frame : Instance and int, optional
            What was analysed; where it is given and something else is on the screen, nothing happens.
        """
        other = instance is not None and (
            self._content.instance is None or instance.path != self._content.instance.path
        )
        if other or (frame is not None and frame != self._content.frame):
            return
        self._show(self._content.with_analysis(analysis))

    def set_truth(self, mask: NDArray[np.bool_] | None) -> None:
        """Take the ground truth, ``(rows, columns)`` bool; it is drawn while `Look.truth_visible`."""
        self._show(self._content.with_truth(mask))

    def set_foreign(self, layers: ForeignLayers) -> None:
        """Show what other systems drew over the current picture; it goes with the picture."""
        self._show(replace(self._content, foreign=layers))

    def set_lesions(self, lesions: Lesions | None) -> None:
        """Show the reader's lesions instead of the AI's; None: the AI's as they are."""
        if lesions is self._content.edited and self._content.live is None:
            return  # told with every number that comes: nothing is painted anew for it
        self._show(self._content.with_lesions(lesions))

    def show_places(self, boxes: Boxes) -> None:
        """Mark parts of the current picture (px) in all its panes; none: no longer."""
        for each, slot in self._shown.items():
            self._panes[each].canvas.show_places(boxes if slot.picture == 0 else ())

    def set_live(self, live: LiveMask) -> None:
        """Show a mask that is being drawn, until `set_lesions` is called."""
        self._show(replace(self._content, live=live))

    def touch(self, box: Box) -> None:
        """Draw again a part of the mask that is being drawn, and nothing else."""
        if self._content.live is not None:
            self._content.live.touch(box)
        self.redraw(box)

    def redraw(self, box: Box) -> None:
        """Draw again what lies over a part of the current picture."""
        for index, slot in self._shown.items():
            if slot.picture == 0:
                self._panes[index].canvas.show_touched(box)

    def set_calibration(self, ruler: Calibration | None) -> None:
        """Take the reader's own calibration of the current picture; None: the file's counts."""
        if ruler != self._content.ruler:
            self._show(replace(self._content, ruler=ruler))
            self._views.lie(self._look.orientation)

    def set_message(self, text: str) -> None:
        """Show a sentence instead of the picture; an empty one uncovers it."""
        self._show(replace(self._content, message=text))

    def set_ai_note(self, text: str, failed: bool = False) -> None:
        """Show a line about the AI over the overlay panes' lower edge; an analysis takes its place."""
        self._show(replace(self._content, note=Note(text, failed)))

    def set_playing(self, playing: bool) -> None:
        """Take the tools away while a cine moves: what they draw belongs to one frame."""
        if playing != self._playing:
            self._playing = playing
            self._lay_slots()

    def set_title(self, text: str) -> None:
        """Write which of several pictures the current one is."""
        self._show(replace(self._content, title=text))

    def set_look(self, look: Look) -> None:
        """Draw as the look says."""
        self._look = look
        for box in (self.tools, self._no_tools):
            box.use(look.tool)
        if look.tool != MAGNIFIER:
            self._magnify(None, 0)
        self._views.linked = look.linked
        self._lay_slots()
        self._views.lie(look.orientation)
        there = self._active in self._shown
        self._activate(self._active if there else next(iter(self._shown)))

    def _lay_slots(self) -> None:
        """Give every pane its slot; where other panes are shown than before, lay them out anew."""
        before, self._shown = self._shown, layouts.shown(self._look, self._beside)
        self._grow(max(self._shown) + 1)
        for index, slot in self._shown.items():
            pane = self._panes[index]
            own = slot.picture == 0 and not self._playing
            pane.canvas.use_tools(self.tools if own else self._no_tools, slot.shows.value)
            wall = slot.hung.wall if slot.hung is not None else None
            pane.show_parts(replace(_PARTS[slot.shows], text=slot.text, wall=wall), slot.shows)
            pane.show_look(self._look_of(slot))
            pane.show_content(self._of(slot.picture))
        if before != self._shown:
            shown = {index: (self._panes[index], slot) for index, slot in self._shown.items()}
            self._views.arrange(shown, self._arrange)
        current = next((n for n, slot in self._shown.items() if slot.picture == 0), self._active)
        if self._beside.hung or self._active not in self._shown:
            self._activate(current if current in self._shown else next(iter(self._shown)))

    def _look_of(self, slot: Slot) -> Look:
        """Return how a pane draws: its own window beside the current picture, its own source of heat."""
        look = self._look
        if slot.hung is not None:
            look = replace(look, annotation_level=min(look.annotation_level, 1))
        if slot.picture and not self._windowed_alike(slot.picture):
            look = replace(look, window=self._windows.get(self._path(slot.picture) or Path()))
        return replace(look, heat_source=SEGMENTER) if slot.shows is Shows.SEGMENTER else look

    def _windowed_alike(self, picture: int) -> bool:
        """Return whether one window serves a picture and the current one: linked, and of one kind."""
        here, there = self._content, self._of(picture)
        if not self._look.linked or here.instance is None or there.instance is None:
            return False
        kind = (here.instance.modality, here.instance.bits_stored)
        return kind == (there.instance.modality, there.instance.bits_stored)

    def _show(self, shown: Content, picture: int = 0) -> None:
        self._contents[picture] = shown
        if self._gathering is not None:
            self._gathering.add(picture)
            return
        for index, slot in self._shown.items():
            if slot.picture == picture:
                self._panes[index].show_content(shown)

    def gather(self, more: bool) -> None:
        """Show nothing until all that is known of a picture is gathered; then show all of it, once.

        Parameters
        ----------
        more : bool
            Whether more is to come. Nothing is painted before it has: the event loop does not run meanwhile.
        """
        if more:
            self._gathering = self._gathering or set()
            return
        waiting, self._gathering = self._gathering or set(), None
        for picture in sorted(waiting):
            if picture < len(self._contents):
                self._show(self._contents[picture], picture)

    # What is shown -----------------------------------------------------------------------------------------

    @property
    def _content(self) -> Content:
        """The current picture."""
        return self._contents[0]

    def _of(self, picture: int) -> Content:
        nothing = Content(message=tr("No other picture is shown beside this one."))
        return self._contents[picture] if picture < len(self._contents) else nothing

    def _path(self, picture: int) -> Path | None:
        instance = self._of(picture).instance
        return instance.path if instance is not None else None

    @property
    def look(self) -> Look:
        """How the panes draw at present."""
        return self._look

    @property
    def view(self) -> View:
        """Which part of its picture the active pane shows."""
        return self._views[self._active]

    @property
    def active(self) -> int:
        """Index of the pane that keys act on, in reading order."""
        return self._active

    @property
    def active_shows(self) -> Shows:
        """What the active pane shows."""
        return self._shown[self._active].shows

    def pane(self, index: int) -> Pane:
        """Return a pane, counted in reading order."""
        return self._panes[index]

    def grab_key_image(self) -> QImage:
        """Return the shown pictures with overlays and captions, without controls, in device px.

        Below lies an empty strip as high as a caption, for a line that the caller writes.
        """
        placed = [
            (slot.row, slot.column, self._panes[index]) for index, slot in self._shown.items()
            if index not in self._away or not self.here
        ]  # fmt: skip
        return key_image(placed, self._gap)

    # What the reader does: the look ------------------------------------------------------------------------

    def _choose(self, fields: dict[str, Any]) -> None:
        """Change the look here and say so."""
        look = replace(self._look, **fields)
        if look != self._look:
            self.set_look(look)
            self.look_changed.emit(look)

    def _choose_in(self, index: int, fields: dict[str, Any]) -> None:
        """Change what one pane shows, or the look of all."""
        if "shows" in fields:
            self._choose_content(index, fields["shows"])
        elif "window" in fields:
            self._set_window(self._shown[index].picture, fields["window"])
        elif self._shown[index].shows is Shows.SEGMENTER and "heat_source" in fields:
            self._choose_content(index, Shows.HEAT)
            self._choose(fields)
        else:
            self._choose(fields)

    def _choose_content(self, index: int, shows: Shows) -> None:
        """Let one pane of the layout show something else."""
        kinds = list(layouts.contents(self._look))
        if not self._beside.hung:
            kinds[index % len(kinds)] = shows
            self._choose({"contents": tuple(kind.value for kind in kinds)})

    def choose(self, **fields: Any) -> None:
        """Change fields of the look, as the reader did with the mouse."""
        self._choose(fields)

    def drag_window(self, dx: float, dy: float) -> None:
        """Window and level the active pane by a drag, in device-independent px."""
        self._collect_drag(self._active, dx, dy)

    def step_window(self, wider: int, brighter: int) -> None:
        """Change the active pane's window by steps: 1 wider, 1 brighter, or the other way round."""
        self.drag_window(WIDER * wider, BRIGHTER * brighter * (-1 if self.drag_up_brightens else 1))

    def _collect_drag(self, index: int, dx: float, dy: float) -> None:
        """Add to a window drag; all movements that wait in the queue become one change."""
        self._dragged += QPointF(dx, dy)
        self._drags = self._shown[index].picture
        self._windowing.start()

    def _drag_window(self) -> None:
        step, picture = self._dragged, self._drags
        self._dragged = QPointF()
        here = self._of(picture)
        if here.pixels is None or here.message:
            return
        shared = picture == 0 or self._windowed_alike(picture)
        own = self._look.window if shared else self._windows.get(self._path(picture) or Path())
        turned = self._look.invert != (here.pixels.photometric == "MONOCHROME1")
        window = dragged(own or here.pixels.window, step.x(), step.y(), self.drag_up_brightens, turned)
        self._set_window(picture, window)

    def _set_window(self, picture: int, window: Window | None) -> None:
        """Give a picture a window, all that are windowed alike the same one."""
        if picture == 0 or self._windowed_alike(picture):
            self._choose({"window": window})
        elif (path := self._path(picture)) is not None:
            if window is None:
                self._windows.pop(path, None)
            else:
                self._windows[path] = window
            self._lay_slots()

    def next_pane(self, step: int = 1) -> None:
        """Make the next shown pane the active one; with one maximised, show the next one instead."""
        if self._look.maximised is not None and not self._beside.hung:
            count = len(layouts.slots(self._look, self._beside))
            self._choose({"maximised": (self._look.maximised + step) % count})
            return
        shown = list(self._shown)
        self._press(shown[(shown.index(self._active) + step) % len(shown)])

    def maximise(self) -> None:
        """Show the active pane alone, or all panes again; one in a window of its own is alone already."""
        if self._active in self._away and self._look.maximised is None:
            return
        self._choose({"maximised": self._active if self._look.maximised is None else None})

    def _press(self, index: int) -> None:
        """Make a pane the active one; of hung pictures it becomes the current one."""
        self._activate(index)
        if self._beside.hung and self._shown[index].picture:
            self.picture_chosen.emit(self._shown[index].picture)

    def _activate(self, index: int) -> None:
        changed, self._active = index != self._active, index
        for each, pane in enumerate(self._panes):
            pane.activate(each == index)
            pane.canvas.show_histogram(self._look.histogram and each == index)
        if changed:
            self.active_changed.emit(index)

    def _step(self, index: int, notches: int) -> None:
        """Step through the picture under the mouse: all of them while they are linked."""
        picture = self._shown[index].picture
        there = self._of(picture).instance
        alone = there is not None and there.frames > 1 if self._beside.hung else not self._look.linked
        if picture and alone:
            self.beside_step_requested.emit(picture, notches)
        else:
            self.step_requested.emit(notches)

    def reset_view(self) -> None:
        """Fit the pictures and take back window, inversion and orientation."""
        self._windows.clear()
        self._views.reset()
        self._choose({"window": None, "invert": False, "orientation": UPRIGHT})

    # What the reader does: the view ------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self._views.zoom(self._active, STEP)

    def zoom_out(self) -> None:
        """Shrink about the middle."""
        self._views.zoom(self._active, 1 / STEP)

    def fit(self) -> None:
        """Show the whole picture as large as it goes."""
        self._views.fit(self._active)

    def true_size(self) -> bool:
        """Show pictures as large as life; return whether the active one could be."""
        return self._views.life_size(self._active)

    @property
    def calibrated(self) -> bool:
        """Whether the millimetres of what the active pane shows are known."""
        return self._views.spacing(self._active) is not None

    def actual_pixels(self) -> None:
        """Show one px of the picture on one device px."""
        self._views.actual(self._active)

    def pan(self, dx: float, dy: float, index: int | None = None) -> None:
        """Pull the picture of a pane, by default the active one, by device-independent px."""
        index = self._active if index is None else index
        scale = self._panes[index].canvas.scale
        self._views.pan(index, dx * scale, dy * scale)

    def zoom_about(self, factor: float, x: float, y: float) -> None:
        """Enlarge the active pane about a point, in device-independent px of its canvas."""
        self._zoom_at(self._active, factor, x, y)

    def _zoom_at(self, index: int, factor: float, x: float, y: float) -> None:
        canvas = self._panes[index].canvas
        dx, dy = (x - canvas.width() / 2) * canvas.scale, (y - canvas.height() / 2) * canvas.scale
        self._views.zoom(index, factor, dx, dy)

    def _tell_zoom(self, index: int, seen: View) -> None:
        if index == self._active:
            self.view_changed.emit(seen.zoom)

    # The mouse ---------------------------------------------------------------------------------------------

    def _point(self, index: int, x: float, y: float) -> None:
        picture, canvas = self._shown[index].picture, self._panes[index].canvas
        pixels = self._of(picture).pixels
        if pixels is None or self._of(picture).message:
            return
        at = canvas.picture_point(x, y)
        rows, columns = pixels.size
        if not (0 <= at[0] < columns and 0 <= at[1] < rows):
            self._point_nowhere()
            return
        for each, slot in self._shown.items():
            self._panes[each].canvas.show_pointer(at if each != index and slot.picture == picture else None)
        self._magnify(at if self._look.tool == MAGNIFIER else None, picture)
        column, row = int(at[0]), int(at[1])
        self.pointed.emit(column, row, value_text(pixels, column, row))

    def _magnify(self, at: tuple[float, float] | None, picture: int) -> None:
        """Hold the magnifier over a point of a picture, in all its panes."""
        for index, slot in self._shown.items():
            self._panes[index].canvas.show_loupe(at if slot.picture == picture else None)

    def _point_nowhere(self) -> None:
        self._magnify(None, 0)
        for pane in self._panes:
            pane.canvas.show_pointer(None)
        self.pointed.emit(-1, -1, "")

    # Keys --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Offer keys to the tools before they become shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            self._taken = event.key() if self.tools.key(event) else None
            if self._taken is not None:
                event.accept()
                return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            taken, self._taken = self._taken, None
            if taken == event.key():
                return True
        return super().event(event)

    # Dropped files -----------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files of this machine."""
        if _local_files(event):
            event.acceptProposedAction()
            self._highlight(True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """The files went elsewhere."""
        self._highlight(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files on."""
        self._highlight(False)
        files = _local_files(event)
        if files:
            event.acceptProposedAction()
            self.files_dropped.emit(files)

    def _highlight(self, highlighted: bool) -> None:
        for pane in self._panes:
            pane.canvas.highlight(highlighted)

    # Layout ------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give every pane the same size."""
        super().resizeEvent(event)
        self._arrange()

    @property
    def _gap(self) -> int:
        return 0 if self._beside.hung else GAP

    def _arrange(self) -> None:
        """Lay out the shown panes by hand: a box layout would make one of three a px wider."""
        slider = self.frames.sizeHint().height() if not self.frames.isHidden() else 0
        rows = [
            [n for n in self.here if self._shown[n].row == row]
            for row in sorted({self._shown[n].row for n in self.here})
        ]
        columns, gap = max((len(row) for row in rows), default=1), self._gap
        width = (self.width() - gap * (columns - 1)) // columns
        height = (self.height() - slider - GAP * (len(rows) - 1)) // max(len(rows), 1)
        left = (self.width() - width * columns - gap * (columns - 1)) // 2
        for index, pane in enumerate(self._panes):
            pane.setVisible(index in self._shown)
        for y, row in enumerate(rows):
            for x, index in enumerate(row):
                self._panes[index].setGeometry(left + x * (width + gap), y * (height + GAP), width, height)
        self.frames.setGeometry(0, self.height() - slider, self.width(), slider)

    @property
    def here(self) -> list[int]:
        """The shown panes that stand in this row, not in a window of their own."""
        return [index for index in self._shown if index not in self._away]

    def release(self, index: int) -> Pane:
        """Give a pane away to a window of its own; it goes on showing what it shows."""
        self._away.add(index)
        self._arrange()
        return self._panes[index]

    def take_back(self, index: int) -> None:
        """Take a pane back."""
        self._away.discard(index)
        self._panes[index].setParent(self)
        self._arrange()


def _local_files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
