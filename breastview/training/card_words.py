"""What a model card says of a kind of picture, and of the data sets: their origin, and whom to name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """A kind of picture in a card.

    Attributes
    ----------
    reads : str
        What one reading is of.
    use : str
        Whom it is meant for and what not for.
    limits : tuple[str, ...]
    paints : str
        Limit of a model that draws a mask.
    shown : str
        How a picture becomes the square.
    experimental : str
        What is said first of a bundle marked as experimental.
    tiles : str
        What is said of one that reads large pictures tile by tile.
    """

    reads: str
    use: str
    limits: tuple[str, ...]
    shown: str = "letterboxed"
    experimental: str = ""
    paints: str = "Lesions are painted on some normal tissue (see the false lesion rate)."
    tiles: str = ""


def of(modality: str) -> Words:
    """Return the words for a DICOM modality; those of ultrasound where there are none of its own."""
    return WORDS.get(modality, WORDS["US"])


_MEANT = """Meant for research and teaching by people who read {what}, beside the picture itself. Not for
    diagnosis, screening, triage, or any picture that is not {one}."""
WORDS = {
    "US": Words(
        reads="one US frame",
        use=_MEANT.format(what="breast images", one="a breast ultrasound frame"),
        limits=(
            """Few machines: at a hospital the model has not seen, expect clearly worse figures, and
            calibration that no longer holds.""",
            "Single still frames; no history, no second view, no elastography, no colour (it is dropped).",
            "Normal frames are rare in the training data, and of one hospital only.",
            "Probabilities reflect the share of cancers in the calibration set, far above that of screening.",
            """Calipers and burned-in text are part of the training pictures and may be part of what it
            learnt.""",
        ),
    ),
    "SM": Words(
        reads="one patch of breast tissue stained with haematoxylin and eosin",
        use=_MEANT.format(
            what="slides of the breast",
            one="breast tissue stained with haematoxylin and eosin at the magnification named here",
        ),
        limits=(
            """It tells invasive ductal carcinoma from everything else in one patch. Carcinoma in situ,
            lobular and special types were not labelled apart; what it says of them is not known.""",
            """The labels are of regions outlined at low magnification: a patch at the edge of a region, or of
            stroma within it, carries its region's label. Some of the errors counted here are the label's.""",
            """A patch shows 0.2 mm without its surroundings. Nuclei are two or three pixels wide: grading,
            mitoses and margins are out of reach.""",
            """Stains and scanners of few laboratories: with others expect clearly worse figures, and
            calibration that no longer holds.""",
            """Half of the patches here are carcinoma, of all patches of the whole set 28%: probabilities and
            area shares of a whole slide are too high by that.""",
        ),
        tiles="""A larger picture is read in overlapping patches; each place gets the mean of theirs, bare
            glass is left out, and the probability of the picture is that of its surest patch. The share of
            the tissue's area that is called carcinoma was not measured against outlined slides: it is a
            description, not a figure of merit.""",
        experimental="""**Experimental.** Measured on single patches alone, of one collection; what it says of
            whole fields and slides, of other laboratories and of other scanners was not measured.""",
    ),
    "MG": Words(
        reads="one mammogram",
        shown="""the breast cut out, its chest wall turned to the left, grey values stretched between
        percentiles of the tissue""",
        use=_MEANT.format(what="mammograms", one="a mammogram of one breast, CC or MLO"),
        experimental="""**Experimental.** Trained on 469 mammograms of some 300 women, of two sets that look
        nothing alike. That is too few: an area under the curve has an interval of ±0.06 to ±0.1 here
        (see the tables), a difference smaller than that is none, and no figure below says how it would
        do at another hospital. Whoever wants a reading aid has to train on some thousand women.""",
        limits=(
            """Normal or not: whether a lesion is benign or malignant is not said, as no network told it from
            chance on both sets (docs/models.md).""",
            """One view at a time: no second view, no other breast, no earlier films, no age, no
            tomosynthesis.""",
            """Reduced to a few hundred pixels: microcalcifications are gone, and with them most of what
            makes in situ carcinoma visible. Films with nothing but calcifications are among the missed.""",
            """All CC views are digital (CDD-CESM, low energy, one hospital), all MLO views are digitised
            films of the nineteen-nineties (MIAS): what it says of a digital MLO view or a film in CC
            was never measured.""",
            """The share of pictures with a lesion, four of ten, is a hundred times that of screening: its
            probabilities are far too high there.""",
            """CDD-CESM's outlines follow contrast uptake and often take in skin or whole quadrants; half of
            MIAS's lesions are circled, not outlined. Dice is measured on outlines alone.""",
            """The side is normalised by the picture: where the breast fills all of it, it may be turned the
            wrong way (3 of 469).""",
        ),
    ),
}
ATTRIBUTION = {
    "busi": """BUSI: W. Al-Dhabyani, M. Gomaa, H. Khaled, A. Fahmy, Data in Brief 28:104863, 2020 (open
        access). One hospital in Cairo; no patient identities, so its groups are near-duplicate
        scenes and the figures mildly optimistic.""",
    "bus_bra": """BUS-BRA: W. Gómez-Flores, M. J. Gregorio-Calas, W. Coelho de Albuquerque Pereira, Medical
        Physics 51, 2024. National Institute of Cancer, Rio de Janeiro; biopsy-proven, grouped by
        patient; no normal pictures.""",
    "idc": """IDC: A. Janowczyk, A. Madabhushi, Journal of Pathology Informatics 7:29, 2016, after A. Cruz-Roa
        et al., Proc. SPIE 9041, 2014 (as far as known CC0). Patches of 50 px from slides scanned at 40×
        and reduced sixteen times, to about 4 µm a pixel as published; the files themselves carry no size.
        A selection of 5,231 patches with 241 patient numbers, by which they are grouped.""",
    "cdd_cesm": """CDD-CESM: R. Khaled et al., Categorized Digital Database for Low energy and Subtracted
        Contrast Enhanced Spectral Mammography images, The Cancer Imaging Archive, 2021, doi
        10.7937/29kw-ae92 (CC BY 4.0). Low-energy CC views alone, National Cancer Institute, Cairo;
        pathology or follow-up; grouped by patient where the patient is known.""",
    "mias": """MIAS: J. Suckling et al., The Mammographic Image Analysis Society digital mammogram database,
        Excerpta Medica, International Congress Series 1069, 1994. MLO films, grouped by patient.
        **Licensed for research purposes only; may not be rented, leased or sold.**""",
}
TERMS = {
    "mias": """Trained on MIAS, whose licence is for research alone and forbids renting, leasing or selling
        it: use this bundle for research and teaching only, and do not sell it.""",
}
"""What a data set's licence asks of whoever uses a bundle trained on it."""
LICENCE = """The weights are released under the project's licence; the data sets keep theirs and are
        cited above as they ask. No picture is part of the bundle."""
