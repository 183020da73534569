"""Damaged files by the hundred: each is a picture or a sentence, soon, and nothing falls over."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.readers import isolated
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe
from tests import phantoms

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

MUTANTS = 60
SECONDS_EACH = 60.0

SAMPLES: dict[str, Callable[[Path], Path]] = {
    "native.dcm": phantoms.us_with_regions,
    "palette.dcm": phantoms.us_palette,
    "cine.dcm": phantoms.us_cine,
    "mammogram.dcm": phantoms.mammogram,
    **{
        f"{codec}.dcm": lambda path, codec=codec: phantoms.compressed(
            path,
            codec,
            phantoms.speckle().astype(np.uint16) * 16 if codec == "jpeg12" else phantoms.speckle(),
            "MONOCHROME2",
        )
        for codec in phantoms.CODECS
    },
    "a.png": phantoms.picture,
    "a.jpg": phantoms.picture,
    "a.bmp": phantoms.picture,
    "a.tif": phantoms.picture,
}  # fmt: skip


def mutant(content: bytes, random: np.random.Generator) -> bytes:
    """Return the content with some bytes changed, a piece cut out, doubled, or the end missing."""
    changed = bytearray(content)
    for _ in range(int(random.integers(1, 12))):
        # Half of the damage hits the header, where it hurts.
        reach = len(changed) if random.random() < 0.5 else min(len(changed), 1500)
        changed[int(random.integers(reach))] = int(random.choice([0, 1, 0x7F, 0xFF, random.integers(256)]))
    place, length = int(random.integers(len(changed))), int(random.integers(1, 64))
    kind = random.random()
    if kind < 0.1:
        del changed[place : place + length]
    elif kind < 0.2:
        changed[place:place] = changed[place : place + length]
    elif kind < 0.3:
        del changed[place:]
    return bytes(changed)


@pytest.mark.parametrize("name", SAMPLES)
def test_mutants_are_pictures_or_sentences(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 3.0)
    content = SAMPLES[name](tmp_path / name).read_bytes()
    random = np.random.default_rng(sum(name.encode()))
    path = tmp_path / f"mutant-{name}"
    opened = 0
    for _ in range(MUTANTS):
        path.write_bytes(mutant(content, random))
        begin = time.monotonic()
        try:
            instance = describe(path, path.name)
            assert instance is not None
            pixels = read_frame(instance, instance.frames - 1)
            assert pixels.values.size == instance.rows * instance.columns * (3 if pixels.colour else 1)
            opened += 1
        except (UnreadableFile, UnsupportedFile) as error:
            assert str(error).startswith("mutant-")
        assert time.monotonic() - begin < SECONDS_EACH
    assert opened < MUTANTS
