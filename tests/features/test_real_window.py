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
from numpy.typing import NDArray
from PIL import Image

from tests import phantoms

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("Xvfb", "xdotool", "import")
PATIENCE_S = 240

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
        timeout=120, check=False,
    )  # fmt: skip
    return done.stdout.strip()


def until_titled(display: str, text: str, *meanwhile: str) -> str:
    """Wait for a window whose title holds a text and return its id.

    What is to be done `meanwhile` is repeated: without a window manager a key is lost that comes before the
    window has taken the focus that a click gives it.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = xdotool(display, "search", "--onlyvisible", "--name", text).splitlines()
        if found:
            return found[0]
        if meanwhile:
            xdotool(display, *meanwhile)
        time.sleep(0.3)
    raise AssertionError(f"no window titled {text!r} within {PATIENCE_S} s")


def until_painted(environment: dict[str, str], picture: Path) -> NDArray[np.float32]:
    """Return what the panes show, once that is a picture and not their background."""
    end = time.monotonic() + PATIENCE_S
    while True:
        subprocess.run(["import", "-window", "root", str(picture)], env=environment, check=True, timeout=240)
        screen = np.asarray(Image.open(picture).convert("L"), np.float32)
        assert screen.shape == (800, 1280)
        panes = screen[150:700, 280:950]
        if panes.std() > 20 or time.monotonic() > end:
            return panes
        time.sleep(0.3)


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
            step = ("mousemove", "--window", window, "640", "400", "click", "1", "key", "Down")
            until_titled(display, "case 2.png", *step)
            xdotool(display, "key", "m")
            panes = until_painted(environment, tmp_path / "screen.png")
            xdotool(display, "key", "ctrl+q")
            assert program.wait(PATIENCE_S) == 0
        finally:
            program.kill()
    assert panes.std() > 20 and 0.05 < (panes > 90).mean() < 0.95
    assert (tmp_path / "home" / "data" / "record.sqlite3").is_file()
