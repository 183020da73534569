"""The pixels of an instance, whatever its format."""

from __future__ import annotations

from breastview import registry
from breastview.errors import UnreadableFile
from breastview.readers._protocol import Reader
from breastview.readers.isolated import POOL
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

FORMATS = "breastview.readers.formats"


def reader_named(name: str) -> Reader:
    """Return the reader of a format by its plug-in name."""
    reader: Reader = registry.load(FORMATS, name).READER
    return reader


def read_frame(instance: Instance, frame: int = 0) -> FramePixels:
    """Return one frame (counted from 0), decoding only that one.

    Safe to call from several threads. Compressed pixel data is decoded in a child process with a time limit.

    Raises
    ------
    UnreadableFile
        If the file has gone, or the frame cannot be decoded.
    """
    if not 0 <= frame < instance.frames:
        raise UnreadableFile(
            f"there is no frame {frame + 1}; the file holds {instance.frames}", instance.path
        )
    try:
        return reader_named(instance.reader).pixels(instance, frame)
    except OSError as error:
        reason = (error.strerror or "input error").lower()
        raise UnreadableFile(
            f"the file cannot be read ({reason})", instance.path, "Check the drive and open it again."
        ) from error


def warm() -> None:
    """Start a decoder in the background, so that the first compressed frame comes at once."""
    POOL.warm()
