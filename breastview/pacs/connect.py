"""From the settings of an archive to the archive; the library it needs is loaded only then."""

from __future__ import annotations

import importlib

from breastview.pacs import configuration
from breastview.pacs._protocol import Archive
from breastview.pacs.configuration import ArchiveSettings, ListenerSettings


def archive(settings: ArchiveSettings, listener: ListenerSettings | None = None) -> Archive:
    """Return the archive that settings describe; nothing is connected yet.

    Parameters
    ----------
    settings : ArchiveSettings
    listener : ListenerSettings, optional
        Where an archive that is fetched from by C-MOVE sends to; those of the settings by default.

    Raises
    ------
    ArchiveError
        If the settings cannot be used; `configuration.problems` tells all that is wrong.
    """
    module = importlib.import_module(f"breastview.pacs.{configuration.kind_of(settings)}")
    return module.ARCHIVE(settings, listener or configuration.load().listener)


def named(name: str) -> Archive:
    """Return one of the archives in the user's settings.

    Raises
    ------
    ArchiveError
        If there is none of this name, or it cannot be used.
    """
    known = configuration.load()
    return archive(known.named(name), known.listener)
