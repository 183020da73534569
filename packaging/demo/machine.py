"""How the machine makes a picture: speckle, depth gain, shadows, compounding, compression to grey."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from field import Field, Map
from tissue import MEAN_ATTENUATION, Tissue

Noise = NDArray[np.complex64]


@dataclass(frozen=True)
class Machine:
    """Settings of the machine.

    Attributes
    ----------
    angles : tuple of float
        Steering in degrees of the looks that are compounded.
    axial, lateral : float
        Standard deviation of the point spread in mm, at the focus.
    focus : float
        Depth of the focus in mm.
    dynamic_range : float
        dB from black to white.
    gain : float
        dB of the brightest grey.
    noise : float
        Electronic noise in dB at the transducer; depth gain lifts it with the echoes.
    """

    angles: tuple[float, ...] = (-10.0, -5.0, 0.0, 5.0, 10.0)
    axial: float = 0.075
    lateral: float = 0.15
    focus: float = 17.0
    dynamic_range: float = 60.0
    gain: float = 5.0
    noise: float = -70.0


def scatterers(field: Field, random: np.random.Generator) -> Noise:
    """Return complex Gaussian scatterers: blurred, their envelope is Rayleigh distributed as speckle is.

    These are the statistics of fully developed speckle (Wagner et al., IEEE Trans. Sonics Ultrason. 30:156,
    1983).
    """
    size = (field.rows, field.columns)
    return (
        random.standard_normal(size, np.float32) + 1j * random.standard_normal(size, np.float32)
    ) / np.sqrt(2)


def _blur(values: NDArray[np.complexfloating], axial: float, lateral: float) -> Noise:
    """Blur both parts with a Gaussian (standard deviations in px), keeping the power of white noise."""
    parts = np.dstack([values.real, values.imag]).astype(np.float32)
    soft = cv2.GaussianBlur(parts, (0, 0), sigmaX=lateral, sigmaY=axial, borderType=cv2.BORDER_REFLECT)
    return (soft[..., 0] + 1j * soft[..., 1]) * np.float32(2 * np.sqrt(np.pi * axial * lateral))


def _beam(values: NDArray[np.complexfloating], field: Field, machine: Machine) -> Noise:
    """Blur with the point spread: sharp at the focus, wider away from it."""
    away = np.abs(field.depth - machine.focus) / machine.focus
    near = _blur(values, machine.axial / field.spacing, machine.lateral / field.spacing)
    far = _blur(values, machine.axial / field.spacing, 2.2 * machine.lateral / field.spacing)
    share = np.clip(away, 0, 1)
    return near * np.sqrt(1 - share) + far * np.sqrt(share)


def _shear(values: Map, field: Field, degrees: float) -> Map:
    """Return the map with row `z` moved sideways by `z tan(degrees)`."""
    slope = float(np.tan(np.deg2rad(degrees)))
    matrix = np.array([[1, slope, 0], [0, 1, 0]], np.float32)
    size = (field.columns, field.rows)
    return cv2.warpAffine(values, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _loss(tissue: Tissue, field: Field, degrees: float) -> Map:
    """Return what the echo lost on both ways along beams steered by `degrees`, after depth gain, in dB."""
    beams = _shear(tissue.attenuation - np.float32(MEAN_ATTENUATION), field, -degrees)
    summed = 2 * np.cumsum(beams, axis=0, dtype=np.float32) * field.spacing
    # The aperture looks past small obstacles: a shadow's edge is soft.
    soft = cv2.GaussianBlur(summed, (0, 0), sigmaX=0.5 / field.spacing, sigmaY=0.1)
    return _shear(soft, field, degrees)


def _look(tissue: Tissue, noise: Noise, field: Field, machine: Machine, degrees: float) -> Map:
    """Return the envelope of one steered look."""
    amplitude = 10 ** (tissue.echo / 20)
    # A mirror's echo is coherent: it does not average out, and hardly speckles.
    echoes = _beam(amplitude * noise, field, machine)
    shine = cv2.GaussianBlur(
        tissue.mirror, (0, 0), machine.lateral / field.spacing, sigmaY=machine.axial / field.spacing
    )
    weakened = 10 ** (-_loss(tissue, field, degrees) / 20)
    return np.asarray(np.abs(echoes + shine) * weakened, np.float32)


def picture(
    tissue: Tissue, field: Field, machine: Machine, looks: list[Noise], random: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the B-mode picture of a tissue.

    Parameters
    ----------
    tissue : Tissue
        Acoustic maps.
    field : Field
        Field of view.
    machine : Machine
        Settings.
    looks : list of ndarray
        One set of scatterers for each steering angle (partly alike, see `looks_of`).
    random : Generator
        Draws the electronic noise.

    Returns
    -------
    ndarray
        `(rows, columns)` uint8.
    """
    envelopes = [_look(tissue, n, field, machine, a) for n, a in zip(looks, machine.angles, strict=True)]
    envelope = np.mean(envelopes, axis=0)
    lifted = machine.noise + 2 * MEAN_ATTENUATION * field.depth
    hiss = np.abs(_blur(scatterers(field, random), 1.0, 1.5)) * 10 ** (lifted / 20)
    # Reverberation near the transducer and side lobes fill what should be black.
    haze = cv2.GaussianBlur(
        envelope, (0, 0), sigmaX=2.4 / field.spacing, sigmaY=0.5 / field.spacing
    ) * 10 ** (-27 / 20)
    decibel = 20 * np.log10(np.hypot(envelope, hiss) + haze * np.abs(_blur(looks[0], 1.5, 3.0)) + 1e-6)
    # Machines smooth speckle along structures before they show it.
    calm = cv2.bilateralFilter(decibel.astype(np.float32), d=7, sigmaColor=9.0, sigmaSpace=1.6)
    grey = np.clip((0.5 * calm + 0.5 * decibel - machine.gain) / machine.dynamic_range + 1, 0, 1)
    return np.asarray(np.rint(255 * grey**1.6), np.uint8)


def looks_of(field: Field, machine: Machine, random: np.random.Generator, alike: float = 0.3) -> list[Noise]:
    """Return scatterers for every look: steered apertures see partly the same speckle (`alike`, 0..1)."""
    common = scatterers(field, random)
    return [np.sqrt(alike) * common + np.sqrt(1 - alike) * scatterers(field, random) for _ in machine.angles]
