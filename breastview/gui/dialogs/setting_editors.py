"""The widget that edits a setting, chosen by the setting's type and by what `settings.py` says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from breastview.language import tr

Choices = tuple[tuple[str, str], ...]


class Editor:
    """A widget with its value.

    Attributes
    ----------
    widget : QWidget
    read : callable
        Returns the value, in the setting's own type.
    show : callable
        Shows a value.
    """

    def __init__(self, widget: QWidget, read: Callable[[], Any], show: Callable[[Any], object]) -> None:
        self.widget, self.read, self.show = widget, read, show


def choices(kind: object, modality: str = "") -> Choices:
    """Return (key, text) of a setting's choices: those listed with it, or those there are of a kind.

    Parameters
    ----------
    modality : str
        DICOM modality of the pictures that model bundles read.
    """
    if isinstance(kind, tuple):
        return tuple((key, tr(text)) for key, text in kind)
    from breastview.imaging import colour_maps

    if kind == "colour_maps":
        return tuple((name, name.capitalize()) for name in colour_maps.names())
    if kind == "mask_colours":
        return tuple((name, tr(name).capitalize()) for name in colour_maps.MASK_COLOURS)
    return (("", tr("Newest that fits")), *_bundles(modality))


def _bundles(modality: str) -> Choices:
    """Return the models there are for pictures of a modality, those that did not come along named so."""
    from breastview.session.bundles import installed

    found = {one.stamp.name: one.shipped for one in reversed(installed()) if one.modality == modality}
    return tuple(
        (name, name if came_along else tr("{name} (own)").format(name=name))
        for name, came_along in sorted(found.items())
    )


def editor(item: Field[Any], value: Any, changed: Callable[[], object]) -> Editor:
    """Return the editor of a setting; `changed` is called whenever its value is."""
    made = _made(item.metadata, value, changed)
    made.show(value)
    return made


def _made(meta: Mapping[str, Any], value: Any, changed: Callable[[], object]) -> Editor:
    if "choices" in meta:
        return _chooser(value, choices(meta["choices"], meta.get("modality", "")), changed)
    if isinstance(value, bool):
        check = QCheckBox()
        check.toggled.connect(lambda _on: changed())
        return Editor(check, check.isChecked, check.setChecked)
    if isinstance(value, int):
        whole = QSpinBox()
        whole.setRange(int(meta["low"]), int(meta["high"]))
        return _number(whole, meta, changed)
    if isinstance(value, float):
        real = QDoubleSpinBox()
        real.setRange(meta["low"], meta["high"])
        real.setSingleStep(meta.get("step", 0.1))
        real.setDecimals(2 if meta.get("step", 0.1) < 0.1 else 1)
        return _number(real, meta, changed)
    line = QLineEdit()
    line.textChanged.connect(lambda _text: changed())
    return Editor(line, line.text, line.setText)


def _chooser(value: str, offered: Choices, changed: Callable[[], object]) -> Editor:
    combo = QComboBox()
    for key, text in offered if value in dict(offered) else (*offered, (value, value)):
        combo.addItem(text, key)
    combo.currentIndexChanged.connect(lambda _index: changed())
    return Editor(combo, combo.currentData, lambda key: combo.setCurrentIndex(combo.findData(key)))


def _number(box: QSpinBox | QDoubleSpinBox, meta: Mapping[str, Any], changed: Callable[[], object]) -> Editor:
    if unit := meta.get("unit"):
        box.setSuffix(f" {tr(unit)}")
    box.valueChanged.connect(lambda _value: changed())
    return Editor(box, box.value, box.setValue)
