"""What a run covers: the pictures of folders, of an object store, of an archive, listed as they are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from breastview.errors import BreastViewError, ClusterError
from breastview.inference.hashing import file_hash
from breastview.readers.archive import is_archive
from breastview.session import Session
from breastview.settings import Settings
from breastview.store.batches import Batches, Item
from breastview.study.exam import exam_key
from breastview.study.instance import Instance, Refusal
from breastview.study.kind import Kind
from breastview.study.tree import natural
from breastview.task import Task, check

ARCHIVE = "dicomweb:"
_EVERY = 10**9


@dataclass(frozen=True)
class Listed:
    """A picture, a study, or a file that is neither.

    Attributes
    ----------
    group : str
        Neighbours of one group go to one worker.
    refusal : Refusal or None
        Why it is no picture, where that is known already.
    """

    item: Item
    group: str
    refusal: Refusal | None = None


class Source(Protocol):
    """Where pictures come from."""

    @property
    def description(self) -> dict[str, Any]:
        """What a worker must know to fetch them; plain values, no secrets."""
        ...

    def listed(self, task: Task) -> Iterator[Listed]:
        """Yield what there is; raises BreastViewError, Cancelled."""
        ...

    def same(self, item: Item) -> str:
        """Return the hash of an item's content if a file that has gone may have had it, else nothing."""
        ...


def source(texts: list[str], batches: Batches) -> Source:
    """Return the source that the command line names.

    Parameters
    ----------
    texts : list of str
        Files and folders; or one URL of an object store (``s3://bucket/folder``); or one archive of the
        settings (``dicomweb:NAME``).
    batches : Batches
        Results there are, for files that were moved meanwhile.

    Raises
    ------
    ClusterError, ArchiveError
        If it cannot be used.
    """
    if not any(is_elsewhere(text) for text in texts):
        return Folders([Path(text).absolute() for text in texts], batches)
    if len(texts) > 1:
        raise ClusterError("one source at a time, where it is no file or folder", texts[0])
    (text,) = texts
    return Studies(text.removeprefix(ARCHIVE)) if text.startswith(ARCHIVE) else Objects(text)


def is_elsewhere(text: str) -> bool:
    """Return whether a source is no file or folder: an object store or an archive."""
    return text.startswith(ARCHIVE) or "://" in text


class Folders:
    """Files and folders that all workers see under the same paths."""

    def __init__(self, sources: list[Path], batches: Batches) -> None:
        for one in sources:
            if one.is_file() and is_archive(one):
                raise ClusterError("workers cannot look into a ZIP", one, "Unpack it where they all see it.")
        self._sources, self._batches = sources, batches
        self._gone: set[str] | None = None

    @property
    def description(self) -> dict[str, Any]:
        """The folders that must be there."""
        return {"kind": "files", "roots": [str(one) for one in self._sources]}

    def listed(self, task: Task) -> Iterator[Listed]:
        """Yield the pictures as they are found, and the files that are none with their reasons."""
        with Session(Settings()) as session:
            for entry in session.open(self._sources, task, remember=False):
                path = str(session.origin(entry))
                item = Item(path, entry.label, _version(entry.path))
                if isinstance(entry, Refusal):
                    yield Listed(item, "", Refusal(Path(path), entry.label, entry.reason))
                else:
                    yield Listed(Item(path, entry.label, item.version, entry.frames), _group(entry))

    def same(self, item: Item) -> str:
        """Hash a file that has the size of one that has gone."""
        if self._gone is None:
            known = self._batches.known()
            self._gone = {_size(version) for path, version in known if not Path(path).exists()}
        if _size(item.version) not in self._gone:
            return ""
        try:
            return file_hash(Path(item.path))
        except (BreastViewError, OSError):
            return ""


def _version(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size}:{found.st_mtime_ns}"


def _size(version: str) -> str:
    return version.partition(":")[0]


def _group(instance: Instance) -> str:
    """Return the examination or study; a loose picture is one by itself."""
    return exam_key(instance) or (instance.study.uid if instance.uid else str(instance.path))


@dataclass
class Objects:
    """A folder of an object store, by its URL; fsspec speaks with it."""

    url: str
    _file_system: Any = field(init=False, repr=False)
    _root: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._file_system, self._root = opened(self.url)

    @property
    def description(self) -> dict[str, Any]:
        """The URL; keys are those of the worker's own environment."""
        return {"kind": "objects", "url": self.url}

    def listed(self, task: Task) -> Iterator[Listed]:
        """Yield the objects folder by folder, but hidden ones; which of them are pictures the worker sees."""
        try:
            for folder, _, files in self._file_system.walk(self._root, detail=True):
                for name in sorted(files, key=natural):
                    check(task)
                    if not name.startswith("."):
                        yield self._one(folder, name, files[name])
        except OSError as error:
            raise ClusterError(f"it cannot be listed ({type(error).__name__})", self.url) from error

    def same(self, item: Item) -> str:
        """Say nothing: an object that was moved is analysed again."""
        del item
        return ""

    def _one(self, folder: str, name: str, about: dict[str, Any]) -> Listed:
        key = f"{folder.rstrip('/')}/{name}"
        label = key.removeprefix(self._root.rstrip("/")).lstrip("/")
        tells = ("ETag", "etag", "LastModified", "mtime", "created")
        stamp = next((about[one] for one in tells if about.get(one)), "")
        item = Item(self._file_system.unstrip_protocol(key), label, f"{about.get('size')}:{stamp}")
        return Listed(item, _neighbours(folder, name))


def _neighbours(folder: str, name: str) -> str:
    """Return the group of an object: a folder of DICOM files is a study, a loose picture has its masks."""
    from breastview.readers.truth import mask_of

    path = Path(name)
    if path.suffix.lower() in ("", ".dcm", ".dicom", ".ima"):
        return folder
    return f"{folder}/{mask_of(path.stem) or path.stem}"


def opened(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it.

    Raises
    ------
    ClusterError
        If what speaks with it is not installed, or it is not known.
    """
    try:
        import fsspec

        return fsspec.core.url_to_fs(url)
    except ImportError as error:
        scheme = url.partition("://")[0]
        needed = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "az": "adlfs"}.get(scheme)
        remedy = f"Install {needed or 'what fsspec asks for'} here and on the workers."
        raise ClusterError(f"nothing here speaks with {scheme}://", remedy=remedy) from error
    except ValueError as error:
        raise ClusterError("no such kind of place is known", url.partition("://")[0] + "://") from error


class Studies:
    """The studies of an archive of the settings that speaks DICOMweb; each is fetched by the worker."""

    def __init__(self, name: str) -> None:
        from breastview.pacs import configuration, connect

        self._settings = configuration.load().named(name)
        if configuration.kind_of(self._settings) != "dicomweb":
            raise ClusterError("workers fetch by DICOMweb alone", name, "Add its DICOMweb address.")
        self._archive = connect.archive(self._settings)

    @property
    def description(self) -> dict[str, Any]:
        """The archive's settings; its password is in the keyring of each worker."""
        from dataclasses import asdict

        return {"kind": "studies", "archive": {"kind": "dicomweb", **asdict(self._settings)}}

    def listed(self, task: Task) -> Iterator[Listed]:
        """Yield the studies that hold a kind of picture that is read here."""
        from breastview.pacs._protocol import Level, Query

        seen: set[str] = set()
        for kind in Kind:
            for row in self._archive.find(Query(Level.STUDY, modality=kind.value, limit=_EVERY), task):
                study = row.address.study
                if study not in seen:
                    seen.add(study)
                    path = f"{ARCHIVE}{self._settings.name}/studies/{study}"
                    yield Listed(Item(path, study, f"objects:{row.objects}", row.objects or 1), study)

    def same(self, item: Item) -> str:
        """Say nothing: a study keeps its name."""
        del item
        return ""
