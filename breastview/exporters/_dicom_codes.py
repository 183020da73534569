"""The codes that reports speak in: DICOM's and SNOMED's for breast imaging, our own where they have none.

Context groups of PS3.16 are named beside the tables. Codes of the scheme `OWN` are this application's; the
objects identify it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from breastview.study.kind import Kind

if TYPE_CHECKING:
    from pydicom.sr.coding import Code

OWN = "99BREASTVIEW"
"""Coding scheme designator of the codes that no standard has."""

_Triple = tuple[str, str, str]

ASSESSMENTS: dict[str, tuple[str, ...]] = {
    "0": ("397138000", "SCT", "0 - Incomplete - Need additional imaging evaluation +/- priors"),
    "1": ("397140005", "SCT", "1 - Negative"),
    "2": ("397141009", "SCT", "2 - Benign"),
    "3": ("397143007", "SCT", "3 - Probably Benign"),
    "4A": ("MA.II.A.5.4A", "BI", "4A - Low suspicion", "4.0"),
    "4B": ("MA.II.A.5.4B", "BI", "4B - Intermediate suspicion", "4.0"),
    "4C": ("MA.II.A.5.4C", "BI", "4C - Moderate suspicion", "4.0"),
    "5": ("397145000", "SCT", "5 - Highly suggestive of malignancy"),
    "6": ("MA.II.A.5.6", "BI", "6 - Known biopsy proven malignancy", "4.0"),
}
"""CID 6027 by key of `study.reading.CATEGORIES`; the meanings are the standard's, older than the reader's."""

SIDES: dict[str, _Triple] = {
    "R": ("24028007", "SCT", "Right"), "L": ("7771000", "SCT", "Left"), "B": ("51440002", "SCT", "Bilateral"),
}  # fmt: skip
"""CID 244."""

_CLOCK = (
    "129772004", "129773009", "129774003", "129775002", "129776001", "129777005", "129778000", "129779008",
    "129780006", "129781005", "129782003", "129783008",
)  # fmt: skip
"""CID 6018 for 1 to 12 o'clock."""

PATHOLOGY: dict[str, _Triple] = {
    "no carcinoma": ("no-carcinoma", OWN, "No carcinoma seen"),
    "in situ": ("carcinoma-in-situ", OWN, "Carcinoma in situ"),
    "invasive": ("111389", "DCM", "Invasive breast carcinoma"),
    "uncertain": ("uncertain", OWN, "Uncertain"),
}
"""By key of `study.reading.HISTOLOGY_CATEGORIES`; CID 6159 has only the ductal form of carcinoma in situ."""

CONCEPTS: dict[str, _Triple] = {
    "composition": ("111006", "DCM", "Breast composition"),
    "shape": ("300842002", "SCT", "Shape"),
    "orientation": ("111354", "DCM", "Orientation"),
    "margin": ("111037", "DCM", "Margins"),
    "echo pattern": ("111360", "DCM", "Echo pattern"),
    "posterior features": ("111366", "DCM", "Posterior acoustic features"),
    "density": ("111035", "DCM", "Lesion Density"),
    "calcifications": ("111008", "DCM", "Calcification Distribution"),
    "calcification morphology": ("111009", "DCM", "Calcification Type"),
    "calcification distribution": ("111008", "DCM", "Calcification Distribution"),
    "asymmetry": ("asymmetry", OWN, "Asymmetry"),
    "associated features": ("associated-features", OWN, "Associated features"),
}
"""What is described, by key of `study.descriptors`."""

_DISTORTION = ("129792006", "SCT", "Architectural distortion of breast")
_SKIN_THICK = ("129797000", "SCT", "Skin thickening of breast")
_SKIN_DRAWN = ("129796009", "SCT", "Skin retraction of breast")

WORDS: dict[tuple[str, str], _Triple] = {
    # CID 6000
    ("composition", "a"): ("129716005", "SCT", "Almost entirely fat"),
    ("composition", "b"): ("129717001", "SCT", "Scattered fibroglandular densities"),
    ("composition", "c"): ("129718006", "SCT", "Heterogeneously dense"),
    ("composition", "d"): ("129719003", "SCT", "Extremely dense"),
    # CID 6004
    ("shape", "oval"): ("84360004", "SCT", "Ovoid shape (Oval)"),
    ("shape", "round"): ("42700002", "SCT", "Round shape"),
    ("shape", "irregular"): ("49608001", "SCT", "Irregular"),
    # CID 6152
    ("orientation", "parallel"): ("111355", "DCM", "Parallel"),
    ("orientation", "not parallel"): ("111356", "DCM", "Not parallel"),
    # CID 6006
    ("margin", "circumscribed"): ("129738007", "SCT", "Circumscribed lesion"),
    ("margin", "obscured"): ("129740002", "SCT", "Obscured lesion"),
    ("margin", "indistinct"): ("129741003", "SCT", "Indistinct lesion"),
    ("margin", "angular"): ("111343", "DCM", "Angular margins"),
    ("margin", "microlobulated"): ("129739004", "SCT", "Microlobulated lesion"),
    ("margin", "spiculated"): ("129742005", "SCT", "Spiculated lesion"),
    # CID 6154
    ("echo pattern", "anechoic"): ("111361", "DCM", "Anechoic"),
    ("echo pattern", "hyperechoic"): ("111362", "DCM", "Hyperechoic"),
    ("echo pattern", "complex cystic and solid"): ("111363", "DCM", "Complex"),
    ("echo pattern", "hypoechoic"): ("111364", "DCM", "Hypoechoic"),
    ("echo pattern", "isoechoic"): ("111365", "DCM", "Isoechoic"),
    # CID 6155
    ("posterior features", "none"): ("111367", "DCM", "No posterior acoustic features"),
    ("posterior features", "enhancement"): ("111368", "DCM", "Posterior enhancement"),
    ("posterior features", "shadowing"): ("111369", "DCM", "Posterior shadowing"),
    ("posterior features", "combined"): ("111370", "DCM", "Combined posterior enhancement and shadowing"),
    # CID 6008
    ("density", "high"): ("129744006", "SCT", "High density lesion"),
    ("density", "equal"): ("129745007", "SCT", "Equal density (isodense) lesion"),
    ("density", "low"): ("129746008", "SCT", "Low density (not containing fat) lesion"),
    ("density", "fat"): ("129747004", "SCT", "Fat containing (radiolucent) lesion"),
    # CID 6010
    ("calcification morphology", "amorphous"): ("129760005", "SCT", "Amorphous calcification"),
    ("calcification morphology", "coarse heterogeneous"): ("129763007", "SCT", "Heterogeneous calcification"),
    ("calcification morphology", "fine pleomorphic"): ("111344", "DCM", "Fine pleomorphic calcification"),
    ("calcification morphology", "fine linear"): ("129761009", "SCT", "Fine, linear (casting) calcification"),
    # CID 6012
    ("calcifications", "in the mass"): ("111346", "DCM", "Calcifications within a mass"),
    ("calcifications", "outside the mass"): ("111347", "DCM", "Calcifications outside of a mass"),
    ("calcification distribution", "diffuse"): ("129764001", "SCT", "Diffuse calcification distribution"),
    ("calcification distribution", "regional"): ("129767008", "SCT", "Regional calcification distribution"),
    ("calcification distribution", "grouped"): ("129766004", "SCT", "Grouped calcification distribution"),
    ("calcification distribution", "linear"): ("129765000", "SCT", "Linear calcification distribution"),
    ("calcification distribution", "segmental"): ("129768003", "SCT", "Segmental calcification distribution"),
    # CID 6016
    ("asymmetry", "focal"): ("129789007", "SCT", "Focal asymmetric breast tissue"),
    ("asymmetry", "global"): ("129790003", "SCT", "Asymmetric breast tissue"),
    # CID 6056 and 6157
    ("associated features", "architectural distortion"): _DISTORTION,
    ("associated features", "skin thickening"): _SKIN_THICK,
    ("associated features", "skin retraction"): _SKIN_DRAWN,
    ("associated features", "oedema"): ("79654002", "SCT", "Edema"),
    ("associated features", "nipple retraction"): ("271955004", "SCT", "Nipple retraction"),
    ("associated features", "trabecular thickening"): ("129795008", "SCT", "Trabecular thickening of breast"),
    ("associated features", "vessels inside"): ("111375", "DCM", "Vascularity present in lesion"),
    ("associated features", "vessels in the rim"): (
        "111376", "DCM", "Vascularity present immediately adjacent to lesion",
    ),
}  # fmt: skip
"""Codes of the words of `study.descriptors`; a word that is not here has one of our own, see `word`."""

QUANTITIES: dict[str, _Triple] = {
    "length": ("410668003", "SCT", "Length"),
    "angle": ("1483009", "SCT", "Angle"),
    "area": ("42798000", "SCT", "Area"),
    "perimeter": ("131191004", "SCT", "Perimeter"),
    "width": ("103355008", "SCT", "Width"),
    "height": ("121207", "DCM", "Height"),
    "long axis": ("103339001", "SCT", "Long axis"),
    "short axis": ("103340004", "SCT", "Short axis"),
    "depth/width": ("depth-width-ratio", OWN, "Ratio of depth to width"),
    "n": ("pixels-inside", OWN, "Number of pixels inside"),
}
"""Concepts of `study.measurement.Quantity.name` (CID 7469, 7470)."""

GREYS: dict[str, _Triple] = {
    "mean": ("373098007", "SCT", "Mean"),
    "sd": ("386136009", "SCT", "Standard Deviation"),
    "min": ("255605001", "SCT", "Minimum"),
    "max": ("56851009", "SCT", "Maximum"),
}
"""How a grey level of an area was derived (CID 7464), by name of the quantity."""

UNITS: dict[str, _Triple] = {
    "mm": ("mm", "UCUM", "mm"),
    "mm2": ("mm2", "UCUM", "square millimeter"),
    "px": ("{pixels}", "UCUM", "pixels"),
    "px2": ("{pixels}", "UCUM", "pixels"),
    "deg": ("deg", "UCUM", "Degree"),
    "": ("1", "UCUM", "no units"),
}
"""Units by `study.measurement.Quantity.unit`; without a calibration a length is a number of pixels."""

LESION: _Triple = ("52988006", "SCT", "Lesion")
CARCINOMA: _Triple = ("82711006", "SCT", "Infiltrating duct carcinoma")
SOUGHT: dict[Kind | None, _Triple] = {Kind.HISTOLOGY: CARCINOMA}
"""What the parts of a mask are, by kind of picture; of others they are a `LESION`."""

PROCEDURES: dict[Kind, _Triple] = {
    Kind.ULTRASOUND: ("47079000", "SCT", "Ultrasonography of breast"),
    Kind.MAMMOGRAM: ("71651007", "SCT", "Mammography"),
    Kind.HISTOLOGY: ("252416005", "SCT", "Histopathology"),
}

CLASSES: dict[str, _Triple] = {
    "normal": ("17621005", "SCT", "Normal"),
    "benign": ("30807003", "SCT", "Benign"),
    "malignant": ("21594007", "SCT", "Malignant"),
    "idc": CARCINOMA,
}
"""What the AI calls a picture."""

REPORT_TITLE: _Triple = ("111400", "DCM", "Breast Imaging Report")
CALIBRATION: _Triple = ("122505", "DCM", "Calibration")
BREAST: _Triple = ("76752008", "SCT", "Breast")


def code(value: str, scheme: str, meaning: str, version: str | None = None) -> Code:
    """Return a code; a meaning longer than DICOM allows is cut."""
    from pydicom.sr.coding import Code

    return Code(value, scheme, meaning[:64], version)


def own(value: str, meaning: str) -> Code:
    """Return a code of our own; one of more than 16 characters is written as a Long Code Value."""
    return code(value.replace(" ", "-"), OWN, meaning)


def clock(hour: int) -> Code:
    """Return the code of a clock face position, 1 to 12."""
    return code(_CLOCK[hour - 1], "SCT", f"{hour} o'clock position")


def concept(key: str) -> Code:
    """Return the code of what a descriptor describes."""
    return code(*CONCEPTS[key]) if key in CONCEPTS else own(key, key.capitalize())


def word(key: str, chosen: str) -> Code:
    """Return the code of a word that a lesion is described with."""
    found = WORDS.get((key, chosen))
    return code(*found) if found else own(f"{key}:{chosen}", chosen)


def probability(name: str) -> Code:
    """Return the code of the AI's calibrated probability of a class."""
    if name == "malignant":
        return code("111047", "DCM", "Probability of cancer")
    return own(f"p-{name}", f"Probability of class {name}")
