"""Which bundle reads what, the same on every worker: found there by its hash, or shipped."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from breastview import paths
from breastview.errors import BreastViewError, BundleError, ClusterError
from breastview.inference.bundle import load_bundle
from breastview.session import bundles
from breastview.session.bundles import Installed
from breastview.settings import Settings
from breastview.study.kind import Kind

Choice = dict[str, tuple[str, ...]]
"""Modality of a kind of picture -> hash of the bundle; or what, where and remedy of why there is none."""

_SHIPPED = "shipped"


def chosen(settings: Settings) -> tuple[Choice, dict[str, Path]]:
    """Return which bundle reads what here, and the folder of each by its hash.

    Raises
    ------
    BundleError
        If there is none at all. What one kind of picture lacks does not keep others from being read.
    """
    choice: Choice = {}
    folders: dict[str, Path] = {}
    missing: list[BundleError] = []
    for kind in Kind:
        try:
            one = bundles.chosen(bundles.wanted(settings, kind.value), kind.value)
        except BundleError as error:
            missing.append(error)
            choice[kind.value] = error.what, error.where, error.remedy
        else:
            choice[kind.value] = (one.stamp.hash,)
            folders[one.stamp.hash] = one.folder
    if not folders:
        raise missing[0]
    return choice, folders


def hashes(choice: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the hashes of the bundles of a choice."""
    return {one[0] for one in choice.values() if len(one) == 1}


class Here:
    """The bundles of a choice as they lie on this machine."""

    def __init__(self, choice: Mapping[str, tuple[str, ...]]) -> None:
        self._choice = dict(choice)
        known = {one.stamp.hash: one for one in (*_shipped(), *bundles.installed())}
        self._found = {one: known[one] for one in hashes(choice) if one in known}

    @property
    def missing(self) -> list[str]:
        """Hashes of what is not here."""
        return sorted(hashes(self._choice) - set(self._found))

    def choose(self, wanted: str, modality: str) -> Installed:
        """Return the bundle for a modality; see `session.bundles.chosen`."""
        del wanted
        found = self._choice.get(modality or Kind.ULTRASOUND.value)
        if found is None or len(found) != 1:
            raise BundleError(*(found or ("no model for pictures of this modality is installed",)))
        return self._found[found[0]]


def packed(folder: Path) -> dict[str, bytes]:
    """Return the files of a bundle."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}


def take(expected: str, files: Mapping[str, bytes]) -> str:
    """Keep a bundle that was shipped; runs on a worker.

    Returns
    -------
    str
        What is wrong, as a sentence; empty: it is kept, and is the one of this hash.
    """
    try:
        _keep(expected, files)
    except BreastViewError as error:
        return str(error)
    except OSError as error:
        return f"A bundle could not be kept ({(error.strerror or 'input error').lower()})."
    return ""


def _keep(expected: str, files: Mapping[str, bytes]) -> None:
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".", dir=root))
    try:
        for name, content in files.items():
            if Path(name).name != name:
                raise ClusterError("a bundle holds no folders", name)
            (making / name).write_bytes(content)
        if load_bundle(making).hash != expected:
            raise ClusterError("another bundle came than was asked for", expected)
        final = root / expected
        if not final.is_dir():
            making.rename(final)
    except OSError:
        if not (root / expected).is_dir():  # another worker of this machine may have been quicker
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _root() -> Path:
    return paths.cache_folder() / _SHIPPED


def _shipped() -> list[Installed]:
    found = (bundles.described(folder) for folder in sorted(_root().glob("[!.]*")))
    return [one for one in found if one is not None and one.stamp.hash == one.folder.name]
