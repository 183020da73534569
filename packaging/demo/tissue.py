"""What is under the transducer: how strongly each point scatters, reflects and attenuates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from field import Field, Map, Texture, ridge, step

MEAN_ATTENUATION = 0.42
"""dB per mm one way that the machine's depth gain assumes (about 0.5 dB/cm/MHz at 8-9 MHz)."""


@dataclass
class Tissue:
    """Acoustic maps of a field of view.

    Attributes
    ----------
    echo : Map
        Scattering strength in dB.
    attenuation : Map
        dB per mm, one way.
    mirror : Map
        Amplitude (linear) of smooth interfaces that reflect instead of scattering.
    """

    echo: Map
    attenuation: Map
    mirror: Map


@dataclass(frozen=True)
class Breast:
    """How a breast is built.

    Attributes
    ----------
    fat, gland, chest : float
        Mean depth in mm at which the parenchyma, the retromammary fat and the pectoral muscle begin.
    density : float
        0 (parenchyma mostly fat) to 1 (dense parenchyma).
    """

    fat: float = 8.0
    gland: float = 24.0
    chest: float = 28.0
    density: float = 0.7


def _cells(texture: Texture, size: tuple[float, float]) -> tuple[Map, Map]:
    """Return septa (0..1) and a random level for each cell of a tiling, `size` mm high and wide."""
    field, (high, wide) = texture.field, size
    z = field.depth + 0.9 * texture.smooth(2.5, 4.0) + 0.16 * texture.smooth(0.5, 0.8)
    x = field.lateral + 1.4 * texture.smooth(2.0, 4.0) + 0.3 * texture.smooth(0.6, 0.8)
    seeds = [
        (
            (i + 0.5 + texture.random.uniform(-0.4, 0.4)) * high,
            (j + 0.5 * (i % 2) + texture.random.uniform(-0.4, 0.4)) * wide - field.width / 2,
        )
        for i in range(-1, int(field.height / high) + 2)
        for j in range(-1, int(field.width / wide) + 2)
    ]
    nearest = np.full(z.shape, np.inf, np.float32)
    second = nearest.copy()
    level = np.zeros_like(nearest)
    for sz, sx in seeds:
        distance = np.hypot((z - sz) / high, (x - sx) / wide).astype(np.float32)
        closer = distance < nearest
        second = np.where(closer, nearest, np.minimum(second, distance))
        level = np.where(closer, np.float32(texture.random.standard_normal()), level)
        nearest = np.where(closer, distance, nearest)
    septa = np.exp(-np.square((second - nearest) / 0.03)).astype(np.float32)
    return septa, level


def _facing(septa: Map) -> Map:
    """Return how much a line lies across the beam (0..1): only then does it shine."""
    dz, dx = np.gradient(septa)
    return np.asarray(np.abs(dz) / (np.hypot(dz, dx) + 1e-3), np.float32)


def _interface(field: Field, boundary: Map, thickness: float = 0.12) -> Map:
    """Return a thin line (0..1) along a boundary."""
    return np.exp(-np.square((field.depth - boundary) / thickness)).astype(np.float32)


def _muscle(texture: Texture, below: Map) -> tuple[Map, Map]:
    """Return echo (dB) and mirror of the pectoral muscle: dark, with bright fibre sheets along the fascia."""
    field = texture.field
    sheets = np.interp(field.depth - below, np.linspace(-2, 30, 400), texture.random.standard_normal(400))
    sheets = sheets.astype(np.float32) + 0.5 * texture.smooth(0.12, 5.0)
    echo = -24.0 + 2.2 * texture.smooth(0.15, 4.0) + 5.0 * np.clip(sheets, 0, 2)
    shine = 0.35 * np.clip(sheets - 1.2, 0, 1) * np.clip(0.6 + 0.5 * texture.smooth(0.3, 2.5), 0, None)
    return echo.astype(np.float32), shine.astype(np.float32)


@dataclass(frozen=True)
class _Layers:
    """How much of each layer (0..1) a point belongs to, and the boundaries that reflect."""

    skin: Map
    gland: Map
    retro: Map
    muscle: Map
    skin_line: Map
    chest_line: Map


def _layers(texture: Texture, build: Breast) -> _Layers:
    """Return the layers of a breast, each boundary bent in its own way."""
    field, z = texture.field, texture.field.depth
    skin = texture.profile(1.4, 0.12, 8.0)
    fat = texture.profile(build.fat, 1.6, 4.0) + 0.5 * texture.smooth(1.0, 1.5)
    gland = texture.profile(build.gland, 1.5, 6.0) + 0.4 * texture.smooth(1.0, 1.5)
    slope = float(texture.random.uniform(-0.07, 0.07))
    chest = texture.profile(build.chest, 0.9, 9.0) + slope * field.lateral[:1]
    return _Layers(
        1 - step(z - skin, 0.1), step(z - fat, 0.35), step(z - gland, 0.4), step(z - chest, 0.15), skin, chest
    )


def _fat(texture: Texture, septa: Map, level: Map) -> Map:
    """Return the echo (dB) of fat: dark lobules parted by bright septa."""
    lobules = -24.0 + 1.5 * level + 1.3 * texture.layered(0.5, 1.4)
    return lobules + 10.0 * septa + 7.0 * ridge(texture.layered(0.5, 3.5), 5.0)


def _gland(texture: Texture, density: float) -> tuple[Map, Map]:
    """Return the echo (dB) of parenchyma, bright with dark ducts and lobules, and where those are (0..1)."""
    strands = ridge(texture.layered(0.9, 4.5), 3.2)
    ducts = step(texture.layered(1.1, 2.6) - 0.15 - 1.1 * (density - 0.5), 0.28)
    stroma = -11.0 + 2.2 * texture.layered(0.6, 1.8) + 4.5 * strands
    return stroma - 8.5 * ducts * (1.25 - 0.55 * density), ducts


def _mirror(texture: Texture, layers: _Layers, septa: Map, patchy: Map) -> Map:
    """Return what shines: transducer face, skin, septa that lie across the beam, fascia of the muscle."""
    field, z = texture.field, texture.field.depth
    rough = 0.55 + 0.45 * np.clip(texture.smooth(0.5, 1.2), -1, 1)
    face = 0.9 * np.exp(-np.square((z - 0.2) / 0.1)) + 0.35 * np.exp(-np.square((z - 0.6) / 0.07))
    skin = 0.7 * _interface(field, layers.skin_line, 0.1) * (0.7 + 0.3 * rough)
    in_fat = (1 - layers.gland + layers.retro) * (1 - layers.muscle) * (1 - layers.skin)
    fascia = 0.7 * _interface(field, layers.chest_line, 0.16) * (0.55 + 0.45 * patchy)
    return face + skin + 0.6 * septa * _facing(septa) * rough * patchy * in_fat + fascia


def breast(field: Field, build: Breast, seed: int) -> Tissue:
    """Return a breast's tissue: skin, subcutaneous fat, parenchyma, retromammary fat, pectoral muscle.

    Parameters
    ----------
    field : Field
        Field of view.
    build : Breast
        Depths of the layers and density.
    seed : int
        The same seed gives the same breast.
    """
    texture = Texture(field, seed)
    layers = _layers(texture, build)
    septa, level = _cells(texture, (4.4, 8.5))
    patchy = np.clip(0.65 + 0.45 * texture.smooth(1.0, 2.0), 0.05, 1.3)
    fat = _fat(texture, septa * patchy, level)
    gland, ducts = _gland(texture, build.density)
    muscle, sheets = _muscle(texture, layers.chest_line)

    echo = fat * (1 - layers.gland) + gland * layers.gland
    echo = echo * (1 - layers.retro) + (fat + 1.0) * layers.retro
    echo = echo * (1 - layers.muscle) + muscle * layers.muscle
    echo = echo * (1 - layers.skin) + (-15.0 + 1.5 * texture.smooth(0.15, 1.2)) * layers.skin

    mirror = _mirror(texture, layers, septa, patchy) + sheets * layers.muscle
    attenuation = MEAN_ATTENUATION + 0.14 * layers.gland * (1 - layers.retro) * (1 - ducts)
    attenuation += 0.20 * layers.muscle - 0.06 * (1 - layers.gland)
    # Uneven contact of the transducer shades whole beams.
    attenuation += 0.5 * layers.skin * np.clip(texture.profile(0.0, 1.0, 5.0), 0, None)
    return Tissue(echo.astype(np.float32), attenuation.astype(np.float32), mirror.astype(np.float32))
