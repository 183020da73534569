"""Decoding one compressed frame; runs in a child process that may be killed (see `isolated`).

What a code stream is, is told by its first bytes: archives name wrong transfer syntaxes often enough.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SOF = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7}
_LOSSLESS = 0xC3
_JPEG_LS = 0xF7
_J2K_FILE = b"\x00\x00\x00\x0cjP  "
_JXL_FILE = b"\x00\x00\x00\x0cJXL "


class DamagedStream(Exception):
    """The bytes are no code stream this application knows, or do not fit the header."""


def decode(
    data: bytes, rows: int, columns: int, samples: int, bits: int, photometric: str, run_length: bool
) -> NDArray[Any]:
    """Return one frame.

    Parameters
    ----------
    data : bytes
        JPEG (baseline, extended, progressive, lossless), JPEG-LS, JPEG 2000, HTJ2K, JPEG XL, DICOM run length
        (when `run_length`) or raw deflate.
    rows, columns, samples, bits : int
        What the header promises: size in px, samples a pixel, bits allocated for a sample.
    photometric : str
        Photometric interpretation of the header.
    run_length : bool
        Whether the transfer syntax is RLE Lossless, which has no signature.

    Returns
    -------
    ndarray
        ``(rows, columns)`` or ``(rows, columns, 3)``, of the width of the stored samples. Colour that the
        code stream itself transforms (JPEG's YCbCr, JPEG 2000's RCT and ICT, JPEG XL) is RGB already; see
        `photometric_of`.

    Raises
    ------
    DamagedStream
        If the stream cannot be decoded, or its size is not that of the header.
    """
    claimed = (rows, columns) if run_length else _claimed_size(data)
    if claimed not in (None, (rows, columns)):
        raise DamagedStream(f"the compressed picture is {claimed}, the header says {(rows, columns)}")
    try:
        found = _decode(data, rows, columns, samples, bits, photometric, run_length)
    except DamagedStream:
        raise
    except Exception as error:
        raise DamagedStream(str(error)) from error
    expected = (rows, columns) if samples == 1 else (rows, columns, samples)
    if found.shape != expected:
        raise DamagedStream(f"the compressed picture is {found.shape}, the header says {expected}")
    return found


def photometric_of(data: bytes, photometric: str, run_length: bool) -> str:
    """Return the photometric interpretation of what `decode` gives for a header that says `photometric`."""
    if run_length or photometric in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"):
        return photometric
    if data[:2] == b"\xff\xd8":
        marker, colour, _ = _jpeg_frame(data)
        if marker == _LOSSLESS:
            return {"RGB": "RGB", "YCBCR": "YBR_FULL"}.get(colour, photometric)
        return photometric if marker == _JPEG_LS else "RGB"
    if _is_j2k(data):
        return "RGB" if photometric in ("YBR_RCT", "YBR_ICT") else photometric
    return "RGB" if _is_jxl(data) else photometric


def _decode(
    data: bytes, rows: int, columns: int, samples: int, bits: int, photometric: str, run_length: bool
) -> NDArray[Any]:
    import imagecodecs

    if run_length:
        return _run_length(data, rows, columns, samples, bits)
    if data[:2] == b"\xff\xd8":
        return _jpeg(data, samples, photometric)
    if _is_j2k(data):
        return np.asarray(imagecodecs.jpeg2k_decode(data, numthreads=0))
    if _is_jxl(data):
        return np.asarray(imagecodecs.jpegxl_decode(data))
    return _deflated(data, rows, columns, samples, bits)


def _claimed_size(data: bytes) -> tuple[int, int] | None:
    """Return rows and columns a JPEG or JPEG 2000 stream claims, None where it is not told at a glance.

    Decoders trust them: a damaged size alone can cost gigabytes and minutes.
    """
    if data[:2] == b"\xff\xd8":
        return _jpeg_frame(data)[2]
    if data[:4] == b"\xff\x4f\xff\x51" and len(data) >= 24:
        x1, y1, x0, y0 = struct.unpack_from(">4L", data, 8)
        return y1 - y0, x1 - x0
    return None


def _is_j2k(data: bytes) -> bool:
    return data[:4] == b"\xff\x4f\xff\x51" or data[:8] == _J2K_FILE


def _is_jxl(data: bytes) -> bool:
    return data[:2] == b"\xff\x0a" or data[:8] == _JXL_FILE


def _jpeg(data: bytes, samples: int, photometric: str) -> NDArray[Any]:
    import imagecodecs

    marker, colour, _ = _jpeg_frame(data)
    if marker == _JPEG_LS:
        return np.asarray(imagecodecs.jpegls_decode(data))
    if samples == 1:
        return np.asarray(imagecodecs.jpeg8_decode(data))
    stored = colour or ("RGB" if photometric == "RGB" else "YCBCR")
    if marker == _LOSSLESS:
        stored = "RGB"  # lossless streams are not transformed, whatever their colour
    return np.asarray(imagecodecs.jpeg8_decode(data, colorspace=stored, outcolorspace="RGB"))


def _jpeg_frame(data: bytes) -> tuple[int, str, tuple[int, int] | None]:
    """Return the start-of-frame marker, the colour space the stream declares ("" if none), rows and columns.

    JFIF means YCbCr; Adobe's APP14 carries the transform; component names "RGB" mean what they say. The
    header's photometric interpretation is wrong more often than these.
    """
    position, colour = 2, ""
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            break
        marker, length = data[position + 1], struct.unpack_from(">H", data, position + 2)[0]
        body = data[position + 4 : position + 2 + length]
        if marker == 0xE0 and body[:4] == b"JFIF":
            colour = colour or "YCBCR"
        elif marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            colour = "YCBCR" if body[11] == 1 else "RGB"
        elif marker in _SOF and len(body) >= 6:
            if bytes(body[6:15:3]).upper() == b"RGB":
                colour = "RGB"
            return marker, colour, struct.unpack(">2H", body[1:5])
        position += 2 + length
    return 0, colour, None


def _run_length(data: bytes, rows: int, columns: int, samples: int, bits: int) -> NDArray[Any]:
    """Decode DICOM RLE (PS3.5 annex G): a PackBits segment for each sample and byte, high byte first."""
    import imagecodecs

    width, plane = bits // 8, rows * columns
    header = struct.unpack("<16L", data[:64])
    if header[0] != samples * width:
        raise DamagedStream(f"{header[0]} run length segments instead of {samples * width}")
    bounds = [*header[1 : header[0] + 1], len(data)]
    out = np.empty((samples, plane, width), np.uint8)
    for segment in range(header[0]):
        packed = data[bounds[segment] : bounds[segment + 1]]
        unpacked = np.frombuffer(imagecodecs.packbits_decode(packed), np.uint8)
        if unpacked.size < plane:
            raise DamagedStream("a run length segment ends too early")
        # Least significant byte first in memory.
        out[segment // width, :, width - 1 - segment % width] = unpacked[:plane]
    stored = out.reshape(-1).view(f"<u{width}").reshape(samples, rows, columns)
    return stored[0] if samples == 1 else np.ascontiguousarray(np.moveaxis(stored, 0, -1))


def _deflated(data: bytes, rows: int, columns: int, samples: int, bits: int) -> NDArray[Any]:
    """Decode Deflated Image Frame Compression (PS3.5 A.4.13): one native frame as a raw deflate stream."""
    size = rows * columns * samples * bits // 8
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    content = inflater.decompress(data, size)
    if bits not in (8, 16, 32) or len(content) < size:
        raise DamagedStream("the compressed picture is of an unknown kind")
    stored = np.frombuffer(content, f"<u{bits // 8}")
    return stored.reshape((rows, columns) if samples == 1 else (rows, columns, samples))
