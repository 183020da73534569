"""One training by several processes: each takes its share of every batch, and all take the same step.

Keras' own `fit` does not run under TensorFlow's strategies (keras #20585). So each process trains a plain
network in the loop below; `tf.distribute.MultiWorkerMirroredStrategy` averages the gradients of all before
each step. The optimiser (its clipping, its moving average) sees what one process with the whole batch would
see; only batch statistics are those of a share, averaged after each epoch. This is the one module of the
training that knows a backend.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import TrainingError

if TYPE_CHECKING:
    import keras
    from numpy.typing import NDArray

    from breastview.networks.specification import Network
    from breastview.training.recipe import Recipe
    from breastview.training.sampling import Tile

_CONFIG = "TF_CONFIG"


class Team:
    """The processes of one training; the first one keeps states, log and bundle.

    Parameters
    ----------
    addresses : sequence of str
        ``host:port`` of every process, the same order everywhere.
    rank : int
        Which of them this one is, counted from 0.

    Raises
    ------
    TrainingError
        If these are no addresses, or the others do not come.
    """

    def __init__(self, addresses: Sequence[str], rank: int) -> None:
        if len(addresses) < 2 or not all(one.rpartition(":")[2].isdecimal() for one in addresses):
            raise TrainingError("several addresses are needed", remedy="Say host:port,host:port,…")
        if not 0 <= rank < len(addresses):
            remedy = f"Count from 0 to {len(addresses) - 1}."
            raise TrainingError(f"there is no process {rank}", remedy=remedy)
        self.rank, self.size = rank, len(addresses)
        task = {"type": "worker", "index": rank}
        os.environ[_CONFIG] = json.dumps({"cluster": {"worker": list(addresses)}, "task": task})
        import tensorflow as tf

        with _explained():
            self._strategy = tf.distribute.MultiWorkerMirroredStrategy()
        self._mean = tf.function(self._reduced, reduce_retracing=True)

    def _reduced(self, tensors: list[Any]) -> list[Any]:
        import tensorflow as tf

        def together(mine: list[Any]) -> list[Any]:
            context = tf.distribute.get_replica_context()
            # On this replica's device, which the reduction asks for.
            placed = [tf.identity(one) for one in mine]
            return context.all_reduce(tf.distribute.ReduceOp.MEAN, placed)

        return self._strategy.run(together, args=(tensors,))

    def folder(self, out: Path) -> Path:
        """Return where this process keeps its run: the first one in `out`, the others anew beside it."""
        if self.rank == 0:
            return out
        own = out.with_name(f"{out.name}.process-{self.rank}")
        shutil.rmtree(own, ignore_errors=True)
        return own

    def agreed(self, choice: Sequence[bool]) -> list[bool]:
        """Return the first process's choice."""
        return [bool(one > 0.5) for one in self._told([np.array([float(one) for one in choice])])[0]]

    def _told(self, arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Return the first process's arrays."""
        import tensorflow as tf

        share = float(self.size) if self.rank == 0 else 0.0
        with _explained():
            found = self._mean([tf.constant(np.asarray(one, np.float32) * share) for one in arrays])
        return [np.asarray(one) for one in found]

    def fit(
        self, network: Network, pool: Sequence[Tile], recipe: Recipe, folder: Path, until: int,
        check: Callable[[keras.Model], dict[str, float]] | None = None, tell: Callable[[str], None] = print,
    ) -> None:  # fmt: skip
        """Train as `fit.fit` does, with the others.

        Raises
        ------
        TrainingError
            If another process goes away, or the batch cannot be shared.
        """
        from breastview.training import fit, state

        if recipe.batch % self.size:
            raise TrainingError(
                f"a batch of {recipe.batch} cannot be shared by {self.size} processes",
                remedy="Take another number of processes.",
            )
        model = network.model
        done = state.load(folder, model) if self.rank == 0 else 0
        folder.mkdir(parents=True, exist_ok=True)
        done = self._begin_alike(model, done)
        journal = fit.Journal(folder, recipe, check if self.rank == 0 else None, tell)
        journal.set_model(model)
        shares = share(pool, recipe, done, tuple(model.output), self.rank, self.size)
        step = _step(model, *shares[0])
        for epoch in range(done, until):
            journal.on_epoch_begin(epoch)
            losses = []
            for number in range(len(shares)):
                losses.append(self._stepped(step, *shares[number]))
                journal.on_train_batch_end(number)
            shares.on_epoch_end()
            self._average_statistics(model)
            journal.on_epoch_end(epoch, {"loss": float(np.mean(losses))})

    def _begin_alike(self, model: keras.Model, done: int) -> int:
        """Give all processes the first one's weights and optimiser; return its number of epochs."""
        # The seeds of what is random (dropout) stay each process's own.
        variables = [*model.variables, *model.optimizer.variables]
        variables = [one for one in variables if "seed" not in one.path]
        told = self._told([np.array([done]), *(np.asarray(one.value) for one in variables)])
        for variable, value in zip(variables, told[1:], strict=True):
            whole = "int" in variable.dtype
            variable.assign(np.rint(value).astype(variable.dtype) if whole else value)
        return round(float(told[0][0]))

    def _stepped(self, step: tuple[Any, Any], pictures: Any, truth: Any) -> float:
        """Take one step with the mean gradient of all; return the mean loss."""
        gradients, apply = step
        loss, mine = gradients(pictures, truth)
        with _explained():
            mean, *others = self._mean([loss, *mine])
            apply(others)
        return float(mean)

    def _average_statistics(self, model: keras.Model) -> None:
        statistics = [one for one in model.non_trainable_variables if "float" in one.dtype]
        if statistics:
            with _explained():
                found = self._mean([one.value for one in statistics])
            for variable, value in zip(statistics, found, strict=True):
                variable.assign(value)


def share(
    pool: Sequence[Tile], recipe: Recipe, epoch: int, outputs: tuple[str, ...], rank: int, size: int
) -> Any:
    """Return one process's share of the batches that a process alone would draw, as a `Sampler`.

    Parameters
    ----------
    rank, size : int
        Which process, of how many; the shares of all make up each batch.
    """
    from breastview.training.sampling import Sampler

    class Share(Sampler):
        """Every batch's part of this process; augmented by numbers of its own."""

        def _draw(self) -> NDArray[np.int64]:
            whole = Sampler(pool, recipe, self.epoch, outputs).draws
            batches = whole[: len(self) * recipe.batch].reshape(len(self), size, -1)
            return batches[:, rank].ravel()

    batch, steps = recipe.batch // size, recipe.pictures // recipe.batch
    own = replace(recipe, batch=batch, pictures=steps * batch, seed=recipe.seed + rank)
    return Share(pool, own, epoch, outputs)


def _step(model: keras.Model, pictures: Any, truth: dict[str, Any]) -> tuple[Any, Any]:
    """Return the halves of a step, compiled: (pictures, truth) -> loss, gradients; and gradients -> None."""
    import tensorflow as tf

    # What the losses keep is made now: a compiled function may make no variables.
    first = {name: values[:1] for name, values in truth.items()}
    model.compute_loss(pictures[:1], first, model(pictures[:1], training=False))

    @tf.function(reduce_retracing=True)
    def gradients(pictures: Any, truth: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = model.compute_loss(pictures, truth, model(pictures, training=True))
        learnt = [one.value for one in model.trainable_variables]
        return loss, tape.gradient(loss, learnt, unconnected_gradients=tf.UnconnectedGradients.ZERO)

    @tf.function(reduce_retracing=True)
    def apply(found: Any) -> None:
        model.optimizer.apply(found, model.trainable_variables)

    return gradients, apply


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what TensorFlow says of the others into a sentence."""
    import tensorflow as tf

    try:
        yield
    except (tf.errors.OpError, RuntimeError) as error:
        raise TrainingError(
            f"another process of the training is not there ({type(error).__name__})",
            remedy="The finished epochs are kept: start all processes again with --resume.",
        ) from error
