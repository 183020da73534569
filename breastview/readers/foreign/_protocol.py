"""What a kind of companion offers: what it says of a frame, and the document it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from breastview.study.foreign import Companion, Kind, Overlay, Page

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


class ForeignReader(Protocol):
    """One kind of object; each module of `breastview.readers.foreign` exposes one as ``READER``."""

    kind: Kind
    families: tuple[str, ...]
    """SOP Class UIDs, without the last numbers where a whole family is read."""

    def overlay(
        self, companion: Companion, dataset: Dataset, uid: str, frame: int, size: tuple[int, int]
    ) -> Overlay:
        """Return what an object says of a frame.

        Parameters
        ----------
        companion : Companion
        dataset : Dataset
            The whole object but its pixels.
        uid, frame : str, int
            SOP Instance UID of the picture, and its frame from 0.
        size : (int, int)
            Rows and columns of the picture.
        """
        ...

    def page(self, companion: Companion, dataset: Dataset) -> Page | None:
        """Return the document it is, None for an overlay alone."""
        ...
