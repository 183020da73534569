"""Reading a DICOM header fast and forgivingly.

Elements are converted one by one and only when asked for: converting everything costs several times the
reading, and one element with a wrong value representation must not spoil the others.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pydicom
from pydicom import config
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import dcmread, read_dataset, read_file_meta_info
from pydicom.tag import BaseTag, Tag

from breastview import inflation
from breastview.errors import UnreadableFile

# Real archives are full of small violations; pydicom's warnings quote values, which may be patient data.
config.settings.reading_validation_mode = config.IGNORE
warnings.filterwarnings("ignore", category=UserWarning, module=r"pydicom\..*")
inflation.limit()

_PIXEL_GROUP = 0x7FE0
PIXEL_TAGS = (0x7FE00010, 0x7FE00008, 0x7FE00009)
_HEAD = 1 << 16
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_META = 132
"""Where the file meta information begins (PS3.10 7.1)."""
_STANDARD, _BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"
_BLANK = " \0\r\n\t"
_KINDS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d", "UV": "Q", "SV": "q", "AT": "H"}
_BINARY = {vr: (kind, struct.calcsize(kind)) for vr, kind in _KINDS.items()}


def tag(keyword: str) -> BaseTag:
    """Return the tag of a keyword of the data dictionary."""
    number = tag_for_keyword(keyword)
    if number is None:
        raise KeyError(keyword)
    return Tag(number)


class Header:
    """Typed, forgiving look-ups in a data set: what is missing or damaged is empty, never an exception."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        # Plain integers as keys: comparing pydicom's tags is slow, and an index reads fifty elements a file.
        self._elements: dict[int, Any] = {int(number): element for number, element in dataset.items()}

    def __contains__(self, keyword: str) -> bool:
        return _TAGS[keyword] in self._elements

    def element(self, keyword: str) -> Any:
        """Return an element as it was read, None where it is missing."""
        return self._elements.get(_TAGS[keyword])

    def text(self, keyword: str) -> str:
        """Return a text value in Unicode, stripped; of several values the first."""
        values = self.texts(keyword)
        return values[0] if values else ""

    def texts(self, keyword: str) -> list[str]:
        """Return all values of a text element, stripped."""
        raw = self._elements.get(_TAGS[keyword])
        if raw is None or raw.value is None:
            return []
        value = raw.value
        if isinstance(value, bytes) and value.isascii() and b"\x1b" not in value:
            plain = value.decode("ascii")
        else:
            plain = self._converted(keyword)
        if "\\" not in plain:
            return [plain.strip(_BLANK)]
        return [part.strip(_BLANK) for part in plain.split("\\")]

    def numbers(self, keyword: str) -> list[float]:
        """Return all values of a numeric element (binary or decimal string)."""
        number = _TAGS[keyword]
        raw = self._elements.get(number)
        if raw is None or raw.value is None:
            return []
        vr = raw.VR if raw.VR and raw.VR != "UN" else dictionary_VR(number)
        vr = "US" if vr.startswith("US or") else vr
        try:
            if isinstance(raw.value, bytes) and vr in _BINARY:
                order = "<" if getattr(raw, "is_little_endian", True) else ">"
                kind, width = _BINARY[vr]
                count = len(raw.value) // width
                return list(struct.unpack(f"{order}{count}{kind}", raw.value[: count * width]))
            if isinstance(raw.value, (int, float)):
                return [raw.value]
            return [float(part) for part in self.texts(keyword) if part]
        except (ValueError, struct.error):
            return []

    def number(self, keyword: str, default: float = 0.0) -> float:
        """Return the first value of a numeric element."""
        values = self.numbers(keyword)
        return float(values[0]) if values else default

    def integer(self, keyword: str, default: int = 0) -> int:
        """Return the first value of a numeric element as a whole number."""
        try:
            return int(self.number(keyword, default))
        except (OverflowError, ValueError):
            return default

    def items(self, keyword: str) -> list[Header]:
        """Return the items of a sequence."""
        if keyword not in self:
            return []
        try:
            return [Header(item) for item in self.dataset[_TAGS[keyword]].value or ()]
        except Exception:  # pydicom raises many kinds for a damaged sequence; the picture may still be sound
            return []

    def _converted(self, keyword: str) -> str:
        try:
            value = self.dataset[_TAGS[keyword]].value
        except Exception:  # any kind of damage
            return ""
        several = not isinstance(value, (str, bytes, int, float)) and isinstance(value, Iterable)
        return "\\".join(map(str, value)) if several and not hasattr(value, "components") else str(value)


class _Tags(dict[str, int]):
    def __missing__(self, keyword: str) -> int:
        self[keyword] = found = int(tag(keyword))
        return found


_TAGS = _Tags()


@contextmanager
def opened(path: Path, tags: Iterable[BaseTag]) -> Iterator[tuple[Dataset, BinaryIO]]:
    """Open a DICOM file and read some of its elements.

    Parameters
    ----------
    path : Path
        The file.
    tags : iterable of BaseTag
        Which elements to keep; the others are skipped.

    Yields
    ------
    Dataset, BinaryIO
        The elements, and the stream standing at the pixel data element, or at its end when there is none.

    Raises
    ------
    UnreadableFile
        If this is no DICOM file, or its header is damaged.
    """
    try:
        with path.open("rb") as file:
            yield _read(file, path, list(tags))
    except OSError as error:
        raise unreachable(path, error) from error


def unreachable(path: Path, error: OSError) -> UnreadableFile:
    """Return the sentence for a file the operating system does not give."""
    reason = (error.strerror or "input error").lower()
    return UnreadableFile(
        f"the file cannot be read ({reason})", path, "Check the drive or the permission and open it again."
    )


def _read(file: BinaryIO, path: Path, tags: list[BaseTag | int]) -> tuple[Dataset, BinaryIO]:
    head = file.read(_HEAD)
    if not head:
        raise UnreadableFile("the file is empty", path, "Copy it again from its source.")
    try:
        if _DEFLATED in head[:1024]:
            return _inflated(file, path, tags)
        dataset = _parsed_in_memory(file, path, head, tags)
        if dataset is None:
            file.seek(0)
            dataset = _parse(file, path, head, tags)
        return dataset, file
    except (UnreadableFile, OSError):
        raise
    except Exception as error:  # pydicom raises nearly every kind for damaged bytes
        raise UnreadableFile("the DICOM header is damaged", path, "Ask for the file again.") from error


def _parsed_in_memory(file: BinaryIO, path: Path, head: bytes, tags: list[BaseTag | int]) -> Dataset | None:
    """Parse the first bytes, faster than many small reads; None where the header is longer than they are."""
    stream = io.BytesIO(head)
    whole = len(head) < _HEAD
    try:
        dataset = _parse(stream, path, head, tags)
    except Exception:
        if whole:
            raise
        return None
    if not whole and not at_pixels(stream, dataset):
        return None
    file.seek(stream.tell())
    return dataset


def _parse(stream: BinaryIO, path: Path, head: bytes, tags: list[BaseTag | int]) -> Dataset:
    foreign = head[128:132] != b"DICM"
    plain = None if foreign else _plain(stream, tags)
    if plain is not None:
        return plain
    stream.seek(0)
    dataset = dcmread(stream, stop_before_pixels=True, specific_tags=tags, force=foreign)
    if foreign and not Header(dataset).text("SOPClassUID").startswith("1.2.840.10008."):
        raise UnreadableFile("this is not a DICOM file", path)
    return dataset


def _plain(stream: BinaryIO, tags: list[BaseTag | int]) -> Dataset | None:
    """Read a file as the standard has it, None where something is odd: `dcmread` knows what to do then.

    It is what `dcmread` does without the guessing, in two thirds of its time: an index is little else.
    """
    stream.seek(_META)
    meta = read_dataset(stream, False, True, stop_when=lambda found, _vr, _n: found >> 16 != 2)
    syntax = Header(meta).text("TransferSyntaxUID")
    if not syntax.startswith(_STANDARD) or syntax in (_BIG_ENDIAN, _DEFLATED.decode()):
        return None
    implicit = syntax == pydicom.uid.ImplicitVRLittleEndian
    dataset = read_dataset(stream, implicit, True, stop_when=_begins_pixels, specific_tags=tags)
    dataset.file_meta = FileMetaDataset(meta)
    dataset.set_original_encoding(implicit, True, dataset.original_character_set)
    return dataset


def _begins_pixels(found: BaseTag, _vr: str | None, _length: int) -> bool:
    # The group first, as a number: comparing pydicom's tags is slow.
    return found >> 16 == _PIXEL_GROUP and found in PIXEL_TAGS


def _inflated(file: BinaryIO, path: Path, tags: list[BaseTag | int]) -> tuple[Dataset, BinaryIO]:
    """Read a deflated data set, of which too much is told apart from damage."""
    file.seek(0)
    meta = read_file_meta_info(path)
    file.seek(128 + 4 + 12 + int(meta.FileMetaInformationGroupLength))
    try:
        stream = io.BytesIO(inflation.inflated(file.read()))
    except inflation.TooLarge as error:
        raise UnreadableFile("the file unpacks to more than a gigabyte", path) from error
    dataset = read_dataset(stream, False, True, stop_when=_begins_pixels, specific_tags=tags)
    dataset.file_meta = meta
    dataset.set_original_encoding(False, True)
    return dataset, stream


def at_pixels(stream: BinaryIO, dataset: Dataset) -> bool:
    """Return whether the stream stands at a pixel data element; the position is kept."""
    position = stream.tell()
    head = stream.read(4)
    stream.seek(position)
    if len(head) < 4:
        return False
    group, element = struct.unpack("<HH" if little_endian(dataset) else ">HH", head)
    return (group << 16 | element) in PIXEL_TAGS


def little_endian(dataset: Dataset) -> bool:
    """Return the byte order the data set was read with."""
    return dataset.original_encoding[1] is not False


def media_storage_class(dataset: Dataset) -> str:
    """Return the SOP class that the file meta header names, empty where there is none."""
    meta = getattr(dataset, "file_meta", None)
    return Header(meta).text("MediaStorageSOPClassUID") if meta is not None else ""


def transfer_syntax(dataset: Dataset) -> str:
    """Return the transfer syntax UID; where the file names none, the one its bytes were read with."""
    meta = getattr(dataset, "file_meta", None)
    named = Header(meta).text("TransferSyntaxUID") if meta is not None else ""
    if named:
        return named
    implicit, little = dataset.original_encoding
    if implicit:
        return str(pydicom.uid.ImplicitVRLittleEndian)
    return str(pydicom.uid.ExplicitVRLittleEndian if little else pydicom.uid.ExplicitVRBigEndian)
