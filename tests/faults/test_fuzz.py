"""A fuzz target per reader: files that are well formed on the outside and wrong in what they say.

Bytes changed at random rarely get past a header; here whole elements, chunks, tags and members say what no
file should. `python -m tests.faults -k fuzz` tries thousands; what is found becomes a test below.
"""

from __future__ import annotations

import io
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread

from breastview.readers import isolated
from tests.faults.campaign import figure, trials
from tests.faults.damaged import KINDS, read

EXAMPLES = trials(500, 10)
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip

odd_texts = st.one_of(
    st.sampled_from([
        b"", b"0", b"-1", b"1e400", b"nan", b"inf", b"99999999999999999999", b"\\" * 40, b"1\\2\\3\\4\\5\\6",
        b"\x1b$)C\xff", b"../../etc/passwd", b"MONOCHROME1", b"RGB", b"YBR_FULL_422", b"PALETTE COLOR",
        b"1.2.840.10008.1.2.4.50", b"20261399",
    ]),
    st.binary(max_size=40),
)  # fmt: skip
odd_numbers = st.sampled_from([0, 1, 2, 7, 8, 15, 16, 64, 255, 4096, 65535, 2**31 - 1, 2**31, 2**32 - 1])
odd_values = st.one_of(
    odd_texts, odd_numbers.map(lambda value: struct.pack("<H", value & 0xFFFF)),
    odd_numbers.map(lambda value: struct.pack("<I", value)),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "SECONDS", 3.0)


@cache
def sound(kind: str) -> bytes:
    """Return a sound file of a kind."""
    with tempfile.TemporaryDirectory() as folder:
        return KINDS[kind](Path(folder) / kind).read_bytes()


def tried(name: str, content: bytes) -> str:
    """Read what was made up as a file; whatever is wrong with it is a sentence."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / name
        path.write_bytes(content)
        return read(path)


# DICOM: elements at any depth replaced, taken away or put inside others

DICOM = ("native.dcm", "palette.dcm", "cine.dcm", "mammogram.dcm", "DICOMDIR", "seg.dcm", "gsps.dcm",
         "sr.dcm", "epdf.dcm")  # fmt: skip
places = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from(["replace", "replace", "remove", "nest"]), odd_values),
    min_size=1, max_size=6,
)  # fmt: skip


def every(found: Dataset) -> list[tuple[Dataset, int]]:
    """Return every element of a data set, of whatever depth, as its holder and tag."""
    held = []
    for element in found:
        held.append((found, int(element.tag)))
        if element.VR == "SQ":
            held += [one for item in element.value for one in every(item)]
    return held


def spoilt(kind: str, changes: list[tuple[int, str, bytes]]) -> bytes:
    """Return a sound file with some of its elements changed."""
    found = dcmread(io.BytesIO(sound(kind)), force=True)
    for number, what, value in changes:
        elements = every(found)
        holder, tag = elements[number % len(elements)]
        if tag not in holder:
            continue
        if what == "remove":
            del holder[tag]
        elif what == "nest":
            inner = Dataset()
            inner.add_new(tag, "UN", value)
            holder.add_new(tag, "SQ", [inner])
        else:
            holder.add_new(tag, "UN", value + b"\0" * (len(value) % 2))
    stream = io.BytesIO()
    found.save_as(stream, enforce_file_format=False)
    return stream.getvalue()


@pytest.mark.parametrize("kind", DICOM)
@fuzzed
@given(changes=places)
def test_dicom(kind: str, changes: list[tuple[int, str, bytes]]) -> None:
    try:
        content = spoilt(kind, changes)
    except Exception:  # pydicom does not write everything that can be made up
        return
    tried(kind, content)


# Pictures: chunks with right checksums, tags of TIFF, heads of BMP, segments of JPEG

chunks = st.lists(
    st.tuples(
        st.sampled_from([b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"zTXt", b"iCCP", b"eXIf", b"acTL", b"pHYs",
                         b"IEND"]),
        st.one_of(
            st.binary(max_size=60), st.binary(max_size=200).map(zlib.compress),
            st.just(zlib.compress(bytes(2_000_000))),
            st.builds(
                lambda wide, high, depth, colour: struct.pack(">IIBBBBB", wide, high, depth, colour, 0, 0, 0),
                odd_numbers, odd_numbers, st.sampled_from([1, 2, 8, 16, 3]),
                st.sampled_from([0, 2, 3, 4, 6, 5]),
            ),
        ),
    ),
    max_size=8,
)  # fmt: skip


@fuzzed
@given(made=chunks, front=st.booleans())
def test_png(made: list[tuple[bytes, bytes]], front: bool) -> None:
    whole = sound("a.png")
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in made
    )
    tried("a.png", whole[:8] + body + whole[8:] if front else whole[:33] + body + whole[33:])


tags = st.lists(
    st.tuples(
        st.sampled_from([254, 256, 257, 258, 259, 262, 273, 274, 277, 278, 279, 282, 284, 317, 320, 322, 323,
                         324, 325, 330, 338, 339, 347, 700, 34675, 37510, 65000]),
        st.integers(0, 18), odd_numbers, odd_numbers,
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.tif", "slide.tif"])
@fuzzed
@given(made=tags)
def test_tiff(name: str, made: list[tuple[int, int, int, int]]) -> None:
    content = bytearray(sound(name))
    (start,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, start)
    there = {
        struct.unpack_from("<H", content, start + 2 + 12 * n)[0]: start + 2 + 12 * n for n in range(count)
    }
    for tag, kind, number, value in made:
        place = there.get(tag, start + 2 + 12 * (tag % count))
        struct.pack_into("<HHII", content, place, tag, kind, number & 0xFFFFFFFF, value & 0xFFFFFFFF)
    tried(name, bytes(content))


@fuzzed
@given(places=st.lists(st.tuples(st.integers(2, 53), odd_numbers), min_size=1, max_size=6))
def test_bmp(places: list[tuple[int, int]]) -> None:
    content = bytearray(sound("a.bmp"))
    for place, value in places:
        struct.pack_into("<I", content, min(place, 50), value)
    tried("a.bmp", bytes(content))


@fuzzed
@given(segments=st.lists(st.tuples(st.integers(0xC0, 0xFE), st.binary(max_size=80)), max_size=6))
def test_jpeg(segments: list[tuple[int, bytes]]) -> None:
    whole = sound("a.jpg")
    body = b"".join(
        b"\xff" + bytes([kind]) + struct.pack(">H", len(data) + 2) + data for kind, data in segments
    )
    tried("a.jpg", whole[:2] + body + whole[2:])


# ZIP: members of any name, kind and claim

names = st.one_of(
    st.sampled_from([
        "../a.png", "/etc/a.png", "a/../../b.dcm", "C:\\a.png", "a\x00b.png", "a.png/", "aux.png", ".", "..",
        "a" * 300, "a//b.png", "DICOMDIR", "inner.zip", "\u202egnp.a",
    ]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30),
)  # fmt: skip
members = st.lists(
    st.tuples(
        names, st.sampled_from(["a.png", "native.dcm", "nothing", "bomb"]), st.integers(0, 0xFFFF),
        st.sampled_from([0, 1, 8, 12, 14, 99]),
    ),
    min_size=1, max_size=6,
)  # fmt: skip


def packed(made: list[tuple[str, str, int, int]]) -> bytes:
    """Return an archive whose members bear strange names, rights and methods."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, what, mode, method in made:
            content = {"nothing": b"", "bomb": bytes(1_000_000)}.get(what)
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            archive.writestr(member, sound(what) if content is None else content, zipfile.ZIP_DEFLATED)
            archive.filelist[-1].compress_type = method
    return stream.getvalue()


@fuzzed
@given(made=members)
def test_zip(made: list[tuple[str, str, int, int]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = packed(made)
    outside = set(Path(tempfile.gettempdir()).glob("*.png"))
    tried("archive.zip", content)
    assert set(Path(tempfile.gettempdir()).glob("*.png")) == outside


def test_how_many_were_tried() -> None:
    targets: dict[str, Callable[..., None]] = {
        name: one
        for name, one in globals().items()
        if name.startswith("test_") and hasattr(one, "hypothesis")
    }
    files = EXAMPLES * (len(targets) + len(DICOM) - 1 + 1)
    assert len(targets) == 6
    figure("made-up files (fuzz targets of DICOM of nine kinds, PNG, TIFF, slides, BMP, JPEG, ZIP)", files)
