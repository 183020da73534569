"""Made pictures of things before a black background, in grey: heads, hands, fruit, vessels, boxes.

Photographs of these are what a film is most easily mistaken for, and few photographs come with the libraries.
A thing is one to a dozen lit bodies with features on them, and may leave the picture on any side.
"""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Values = NDArray[np.float32]
Light = NDArray[np.float64]
Rng = np.random.Generator


def thing(chance: random.Random) -> Picture:
    """Return one thing before black, (rows, columns) uint8, at most 700 px a side."""
    rows, columns = chance.randint(260, 700), chance.randint(220, 700)
    rng = np.random.default_rng(chance.randrange(2**31))
    canvas = np.zeros((rows, columns), np.float32)
    light = np.array([chance.uniform(-1, 1), chance.uniform(-1, 0.3), chance.uniform(0.3, 1.2)])
    make = chance.choice((_head, _head, _hand, _fruit, _vessel, _box))
    make(canvas, chance, rng, light / np.linalg.norm(light))
    if chance.random() < 0.5:
        canvas += rng.normal(0, chance.uniform(1, 6), canvas.shape) * (canvas > 8)
    canvas = cv2.GaussianBlur(canvas, (0, 0), chance.uniform(0.5, 1.8))
    canvas *= chance.uniform(0.6, 1.1)
    return np.ascontiguousarray(np.clip(canvas + chance.randint(0, 8), 0, 255).astype(np.uint8))


def _head(canvas: Values, chance: random.Random, rng: Rng, light: Light) -> None:
    """Draw a face with hair, eyes, brows, nose and mouth, on a neck and shoulders with a collar."""
    rows, columns = canvas.shape
    unit = min(rows, columns) * chance.uniform(0.25, 0.75)
    x, y = columns * chance.uniform(0.1, 0.9), rows * chance.uniform(0.2, 0.7)
    skin, hair, cloth = (chance.uniform(110, 230), chance.uniform(15, 160), chance.uniform(20, 230))
    if chance.random() < 0.8:
        body = _body(canvas, (x, y + 1.25 * unit), (0.95 * unit, 0.62 * unit), 0, cloth, light)
        _pattern(canvas, body, chance, rng, unit)
        _body(canvas, (x, y + 0.62 * unit), (0.2 * unit, 0.32 * unit), 0, skin * 0.85, light)
        for side in (-1, 1):  # the collar
            _line(canvas, (x, y + 1.0 * unit), (x + side * 0.3 * unit, y + 0.7 * unit), 240, unit / 22)
    crown = _body(canvas, (x, y - 0.1 * unit), (0.42 * unit, 0.56 * unit), 0, hair, light)
    _grain(canvas, crown, rng, chance.uniform(0.1, 0.4), (1.0, chance.uniform(2, 9)))
    tilt = chance.uniform(-15, 15)
    face = _body(canvas, (x, y), (0.36 * unit, 0.5 * unit), tilt, skin, light)
    _grain(canvas, face, rng, chance.uniform(0.0, 0.06), (2.0, 2.0))
    for side in (-1, 1):
        eye = (x + side * 0.15 * unit, y - 0.08 * unit)
        _body(canvas, eye, (0.07 * unit, 0.035 * unit), tilt, chance.uniform(170, 250), light)
        _body(canvas, eye, (0.03 * unit, 0.035 * unit), 0, chance.uniform(5, 60), light)
        brow = eye[1] - 0.09 * unit
        _line(canvas, (eye[0] - 0.09 * unit, brow), (eye[0] + 0.09 * unit, brow - 0.01 * unit), hair * 0.7,
              unit / 30)  # fmt: skip
    _body(canvas, (x, y + 0.1 * unit), (0.05 * unit, 0.12 * unit), 0, skin * 1.1, light)
    mouth = y + 0.28 * unit
    _line(canvas, (x - 0.11 * unit, mouth), (x + 0.11 * unit, mouth), skin * 0.35, unit / 28)
    if chance.random() < 0.3:  # a cap
        _body(canvas, (x, y - 0.42 * unit), (0.5 * unit, 0.22 * unit), tilt, cloth, light)


def _hand(canvas: Values, chance: random.Random, rng: Rng, light: Light) -> None:
    """Draw a palm with four fingers and a thumb, from any side."""
    rows, columns = canvas.shape
    unit = min(rows, columns) * chance.uniform(0.3, 0.6)
    x, y, turn = columns * chance.uniform(0.2, 0.8), rows * chance.uniform(0.3, 0.7), chance.uniform(0, 360)
    skin = chance.uniform(110, 230)
    for number in range(5):
        angle = np.radians(turn + (number - 2) * chance.uniform(14, 24) - (25 if number == 0 else 0))
        reach = unit * (0.55 if number == 0 else chance.uniform(0.75, 0.95))
        for joint in (0.55, 0.8, 1.0):
            place = (x + np.cos(angle) * reach * joint, y + np.sin(angle) * reach * joint)
            _body(canvas, place, (0.22 * unit, 0.085 * unit), float(np.degrees(angle)), skin, light)
    palm = _body(canvas, (x, y), (0.45 * unit, 0.4 * unit), turn, skin, light)
    _grain(canvas, palm, rng, chance.uniform(0.02, 0.08), (2.0, 2.0))
    for _ in range(3):
        _line(canvas, (x + chance.uniform(-0.3, 0.3) * unit, y - 0.25 * unit),
              (x + chance.uniform(-0.3, 0.3) * unit, y + 0.25 * unit), skin * 0.55, unit / 50)  # fmt: skip


def _fruit(canvas: Values, chance: random.Random, rng: Rng, light: Light) -> None:
    """Draw one to seven round things with spots, some behind others."""
    rows, columns = canvas.shape
    for _ in range(chance.choice((1, 1, 2, 3, 5, 7))):
        radius = min(rows, columns) * chance.uniform(0.12, 0.55)
        centre = columns * chance.uniform(0, 1), rows * chance.uniform(0.1, 0.9)
        axes = radius, radius * chance.uniform(0.6, 1.3)
        found = _body(canvas, centre, axes, chance.uniform(0, 180), chance.uniform(60, 240), light)
        _grain(canvas, found, rng, chance.uniform(0, 0.25), (chance.uniform(1, 8), chance.uniform(1, 8)))
        shine = centre[0] + light[0] * radius / 2, centre[1] + light[1] * radius / 2
        _body(canvas, shine, (radius / 9, radius / 12), 0, 250, light)
        _line(canvas, centre, (centre[0], centre[1] - axes[1] * 1.1), chance.uniform(10, 90), radius / 14)


def _vessel(canvas: Values, chance: random.Random, rng: Rng, light: Light) -> None:
    """Draw a bottle or a cup: upright bodies with reflections and a label of letters."""
    rows, columns = canvas.shape
    x, wide = columns * chance.uniform(0.1, 0.9), columns * chance.uniform(0.12, 0.4)
    top, bottom = rows * chance.uniform(0.02, 0.4), rows * chance.uniform(0.7, 1.1)
    grey = chance.uniform(50, 220)
    tall = bottom - top
    middle = x, (top + bottom) / 2
    found = _body(canvas, middle, (wide, tall / 2), 0, grey, light, square=chance.uniform(4, 9))
    _body(canvas, (x, top), (wide * chance.uniform(0.25, 1.0), tall * 0.16), 0, grey * 1.1, light, square=6)
    _grain(canvas, found, rng, chance.uniform(0, 0.1), (1.0, 12.0))
    for _ in range(chance.randint(1, 3)):
        at = x + wide * chance.uniform(-0.8, 0.8)
        _line(canvas, (at, top + 0.1 * tall), (at, bottom - 0.1 * tall), chance.uniform(180, 250), wide / 20)
    _letters(canvas, chance, (x - 0.7 * wide, (top + bottom) / 2), wide)


def _box(canvas: Values, chance: random.Random, rng: Rng, light: Light) -> None:
    """Draw boxes and books that lean, with letters."""
    rows, columns = canvas.shape
    for _ in range(chance.randint(1, 4)):
        unit = min(rows, columns) * chance.uniform(0.15, 0.6)
        place = columns * chance.uniform(0, 1), rows * chance.uniform(0.1, 0.9)
        found = _body(canvas, place, (unit, unit * chance.uniform(0.4, 1.2)), chance.uniform(-30, 30),
                      chance.uniform(40, 240), light, square=12)  # fmt: skip
        _pattern(canvas, found, chance, rng, unit)
        _letters(canvas, chance, (place[0] - 0.6 * unit, place[1]), unit)


def _body(
    canvas: Values, centre: tuple[float, float], axes: tuple[float, float], degrees: float, grey: float,
    light: Light, square: float = 2.0,
) -> NDArray[np.bool_]:  # fmt: skip
    """Draw a lit body, an ellipse or (the larger `square`, the more) a box with round edges; where it is."""
    y, x = np.mgrid[: canvas.shape[0], : canvas.shape[1]].astype(np.float32)
    turn = np.radians(degrees)
    u = ((x - centre[0]) * np.cos(turn) + (y - centre[1]) * np.sin(turn)) / max(axes[0], 1.0)
    v = (-(x - centre[0]) * np.sin(turn) + (y - centre[1]) * np.cos(turn)) / max(axes[1], 1.0)
    far = np.abs(u) ** square + np.abs(v) ** square
    found = far < 1
    up = np.sqrt(np.clip(1 - far, 0, 1))
    lit = np.clip(0.25 + 0.75 * (light[0] * u + light[1] * v + light[2] * up), 0.08, 1.2)
    canvas[found] = (grey * lit)[found]
    return np.asarray(found)


def _grain(
    canvas: Values, found: NDArray[np.bool_], rng: Rng, strength: float,
    sigmas: tuple[float, float],
) -> None:  # fmt: skip
    noise = rng.normal(size=canvas.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), sigmas[0], sigmaY=sigmas[1])
    noise /= noise.std() + 1e-6
    canvas[found] *= 1 + strength * noise[found]


def _pattern(canvas: Values, found: NDArray[np.bool_], chance: random.Random, rng: Rng, unit: float) -> None:
    """Draw stripes, checks or folds on a body."""
    y, x = np.mgrid[: canvas.shape[0], : canvas.shape[1]]
    angle, step = chance.uniform(0, np.pi), unit * chance.uniform(0.04, 0.2)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / step)
    how = chance.random()
    shade = np.where(wave > chance.uniform(0, 0.9), 0.5, 1.0) if how < 0.5 else 1 + 0.25 * wave
    canvas[found] *= shade[found]
    _grain(canvas, found, rng, chance.uniform(0, 0.1), (1.0, 1.0))


def _line(
    canvas: Values, start: tuple[float, float], end: tuple[float, float], grey: float, width: float
) -> None:
    ends = (tuple(round(value) for value in point) for point in (start, end))
    cv2.line(canvas, *ends, float(grey), max(1, round(width)), cv2.LINE_AA)


def _letters(canvas: Values, chance: random.Random, place: tuple[float, float], unit: float) -> None:
    if chance.random() < 0.4:
        return
    words = "".join(chance.choice("ABCDEFGHIKLMNOPRSTUVZ 0123456789") for _ in range(chance.randint(3, 10)))
    size, written = max(0.3, unit / 160), np.zeros(canvas.shape, np.uint8)
    cv2.putText(written, words, (round(place[0]), round(place[1])), 2, size, 255, max(1, round(size * 1.5)))
    canvas[written > 127] = chance.choice((5.0, 250.0))
