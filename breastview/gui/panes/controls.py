"""The controls of one overlay in a pane's header: title, toggle, opacity, colours and the like."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panes import swatches
from breastview.gui.panes.captions import heat_title, short_heat_titles, source_name
from breastview.gui.panes.content import Content
from breastview.gui.panes.elided import ElidedButton
from breastview.gui.panes.look import Look, heat_style
from breastview.gui.panes.slider import Slider
from breastview.imaging import colour_maps
from breastview.language import tr

_SPACING = 2

ROOMY = 260
"""Width from which on the percentage is shown, in device-independent px."""

REACH = 40
"""Shortest slider that can be aimed at, in device-independent px; where the title would be cut for it, the
slider leaves its room to the title; keys and menu go on."""


class OverlayControls(QWidget):
    """Title, eye, opacity slider with its percentage, and a button with a menu of colours.

    Attributes
    ----------
    chosen : Signal(object)
        Fields of the look that the reader changed, as a dict.
    """

    chosen = Signal(object)

    def __init__(self, visible: str, opacity: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visible, self._opacity = visible, opacity
        self.title = ElidedButton(self)
        self.eye = QToolButton(self)
        self.eye.setCheckable(True)
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tip)
        self.eye.setIconSize(QSize(16, 16))
        self.eye.toggled.connect(lambda on: self.chosen.emit({self._visible: on}))
        self.slider = _slider(100)
        self.slider.setAccessibleName(tr("Opacity"))
        self.slider.valueChanged.connect(lambda value: self.chosen.emit({self._opacity: value / 100}))
        self.percent = QLabel(self)
        self.percent.setFixedWidth(36)
        self.percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.colours = QToolButton(self)
        self.colours.setIconSize(swatches.SIZE * 0.85)
        self.colours.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        for button in (self.eye, self.colours):
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.colours.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.eye)
        row.addWidget(self.slider, 100)  # what the title leaves, up to its largest width
        row.addWidget(self.percent)
        row.addWidget(self.colours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out anew."""
        super().resizeEvent(event)
        self.share_out()

    def share_out(self) -> None:
        """Give the title what it needs where room is scarce, slider and percentage the rest."""
        roomy = self.width() >= ROOMY
        beside = [self.eye, self.colours, *([self.percent] if roomy else [])]
        room = self.width() - sum(one.sizeHint().width() + _SPACING for one in beside) - REACH - _SPACING
        fits = room >= self.title.least()
        self.title.setMaximumWidth(self.title.taken(room) if fits else self.width())
        self.slider.setVisible(fits)
        self.percent.setVisible(roomy)

    def show_overlay(self, visible: bool, drawn: bool, opacity: float, swatch: QIcon) -> None:
        """Follow the look without sending anything; the opacity of what is not drawn cannot be moved."""
        with QSignalBlocker(self.eye), QSignalBlocker(self.slider):
            self.eye.setChecked(visible)
            self.slider.setValue(round(100 * opacity))
        self.eye.setIcon(icon("eye-outline" if visible else "eye-off-outline"))
        self.percent.setText(f"{100 * opacity:.0f}%")
        self.slider.setToolTip(tr("Opacity {0}%  ([ less, ] more)").format(f"{100 * opacity:.0f}"))
        for widget in (self.slider, self.percent):
            widget.setEnabled(drawn)
        self.colours.setIcon(swatch)


class MaskControls(OverlayControls):
    """The mask's controls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("mask_visible", "fill_opacity", "", parent)
        tip = tr("Show or hide the mask  (O)")
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tip)
        self.slider.setAccessibleName(tr("Mask opacity"))
        self.title.setText(tr("Mask"))
        menu = QMenu(self.colours)
        self._colours = _choices(menu, colour_maps.MASK_COLOURS, swatches.mask_swatch)
        self._colours.triggered.connect(lambda action: self.chosen.emit({"mask_colour": action.data()}))
        menu.addSeparator()
        self._switches = {
            "contour_visible": tr("Outline"),
            "calipers_visible": tr("Calipers"),
            "truth_visible": tr("Ground truth"),
            "probability_visible": tr("Segmenter’s output instead of the fill"),
        }
        self.switches = {name: self._switch(menu, name, text) for name, text in self._switches.items()}
        menu.addSeparator()
        self.outline = _slider(100)
        self.outline.setAccessibleName(tr("Opacity of the outline"))
        self.outline.valueChanged.connect(lambda value: self.chosen.emit({"contour_opacity": value / 100}))
        self._outline = QLabel()
        menu.addAction(_framed(menu, self._outline, self.outline))
        self.colours.setMenu(menu)
        self.colours.setToolTip(tr("Mask colour, outline, calipers, ground truth, segmenter’s output"))

    def _switch(self, menu: QMenu, name: str, text: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.triggered.connect(lambda on: self.chosen.emit({name: on}))
        return action

    def follow(self, content: Content, look: Look, filled: bool) -> None:
        """Follow the look; `filled`: the fill is drawn."""
        name = look.mask_colour if look.mask_colour in colour_maps.MASK_COLOURS else "cyan"
        self.show_overlay(look.mask_visible, filled, look.fill_opacity, swatches.mask_swatch(name))
        _check(self._colours, name)
        for field, action in self.switches.items():
            action.setChecked(getattr(look, field))
        self.switches["truth_visible"].setEnabled(content.truth is not None)
        with QSignalBlocker(self.outline):
            self.outline.setValue(round(100 * look.contour_opacity))
        self._outline.setText(tr("Outline {0}%").format(f"{100 * look.contour_opacity:.0f}"))


class HeatControls(OverlayControls):
    """Grad-CAM's controls; the title chooses whose heat is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("heat_visible", "heat_opacity", "", parent)
        tip = tr("Show or hide Grad-CAM  (G)")
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tip)
        self.slider.setAccessibleName(tr("Grad-CAM opacity"))
        self.title.setToolTip(tr("Choose whose heat is shown"))
        self._sources: tuple[str, ...] = ()
        _, self._map, self._least = heat_style(Look(), "").fields
        menu = QMenu(self.colours)
        self._maps = _choices(menu, colour_maps.names(), swatches.map_swatch)
        self._maps.triggered.connect(lambda action: self.chosen.emit({self._map: action.data()}))
        menu.addSeparator()
        self.threshold = _slider(95)
        self.threshold.setAccessibleName(tr("Hide heat below"))
        self.threshold.valueChanged.connect(lambda value: self.chosen.emit({self._least: value / 100}))
        self._below = QLabel()
        menu.addAction(_framed(menu, self._below, self.threshold))
        self.colours.setMenu(menu)
        self.colours.setToolTip(tr("Colour map and threshold"))

    def follow(self, content: Content, look: Look) -> None:
        """Follow the look and the classes of the analysis."""
        style = heat_style(look, content.overlays.source(look.heat_source) if content.overlays else "")
        self._opacity, self._map, self._least = style.fields
        self.show_overlay(
            look.heat_visible, look.heat_visible, style.opacity, swatches.map_swatch(style.colour_map)
        )
        _check(self._maps, style.colour_map)
        with QSignalBlocker(self.threshold):
            self.threshold.setValue(round(100 * style.threshold))
        self._below.setText(tr("Hide below {0}%").format(f"{100 * style.threshold:.0f}"))
        said = self.title.say(heat_title(content, look), *short_heat_titles(content, look))
        if self._offer(content.overlays.sources if content.overlays else ()) or said:
            self.share_out()
        if self._sources:
            _check(self._titles, look.heat_source)

    def _offer(self, sources: tuple[str, ...]) -> bool:
        """Fill the title's menu when the classes are others than before; without a reading it stays."""
        if not sources or sources == self._sources:
            return False
        self._sources = sources
        menu = QMenu(self.title)
        self._titles = QActionGroup(menu)
        for source in ("", *sources):
            text = source_name(source) if source else tr("Most probable class")
            action = self._titles.addAction(menu.addAction(text))
            action.setData(source)
            action.setCheckable(True)
        menu.insertSeparator(self._titles.actions()[1])
        menu.triggered.connect(lambda action: self.chosen.emit({"heat_source": action.data()}))
        self.title.offer(menu)
        return True


def _slider(most: int) -> Slider:
    slider = Slider(most)
    slider.setPageStep(10)
    slider.setMinimumWidth(REACH)
    slider.setMaximumWidth(110)
    slider.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return slider


def _choices(menu: QMenu, names: Iterable[str], swatch: Any) -> QActionGroup:
    group = QActionGroup(menu)
    for name in names:
        action = menu.addAction(swatch(name), tr(name).capitalize())
        action.setData(name)
        action.setCheckable(True)
        group.addAction(action)
    return group


def _check(group: QActionGroup, name: str) -> None:
    """Set off the chosen entry."""
    for action in group.actions():
        chosen = action.data() == name
        if chosen != action.isChecked() or action.font().bold() != chosen:
            action.setChecked(chosen)
            action.setFont(theme.font(bold=chosen))


def _framed(menu: QMenu, *widgets: QWidget) -> QWidgetAction:
    """Return a menu entry that holds widgets below one another."""
    frame = QWidget(menu)
    column = QVBoxLayout(frame)
    column.setContentsMargins(10, 4, 10, 6)
    column.setSpacing(4)
    for widget in widgets:
        column.addWidget(widget)
    entry = QWidgetAction(menu)
    entry.setDefaultWidget(frame)
    return entry
