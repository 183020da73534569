"""PNG, JPEG, BMP and TIFF: header and pixels, through Pillow."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breastview.errors import BreastViewError, UnreadableFile
from breastview.readers.isolated import POOL
from breastview.readers.limits import check_size

if TYPE_CHECKING:
    from PIL import Image

_MODULES = {"PNG": "Png", "JPEG": "Jpeg", "BMP": "Bmp", "TIFF": "Tiff"}
FORMATS = tuple(_MODULES)
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_BYTES_PER_PIXEL = 4
_ORIENTATION = 0x0112
_WHITE_IS_ZERO = 0
_PHOTOMETRIC = 0x0106
_SIXTEEN = ("I;16", "I;16B", "I;16L", "I;16N")


@dataclass(frozen=True)
class RasterHeader:
    """What a picture file says of itself; the size is that shown, with the EXIF orientation applied."""

    rows: int
    columns: int
    frames: int
    photometric: str
    bits: int
    lossy: str
    tiff: bool


def read_header(path: Path) -> RasterHeader:
    """Return the header of a picture file.

    Raises
    ------
    UnreadableFile
        If the file is empty, damaged, of another format, or claims more pixels than any breast image has.
    """
    with _opened(path) as image, _told(path, "the picture's header is damaged"):
        frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        columns, rows = image.size
        check_size(path, rows, columns, frames)
        if _orientation(image) >= 5:
            rows, columns = columns, rows
        lossy = image.format in ("JPEG", "MPO") or image.info.get("compression") == "jpeg"
        return RasterHeader(
            rows, columns, frames, _photometric(image), _bits(image), "JPEG" if lossy else "",
            image.format == "TIFF",
        )  # fmt: skip


def decode(path: Path, frame: int = 0) -> NDArray[Any]:
    """Return the pixels of one page.

    Returns
    -------
    ndarray
        ``(rows, columns)`` of uint8, uint16, int32 or float32, or ``(rows, columns, 3)`` uint8 RGB.
        Transparency is laid over black; the EXIF orientation is applied; colour pictures without colour come
        back grey.

    Raises
    ------
    UnreadableFile
        If the picture cannot be decoded.
    """
    with _opened(path) as image, _told(path, "the picture ends too early or is damaged"):
        columns, rows = image.size
        check_size(path, rows, columns, frame + 1)
        try:
            image.seek(frame)
        except EOFError as error:
            raise UnreadableFile(f"there is no page {frame + 1}", path) from error
        if image.size != (columns, rows):
            raise UnreadableFile(f"page {frame + 1} has another size than the first", path)
        orientation = _orientation(image)
        return _grey_if_colourless(_turned(_array(image), orientation))


def decode_apart(path: Path, frame: int, pixels: int) -> NDArray[Any]:
    """Return what `decode` does, decoded in a child process.

    Parameters
    ----------
    pixels : int
        Of one page, as its header says.

    Raises
    ------
    UnreadableFile
        If the picture cannot be decoded, or the decoder breaks down on it or takes too long.
    """
    size = pixels * _BYTES_PER_PIXEL
    return POOL.call("breastview.readers.raster:decode", (path, frame), size=size, path=path)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turn whatever Pillow raises for damaged bytes (many kinds) into a sentence."""
    try:
        yield
    except BreastViewError:
        raise
    except MemoryError as error:
        raise UnreadableFile("the picture needs more memory than there is", path) from error
    except Exception as error:
        raise UnreadableFile(what, path, "Copy it again from its source.") from error


@cache
def _load_formats() -> None:
    """Load Pillow's formats by name; otherwise it would load its forty others to look for them."""
    for name in FORMATS:
        importlib.import_module(f"PIL.{_MODULES[name]}ImagePlugin")


def _opened(path: Path) -> Image.Image:
    from PIL import Image, UnidentifiedImageError

    _load_formats()
    try:
        return Image.open(path, formats=FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise UnreadableFile(_why_unidentified(path), path, "Copy it again from its source.") from error
    except OSError as error:
        reason = (error.strerror or "damaged header").lower()
        raise UnreadableFile(
            f"the file cannot be read ({reason})",
            path,
            "Check the drive or the permission and open it again.",
        ) from error
    except Exception as error:  # Pillow's parsers raise many kinds for damaged headers
        raise UnreadableFile(
            "the picture's header is damaged", path, "Copy it again from its source."
        ) from error


def _why_unidentified(path: Path) -> str:
    if path.stat().st_size == 0:
        return "the file is empty"
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(SIGNATURES):
        return "the picture's header is damaged, or it is far too large"
    return "this is no PNG, JPEG, BMP or TIFF picture"


def _orientation(image: Image.Image) -> int:
    # Pillow turns TIFFs itself. A PNG's EXIF may follow the pixels; asking for it would decode all of them.
    if image.format == "TIFF" or (image.format == "PNG" and "exif" not in image.info):
        return 1
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # a damaged EXIF block must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _photometric(image: Image.Image) -> str:
    if image.mode in (*_SIXTEEN, "I", "F", "L", "1", "LA"):
        return "MONOCHROME1" if inverse(image) else "MONOCHROME2"
    return {"P": "PALETTE COLOR", "PA": "PALETTE COLOR", "CMYK": "CMYK", "YCbCr": "YBR_FULL"}.get(
        image.mode, "RGB"
    )


def inverse(image: Image.Image) -> bool:
    """Return whether 0 is white; Pillow turns 8-bit pictures round itself, not deeper ones."""
    tags = getattr(image, "tag_v2", None)
    deep = image.mode in (*_SIXTEEN, "I", "F")
    return bool(deep and tags is not None and tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO)


def _bits(image: Image.Image) -> int:
    return 1 if image.mode == "1" else 16 if image.mode in _SIXTEEN else 32 if image.mode in ("I", "F") else 8


def _array(image: Image.Image) -> NDArray[Any]:
    from PIL import Image

    if image.mode in _SIXTEEN:
        return np.asarray(image).astype(np.uint16)
    if image.mode == "I":
        values = np.asarray(image)
        fits = values.size and int(values.min()) >= 0 and int(values.max()) <= 65535
        return values.astype(np.uint16) if fits else values.astype(np.int32)
    if image.mode == "F":
        return np.nan_to_num(np.asarray(image, np.float32), posinf=0.0, neginf=0.0)
    if image.mode in ("1", "L"):
        if "transparency" not in image.info:
            return np.asarray(image.convert("L"))
    elif image.mode in ("RGB", "CMYK", "YCbCr", "LAB", "HSV") and "transparency" not in image.info:
        return np.asarray(image.convert("RGB"))
    clear = image.convert("RGBA")
    if clear.getchannel("A").getextrema()[0] == 255:
        return np.asarray(clear.convert("RGB"))
    black = Image.new("RGBA", clear.size, (0, 0, 0, 255))
    return np.asarray(Image.alpha_composite(black, clear).convert("RGB"))


def _turned(values: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Apply an EXIF orientation (1..8)."""
    if orientation >= 5:
        values = np.swapaxes(values, 0, 1)
    if orientation in (2, 3, 6, 7):
        values = values[:, ::-1]
    if orientation in (3, 4, 7, 8):
        values = values[::-1]
    return values


def _grey_if_colourless(values: NDArray[Any]) -> NDArray[Any]:
    """Return one channel of a colour picture whose channels are equal: grey scans are often saved as RGB."""
    if values.ndim == 3:
        red = values[:, :, 0]
        if np.array_equal(red, values[:, :, 1]) and np.array_equal(red, values[:, :, 2]):
            values = red
    return np.ascontiguousarray(values)
