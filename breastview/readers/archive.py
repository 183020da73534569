"""ZIP archives, unpacked with care: nothing leaves the target folder, and nothing grows without limit."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.study.instance import Refusal
from breastview.study.tree import natural
from breastview.task import Task, check

MEMBERS = 200_000
EXPANDED = 32 << 30
"""Bytes an archive may unpack to."""
RATIO = 200
_RATIO_FROM = 1 << 30
"""The ratio only counts beyond this size: small blank pictures do pack a thousandfold."""
_CHUNK = 1 << 20
_HEAD = 512
_SPARE = 256 << 20
_ILLEGAL = re.compile(r'[<>:"|?*\x00-\x1f]')
_UNPACK = "Unpack the archive yourself and open the folder."


@dataclass(frozen=True)
class Member:
    """A file of the archive, unpacked."""

    name: str
    path: Path


def is_archive(path: Path) -> bool:
    """Return whether the file is a ZIP archive by name or by its first bytes."""
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def unpack(
    path: Path,
    folder: Path,
    task: Task,
    wanted: Callable[[bytes, PurePosixPath], bool],
    first: Callable[[PurePosixPath], bool],
) -> Iterator[Member | Refusal]:
    """Unpack an archive file by file.

    Parameters
    ----------
    path, folder : Path
        The archive, and an empty folder of our own.
    task : Task
        Asked between files whether to stop.
    wanted : callable
        Decides by the first bytes and the name whether a member can be a picture.
    first : callable
        Members to unpack before all others (the masks that pictures want beside them).

    Yields
    ------
    Member or Refusal
        In natural order of the names.

    Raises
    ------
    UnreadableFile
        If the archive is damaged, lists nothing or grows beyond the limits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if not members:  # so does one whose directory lost its length
                raise UnreadableFile(
                    "the ZIP archive lists no file, so it is damaged or empty",
                    path,
                    "Copy it again from its source.",
                )
            _check_limits(path, members, folder)
            members.sort(key=lambda info: (not first(PurePosixPath(info.filename)), natural(info.filename)))
            unpacker = _Unpacker(path, folder, archive, wanted)
            for info in members:
                check(task)
                result = unpacker.member(info)
                if result is not None:
                    yield result
    except (zipfile.BadZipFile, EOFError, UnicodeError, NotImplementedError) as error:
        raise UnreadableFile("the ZIP archive is damaged", path, "Copy it again from its source.") from error
    except OSError as error:
        raise UnreadableFile(
            f"the archive cannot be unpacked ({(error.strerror or 'input error').lower()})", path
        ) from error


def _check_limits(path: Path, members: list[zipfile.ZipInfo], folder: Path) -> None:
    total = sum(info.file_size for info in members)
    if len(members) > MEMBERS:
        raise UnsupportedFile(f"the archive holds {len(members)} files, more than {MEMBERS}", path, _UNPACK)
    packed = max(path.stat().st_size, 1)
    if total > EXPANDED or (total > _RATIO_FROM and total / packed > RATIO):
        raise UnsupportedFile(f"the archive would unpack to {total / 1e9:.1f} GB", path, _UNPACK)
    if total > shutil.disk_usage(folder).free - _SPARE:
        raise UnreadableFile(
            f"there is no room to unpack {total / 1e9:.1f} GB", path, "Free some disk space."
        )


def _is_hidden(part: str) -> bool:
    return part == "__MACOSX" or (part.startswith(".") and part not in (".", ".."))


class _Unpacker:
    """Unpacks the members of one archive, one after the other."""

    def __init__(
        self,
        path: Path,
        folder: Path,
        archive: zipfile.ZipFile,
        wanted: Callable[[bytes, PurePosixPath], bool],
    ) -> None:
        self._path, self._folder, self._archive, self._wanted = path, folder, archive, wanted
        self._seen: set[str] = set()

    def member(self, info: zipfile.ZipInfo) -> Member | Refusal | None:
        """Unpack one member; None for what is plainly no picture."""
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if any(_is_hidden(part) for part in name.parts):
            return None
        reason = self._reason_against(info, name)
        if reason:
            return self._refusal(info, reason)
        target = self._folder.joinpath(*(_ILLEGAL.sub("_", part) for part in name.parts))
        try:
            return self._write(info, name, target)
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            target.unlink(missing_ok=True)
            why = (
                "is packed in a way that cannot be read"
                if isinstance(error, NotImplementedError)
                else "is damaged"
            )
            return self._refusal(info, f"This file of the archive {why}. {_UNPACK}")
        except Exception as error:  # zlib, lzma and bz2 have their own kinds
            target.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno == 28:
                raise
            return self._refusal(info, f"This file of the archive cannot be unpacked. {_UNPACK}")

    def _reason_against(self, info: zipfile.ZipInfo, name: PurePosixPath) -> str:
        unsafe = name.is_absolute() or ".." in name.parts or not name.parts or ":" in name.parts[0]
        if unsafe or stat.S_ISLNK(info.external_attr >> 16):
            return "This file of the archive points outside it and is not unpacked."
        if info.flag_bits & 1:
            return "This file of the archive is encrypted. Unpack it with its password and open the folder."
        if name.suffix.lower() == ".zip":
            return "This is an archive inside an archive. Unpack the outer one and open the folder."
        if str(name).casefold() in self._seen:
            return "The archive holds two files of this name. Unpack it yourself and open the folder."
        self._seen.add(str(name).casefold())
        return ""

    def _write(self, info: zipfile.ZipInfo, name: PurePosixPath, target: Path) -> Member | None:
        with self._archive.open(info) as source:
            head = source.read(_HEAD)
            if not self._wanted(head, name):
                return None
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with target.open("xb") as out:
                out.write(head)
                # `read` never gives more than the size the directory declares, which is within the limits.
                while chunk := source.read(_CHUNK):
                    out.write(chunk)
        return Member(str(name), target)

    def _refusal(self, info: zipfile.ZipInfo, reason: str) -> Refusal:
        return Refusal(self._path, f"{self._path.name}/{info.filename}", reason)
