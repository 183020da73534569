"""From what the user opened to cases: streamed, one entry a file, a sentence for every file that is none."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from breastview import registry
from breastview.errors import BreastViewError, UnreadableFile, UnsupportedFile
from breastview.readers import archive, dicomdir, foreign, temporary
from breastview.readers._protocol import Reader
from breastview.readers.pixels import FORMATS, reader_named, warm
from breastview.readers.truth import Truths, mask_of
from breastview.readers.views import Views
from breastview.study.foreign import Companion
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.tree import natural
from breastview.task import Task, check

_HEAD = 512
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz")


Found = Entry | Companion
"""What a scan yields, one for every file."""


def scan(sources: Sequence[Path], task: Task) -> Iterator[Found]:
    """Find the pictures in files, folders (recursive), DICOMDIRs and ZIP archives.

    Entries stream in the natural order of the file names; hidden files and those that are plainly no picture
    are passed over in folders and archives.

    Parameters
    ----------
    sources : sequence of Path
        What the user opened; what is listed twice comes once.
    task : Task
        Told the number of files looked at; asked before every file whether to stop.

    Yields
    ------
    Instance, Companion or Refusal

    Raises
    ------
    Cancelled
        When the task was cancelled.
    """
    warm()
    scanner = _Scanner(task)
    for source in sources:
        yield from scanner.source(Path(source).absolute())


class _Scanner:
    """The state of one scan: what has been seen, and which masks belong to which picture."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._truths = Truths()
        self._views = Views()
        self._seen_folders: set[tuple[int, int]] = set()
        self._seen_files: set[Path] = set()
        self._done = 0

    def source(self, path: Path) -> Iterator[Found]:
        """Yield the entries of one thing the user opened."""
        check(self._task)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            yield Refusal(path, path.name, _absent(error))
            return
        if stat.S_ISDIR(mode):
            yield from self._folder(path, "")
        elif not stat.S_ISREG(mode):
            yield Refusal(path, path.name, "This is neither a file nor a folder.")
        elif dicomdir.is_dicomdir(path):
            yield from self._dicomdir(path)
        elif archive.is_archive(path):
            yield from self._archive(path)
        else:
            yield from self._file(path, path.name, walked=False)

    def _folder(self, folder: Path, prefix: str) -> Iterator[Found]:
        """Yield the files of a folder, then those of its folders, each in natural order."""
        try:
            status = folder.stat()
            with os.scandir(folder) as found:
                visible = (entry for entry in found if not entry.name.startswith("."))
                entries = sorted(visible, key=lambda entry: natural(entry.name))
        except OSError as error:
            reason = f"The folder cannot be read ({(error.strerror or 'input error').lower()})."
            yield Refusal(folder, prefix.rstrip("/") or folder.name, reason)
            return
        if (status.st_dev, status.st_ino) in self._seen_folders:
            return  # a link that leads back, or a folder opened twice
        self._seen_folders.add((status.st_dev, status.st_ino))
        folders = []
        for entry in entries:
            if _is(entry.is_dir):
                folders.append(entry)
            elif _is(entry.is_file) or not _is(
                Path(entry.path).exists
            ):  # dead links are told, pipes passed over
                yield from self._file(Path(entry.path), prefix + entry.name, walked=True)
        for inner in folders:
            yield from self._folder(Path(inner.path), f"{prefix}{inner.name}/")

    def _file(self, path: Path, label: str, *, walked: bool) -> Iterator[Found]:
        check(self._task)
        self._done += 1
        self._task.progress(self._done, None, label)
        if path in self._seen_files:
            return
        self._seen_files.add(path)
        entry = self._entry(path, label, walked=walked)
        if entry is not None:
            yield entry

    def _entry(self, path: Path, label: str, *, walked: bool) -> Found | None:
        """Return the entry of a file; None for masks and for what is plainly no picture."""
        if walked and dicomdir.is_dicomdir(path):
            return None
        try:
            if self._truths.is_mask(path):
                return self._mask(path, label, walked=walked)
            if path.suffix.lower() in _ARCHIVES:
                return Refusal(path, label, "This is an archive. Open a ZIP by itself; unpack others first.")
            instance = describe(path, label, walked=walked)
        except UnsupportedFile as error:
            return self._companion(path, label) or Refusal(path, label, sentence(error))
        except BreastViewError as error:
            return Refusal(path, label, sentence(error))
        if instance is None:
            return None
        instance = self._views.told(instance)
        truth = self._truths.of(path)
        return replace(instance, truth=truth) if truth else instance

    def _companion(self, path: Path, label: str) -> Companion | Refusal | None:
        """Return a file that holds no picture as what it says of pictures, None where it says nothing."""
        if not _sniffed(path, "dicom"):
            return None
        try:
            return foreign.describe(path, label)
        except BreastViewError as error:
            return Refusal(path, label, sentence(error))

    def _mask(self, path: Path, label: str, *, walked: bool) -> Refusal | None:
        if self._truths.has_picture(path):
            if walked:
                return None
            return Refusal(
                path, label, "This is the ground-truth mask of a picture. Open the picture; it comes along."
            )
        return Refusal(path, label, "This is a ground-truth mask, but its picture is not there.")

    def _dicomdir(self, path: Path) -> Iterator[Found]:
        try:
            files = list(dicomdir.referenced(path))
        except BreastViewError as error:
            yield Refusal(path, path.name, sentence(error))
            return
        for file in files:
            if isinstance(file, Refusal):
                yield file
                continue
            label = file.relative_to(path.parent).as_posix()
            if _is(file.is_file):
                yield from self._file(file, label, walked=False)
            else:
                yield Refusal(file, label, "The DICOMDIR lists this file, but it is not on the medium.")

    def _archive(self, path: Path) -> Iterator[Found]:
        found = None
        for found in self._unpacked(path):
            yield found
        if found is None:  # damaged names are passed over like those of no picture
            yield Refusal(path, path.name, "No picture was found in this archive.")

    def _unpacked(self, path: Path) -> Iterator[Found]:
        folder = temporary.private_folder()
        masks = []
        try:
            for member in archive.unpack(path, folder, self._task, _may_be_picture, _may_be_mask):
                if isinstance(member, Refusal):
                    yield member
                elif _may_be_mask(PurePosixPath(member.name)):
                    masks.append(member)
                else:
                    yield from self._file(member.path, f"{path.name}/{member.name}", walked=True)
        except BreastViewError as error:
            yield Refusal(path, path.name, sentence(error))
        # Only now is it known which masks have a picture.
        self._truths = Truths()
        for member in masks:
            yield from self._file(member.path, f"{path.name}/{member.name}", walked=True)


def describe(path: Path, label: str, *, walked: bool = False) -> Instance | None:
    """Return a file's instance, by the reader its name promises, else by the one its first bytes fit.

    Parameters
    ----------
    path, label : Path, str
        The file and its name on screen.
    walked : bool
        Whether the file was met in a folder; then what no reader knows gives None.

    Raises
    ------
    UnreadableFile, UnsupportedFile
        If it is no picture that can be shown.
    """
    promised = next((reader for reader in _readers() if path.suffix.lower() in reader.suffixes), None)
    if promised is not None:
        try:
            return promised.describe(path, label)
        except UnreadableFile:
            other = _by_content(path)
            if other is None or other is promised:
                raise
            return other.describe(path, label)
    fitting = _by_content(path)
    if fitting is not None:
        return fitting.describe(path, label)
    if walked:
        return None
    raise UnsupportedFile(
        "this is no picture that can be shown here", path, "PNG, JPEG, BMP, TIFF and DICOM can."
    )


def sentence(error: BreastViewError) -> str:
    """Return an error as the reason in a list that names the file already."""
    return f"{error.what[:1].upper()}{error.what[1:]}. {error.remedy}".strip()


@cache
def _readers() -> tuple[Reader, ...]:
    return tuple(reader_named(name) for name in registry.names(FORMATS))


def _sniffed(path: Path, name: str) -> bool:
    reader = _by_content(path)
    return reader is not None and reader is reader_named(name)


def _by_content(path: Path) -> Reader | None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        reason = (error.strerror or "input error").lower()
        raise UnreadableFile(
            f"the file cannot be read ({reason})",
            path,
            "Check the drive or the permission and open it again.",
        ) from error
    return next((reader for reader in _readers() if reader.sniff(head, path)), None)


def _may_be_picture(head: bytes, name: PurePosixPath) -> bool:
    path = Path(name)
    return any(path.suffix.lower() in r.suffixes or r.sniff(head, path) for r in _readers())


def _may_be_mask(name: PurePosixPath) -> bool:
    return bool(mask_of(name.stem)) or "masks" in {part.casefold() for part in name.parts[:-1]}


def _absent(error: OSError) -> str:
    """Return why what was opened is not to be had."""
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "The file or folder is not there any more. Check the drive."
    reason = (error.strerror or "input error").lower()
    return f"It cannot be reached ({reason}). Check the drive or the permission and open it again."


def _is(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except OSError:
        return False
