"""Lesions, each with the look it is known by, put into a tissue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from field import Field, Map, Texture, ridge, step
from tissue import Tissue


class Kind(StrEnum):
    """What a lesion imitates."""

    CYST = "cyst"
    FIBROADENOMA = "fibroadenoma"
    SPICULATED = "spiculated"


@dataclass(frozen=True)
class Lesion:
    """Where a lesion lies and how large it is.

    Attributes
    ----------
    depth, lateral : float
        Centre in mm (lateral 0 is the middle).
    high, wide : float
        Full size in mm along the beam and across it.
    tilt : float
        Degrees, positive turns the right end down.
    """

    kind: Kind
    depth: float
    lateral: float
    high: float
    wide: float
    tilt: float = 0.0

    def section(self, offset: float) -> Lesion | None:
        """Return the cross-section `offset` mm off the centre of a body of revolution, None beside it."""
        share = 1 - (2 * offset / self.wide) ** 2
        return (
            None if share <= 0.01 else replace(self, high=self.high * share**0.5, wide=self.wide * share**0.5)
        )


@dataclass(frozen=True)
class _Shape:
    """A star-shaped outline; `outside`: distance beyond it in mm, negative inside; `angle` in radians."""

    outside: Map
    angle: Map
    radius: Map


_LOBES = {Kind.CYST: 0.02, Kind.FIBROADENOMA: 0.05, Kind.SPICULATED: 0.10}


def _spikes(angle: Map, random: np.random.Generator, count: int) -> Map:
    """Return narrow outgrowths of an outline, as a share of its radius."""
    total = np.zeros_like(angle)
    for k in range(count):
        towards = 2 * np.pi * (k + random.uniform(-0.35, 0.35)) / count
        gap = np.angle(np.exp(1j * (angle - towards))).astype(np.float32)
        total += random.uniform(0.1, 0.55) * np.exp(-(np.abs(gap / random.uniform(0.08, 0.22)) ** 1.2))
    return total


def _outline(field: Field, lesion: Lesion, random: np.random.Generator) -> _Shape:
    """Return the shape of a lesion: an ellipse with gentle lobes, or with spikes."""
    turn = np.deg2rad(lesion.tilt)
    z, x = field.depth - lesion.depth, field.lateral - lesion.lateral
    along, across = x * np.cos(turn) + z * np.sin(turn), z * np.cos(turn) - x * np.sin(turn)
    angle = np.arctan2(across, along).astype(np.float32)
    half_wide, half_high = lesion.wide / 2, lesion.high / 2
    radius = half_wide * half_high / np.hypot(half_high * np.cos(angle), half_wide * np.sin(angle))
    lobes = sum(
        random.standard_normal() * np.cos(n * angle + random.uniform(0, 6.28)) / n**0.6 for n in range(2, 7)
    )
    share = 1 + _LOBES[lesion.kind] * lobes
    if lesion.kind is Kind.SPICULATED:
        share = 0.72 * share + _spikes(angle, random, int(random.integers(8, 12)))
    radius = (radius * share).astype(np.float32)
    return _Shape((np.hypot(along, across) - radius).astype(np.float32), angle, radius)


def _edge_shadows(shape: _Shape, field: Field) -> Map:
    """Return the loss (dB per mm) where beams graze a smooth curved wall and are bent away."""
    dz, dx = np.gradient(shape.outside)
    grazing = np.abs(dx) / (np.hypot(dz, dx) + 1e-6)
    return (1.6 * np.exp(-np.square(shape.outside / 0.45)) * grazing**10).astype(np.float32) * (
        field.depth > 2
    )


def _cyst(tissue: Tissue, shape: _Shape, field: Field, lesion: Lesion) -> Tissue:
    """Anechoic, thin bright wall where it faces the beam, little loss behind: posterior enhancement."""
    inside = 1 - step(shape.outside, 0.12)
    dz, dx = np.gradient(shape.outside)
    facing = (np.abs(dz) / (np.hypot(dz, dx) + 1e-6)) ** 3
    wall = np.exp(-np.square((shape.outside - 0.1) / 0.11)) * facing
    # Echoes to and fro between the front wall and the transducer fill the nearest part of the fluid.
    echo = -62.0 + 20.0 * np.exp(shape.outside / 0.9) * (field.depth < lesion.depth)
    return Tissue(
        tissue.echo * (1 - inside) + echo * inside,
        tissue.attenuation * (1 - inside) + 0.03 * inside + _edge_shadows(shape, field),
        tissue.mirror * (1 - inside) + 0.4 * wall.astype(np.float32),
    )


def _fibroadenoma(tissue: Tissue, shape: _Shape, field: Field, texture: Texture) -> Tissue:
    """Oval, even and darker than the gland, with a thin capsule; slightly less loss than the gland."""
    inside = 1 - step(shape.outside, 0.14)
    body = -25.5 + 0.9 * texture.smooth(0.5, 0.9) + 1.6 * ridge(texture.layered(0.8, 2.2), 4.0)
    capsule = np.exp(-np.square((shape.outside - 0.2) / 0.2)).astype(np.float32)
    return Tissue(
        tissue.echo * (1 - inside) + body * inside + 5.0 * capsule,
        tissue.attenuation * (1 - inside) + 0.30 * inside + 0.6 * _edge_shadows(shape, field),
        tissue.mirror * (1 - inside) + 0.16 * capsule,
    )


def _spiculated(tissue: Tissue, shape: _Shape, texture: Texture) -> Tissue:
    """Irregular and dark: echogenic halo, radiating strands, a few calcifications, a shadow behind."""
    inside = 1 - step(shape.outside + 0.25 * texture.smooth(0.35, 0.35), 0.4)
    near = np.clip(shape.outside, 0, None)
    halo = np.exp(-near / 1.6) * (1 - inside) * np.clip(0.8 + 0.5 * texture.smooth(0.6, 0.6), 0, None)
    fans = cv2.GaussianBlur(
        texture.random.standard_normal((1, 720)).astype(np.float32), (0, 0), 1.6, sigmaY=0.01
    )[0]
    turn = ((shape.angle + np.pi) / (2 * np.pi) * 719).astype(np.int32)
    strands = (fans[turn] / fans.std()).astype(np.float32) * np.exp(-near / 3.2) * (1 - inside)
    body = -31.0 + 2.5 * texture.layered(0.8, 0.8)
    calcifications = np.clip(texture.smooth(0.09, 0.09) - 3.6, 0, 0.6) * inside
    return Tissue(
        (tissue.echo + 7.0 * halo + 5.0 * strands) * (1 - inside) + body * inside,
        tissue.attenuation + 0.62 * inside + 0.10 * halo,
        tissue.mirror * (1 - inside) * (1 - 0.6 * np.exp(-near / 3)) + 2.0 * calcifications,
    )


def _drawn_in(tissue: Tissue, lesion: Lesion, field: Field) -> Tissue:
    """Return the tissue pulled towards a scirrhous lesion: the architectural distortion around it."""
    z, x = field.depth - lesion.depth, field.lateral - lesion.lateral
    pull = 1 + 0.35 * np.exp(-(np.square(z) + np.square(x)) / (2 * (0.9 * lesion.high) ** 2))
    # Skin and chest wall stay where they are.
    pull = 1 + (pull - 1) * np.clip((field.depth - 3) / 4, 0, 1) * np.clip(
        (lesion.depth + lesion.high - field.depth) / 4, 0, 1
    )
    rows = ((lesion.depth + z * pull) / field.spacing).astype(np.float32)
    columns = ((lesion.lateral + x * pull) / field.spacing + (field.columns - 1) / 2).astype(np.float32)
    maps = (tissue.echo, tissue.attenuation, tissue.mirror)
    return Tissue(
        *(cv2.remap(m, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT) for m in maps)
    )


def place(tissue: Tissue, lesion: Lesion, field: Field, seed: int) -> tuple[Tissue, NDArray[np.bool_]]:
    """Return the tissue with a lesion in it and the lesion's mask.

    Parameters
    ----------
    tissue : Tissue
        Left as it is.
    lesion : Lesion
        What to put where.
    field : Field
        Field of view.
    seed : int
        Draws the outline and the inner texture.

    Returns
    -------
    Tissue, ndarray
        Acoustic maps, and the mask `(rows, columns)` bool.
    """
    texture = Texture(field, seed)
    shape = _outline(field, lesion, texture.random)
    if lesion.kind is Kind.CYST:
        changed = _cyst(tissue, shape, field, lesion)
    elif lesion.kind is Kind.FIBROADENOMA:
        changed = _fibroadenoma(tissue, shape, field, texture)
    else:
        changed = _spiculated(_drawn_in(tissue, lesion, field), shape, texture)
    return changed, shape.outside < 0
