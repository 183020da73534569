"""What `make run` starts: the window where there is a display, else the analysis on the command line.

``SCANS`` (environment) names a file or folder, without it the demo study is opened; ``OUT`` names another
folder than ``out`` for what the command line leaves.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "resources" / "demo"
PROBE = "from PySide6.QtGui import QGuiApplication as A; print(A(['probe']).platformName())"
SILENT_PLATFORMS = {"offscreen", "minimal"}


def obstacle() -> str:
    """Return why no window can be shown, as a clause, or an empty string where one can.

    Qt aborts the process when it finds no display, so a child asks.
    """
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    answer = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        platform = answer.stdout.strip()
        return (
            f"Qt was told to draw nowhere (QT_QPA_PLATFORM={platform})"
            if platform in SILENT_PLATFORMS
            else ""
        )
    said = answer.stderr.strip().splitlines()
    return f"Qt cannot open a window on this display ({said[0] if said else 'it does not say why'})"


def main() -> int:
    """Open the window, or analyse the same folder and leave CSV and PDF under out/."""
    scans = Path(os.environ.get("SCANS") or DEMO).expanduser()
    if not scans.exists():
        print(
            f"{scans}: no such file or folder. Give one with: make run SCANS=/path/to/folder", file=sys.stderr
        )
        return 2
    out = Path(os.environ.get("OUT") or ROOT / "out")
    why = obstacle()
    if not why:
        return subprocess.run([sys.executable, str(ROOT / "main.py"), str(scans)], check=False).returncode
    print(f"No window: {why}.\nThe same study is analysed on the command line instead.", flush=True)
    command = [sys.executable, "-m", "breastview", "analyse", str(scans), "--out", str(out)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
