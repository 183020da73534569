"""Draw the application icon's PNG files from its SVG (``make icons``)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
SIZES = (16, 32, 48, 64, 128, 256)


def draw(renderer: QSvgRenderer, size: int) -> QImage:
    """Return the icon as a transparent picture of `size` × `size` px."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


def main() -> None:
    """Write ``breastview-<size>.png`` for every size desktops ask for."""
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(FOLDER / "breastview.svg"))
    for size in SIZES:
        if not draw(renderer, size).save(str(FOLDER / f"breastview-{size}.png")):
            raise OSError(f"could not write {size} px")
    application.quit()


if __name__ == "__main__":
    main()
