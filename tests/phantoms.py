"""Tiny pictures and DICOM files for tests, made from nothing: no patient, no download.

Every function writes one file and returns its path; `**elements` adds or replaces DICOM elements by keyword.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

US = "1.2.840.10008.5.1.4.1.1.6.1"
US_MULTI_FRAME = "1.2.840.10008.5.1.4.1.1.3.1"
MG = "1.2.840.10008.5.1.4.1.1.1.2"
SC = "1.2.840.10008.5.1.4.1.1.7"

ROWS, COLUMNS = 48, 64


def speckle(rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> NDArray[np.uint8]:
    """Return speckle with a dark ellipse in the middle: ``(rows, columns)`` uint8, no two columns equal."""
    noise = np.random.default_rng(seed).integers(90, 200, (rows, columns))
    y, x = np.ogrid[:rows, :columns]
    inside = ((y - rows / 2) / (rows / 4)) ** 2 + ((x - columns / 2) / (columns / 4)) ** 2 < 1
    return np.where(inside, noise // 4, noise).astype(np.uint8)


def slide(path: Path) -> Path:
    """Write the speckle as a slide: in tiles, at two magnifications."""
    import tifffile

    grey, options = speckle(), {"tile": (16, 16), "photometric": "minisblack", "metadata": None}
    with tifffile.TiffWriter(path) as file:
        file.write(grey, subifds=1, **options)
        file.write(np.ascontiguousarray(grey[::2, ::2]), subfiletype=1, **options)
    return path


def lesion(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.bool_]:
    """Return the ellipse of `speckle` as a mask."""
    y, x = np.ogrid[:rows, :columns]
    return ((y - rows / 2) / (rows / 4)) ** 2 + ((x - columns / 2) / (columns / 4)) ** 2 < 1


def coloured(rows: int = ROWS, columns: int = COLUMNS) -> NDArray[np.uint8]:
    """Return an RGB picture whose quarters are red, green, blue and speckle: ``(rows, columns, 3)`` uint8."""
    picture = np.repeat(speckle(rows, columns)[:, :, None], 3, axis=2)
    middle, centre = rows // 2, columns // 2
    picture[:middle, :centre] = (255, 0, 0)
    picture[:middle, centre:] = (0, 255, 0)
    picture[middle:, :centre] = (0, 0, 255)
    return picture


def picture(path: Path, values: NDArray[Any] | None = None, **options: Any) -> Path:
    """Write a PNG, JPEG, BMP or TIFF, by the suffix; `options` go to Pillow."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(speckle() if values is None else values).save(path, **options)
    return path


def busi_folder(folder: Path) -> Path:
    """Make a BUSI-style folder: two pictures, one with two masks, one with one; returns the folder."""
    picture(folder / "benign" / "benign (2).png", speckle(seed=2))
    picture(folder / "benign" / "benign (10).png", speckle(seed=10))
    half = lesion().copy()
    half[:, COLUMNS // 2 :] = False
    picture(folder / "benign" / "benign (2)_mask.png", half.astype(np.uint8) * 255)
    picture(folder / "benign" / "benign (2)_mask_1.png", (lesion() & ~half).astype(np.uint8) * 255)
    picture(folder / "benign" / "benign (10)_mask.png", lesion().astype(np.uint8) * 255)
    return folder


def dataset(pixels: NDArray[Any], *, photometric: str, sop_class: str = US, **elements: Any) -> FileDataset:
    """Return a data set with uncompressed pixels.

    Parameters
    ----------
    pixels : ndarray
        ``(rows, columns)``, ``(rows, columns, 3)``, or with a leading axis of frames (then give `frames`).
    photometric : str
        Photometric interpretation; three samples a pixel where it is a colour space.
    sop_class : str
        SOP Class UID.
    **elements
        DICOM elements by keyword; ``frames=n`` for a multi-frame.
    """
    frames = elements.pop("frames", None)
    frame = pixels[0] if frames else pixels
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UID(sop_class)
    found = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    found.SOPClassUID = meta.MediaStorageSOPClassUID
    found.SOPInstanceUID = meta.MediaStorageSOPInstanceUID = generate_uid()
    found.PatientName, found.PatientID = "Phantom^Speckle", "P-1"
    found.StudyInstanceUID, found.SeriesInstanceUID = generate_uid(), generate_uid()
    found.StudyDate, found.StudyTime = "20260102", "101112"
    found.Modality = {MG: "MG", SC: "OT"}.get(sop_class, "US")
    found.SeriesNumber, found.InstanceNumber = 1, 1
    found.Rows, found.Columns = frame.shape[:2]
    found.SamplesPerPixel = 3 if frame.ndim == 3 else 1
    if found.SamplesPerPixel == 3:
        found.PlanarConfiguration = 0
    found.PhotometricInterpretation = photometric
    if frames:
        found.NumberOfFrames = frames
    found.BitsAllocated = found.BitsStored = pixels.dtype.itemsize * 8
    found.HighBit = found.BitsStored - 1
    found.PixelRepresentation = int(pixels.dtype.kind == "i")
    data = np.ascontiguousarray(pixels).astype(pixels.dtype.newbyteorder("<")).tobytes()
    found.add_new("PixelData", "OB" if pixels.dtype.itemsize == 1 else "OW", data + b"\0" * (len(data) % 2))
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def save(found: FileDataset, path: Path) -> Path:
    """Write a data set as a DICOM file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found.save_as(path, enforce_file_format=True)
    return path


def us_grey(path: Path, **elements: Any) -> Path:
    """Write an 8-bit MONOCHROME2 ultrasound picture."""
    return save(dataset(speckle(), photometric="MONOCHROME2", **elements), path)


def us_rgb(path: Path, **elements: Any) -> Path:
    """Write an RGB ultrasound picture."""
    return save(dataset(coloured(), photometric="RGB", **elements), path)


def us_cine(path: Path, frames: int = 4, **elements: Any) -> Path:
    """Write a cine of `frames` 8-bit frames, each of another seed, 40 ms a frame."""
    loop = np.stack([speckle(seed=seed) for seed in range(frames)])
    found = dataset(loop, photometric="MONOCHROME2", sop_class=US_MULTI_FRAME, frames=frames, **elements)
    found.FrameTime = elements.get("FrameTime", 40)
    return save(found, path)


def us_palette(path: Path, bits: int = 16, **elements: Any) -> Path:
    """Write a PALETTE COLOR picture: index i is red i, green 255 - i, blue i // 2."""
    found = dataset(speckle(), photometric="PALETTE COLOR", **elements)
    entries = np.arange(256)
    for name, values in (("Red", entries), ("Green", 255 - entries), ("Blue", entries // 2)):
        setattr(found, f"{name}PaletteColorLookupTableDescriptor", [256, 0, bits])
        data = (values * 257).astype("<u2") if bits == 16 else values.astype(np.uint8)
        setattr(found, f"{name}PaletteColorLookupTableData", data.tobytes())
    return save(found, path)


def region(x0: int, y0: int, x1: int, y1: int, cm_per_px: float, unit: int = 3, form: int = 1) -> Dataset:
    """Return an item of SequenceOfUltrasoundRegions (unit 3: cm; form 1: 2D, 3: spectral)."""
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = form, 1, 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = x0, y0
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = x1, y1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = unit
    item.PhysicalDeltaX = item.PhysicalDeltaY = cm_per_px
    return item


def us_with_regions(path: Path, **elements: Any) -> Path:
    """Write an ultrasound picture of two 2D regions (0.1 and 0.2 mm per px) and a Doppler trace."""
    regions = Sequence(
        [region(0, 0, 31, 39, 0.01), region(32, 0, 63, 39, 0.02), region(0, 40, 63, 47, 0.5, unit=4, form=3)]
    )
    return us_rgb(path, SequenceOfUltrasoundRegions=regions, **elements)


def mammogram(path: Path, photometric: str = "MONOCHROME2", bits: int = 12, **elements: Any) -> Path:
    """Write a right CC mammogram of 9 to 16 bits with a window over all of them."""
    top = (1 << bits) - 1
    values = (speckle().astype(np.uint32) * top // 255).astype(np.uint16)
    given = {
        "BitsStored": bits, "HighBit": bits - 1, "WindowCenter": (top + 1) / 2, "WindowWidth": top + 1,
        "ImageLaterality": "R", "ViewPosition": "CC", "ImagerPixelSpacing": [0.1, 0.1],
    }  # fmt: skip
    return save(dataset(values, photometric=photometric, sop_class=MG, **given | elements), path)


def breast(rows: int, columns: int, wall_left: bool, seed: int = 0) -> NDArray[np.uint16]:
    """Return a half disc of tissue on black, its flat side at one edge: (rows, columns), uint16, 12 bits."""
    y, x = np.ogrid[:rows, :columns]
    away = x if wall_left else columns - 1 - x
    inside = (away / (columns * 0.75)) ** 2 + ((y - rows / 2) / (rows * 0.42)) ** 2 < 1
    noise = np.random.default_rng(seed).integers(900, 2600, (rows, columns))
    return np.where(inside, noise, 20).astype(np.uint16)


def mammography_study(
    folder: Path,
    views: str = "RCC LCC RMLO LMLO",
    size: tuple[int, int] = (120, 90),
    turned: str = "",
    **elements: Any,
) -> Path:
    """Write one study of mammograms, 0.1 mm a px, and return its folder.

    Parameters
    ----------
    views : str
        Laterality and view of each, parted by blanks.
    turned : str
        Those of them stored the other way round: the right breast's chest wall at the left edge.
    """
    study = elements.pop("StudyInstanceUID", generate_uid())
    for number, name in enumerate(views.split(), start=1):
        wall_left = (name[0] == "L") != (name in turned.split())
        given: dict[str, Any] = {
            "BitsStored": 12, "HighBit": 11, "WindowCenter": 1500, "WindowWidth": 3000,
            "ImageLaterality": name[0], "ViewPosition": name[1:], "ImagerPixelSpacing": [0.1, 0.1],
            "StudyInstanceUID": study, "InstanceNumber": number,
        }  # fmt: skip
        values = breast(*size, wall_left=wall_left, seed=number)
        found = dataset(values, photometric="MONOCHROME2", sop_class=MG, **given | elements)
        save(found, folder / f"{name}.dcm")
    return folder


def mammography_pictures(
    folder: Path, names: str = "R_CC L_CC R_MLO L_MLO", size: tuple[int, int] = (120, 90)
) -> Path:
    """Write the views of an examination as 8-bit PNGs without a header, and return their folder."""
    for number, name in enumerate(names.split(), start=1):
        values = breast(*size, wall_left=name.split("_")[-2] == "L", seed=number)
        picture(folder / f"{name}.png", (values >> 4).astype(np.uint8))
    return folder


_ENCODERS = {
    "jpeg": (JPEGBaseline8Bit, "jpeg8_encode", {}),
    "jpeg12": (JPEGExtended12Bit, "jpeg8_encode", {"bitspersample": 12}),
    "jpeg-lossless": (JPEGLosslessSV1, "jpeg8_encode", {"lossless": True}),
    "jpeg-ls": (JPEGLSLossless, "jpegls_encode", {}),
    "jpeg2000": (JPEG2000Lossless, "jpeg2k_encode", {"reversible": True, "codecformat": "j2k"}),
    "jpeg-xl": (HTJ2KLossless, "jpegxl_encode", {"lossless": True}),
}

CODECS = (*_ENCODERS, "rle")
"""Names of the compressions that `compressed` makes."""


def compressed(path: Path, codec: str, pixels: NDArray[Any], photometric: str, **elements: Any) -> Path:
    """Write a compressed picture or cine (`frames`) by one of `CODECS`."""
    frames = elements.get("frames")
    found = dataset(pixels, photometric=photometric, **elements)
    if codec == "rle":
        found.compress(RLELossless, generate_instance_uid=False)
        return save(found, path)
    import imagecodecs

    syntax, encoder, options = _ENCODERS[codec]
    streams = [bytes(getattr(imagecodecs, encoder)(f, **options)) for f in (pixels if frames else [pixels])]
    found.file_meta.TransferSyntaxUID = syntax
    found["PixelData"].VR = "OB"
    found.PixelData = encapsulate(streams)
    found["PixelData"].is_undefined_length = True
    save(found, path)
    if codec == "jpeg-xl":  # pydicom does not write its UID yet; one of the same length stood in
        path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.4.201", b"1.2.840.10008.1.2.4.110", 1))
    return path


def without_meta(path: Path) -> Path:
    """Rewrite a DICOM file as a bare data set, without preamble and meta header."""
    import pydicom

    found = pydicom.dcmread(path)
    stream = io.BytesIO()
    found.save_as(stream, implicit_vr=False, little_endian=True, enforce_file_format=False)
    content = stream.getvalue()
    start = content.index(b"\x08\x00", 132)
    path.write_bytes(content[start:] if content[128:132] == b"DICM" else content)
    return path


def object_without_picture(path: Path, sop_class: str) -> Path:
    """Write a DICOM object that holds no pixels (a report, a plan, a waveform)."""
    found = dataset(speckle(), photometric="MONOCHROME2", sop_class=sop_class)
    del found.PixelData
    return save(found, path)
