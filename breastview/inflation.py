"""No deflated data set unpacks to all of the memory: pydicom itself sets no limit."""

from __future__ import annotations

import zlib

LARGEST = 1 << 30
"""Bytes that a deflated data set may unpack to."""


class TooLarge(ValueError):
    """It unpacks to more than `LARGEST` bytes."""


class _Limited:
    """What pydicom uses of zlib, with a limit."""

    MAX_WBITS = zlib.MAX_WBITS

    @staticmethod
    def decompress(packed: bytes, wbits: int) -> bytes:
        inflater = zlib.decompressobj(wbits)
        content = inflater.decompress(packed, LARGEST)
        if inflater.unconsumed_tail:
            raise TooLarge("more than a gigabyte")
        return content


def inflated(packed: bytes) -> bytes:
    """Return the bytes of a deflated data set (PS3.5 A.5), as far as they go.

    Raises
    ------
    TooLarge
        If there are too many.
    zlib.error
        If they are damaged.
    """
    return _Limited.decompress(packed, -zlib.MAX_WBITS)


def limit() -> None:
    """Set the limit for all that pydicom reads from now on, however a file says that it is deflated."""
    from pydicom import filereader

    vars(filereader)["zlib"] = _Limited
