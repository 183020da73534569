"""Documents in DICOM files: PDF and others, handed on as they came."""

from __future__ import annotations

from typing import Any

from pydicom.dataset import Dataset

from breastview.errors import UnreadableFile
from breastview.readers.dicom.header import Header
from breastview.study.foreign import Companion, Kind, Overlay, Page

_PDF = "application/pdf"


class _Document:
    """Encapsulated PDF; documents of other formats are no concern of a reading room."""

    kind = Kind.DOCUMENT
    families = ("1.2.840.10008.5.1.4.1.1.104.1",)

    def overlay(
        self, companion: Companion, dataset: Dataset, uid: str, frame: int, size: tuple[int, int]
    ) -> Overlay:
        """Return nothing to draw: a document is read by itself."""
        del dataset, uid, frame, size
        return Overlay(companion)

    def page(self, companion: Companion, dataset: Dataset) -> Page:
        """Return the PDF.

        Raises
        ------
        UnreadableFile
            If the file holds no PDF.
        """
        content: Any = dataset.get("EncapsulatedDocument")
        format_ = Header(dataset).text("MIMETypeOfEncapsulatedDocument") or _PDF
        if not isinstance(content, bytes) or b"%PDF-" not in content[:1024] or format_ != _PDF:
            raise UnreadableFile("it holds no PDF that could be shown", companion.path, "Ask for it again.")
        return Page(companion.title or companion.name, content=_trimmed(dataset, content), suffix=".pdf")


def _trimmed(dataset: Dataset, content: bytes) -> bytes:
    """Return the document without the byte that makes its length even."""
    length = Header(dataset).integer("EncapsulatedDocumentLength")
    return content[:length] if 0 < len(content) - length <= 1 else content


READER = _Document()
