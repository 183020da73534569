"""`breastview leak`: what splitting augmented copies at random is worth, beside splitting patients."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breastview.cli import _console

EXAMPLES = """
Examples:

- `breastview leak mammo-cnn --data mias --json leak.json`
- `breastview leak mammo-resnet50v2-frozen --data mias --weights weights/ --copies 12 --size 64 --epochs 60`
"""


def command(
    name: Annotated[str, typer.Argument(help="A recipe of two classes, for instance mammo-cnn.")],
    data: Annotated[list[Path], typer.Option(help="A data set, repeatable.")],
    copies: Annotated[int, typer.Option(min=2, help="Changed copies of each picture.")] = 72,
    size: Annotated[int, typer.Option(min=32, help="Side of the input in px, a multiple of 32.")] = 224,
    epochs: Annotated[int | None, typer.Option(min=1, help="Length of both trainings.")] = None,
    weights: Annotated[Path | None, typer.Option(help="ImageNet weights, as for train.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Train a network twice on copies of the same pictures: copies held out at random, then whole patients.

    The first is how the published mammogram networks were scored; the second is what they can do.
    """
    import json
    from dataclasses import replace

    from breastview import atomic
    from breastview.training import data as pictures
    from breastview.training import leak, recipe

    chosen = recipe.find(name)
    chosen = replace(chosen, size=size, epochs=epochs or chosen.epochs, small_epochs=0)
    examples = [
        example for folder in data for example in pictures.read(folder, chosen.classes, chosen.preparation)
    ]
    drawn = max(1, len(examples) * copies * 4 // 5)
    chosen = replace(chosen, pictures=drawn, batch=min(chosen.batch, drawn))
    found = leak.measure(chosen, examples, copies, weights, _console.say)
    for split, values in found.items():
        low, high = values["accuracy_interval"]
        typer.echo(
            f"{split}: accuracy {values['accuracy']:.3f} ({low:.3f} to {high:.3f}), AUC {values['auc']:.3f}, "
            f"{values['copies']} copies of {values['held_out']} pictures held out"
        )
    if json_file is not None:
        with atomic.written(json_file) as temporary:
            temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
