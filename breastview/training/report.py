"""The report of an evaluation: one HTML page with its plots inside, and a gallery of the worst beside it.

The gallery holds pictures of the user's own data and is written to the folder the user names, nowhere else.
"""

from __future__ import annotations

import base64
import html
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview import RESEARCH_USE, atomic
from breastview.imaging.letterbox import Letterbox
from breastview.training import data, masks, plots
from breastview.training.card import rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.training.measure import Measured

PAGE, FIGURES, GALLERY = "report.html", "figures.json", "gallery"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #20262c; max-width: 1080px; margin: 2rem auto;
  padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #d5dbe0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #e6eaed }
td.number, th.number { text-align: right } .plots img { width: 345px; max-width: 100% }
.note { color: #5b6670 }
figure { display: inline-block; width: 330px; margin: .5rem .8rem .8rem 0; vertical-align: top }
figure img { width: 100%; background: #000 } figcaption { font-size: .85rem }
"""


def write(folder: Path, measured: Measured) -> Path:
    """Write page, figures and gallery into `folder` and return the page."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = measured.figures
    _save(folder / FIGURES, json.dumps(figures, indent=1, ensure_ascii=False).encode())
    parts = [_head(figures)]
    for name, values in figures["sets"].items():
        shown = gallery(folder / GALLERY / name, name, measured)
        parts.append(_set(name, values, shown))
    page = folder / PAGE
    title = html.escape(str(figures.get("title", "")))
    _save(
        page,
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style>{''.join(parts)}</html>".encode(),
    )
    return page


def _save(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic.written(path) as temporary:
        temporary.write_bytes(content)


def _head(figures: dict[str, Any]) -> str:
    of = figures.get("bundle") or f"run {figures.get('run', '')}"
    return (
        f"<h1>Evaluation of {_text(figures.get('title', ''))}</h1>"
        f"<p>{_text(of)}. <strong>{_text(RESEARCH_USE)}</strong></p>"
        f"<p class=note>{_text(figures['protocol'])}</p>"
    )


def _text(value: Any) -> str:
    return html.escape(str(value))


def _image(source: str, what: str) -> str:
    return f'<img src="{_text(source)}" alt="{_text(what)}">'


def _set(name: str, values: dict[str, Any], shown: dict[str, str]) -> str:
    images = "".join(
        _image(f"data:image/png;base64,{base64.b64encode(png).decode()}", plots.TITLES[plot])
        for plot, png in plots.draw(values).items()
    )
    return (
        f"<h2>{_text(name)}: {values['pooled']['pictures']:.0f} pictures</h2>{_table(values)}"
        f"<div class=plots>{images}</div>{_failures(values)}{_worst(name, values, shown)}"
    )


def _table(values: dict[str, Any]) -> str:
    lines = ["<table><tr><th>figure<th class=number>value<th class=number>95% interval</tr>"]
    for row in (*rows(values), *(f"{kind} {c}" for kind in ("precision", "f1") for c in values["classes"])):
        if row not in values["pooled"]:
            continue
        bounds = values["interval"].get(row)
        interval = f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
        cells = (f"<td class=number>{cell}" for cell in (f"{values['pooled'][row]:.3f}", interval))
        lines.append(f"<tr><td>{_text(row)}{''.join(cells)}</tr>")
    return "".join([*lines, "</table>"])


def _failures(values: dict[str, Any]) -> str:
    items = "".join(
        f"<li>{_text(what)}: {entry['count']} of {entry['of']}" for what, entry in values["failures"].items()
    )
    return f"<h3>Failures</h3><ul>{items}</ul>" if items else ""


def _worst(name: str, values: dict[str, Any], shown: dict[str, str]) -> str:
    figures = []
    for entry in values["worst"]:
        said = f", read as {entry['answer']} ({entry['probability']:.0%})" if "answer" in entry else ""
        dice = f", Dice {entry['dice']:.2f}" if "dice" in entry else ""
        words = f"{entry['name']}: {entry['truth']}{said}{dice}. {entry['reason'].capitalize()}."
        image = _image(f"{GALLERY}/{name}/{shown[entry['name']]}", entry["name"])
        figures.append(f"<figure>{image}<figcaption>{_text(words)}</figcaption></figure>")
    note = "<p class=note>Drawn lesion green, mask of the model orange.</p>"
    return f"<h3>The worst ten</h3>{note}{''.join(figures)}" if figures else ""


def gallery(folder: Path, source: str, measured: Measured) -> dict[str, str]:
    """Write the worst pictures of a data set, with both outlines, and return their file names by picture."""
    found, thresholds = measured.predictions, measured.thresholds
    here = np.flatnonzero(found.sources == source)
    result = {}
    for number, entry in enumerate(measured.figures["sets"][source]["worst"], start=1):
        index = int(here[entry["index"]])
        example = found.examples[index]
        grey = data.picture(example)
        drawn = data.mask(example, (grey.shape[0], grey.shape[1])) > 0
        painted = np.zeros_like(drawn)
        if found.segments:
            box = Letterbox(grey.shape[0], grey.shape[1], found.masks.shape[1])
            heat = box.restore(found.masks[index].astype(np.float32) / 255)
            painted = masks.binary(heat, thresholds.mask, thresholds.min_area_fraction)
        name = f"{number:02d}.png"
        _save(folder / name, _outlined(grey, drawn, painted))
        result[entry["name"]] = name
    return result


def _outlined(grey: NDArray[np.uint8], drawn: NDArray[np.bool_], painted: NDArray[np.bool_]) -> bytes:
    import cv2

    colour = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    width = max(1, round(max(grey.shape) / 300))
    for mask, tone in ((drawn, (90, 220, 60)), (painted, (0, 150, 255))):
        edges, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        cv2.drawContours(colour, edges, -1, tone, width, cv2.LINE_AA)
    return bytes(cv2.imencode(".png", colour)[1])
