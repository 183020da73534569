"""A window that is built without the style sheet wears it in the end."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from breastview import app
from breastview.gui.undressed import undressed


def test_what_is_built_without_the_style_sheet_wears_it_at_the_end(qapp: QApplication) -> None:
    sheet = app.application().styleSheet()
    dressed = QPushButton("Final")
    with undressed():
        assert qapp.styleSheet() == ""
        built = QPushButton("Final")
    assert qapp.styleSheet() == sheet != ""
    for one in (dressed, built):
        one.ensurePolished()
    assert built.sizeHint() == dressed.sizeHint() and built.font() == dressed.font()


def test_where_building_fails_the_application_is_dressed_again(qapp: QApplication) -> None:
    sheet = app.application().styleSheet()
    with pytest.raises(ValueError, match="no window"), undressed():
        raise ValueError("no window")
    assert qapp.styleSheet() == sheet
