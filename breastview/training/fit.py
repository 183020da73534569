"""Fitting one network: the same schedule for every fold and for the final model."""

from __future__ import annotations

import csv
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.networks import catalogue, pretrained
from breastview.networks.specification import Network, NetworkConfig
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
    keras.utils.set_random_seed(recipe.seed)
    config = NetworkConfig(size=recipe.size, classes=len(recipe.classes), dropout=recipe.dropout)
    network = catalogue.build(recipe.architecture, config)
    if weights is not None:
        pretrained.load(network.encoder, pretrained.locate(weights, network.pretrained))
        freeze(network, recipe.frozen_stages)
    compile_model(network, recipe)
    return network


def freeze(network: Network, stages: int) -> None:
    """Keep the first `stages` stages of the encoder, and all its batch statistics, as they were pretrained.

    A few hundred pictures in batches of sixteen would only spoil the statistics of a million.
    """
    last = network.stages[stages - 1] if stages else None
    early = last is not None
    for layer in network.encoder.layers:
        if early or isinstance(layer, keras.layers.BatchNormalization):
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
    model.compile(
        optimizer=optimizer,
        loss={"logits": class_loss(recipe.smoothing), "mask": MaskLoss()},
        loss_weights={"logits": 1.0, "mask": recipe.mask_weight},
        metrics={"logits": ["categorical_accuracy"]},
        jit_compile=False if on_cpu else "auto",
    )
    optimizer.build(model.trainable_variables)


def fit(
    network: Network,
    pool: Sequence[Tile],
    recipe: Recipe,
    folder: Path,
    check: Callable[[keras.Model], dict[str, float]] | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Train until `recipe.epochs` are done, continuing from the state in `folder` if there is one.

    Parameters
    ----------
    pool : Sequence[Tile]
        Training pictures.
    folder : Path
        Gets the state after each epoch, and ``log.csv``.
    check : Callable, optional
        Called now and then with the averaged weights in the model; its figures go into the log and decide
        nothing.
    tell : Callable
        Told of the progress, a line at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = state.load(folder, network.model)
    if done < recipe.epochs:
        network.model.fit(
            Sampler(pool, recipe, done),
            shuffle=False,  # the sampler shuffles, and the same way after an interruption
            initial_epoch=done,
            epochs=recipe.epochs,
            verbose=0,
            callbacks=[Journal(folder, recipe, check, tell)],
        )
    average(network.model)


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
    """Return logits (N, C) and mask probabilities (N, S, S) as 0..255 of letterboxed pictures."""
    logits, masks = [], []
    for start in range(0, len(pool), batch):
        planes = np.stack([tile.plane for tile in pool[start : start + batch]])
        answer = model.predict_on_batch(np.repeat(planes[..., None], 3, axis=-1).astype(np.float32))
        logits.append(np.asarray(answer["logits"], np.float32))
        probability = 1 / (1 + np.exp(-np.asarray(answer["mask"], np.float32)[..., 0]))
        masks.append(np.round(probability * 255).astype(np.uint8))
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
