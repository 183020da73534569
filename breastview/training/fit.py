"""Fitting one network: the same schedule for every fold and for the final model."""

from __future__ import annotations

import csv
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.imaging.letterbox import three_channels
from breastview.networks import catalogue, pretrained
from breastview.networks.specification import Network, Part
from breastview.training import state
from breastview.training.losses import MaskLoss, class_loss
from breastview.training.sampling import Sampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.training.recipe import Recipe
    from breastview.training.sampling import Tile


def prepare(recipe: Recipe, weights: Path | None) -> Network:
    """Build the recipe's network, load ImageNet weights if given, freeze what stays, and compile it."""
    network = built(recipe, weights)
    compile_model(network, recipe)
    return network


def built(recipe: Recipe, weights: Path | None) -> Network:
    """Build the recipe's network, load ImageNet weights if given, and freeze what stays."""
    keras.utils.set_random_seed(recipe.seed)
    network = catalogue.build(recipe.architecture, recipe.network())
    for part in network.encoders:
        if weights is not None and part.pretrained:
            assigned = pretrained.load_or_fetch(part, weights)
            freeze(part, recipe.frozen_stages, assigned)
    return network


def freeze(part: Part, stages: int, assigned: int) -> None:
    """Keep the first `stages` stages of the encoder, and its pretrained batch statistics, as they are.

    A few hundred pictures in batches of sixteen would only spoil the statistics of a million. Of the weights,
    the first `assigned` were pretrained: statistics behind them have yet to be learnt.
    """
    last = part.stages[stages - 1] if stages else None
    early = last is not None
    known = {id(weight) for weight in part.model.weights[:assigned]}
    for layer in part.model.layers:
        settled = isinstance(layer, keras.layers.BatchNormalization) and id(layer.moving_mean) in known
        if early or settled:
            layer.trainable = False
        if layer.name == last:
            early = False


class AdamW(keras.optimizers.AdamW):
    """AdamW (Loshchilov and Hutter, arXiv:1711.05101), slower for the pretrained variables.

    Parameters
    ----------
    pretrained : set[str]
        Paths of the variables that learn at the base rate; the others learn `head_rate` times as fast.
    """

    def __init__(self, *args: Any, pretrained: set[str], head_rate: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pretrained, self.head_rate = pretrained, head_rate

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        """Update one variable."""
        path = self._trainable_variables[self._get_variable_index(variable)].path
        factor = 1.0 if path in self.pretrained else self.head_rate
        super().update_step(gradient, variable, learning_rate * factor)


def compile_model(network: Network, recipe: Recipe) -> None:
    """Compile with AdamW, warm-up and cosine decay, a moving average of the weights, and both losses."""
    steps = recipe.pictures // recipe.batch
    warm_up = max(1, round(recipe.warm_up * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.rate * 0.05,
        max(1, recipe.epochs * steps - warm_up),
        alpha=0.01,
        warmup_target=recipe.rate,
        warmup_steps=warm_up,
    )
    model = network.model
    optimizer = AdamW(
        rate,
        pretrained={variable.path for variable in network.encoder.trainable_variables},
        head_rate=recipe.head_rate,
        weight_decay=recipe.decay,
        global_clipnorm=recipe.clip,
        use_ema=True,
        ema_momentum=recipe.average,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    # XLA makes depthwise convolutions on a CPU twelve times slower (4.2 s instead of 0.34 s a step of 16).
    on_cpu = keras.backend.backend() == "tensorflow" and not keras.distribution.list_devices("gpu")
    losses = {"logits": class_loss(recipe.smoothing), "mask": MaskLoss()}
    weights = {"logits": 1.0, "mask": recipe.mask_weight}
    metrics = {"logits": ["categorical_accuracy"]}
    model.compile(
        optimizer=optimizer,
        loss={output: losses[output] for output in model.output},
        loss_weights={output: weights[output] for output in model.output},
        metrics={output: metrics[output] for output in metrics if output in model.output},
        jit_compile=False if on_cpu else "auto",
    )
    optimizer.build(model.trainable_variables)


def fit(
    network: Network,
    pool: Sequence[Tile],
    recipe: Recipe,
    folder: Path,
    until: int,
    check: Callable[[keras.Model], dict[str, float]] | None = None,
    tell: Callable[[str], None] = print,
    sampler: Callable[..., Sampler] = Sampler,
) -> None:
    """Train until `until` epochs are done, continuing from the state in `folder` if there is one.

    Parameters
    ----------
    pool : Sequence[Tile]
        Training pictures.
    folder : Path
        Gets the state after each epoch, and ``log.csv``.
    until : int
        Epochs of all sizes together; the last of the recipe's, or those of the small size.
    check : Callable, optional
        Called now and then with the averaged weights in the model; its figures go into the log and decide
        nothing.
    tell : Callable
        Told of the progress, a line at a time.
    sampler : Callable
        Makes the batches, called as the class `Sampler` is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = state.load(folder, network.model)
    if done < until:
        network.model.fit(
            sampler(pool, recipe, done, tuple(network.model.output)),
            shuffle=False,  # the sampler shuffles, and the same way after an interruption
            initial_epoch=done,
            epochs=until,
            verbose=0,
            callbacks=[Journal(folder, recipe, check, tell)],
        )


@contextmanager
def averaged(model: keras.Model) -> Iterator[None]:
    """Put the moving average of the weights into the model for a while."""
    kept = [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in model.trainable_variables]
    average(model)
    try:
        yield
    finally:
        for variable, value in zip(model.trainable_variables, kept, strict=True):
            variable.assign(value)


def average(model: keras.Model) -> None:
    """Replace the weights by their moving average for good."""
    model.optimizer.finalize_variable_values(model.trainable_variables)


def predict(
    model: keras.Model, pool: Sequence[Tile], batch: int = 16
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return logits (N, C) and mask probabilities (N, S, S) as 0..255 of letterboxed pictures.

    What the network does not answer is empty: (N, 0) without classes, (N, 0, 0) without a mask.
    """
    answers, counts = [], []
    for start in range(0, len(pool), batch):
        planes = np.stack([tile.plane for tile in pool[start : start + batch]])
        answers.append(model.predict_on_batch(three_channels(planes)))
        counts.append(len(planes))
    return answered(answers, counts)


def answered(
    answers: Sequence[dict[str, Any]], counts: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Join a network's answers to batches of `counts` pictures, as `predict` gives them."""
    logits, masks = [], []
    for answer, count in zip(answers, counts, strict=True):
        logits.append(np.asarray(answer.get("logits", np.zeros((count, 0))), np.float32))
        raw = np.asarray(answer.get("mask", np.zeros((count, 0, 0, 1))), np.float32)[..., 0]
        masks.append(np.round(255 / (1 + np.exp(-raw))).astype(np.uint8))
    return np.concatenate(logits), np.concatenate(masks)


class Journal(keras.callbacks.Callback):
    """Saves the state, writes the log and tells the progress."""

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        check: Callable[[keras.Model], dict[str, float]] | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__()
        self.folder, self.recipe, self.check, self.tell = folder, recipe, check, tell
        self.begun = self.told = time.monotonic()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Start the clock."""
        self.begun = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Tell the progress every half minute."""
        if time.monotonic() - self.told > 30:
            self.told = time.monotonic()
            self.tell(f"{self.folder.name}: step {batch + 1} of {self.recipe.pictures // self.recipe.batch}")

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Save first, then report."""
        state.save(self.folder, self.model, epoch + 1)
        row = {"epoch": epoch + 1, "seconds": round(time.monotonic() - self.begun, 1)}
        row |= {key: round(float(value), 5) for key, value in (logs or {}).items()}
        if self.check is not None and ((epoch + 1) % 3 == 0 or epoch + 1 == self.recipe.epochs):
            with averaged(self.model):
                row |= {key: round(value, 4) for key, value in self.check(self.model).items()}
        log = self.folder / "log.csv"
        append(log, row)
        self.tell(f"{self.folder.name}: " + ", ".join(f"{key} {value}" for key, value in row.items()))


def append(path: Path, row: dict[str, Any]) -> None:
    """Append a row to a CSV file; columns that appear later are added to all rows."""
    rows: list[dict[str, Any]] = []
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    rows.append(row)
    columns = list(dict.fromkeys(column for each in rows for column in each))
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, columns)
        writer.writeheader()
        writer.writerows(rows)
