"""Make the icons that Windows and macOS ask for from the PNG: build/icons/breastview.ico and .icns."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SIDES = (16, 32, 48, 64, 128, 256)


def main() -> None:
    """Write both, each with all sizes there are."""
    pictures = [Image.open(ROOT / f"resources/icons/breastview-{side}.png") for side in SIDES]
    folder = ROOT / "build/icons"
    folder.mkdir(parents=True, exist_ok=True)
    *others, largest = pictures
    sizes = [(side, side) for side in SIDES]
    largest.save(folder / "breastview.ico", sizes=sizes, append_images=others)
    largest.save(folder / "breastview.icns", append_images=others)


if __name__ == "__main__":
    main()
