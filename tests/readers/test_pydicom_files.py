"""The files pydicom tests itself with: each one opens or has its sentence."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest

from breastview.errors import UnreadableFile
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.study.foreign import Companion
from breastview.study.instance import Instance, Refusal
from breastview.task import SilentTask

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

FOLDER = Path(pydicom.__file__).parent / "data"


def test_every_file_opens_or_is_refused_with_a_sentence() -> None:
    pictures, refused, undecodable = 0, 0, []
    for entry in scan([FOLDER / "test_files", FOLDER / "charset_files"], SilentTask()):
        if isinstance(entry, Refusal):
            assert entry.reason.endswith(".")
            refused += 1
            continue
        if isinstance(entry, Companion):
            continue
        assert isinstance(entry, Instance)
        pictures += 1
        try:
            pixels = read_frame(entry, entry.frames - 1)
            assert pixels.size == (entry.rows, entry.columns)
        except UnreadableFile as error:
            undecodable.append(str(error))
    assert pictures > 50
    assert refused > 10
    assert [sentence.partition(":")[0] for sentence in undecodable] == [
        "JPEG2000-embedded-sequence-delimiter.dcm"
    ]
