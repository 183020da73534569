"""The few errors a reader can act on: what happened, to which file, and what to do about it."""

from __future__ import annotations

from pathlib import Path


class BreastViewError(Exception):
    """An error with a sentence for a radiologist.

    Parameters
    ----------
    what : str
        What is wrong, as a clause without a full stop ("the pixel data ends too early").
    where : Path or str, optional
        The file, folder or setting concerned.
    remedy : str, optional
        What the reader can do, as a sentence.
    """

    def __init__(self, what: str, where: Path | str | None = None, remedy: str = "") -> None:
        self.what = what.rstrip(".")
        self.where = "" if where is None else str(where)
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        subject = f"{Path(self.where).name}: " if self.where else ""
        sentence = f"{subject}{self.what}."
        return f"{sentence} {self.remedy}".strip()

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        # Errors cross process borders (decoding happens in a child process).
        return type(self), (self.what, self.where, self.remedy)


class UnreadableFile(BreastViewError):
    """A file that should be a picture but cannot be opened or decoded."""


class UnsupportedFile(BreastViewError):
    """A sound file that holds no picture this application shows (a plan, a waveform, a report)."""


class BundleError(BreastViewError):
    """A model bundle that is damaged, tampered with, or does not fit this application."""


class AnalysisError(BreastViewError):
    """The AI could not read a frame."""


class ExportError(BreastViewError):
    """An output could not be written; nothing is left under its final name."""


class StoreError(BreastViewError):
    """The record of the reader's work could not be read or written."""


class TrainingError(BreastViewError):
    """Training data or settings that cannot be used."""


class ArchiveError(BreastViewError):
    """An archive (PACS) or the way to it failed; `where` is the archive's name."""


class ArchiveUnreachable(ArchiveError):
    """No connection, or one that broke or was too slow: trying again later may help."""


class ArchiveRefused(ArchiveError):
    """The archive answered and said no: trying again changes nothing until something is set right."""


class ClusterError(BreastViewError):
    """A cluster that cannot be used, or that went away; `where` is its address."""


class Cancelled(Exception):
    """The user stopped the work; not an error and never shown as one."""
