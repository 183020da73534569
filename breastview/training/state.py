"""The state of a training on disk, replaced as a whole: a kill leaves the last one, never half of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview import atomic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import keras
    from numpy.typing import NDArray

FILE = "state.npz"


def replace_npz(path: Path, arrays: dict[str, NDArray]) -> None:
    """Write arrays to `path` in one step."""
    with atomic.written(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)


def save(folder: Path, model: keras.Model, epoch: int) -> None:
    """Store weights, optimiser and the number of epochs finished."""
    arrays = {"epoch": np.array(epoch)}
    arrays |= {f"weight{i}": np.asarray(value) for i, value in enumerate(_values(model.variables))}
    arrays |= {
        f"optimizer{i}": np.asarray(value) for i, value in enumerate(_values(model.optimizer.variables))
    }
    replace_npz(folder / FILE, arrays)


def load(folder: Path, model: keras.Model) -> int:
    """Restore what `save` stored into a compiled model; return the epochs finished, 0 where nothing is."""
    path = folder / FILE
    if not path.is_file():
        return 0
    with np.load(path, allow_pickle=False) as arrays:
        for index, variable in enumerate(model.variables):
            variable.assign(arrays[f"weight{index}"])
        for index, variable in enumerate(model.optimizer.variables):
            variable.assign(arrays[f"optimizer{index}"])
        return int(arrays["epoch"])


def _values(variables: Sequence[keras.Variable]) -> list[NDArray]:
    from keras import ops

    return [ops.convert_to_numpy(variable.value) for variable in variables]
