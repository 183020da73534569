"""What machines draw over pictures, painted on pictures without it, so that hits can be counted."""

from __future__ import annotations

import random

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
WORDS = (
    "RT",
    "LT3",
    "RT UOQ",
    "LT AXILLA",
    "rt axilla",
    "RIGHT BREAST",
    "MAMA DIREITA",
    "D 12.4MM",
    "10:00 N+3",
)
HERSHEY = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX)


def stored(picture: Picture, chance: random.Random) -> Picture:
    """Return a picture as it comes out of an archive: resampled now and then, and as a JPEG."""
    scale = chance.choice((1.0, 1.0, 0.7, 0.85, 1.3))
    if scale != 1.0:
        way = chance.choice((cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC))
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way), np.uint8)
    made = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, chance.choice((85, 92, 98))])[1]
    return np.asarray(cv2.imdecode(made, cv2.IMREAD_UNCHANGED), np.uint8)


def _anywhere(picture: Picture, chance: random.Random, margin: int = 30) -> tuple[int, int]:
    rows, columns = picture.shape[:2]
    return chance.randrange(margin, columns - margin), chance.randrange(margin, rows - margin)


def calipers(picture: Picture, chance: random.Random) -> Picture:
    """Paint two or four crosses, + or ×, some with a dotted line between them, white or yellow."""
    painted = (
        np.ascontiguousarray(np.repeat(picture[..., None], 3, axis=2))
        if chance.random() < 0.3
        else picture.copy()
    )
    colour = (40, 240, 250) if painted.ndim == 3 else chance.choice((200, 230, 255))
    arm, lying, width = chance.randint(4, 8), chance.random() < 0.3, chance.choice((1, 1, 2))
    for _ in range(chance.choice((1, 2))):
        ends = _anywhere(picture, chance), _anywhere(picture, chance)
        if chance.random() < 0.5:
            for share in np.linspace(0.08, 0.92, 40):
                x, y = (round(a + share * (b - a)) for a, b in zip(*ends, strict=True))
                cv2.circle(painted, (x, y), 0, colour, -1)
        for x, y in ends:
            strokes = ((1, 1), (1, -1)) if lying else ((1, 0), (0, 1))
            for dx, dy in strokes:
                start, end = (x - arm * dx, y - arm * dy), (x + arm * dx, y + arm * dy)
                cv2.line(painted, start, end, colour, width)
    return stored(painted, chance)


def text(picture: Picture, chance: random.Random) -> Picture:
    """Write a word or two into the scan."""
    painted = picture.copy()
    x, y = chance.randrange(5, max(6, picture.shape[1] - 160)), chance.randrange(30, picture.shape[0] - 10)
    size, level = chance.uniform(0.4, 0.9), chance.choice((200, 230, 255))
    cv2.putText(
        painted, chance.choice(WORDS), (x, y), chance.choice(HERSHEY), size, level, chance.choice((1, 2))
    )
    return stored(painted, chance)


def doppler(picture: Picture, chance: random.Random, share: float) -> Picture:
    """Paint vessels in red and blue that cover about a share of the picture, in a box of their own."""
    painted = np.ascontiguousarray(np.repeat(picture[..., None], 3, axis=2))
    rows, columns = picture.shape
    wanted, covered = share * rows * columns, np.zeros((rows, columns), np.uint8)
    while covered.sum() < wanted:
        x, y = _anywhere(picture, chance)
        long = max(3, round(np.sqrt(wanted / 6) * chance.uniform(0.6, 1.4)))
        axes = (long, max(2, long // chance.randint(2, 4)))
        one = np.zeros_like(covered)
        cv2.ellipse(one, (x, y), axes, chance.randrange(180), 0, 360, 1, -1)
        ramp = np.clip(cv2.GaussianBlur(one.astype(np.float32), (0, 0), 2) * 255, 80, 255)
        red = chance.random() < 0.5
        colours = (ramp * 0.1, ramp * 0.35, ramp) if red else (ramp, ramp * 0.3, ramp * 0.1)
        painted[one > 0] = np.stack(colours, axis=2)[one > 0].astype(np.uint8)
        covered |= one
    cv2.rectangle(painted, (20, 20), (columns - 20, rows - 20), (90, 220, 220), 1)
    return stored(painted, chance)


def elastography(picture: Picture, chance: random.Random, share: float) -> Picture:
    """Lay a map of stiffness over a part of the picture, translucent as machines do."""
    painted = np.ascontiguousarray(np.repeat(picture[..., None], 3, axis=2))
    rows, columns = picture.shape
    height, width = round(rows * np.sqrt(share)), round(columns * np.sqrt(share))
    x, y = chance.randint(0, columns - width), chance.randint(0, rows - height)
    seeds = np.random.default_rng(chance.randrange(2**31)).normal(size=(5, 5)).astype(np.float32)
    field = cv2.normalize(
        cv2.resize(seeds, (width, height), interpolation=cv2.INTER_CUBIC), None, 0, 255, cv2.NORM_MINMAX
    )
    colours = cv2.applyColorMap(
        field.astype(np.uint8), chance.choice((cv2.COLORMAP_JET, cv2.COLORMAP_RAINBOW))
    )
    part, weight = painted[y : y + height, x : x + width], chance.uniform(0.35, 0.7)
    part[:] = cv2.addWeighted(part, 1 - weight, colours, weight, 0)
    return stored(painted, chance)


def side_by_side(left: Picture, right: Picture, chance: random.Random) -> Picture:
    """Put two pictures beside each other, with or without a strip between them."""
    rows = min(left.shape[0], right.shape[0])
    gap = np.zeros((rows, chance.choice((0, 4, 10, 30))), np.uint8)
    halves = [cv2.resize(one, (round(one.shape[1] * rows / one.shape[0]), rows)) for one in (left, right)]
    if chance.random() < 0.5:
        columns = min(half.shape[1] for half in halves)
        halves = [half[:, :columns] for half in halves]
    return stored(np.ascontiguousarray(np.hstack([halves[0], gap, halves[1]])), chance)


def screen(picture: Picture, chance: random.Random) -> Picture:
    """Put a picture into the black screen of a machine, with text around it."""
    rows, columns = chance.choice(((600, 800), (480, 640), (768, 1024)))
    scale = min(0.8 * columns / picture.shape[1], 0.8 * rows / picture.shape[0])
    inner = cv2.resize(picture, None, fx=scale, fy=scale)
    whole = np.zeros((rows, columns), np.uint8)
    x, y = chance.randint(0, columns - inner.shape[1]), chance.randint(0, rows - inner.shape[0])
    whole[y : y + inner.shape[0], x : x + inner.shape[1]] = inner
    for _ in range(6):
        at = chance.randint(0, columns - 200), chance.choice((20, 40, rows - 30, rows - 10))
        cv2.putText(whole, "BREAST 12L-5 MI0.9", at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, 200, 1)
    return whole
