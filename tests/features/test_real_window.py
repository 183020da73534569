"""The program as a process on a real X server, driven by the keyboard."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests import phantoms

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool", "import")
PATIENCE_S = 90

pytestmark = pytest.mark.xvfb


@pytest.fixture
def display() -> Iterator[str]:
    """Start an X server of our own on a number that is free; skip where a tool is missing."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (Debian: xvfb xdotool imagemagick)")
    number, told = os.pipe()
    command = ["Xvfb", "-displayfd", str(told), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(told,), stderr=subprocess.DEVNULL) as server:
        os.close(told)
        with os.fdopen(number) as pipe:
            yield f":{pipe.readline().strip()}"
        server.terminate()


def xdotool(display: str, *arguments: str) -> str:
    """Run xdotool and return what it prints."""
    done = subprocess.run(
        ["xdotool", *arguments], env={**os.environ, "DISPLAY": display}, capture_output=True, text=True,
        timeout=30, check=False,
    )  # fmt: skip
    return done.stdout.strip()


def until_titled(display: str, text: str) -> str:
    """Wait for a window whose title holds a text and return its id."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = xdotool(display, "search", "--onlyvisible", "--name", text).splitlines()
        if found:
            return found[0]
        time.sleep(0.3)
    raise AssertionError(f"no window titled {text!r} within {PATIENCE_S} s")


def test_the_program_opens_a_folder_steps_by_key_shows_pictures_and_quits_by_key(
    display: str, tmp_path: Path
) -> None:
    scans = tmp_path / "scans"
    for number in (1, 2):
        phantoms.picture(scans / f"case {number}.png", phantoms.speckle(240, 320, number))
    environment = {
        **os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "BREASTVIEW_HOME": str(tmp_path / "home"),
        "BREASTVIEW_MODELS": str(tmp_path / "no models"),
    }  # fmt: skip
    with subprocess.Popen([sys.executable, "main.py", str(scans)], cwd=ROOT, env=environment) as program:
        try:
            window = until_titled(display, "case 1.png")
            xdotool(display, "mousemove", "--window", window, "640", "400", "click", "1")
            xdotool(display, "key", "Down")
            until_titled(display, "case 2.png")
            xdotool(display, "key", "m")
            time.sleep(1)
            picture = tmp_path / "screen.png"
            subprocess.run(
                ["import", "-window", "root", str(picture)], env=environment, check=True, timeout=30
            )
            xdotool(display, "key", "ctrl+q")
            assert program.wait(PATIENCE_S) == 0
        finally:
            program.kill()
    screen = np.asarray(Image.open(picture).convert("L"), np.float32)
    assert screen.shape == (800, 1280)
    panes = screen[150:700, 280:950]
    assert panes.std() > 20 and 0.05 < (panes > 90).mean() < 0.95
    assert (tmp_path / "home" / "data" / "record.sqlite3").is_file()
