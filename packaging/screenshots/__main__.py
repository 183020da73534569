"""Take the pictures of ``docs/screenshots`` and ``docs/report`` (``make screenshots``) from phantoms alone,
and write the keyboard cards.

``python packaging/screenshots [NAME ...]`` takes all, or those scenes; a folder of its own holds settings and
records, so that nothing of the user's is seen or touched.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 2560, "height": 1440, "logicalDpi": 96, "dpr": 1}


def prepare(folder: Path) -> None:
    """Let Qt draw on a screen of its own, and BreastView keep everything under `folder`."""
    (folder / "screen.json").write_text(json.dumps({"screens": [SCREEN]}), encoding="utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={folder / 'screen.json'}"
    os.environ["BREASTVIEW_HOME"] = str(folder / "home")
    sys.path[:0] = [str(ROOT), str(ROOT / "packaging" / "demo")]


def main(wanted: list[str]) -> None:
    """Take the scenes named, or all, and the report's pages."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name:
        prepare(Path(name))
        import report
        import scenes
        from stage import Stage

        stage = Stage(Path(name), ROOT / "docs" / "screenshots")
        for scene in scenes.SCENES:
            if not wanted or scene.__name__ in wanted:
                print(scene.__name__, flush=True)
                scene(stage)
        if not wanted or "report" in wanted:
            report.pages(stage, ROOT / "docs" / "report")
        if not wanted or "keys" in wanted:
            cards(ROOT / "docs")


def cards(folder: Path) -> None:
    """Write the keyboard cards of the guide, in each language."""
    from breastview.gui import key_card, speech

    for language in ("en", "de"):
        speech.speak(language)
        key_card.write({}, "A4", folder / f"keys-{language}.pdf")
    speech.speak("en")


if __name__ == "__main__":
    main(sys.argv[1:])
