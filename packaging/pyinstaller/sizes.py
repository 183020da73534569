"""Say what the packaged program is made of and what was cut out of it, in MB.

python packaging/pyinstaller/sizes.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "build/bundle/breastview"
CUT = ROOT / "build/bundle-work/breastview/cut.json"
LEAST = 1e6
"""Parts below this many bytes are added up as one."""


def part(place: Path) -> str:
    """Return what a file belongs to, by its place in the package."""
    inside = place.parts[1:] if place.parts[0] == "_internal" else place.parts
    top = inside[0]
    if top == "breastview" and len(inside) > 2 and inside[1] == "_bundled":
        return f"breastview: {inside[2]}"
    if len(inside) == 1:
        return "the program and its Python modules" if place.parts[0] != "_internal" else f"library {top}"
    return top.removesuffix(".libs").replace("opencv_python_headless", "cv2").replace("pillow", "PIL")


def parts(folder: Path) -> Counter[str]:
    """Return the bytes of each part of a packaged program; links count nothing."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found[part(path.relative_to(folder))] += path.stat().st_size
    return found


def main() -> None:
    """Print both tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else BUNDLE
    found = parts(folder)
    print(f"{sum(found.values()) / 1e6:7.1f} MB  all of {folder}")
    for name, size in found.most_common():
        if size >= LEAST:
            print(f"{size / 1e6:7.1f} MB  {name}")
    print(f"{sum(size for size in found.values() if size < LEAST) / 1e6:7.1f} MB  smaller parts")
    if folder == BUNDLE and CUT.is_file():
        reasons: Counter[str] = Counter()
        for size, why in json.loads(CUT.read_text("utf-8")).values():
            reasons[why] += size
        print("cut, after PyInstaller's own choice:")
        for why, size in reasons.most_common():
            print(f"{size / 1e6:7.1f} MB  {why}")


if __name__ == "__main__":
    main()
