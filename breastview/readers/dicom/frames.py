"""One frame of a DICOM file, decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels import get_decoder
from pydicom.uid import UID, ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from breastview.errors import BreastViewError, UnreadableFile
from breastview.readers import codestream
from breastview.readers.dicom import colour, grey, slide
from breastview.readers.dicom.header import Header, at_pixels, little_endian, opened, tag, transfer_syntax
from breastview.readers.isolated import POOL
from breastview.readers.limits import check_size
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

# fmt: off
_KEYWORDS = (
    "SpecificCharacterSet", "SOPClassUID", "SamplesPerPixel", "PhotometricInterpretation",
    "PlanarConfiguration", "NumberOfFrames", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "PixelPaddingValue", "PixelPaddingRangeLimit", "WindowCenter", "WindowWidth",
    "WindowCenterWidthExplanation", "VOILUTFunction", "RescaleIntercept", "RescaleSlope",
    "ModalityLUTSequence", "VOILUTSequence", "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor", "BluePaletteColorLookupTableDescriptor",
    "RedPaletteColorLookupTableData", "GreenPaletteColorLookupTableData",
    "BluePaletteColorLookupTableData", "SegmentedRedPaletteColorLookupTableData",
    "SegmentedGreenPaletteColorLookupTableData", "SegmentedBluePaletteColorLookupTableData",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence", "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths", *slide.KEYWORDS,
)
# fmt: on
_TAGS = [tag(keyword) for keyword in _KEYWORDS]
_UNDEFINED = 0xFFFFFFFF
_LONG_FORMS = (b"OB", b"OW", b"UN", b"OL", b"OV")
_GREY = ("MONOCHROME1", "MONOCHROME2")


def read(instance: Instance, frame: int) -> FramePixels:
    """Return frame `frame` (counted from 0); only its own bytes are read and decoded.

    Raises
    ------
    UnreadableFile
        If the frame cannot be decoded.
    """
    with _explained(instance.path), opened(instance.path, _TAGS) as (dataset, stream):
        return _read(dataset, stream, instance.path, frame)


def stored(path: Path, frame: int) -> tuple[NDArray[Any], str]:
    """Return a frame as it is stored, before any table, and its photometric interpretation as decoded.

    Returns
    -------
    ndarray, str
        ``(rows, columns)`` or ``(rows, columns, 3)`` with the used bits lowest.

    Raises
    ------
    UnreadableFile
        If the frame cannot be decoded.
    """
    with _explained(path), opened(path, _TAGS) as (dataset, stream):
        return _stored(Header(dataset), stream, path, frame)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (BreastViewError, OSError):
        raise
    except Exception as error:  # pydicom and numpy raise many kinds for inconsistent headers
        raise UnreadableFile(
            "the pixel data does not fit the header", path, "Ask for the file again."
        ) from error


def _read(dataset: Dataset, stream: BinaryIO, path: Path, frame: int) -> FramePixels:
    header = Header(dataset)
    matrix = slide.matrix(header, path)
    if matrix is not None:
        return FramePixels(_mosaic(header, matrix, stream, path), "RGB", colour.IDENTITY)
    values, photometric = _stored(header, stream, path, frame)
    if photometric in _GREY or (values.ndim == 2 and photometric != "PALETTE COLOR"):
        return grey.frame_pixels(
            header, values, "MONOCHROME1" if photometric == _GREY[0] else _GREY[1], frame
        )
    return colour.frame_pixels(header, values, photometric)


def _mosaic(header: Header, of: slide.Matrix, stream: BinaryIO, path: Path) -> NDArray[Any]:
    begin = stream.tell()

    def tile(number: int) -> NDArray[Any]:
        stream.seek(begin)
        values, photometric = _stored(header, stream, path, number)
        if values.ndim == 2 and photometric != "PALETTE COLOR":
            raise UnreadableFile("a slide of one colour is not read", path)
        return colour.frame_pixels(header, values, photometric).values

    whole = slide.whole(header, of, path, tile)
    whole.setflags(write=False)
    return whole


def _stored(header: Header, stream: BinaryIO, path: Path, frame: int) -> tuple[NDArray[Any], str]:
    frames = header.integer("NumberOfFrames", 1) or 1
    check_size(path, header.integer("Rows"), header.integer("Columns"), frames)
    if not 0 <= frame < frames:
        raise UnreadableFile(f"there is no frame {frame + 1}; the file holds {frames}", path)
    if not at_pixels(stream, header.dataset):
        raise UnreadableFile("the file holds no pixel data", path)
    vr, length = _element(stream, header.dataset)
    encapsulated = length == _UNDEFINED
    decode = _encapsulated if encapsulated else _native
    return decode(header, stream, path, frame, vr, length)


def _element(stream: BinaryIO, dataset: Dataset) -> tuple[str, int]:
    """Read the head of the pixel data element; return its value representation and length."""
    order = "<" if little_endian(dataset) else ">"
    head = stream.read(8)
    # The bytes decide, not the transfer syntax: some files are implicit although theirs is explicit.
    if head[4:6] in _LONG_FORMS:
        return head[4:6].decode("ascii"), struct.unpack(f"{order}L", stream.read(4))[0]
    return "OW", struct.unpack(f"{order}L", head[4:])[0]


def _native(
    header: Header, stream: BinaryIO, path: Path, frame: int, vr: str, length: int
) -> tuple[NDArray[Any], str]:
    """Return a frame of uncompressed pixel data and its photometric interpretation."""
    syntax = transfer_syntax(header.dataset)
    implicit, little = header.dataset.original_encoding
    native = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian if little else ExplicitVRBigEndian
    options = _options(header, native, vr)
    if options["photometric_interpretation"] == "YBR_FULL_422" and length >= _full_length(header):
        options["photometric_interpretation"] = "YBR_FULL"  # the name lies: nothing is left out
    if syntax == "1.2.840.113619.5.2":
        raise UnreadableFile("the pixel data is in a private byte order of the maker", path)
    position = stream.tell()
    available = min(length, stream.seek(0, 2) - position)
    stream.seek(position)
    if available * 8 < _bits(options) * (frame + 1):
        raise UnreadableFile(
            f"the pixel data ends too early (frame {frame + 1} is not complete)",
            path,
            "Copy it again from its source.",
        )
    stored, meta = get_decoder(native).as_array(stream, index=frame, raw=True, validate=True, **options)
    return _shifted(header, stored), str(meta["photometric_interpretation"])


def _bits(options: dict[str, Any]) -> int:
    bits = options["rows"] * options["columns"] * options["samples_per_pixel"] * options["bits_allocated"]
    return bits * 2 // 3 if options["photometric_interpretation"] == "YBR_FULL_422" else bits


def _full_length(header: Header) -> int:
    frames = header.integer("NumberOfFrames", 1) or 1
    return header.integer("Rows") * header.integer("Columns") * 3 * frames


def _options(header: Header, syntax: UID, vr: str) -> dict[str, Any]:
    allocated = header.integer("BitsAllocated", 8)
    return {
        "transfer_syntax_uid": syntax,
        "rows": header.integer("Rows"),
        "columns": header.integer("Columns"),
        "samples_per_pixel": header.integer("SamplesPerPixel", 1),
        "bits_allocated": allocated,
        "bits_stored": min(header.integer("BitsStored", allocated) or allocated, allocated),
        "pixel_representation": int(header.integer("PixelRepresentation") == 1),
        "photometric_interpretation": header.text("PhotometricInterpretation") or "MONOCHROME2",
        "planar_configuration": header.integer("PlanarConfiguration"),
        "number_of_frames": header.integer("NumberOfFrames", 1) or 1,
        "pixel_keyword": "PixelData",
        "pixel_vr": vr,
        # Old files keep the samples in the upper bits; those are shifted down below, by `_shifted`.
        "correct_unused_bits": header.integer("HighBit", -1) in (-1, header.integer("BitsStored") - 1),
    }


def _shifted(header: Header, stored: NDArray[Any]) -> NDArray[Any]:
    """Bring samples whose high bit is not the last of those stored down to bit 0 (older files)."""
    bits, high = header.integer("BitsStored"), header.integer("HighBit", -1)
    shift = high + 1 - bits
    if high < 0 or shift <= 0 or high >= header.integer("BitsAllocated"):
        return stored
    if stored.dtype.kind == "i":
        return stored >> shift
    return (stored >> shift) & stored.dtype.type((1 << bits) - 1)


def _encapsulated(
    header: Header, stream: BinaryIO, path: Path, frame: int, _vr: str, _length: int
) -> tuple[NDArray[Any], str]:
    """Return a frame of compressed pixel data and its photometric interpretation."""
    options = _options(header, UID(transfer_syntax(header.dataset)), "OB")
    data = get_frame(
        stream,
        frame,
        number_of_frames=options["number_of_frames"],
        extended_offsets=_extended_offsets(header),
    )
    run_length = options["transfer_syntax_uid"] == RLELossless
    rows, columns, samples = options["rows"], options["columns"], options["samples_per_pixel"]
    photometric, allocated = options["photometric_interpretation"], options["bits_allocated"]
    stored = POOL.call(
        "breastview.readers.codestream:decode",
        (data, rows, columns, samples, allocated, photometric, run_length),
        size=rows * columns * samples * max(allocated // 8, 4),
        path=path,
    )
    found = codestream.photometric_of(data, photometric, run_length)
    return _with_sign(stored, options) if samples == 1 else stored, found


def _extended_offsets(header: Header) -> tuple[bytes, bytes] | None:
    found = [header.dataset.get(keyword) for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")]
    if not all(isinstance(table, bytes) and table for table in found):
        return None
    return found[0], found[1]


def _with_sign(stored: NDArray[Any], options: dict[str, Any]) -> NDArray[Any]:
    """Give decoded samples the sign the header promises; most code streams carry none."""
    if options["pixel_representation"] == 0 or stored.dtype.kind == "i":
        return stored
    shift = stored.dtype.itemsize * 8 - options["bits_stored"]
    signed = stored.view(f"i{stored.dtype.itemsize}")
    return (signed << shift) >> shift if shift > 0 else signed
