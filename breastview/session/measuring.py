"""The reader's measurements and depth rulers, and the calibration that counts for a frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from breastview.errors import BreastViewError
from breastview.session._identities import Identities
from breastview.store import Store
from breastview.store.rulers import of_file, of_folder
from breastview.study.analysis import Analysis
from breastview.study.calibration import Calibration, Ruler
from breastview.study.instance import Instance
from breastview.study.measurement import Measurement

Rulers = dict[str, Ruler | None]
"""The rulers of some scopes, None where a scope has none: enough to restore what was."""


class Measuring:
    """Keeps measurements a frame and rulers a file or folder; safe from any thread.

    Parameters
    ----------
    origin : callable
        (instance) -> where its file lies for the user; a member of a ZIP lies under the ZIP.
    reader : callable
        () -> the reader's name from the settings.
    """

    def __init__(
        self,
        store: Store,
        identities: Identities,
        origin: Callable[[Instance], Path],
        reader: Callable[[], str],
    ) -> None:
        self._store, self._identities, self._origin, self._reader = store, identities, origin, reader

    # Measurements

    def of(self, instance: Instance, frame: int) -> tuple[Measurement, ...]:
        """Return the measurements of a frame, none where its file was never read and is gone."""
        try:
            return self._store.measurements.of(self._identities.of(instance.path), frame)
        except BreastViewError:
            return ()

    def put(self, instance: Instance, frame: int, measurements: tuple[Measurement, ...]) -> None:
        """Keep the measurements of a frame in place of the earlier ones, which stay in the history.

        Raises
        ------
        UnreadableFile
            If the file has gone and was never read.
        StoreError
            If they cannot be saved.
        """
        sha = self._identities.of(instance.path)
        self._store.measurements.put(sha, frame, measurements, self._reader())

    # Rulers

    def scopes(self, instance: Instance) -> tuple[str, str]:
        """Return the scopes whose rulers hold for a file: itself, and its folder's pictures of its size."""
        folder = self._origin(instance).parent
        return (
            of_file(self._identities.of(instance.path)),
            of_folder(folder, instance.rows, instance.columns),
        )

    def ruler(self, instance: Instance) -> Ruler | None:
        """Return the depth ruler that holds for a file: its own, else its folder's; None: neither."""
        found = self._found(instance)
        return None if found is None else found[1]

    def for_folder(self, instance: Instance) -> bool:
        """Return whether the ruler that holds for a file is its folder's."""
        found = self._found(instance)
        return found is not None and found[0].startswith("folder:")

    def _found(self, instance: Instance) -> tuple[str, Ruler] | None:
        try:
            return self._store.rulers.of(*self.scopes(instance))
        except BreastViewError:
            return None

    def rulers(self, instance: Instance) -> Rulers:
        """Return the rulers of both scopes of a file."""
        found = {scope: self._store.rulers.of(scope) for scope in self.scopes(instance)}
        return {scope: None if one is None else one[1] for scope, one in found.items()}

    def with_ruler(
        self, instance: Instance, ruler: Ruler | None, folder: bool = False, before: Rulers | None = None
    ) -> Rulers:
        """Return what the scopes of a file become with another ruler, for `set_rulers`.

        One for the folder takes the place of the file's own; None takes away the one that holds now.

        Parameters
        ----------
        before : Rulers, optional
            What there is of both scopes; by default what is recorded.
        """
        before = self.rulers(instance) if before is None else before
        file, whole = before
        if ruler is None:
            return {**before, (whole if before[file] is None else file): None}
        return {file: None, whole: ruler} if folder else {**before, file: ruler}

    def set_rulers(self, instance: Instance, rulers: Rulers) -> None:
        """Keep rulers for scopes of a file.

        Raises
        ------
        StoreError
            If they cannot be saved.
        """
        sha = self._identities.of(instance.path)
        for scope, ruler in rulers.items():
            self._store.rulers.put(scope, ruler, self._reader(), sha)

    # What follows from them

    def by_ruler(self, instance: Instance) -> Calibration | None:
        """Return the calibration by a depth ruler, None where there is none."""
        ruler = self.ruler(instance)
        if ruler is None or not ruler.sound:
            return None
        return ruler.calibration(instance.rows, instance.columns)

    def calibration(self, instance: Instance, frame: int) -> Calibration:
        """Return where the millimetres of a frame come from: the reader's ruler goes before the file."""
        return self.by_ruler(instance) or instance.calibration(frame)

    def measured(self, instance: Instance, frame: int, analysis: Analysis) -> Analysis:
        """Return an analysis whose findings are measured by the calibration that counts now."""
        from breastview.imaging.measure import findings

        ruler = self.by_ruler(instance)
        calibration = ruler or instance.calibration(frame)
        sources = {finding.calibration_source for finding in analysis.findings} - {""}
        if ruler is None and sources <= {calibration.source}:
            return analysis
        return replace(analysis, findings=findings(analysis.mask, calibration))
