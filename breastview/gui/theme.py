"""The dark look of a reading room: one palette, one style sheet, for Fusion."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

WINDOW = "#101214"
PANEL = "#16191d"
RAISED = "#1e2328"
HOVER = "#262c33"
LINE = "#2b3138"
PANE = "#000000"
TEXT = "#d7dbe0"
MUTED = "#8b949e"
DISABLED = "#858d96"
"""Also of placeholders: dimmer than what can be used, but still read in a dark room (at least 4.5 : 1)."""
LOCKED = "#aab2bb"
"""What a final assessment says: it cannot be changed, but it is there to be read."""
ICON = "#c3c9d1"
ACCENT = "#4cc2e0"
WARNING = "#f0b429"
DANGER = "#ff6b6b"
GOOD = "#6fcf97"

BASE_PIXELS = 13
"""Height of the base font in device-independent pixels."""

CLASS_COLOURS = {
    "malignant": DANGER, "benign": GOOD, "normal": ACCENT, "lesion": WARNING,
    "idc": DANGER, "non-idc": ACCENT,
}  # fmt: skip
"""Colour of a class's bar; the name always stands beside it, so colour is never the only sign."""

_ASSETS = (Path(__file__).parent / "assets").as_posix()
"""Arrows and ticks: the style sheet takes pictures from files only."""

_SHEET = f"""
QWidget {{ color: {TEXT}; font-size: {BASE_PIXELS}px; }}
QMainWindow, QDialog {{ background: {WINDOW}; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px 6px; }}

QMenuBar {{ background: {WINDOW}; padding: 1px 4px; }}
QMenuBar::item {{ padding: 4px 9px; background: transparent; border-radius: 3px; }}
QMenuBar::item:selected {{ background: {HOVER}; }}
QMenu {{ background: {PANEL}; border: 1px solid {LINE}; padding: 4px; }}
QMenu::item {{ padding: 5px 22px 5px 10px; border-radius: 3px; }}
QMenu::item:selected {{ background: {HOVER}; }}
QMenu::item:disabled {{ color: {DISABLED}; background: transparent; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::indicator:checked {{
  image: url("{_ASSETS}/check.svg"); width: 14px; height: 14px; padding-left: 8px; }}
QComboBox:disabled, QLineEdit:disabled, QPlainTextEdit:disabled, QDateEdit:disabled {{
  color: {DISABLED}; border-color: {RAISED}; }}
AssessmentForm QComboBox:disabled, AssessmentForm QLineEdit:disabled, AssessmentForm QSpinBox:disabled,
AssessmentForm QPlainTextEdit:disabled {{ color: {LOCKED}; }}
QHeaderView::section {{ text-align: left; }}
QMenu::separator {{ height: 1px; background: {LINE}; margin: 4px 6px; }}

QToolBar {{
  background: {WINDOW}; border: 0; border-bottom: 1px solid {LINE}; spacing: 2px; padding: 3px 6px; }}
QToolBar::separator {{ width: 1px; background: {LINE}; margin: 4px 6px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 4px; }}
QToolButton:hover {{ background: {HOVER}; }}
QToolButton:pressed, QToolButton:checked {{ background: #173540; border-color: #245565; }}
QToolButton:focus {{ border-color: {ACCENT}; }}
QToolButton:disabled {{ color: {DISABLED}; }}

QPushButton {{ background: {RAISED}; border: 1px solid {LINE}; border-radius: 4px; padding: 5px 14px; }}
QPushButton:hover {{ background: {HOVER}; }}
QPushButton:pressed {{ background: #173540; }}
QPushButton:focus {{ border-color: {ACCENT}; }}
QPushButton:disabled {{ color: {DISABLED}; }}
QPushButton#number {{ padding: 2px 0; }}
QPushButton#word {{ padding: 1px 8px; }}
QPushButton[primary="true"] {{ background: #1d5566; border-color: #2b7388; }}
QPushButton[primary="true"]:disabled {{ background: {RAISED}; border-color: {LINE}; color: {DISABLED}; }}
QPushButton[primary="true"]:hover {{ background: #216277; }}
QPushButton[primary="true"]:focus {{ border-color: {ACCENT}; }}
QPushButton:checked {{ background: #173540; border-color: #2b7388; color: {ACCENT}; }}

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateEdit, QKeySequenceEdit {{
  background: {WINDOW}; border: 1px solid {LINE}; border-radius: 4px; padding: 4px 6px;
  selection-background-color: #245565; selection-color: #ffffff; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QKeySequenceEdit:focus {{
  border-color: {ACCENT}; }}
QComboBox {{ padding-right: 2px; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: 0; width: 16px; }}
QComboBox::down-arrow, QDateEdit::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
  image: url("{_ASSETS}/down.svg"); width: 12px; height: 12px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url("{_ASSETS}/up.svg"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {PANEL}; border: 1px solid {LINE}; padding: 3px; outline: 0; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
  width: 18px; border: 0; background: transparent; subcontrol-origin: border; }}
QSpinBox::up-button, QDoubleSpinBox::up-button {{ subcontrol-position: top right; }}
QSpinBox::down-button, QDoubleSpinBox::down-button {{ subcontrol-position: bottom right; }}
QAbstractSpinBox QLineEdit {{ border: 0; background: transparent; padding: 0 7px; }}
QCheckBox::indicator {{
  width: 15px; height: 15px; background: {WINDOW}; border: 1px solid #4d5762; border-radius: 3px; }}
QCheckBox::indicator:checked {{
  background: #1d5566; border-color: #2b7388; image: url("{_ASSETS}/check.svg"); }}
QCheckBox::indicator:focus {{ border-color: {ACCENT}; }}
QRadioButton::indicator {{
  width: 13px; height: 13px; background: {WINDOW}; border: 1px solid #4d5762; border-radius: 7px; }}
QRadioButton::indicator:checked {{
  background: qradialgradient(cx: 0.5, cy: 0.5, radius: 0.5, fx: 0.5, fy: 0.5,
    stop: 0 {ACCENT}, stop: 0.45 {ACCENT}, stop: 0.6 {WINDOW}); border-color: {ACCENT}; }}
QRadioButton::indicator:focus {{ border-color: {ACCENT}; }}
QRadioButton:disabled {{ color: {DISABLED}; }}
QCheckBox:disabled {{ color: {DISABLED}; }}
QDialog#palette {{ background: {PANEL}; border: 1px solid #3a424b; }}

QListView, QTableView, QTreeView, QScrollArea {{ background: {PANEL}; border: 0; outline: 0; }}
QListWidget::item, QTreeWidget::item {{ padding: 4px 6px; }}
QListWidget::item:selected, QTreeWidget::item:selected {{ background: #245565; color: #ffffff; }}
QListView#worklist {{ border: 1px solid transparent; }}
QListView#worklist:focus {{ border-color: #245565; }}
QListWidget, QTreeWidget, QTableWidget {{ border: 1px solid transparent; }}
QListWidget:focus, QTreeWidget:focus, QTableWidget:focus {{ border-color: {ACCENT}; }}
QTableView {{ gridline-color: {LINE}; alternate-background-color: {RAISED}; }}
QHeaderView::section {{
  background: {PANEL}; color: {MUTED}; border: 0; border-bottom: 1px solid {LINE}; padding: 4px 3px; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{
  background: #3a424b; border-radius: 4px; min-height: 28px; min-width: 28px; margin: 1px; }}
QScrollBar::handle:hover {{ background: #4d5762; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

QSplitter::handle {{ background: {LINE}; }}
QSplitter::handle:hover {{ background: #245565; }}
QStatusBar {{ background: {WINDOW}; border-top: 1px solid {LINE}; color: {MUTED}; }}
QStatusBar::item {{ border: 0; }}
QStatusBar QLabel {{ padding: 0 6px; }}
QProgressBar {{ background: {RAISED}; border: 0; border-radius: 3px; max-height: 6px; }}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: 3px; }}

QTabWidget::pane {{ border: 1px solid {LINE}; border-radius: 4px; top: -1px; }}
QTabBar::tab {{
  background: transparent; color: {MUTED}; padding: 6px 14px; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {TEXT}; border-bottom-color: {ACCENT}; }}
QTabBar::tab:focus {{ color: {ACCENT}; }}

QFrame#panel, QWidget#panel {{ background: {PANEL}; }}
QFrame#card {{ background: {PANEL}; border: 1px dashed #3a424b; border-radius: 10px; }}
QFrame#card[dropping="true"] {{ border-color: {ACCENT}; background: #12242b; }}
QFrame#message {{ background: #2b2410; border: 1px solid #5c4a12; border-radius: 4px; }}
QFrame#message[kind="error"] {{ background: #2d1617; border-color: #6b2c2e; }}
QFrame#message[kind="note"] {{ background: #122a33; border-color: #245565; }}
QLabel[role="muted"], QCheckBox[role="muted"] {{ color: {MUTED}; }}
QLabel[role="title"] {{ font-size: 22px; font-weight: 600; }}
QLabel[role="case"] {{ font-size: 15px; font-weight: 600; }}
QLabel[role="section"] {{ color: {MUTED}; font-size: 11px; font-weight: 600; }}
QWidget#keys QLabel {{ font-size: 12px; }}
QWidget#keys QLabel[role="section"] {{ font-size: 11px; }}
QLabel[role="sentence"] {{ font-size: 14px; }}
QLabel[role="warning"] {{ color: {WARNING}; }}
QLabel[role="danger"] {{ color: {DANGER}; }}
QLabel[role="good"] {{ color: {GOOD}; }}
"""


def _palette() -> QPalette:
    """Return Fusion's palette in our colours; disabled text stays readable but clearly off."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: WINDOW,
        QPalette.ColorRole.WindowText: TEXT,
        QPalette.ColorRole.Base: PANEL,
        QPalette.ColorRole.AlternateBase: RAISED,
        QPalette.ColorRole.Text: TEXT,
        QPalette.ColorRole.Button: RAISED,
        QPalette.ColorRole.ButtonText: TEXT,
        QPalette.ColorRole.BrightText: DANGER,
        QPalette.ColorRole.Link: ACCENT,
        QPalette.ColorRole.Highlight: "#245565",
        QPalette.ColorRole.HighlightedText: "#ffffff",
        QPalette.ColorRole.ToolTipBase: RAISED,
        QPalette.ColorRole.ToolTipText: TEXT,
        QPalette.ColorRole.PlaceholderText: DISABLED,
        QPalette.ColorRole.Accent: ACCENT,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(DISABLED))
    return palette


@cache
def _family() -> str:
    there = set(QFontDatabase.families())
    return next((name for name in ("Inter", "Noto Sans", "Segoe UI") if name in there), QFont().family())


def font(pixels: int = BASE_PIXELS, bold: bool = False) -> QFont:
    """Return the interface font at a height in device-independent pixels."""
    made = QFont(_family())
    made.setPixelSize(pixels)
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def apply(application: QApplication) -> None:
    """Dress the whole application, once: every widget there is would be polished anew."""
    if application.styleSheet() == _SHEET:
        return
    application.setStyle("Fusion")
    application.setPalette(_palette())
    application.setFont(font())
    application.setStyleSheet(_SHEET)
