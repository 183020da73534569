"""The words a lesion is described with, by kind of picture; the meanings are our own.

An assessment holds descriptors as pairs of stable English keys, in the order of the vocabulary:
``(("shape", "oval"), ("margin", "indistinct"), ("margin", "angular"))``. What may be true together (margins,
calcifications, associated features) has one pair each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from breastview.language import inside, mark, tr
from breastview.study.kind import Kind

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Word:
    """One choice: the key that files hold, and what it means (translated where it is shown)."""

    key: str
    text: str
    meaning: str = ""


@dataclass(frozen=True)
class Descriptor:
    """What is described, and the words there are for it.

    Attributes
    ----------
    key, title : str
        What files hold, and what is shown (to be translated).
    many : bool
        Whether several words may be true together.
    """

    key: str
    title: str
    words: tuple[Word, ...]
    many: bool = False


_SHAPE = Descriptor("shape", mark("Shape"), (
    Word("oval", mark("Oval"), mark("Like an egg; two or three gentle waves are allowed")),
    Word("round", mark("Round"), mark("As deep as it is wide")),
    Word("irregular", mark("Irregular"), mark("Neither oval nor round")),
))  # fmt: skip

ULTRASOUND: tuple[Descriptor, ...] = (
    _SHAPE,
    Descriptor("orientation", mark("Orientation"), (
        Word("parallel", mark("Parallel"), mark("The long axis lies along the skin: wider than tall")),
        Word("not parallel", mark("Not parallel"), mark("Taller than wide, or as tall as wide")),
    )),
    Descriptor("margin", mark("Margin"), (
        Word("circumscribed", mark("Circumscribed"), mark("Sharp against the tissue all the way round")),
        Word("indistinct", mark("Indistinct"), mark("Somewhere no border can be seen")),
        Word("angular", mark("Angular"), mark("With sharp corners")),
        Word("microlobulated", mark("Microlobulated"), mark("With a row of small, short waves")),
        Word("spiculated", mark("Spiculated"), mark("With thin lines that run out from it")),
    ), many=True),
    Descriptor("echo pattern", mark("Echo pattern"), (
        Word("anechoic", mark("Anechoic"), mark("Black: no echoes inside")),
        Word("hypoechoic", mark("Hypoechoic"), mark("Darker than fat")),
        Word("isoechoic", mark("Isoechoic"), mark("As bright as fat")),
        Word("hyperechoic", mark("Hyperechoic"), mark("Brighter than fat, like fibroglandular tissue")),
        Word("complex cystic and solid", mark("Cystic and solid"), mark("Fluid and solid parts together")),
        Word("heterogeneous", mark("Heterogeneous"), mark("A mixture of echoes in a solid mass")),
    )),
    Descriptor("posterior features", mark("Posterior"), (
        Word("none", mark("None"), mark("The tissue behind looks like its neighbourhood")),
        Word("enhancement", mark("Enhancement"), mark("Brighter behind the lesion")),
        Word("shadowing", mark("Shadowing"), mark("Darker behind the lesion")),
        Word("combined", mark("Combined"), mark("Brighter in one part, darker in another")),
    )),
    Descriptor("calcifications", mark("Calcifications"), (
        Word("none", mark("None"), mark("None is seen")),
        Word("in the mass", mark("In the mass"), mark("Bright points inside the mass")),
        Word("outside the mass", mark("Outside the mass"), mark("Bright points in fat or glandular tissue")),
        Word("in a duct", mark("In a duct"), mark("Bright points inside a duct")),
    ), many=True),
    Descriptor("associated features", mark("Associated"), (
        Word("architectural distortion", mark("Distortion"), mark("The tissue around is drawn together")),
        Word("duct changes", mark("Duct changes"), mark("A duct is wide, uneven or leads into the lesion")),
        Word("skin thickening", mark("Skin thickening"), mark("The skin is thicker than about 2 mm")),
        Word("skin retraction", mark("Skin retraction"), mark("The skin is drawn inwards")),
        Word("oedema", mark("Oedema"), mark("Fluid makes the tissue brighter and streaky")),
        Word("vessels inside", mark("Vessels inside"), mark("Flow inside the lesion")),
        Word("vessels in the rim", mark("Vessels in the rim"), mark("Flow around the lesion")),
        Word("stiff", mark("Stiff"), mark("Stiffer than the tissue around, on elastography")),
        Word("abnormal lymph node", mark("Abnormal lymph node"), mark("Thick cortex, or no hilum")),
    ), many=True),
)  # fmt: skip

MAMMOGRAPHY: tuple[Descriptor, ...] = (
    Descriptor("composition", mark("Composition"), (
        Word("a", mark("a · Almost all fat"), mark("The breasts are almost entirely fat")),
        Word("b", mark("b · Scattered"), mark("Scattered areas of fibroglandular tissue")),
        Word("c", mark("c · Uneven, dense"), mark("Dense in places, which may hide small masses")),
        Word("d", mark("d · Very dense"), mark("So dense that masses are easily missed")),
    )),
    _SHAPE,
    Descriptor("margin", mark("Margin"), (
        Word("circumscribed", mark("Circumscribed"), mark("Sharp over most of its border")),
        Word("obscured", mark("Obscured"), mark("Hidden by tissue that lies over it")),
        Word("microlobulated", mark("Microlobulated"), mark("With a row of small, short waves")),
        Word("indistinct", mark("Indistinct"), mark("Fades into the tissue")),
        Word("spiculated", mark("Spiculated"), mark("With thin lines that run out from it")),
    ), many=True),
    Descriptor("density", mark("Density"), (
        Word("high", mark("High"), mark("Denser than as much glandular tissue")),
        Word("equal", mark("Equal"), mark("As dense as as much glandular tissue")),
        Word("low", mark("Low"), mark("Less dense than as much glandular tissue")),
        Word("fat", mark("Fat inside"), mark("Holds fat")),
    )),
    Descriptor("calcification morphology", mark("Calcifications"), (
        Word("none", mark("None"), mark("None is seen")),
        Word("typically benign", mark("Typically benign"), mark("Of skin or vessels, coarse, rods, rims")),
        Word("amorphous", mark("Amorphous"), mark("So small or hazy that no shape is seen")),
        Word("coarse heterogeneous", mark("Coarse, uneven"), mark("Uneven, mostly over 0.5 mm, may merge")),
        Word("fine pleomorphic", mark("Fine, varied"), mark("Varied in shape, smaller than 0.5 mm")),
        Word("fine linear", mark("Fine, linear"), mark("Thin lines, may branch, as if they filled a duct")),
    ), many=True),
    Descriptor("calcification distribution", mark("Distribution"), (
        Word("diffuse", mark("Diffuse"), mark("All over the breast")),
        Word("regional", mark("Regional"), mark("Over a large part, not along one duct")),
        Word("grouped", mark("Grouped"), mark("A few within about 2 cm")),
        Word("linear", mark("Linear"), mark("Along a line")),
        Word("segmental", mark("Segmental"), mark("As a wedge that points to the nipple")),
    )),
    Descriptor("asymmetry", mark("Asymmetry"), (
        Word("asymmetry", mark("In one view"), mark("Seen in one projection only")),
        Word("global", mark("Global"), mark("Much more tissue in a large part than on the other side")),
        Word("focal", mark("Focal"), mark("Small, in two projections, without the border of a mass")),
        Word("developing", mark("Developing"), mark("Focal, and new or denser than before")),
    )),
    Descriptor("associated features", mark("Associated"), (
        Word("architectural distortion", mark("Distortion"), mark("Lines are drawn together without a mass")),
        Word("skin retraction", mark("Skin retraction"), mark("The skin is drawn inwards")),
        Word("nipple retraction", mark("Nipple retraction"), mark("The nipple is drawn inwards")),
        Word("skin thickening", mark("Skin thickening"), mark("The skin is thicker than about 2 mm")),
        Word("trabecular thickening", mark("Thick trabeculae"), mark("The septa are thicker")),
        Word("abnormal lymph node", mark("Abnormal lymph node"), mark("A large or dense node in the axilla")),
    ), many=True),
)  # fmt: skip


VOCABULARIES: dict[Kind | None, tuple[Descriptor, ...]] = {
    Kind.ULTRASOUND: ULTRASOUND, Kind.MAMMOGRAM: MAMMOGRAPHY, Kind.HISTOLOGY: (), None: ULTRASOUND,
}  # fmt: skip
"""What is described on each kind of picture; a histology picture has free text alone."""


def vocabulary(kind: Kind | None) -> tuple[Descriptor, ...]:
    """Return what is described on a kind of picture; None: it is not known, and counts as ultrasound."""
    return VOCABULARIES[kind]


def chosen(pairs: Pairs, key: str) -> tuple[str, ...]:
    """Return the words chosen for a descriptor, in their order."""
    return tuple(word for name, word in pairs if name == key)


def with_chosen(pairs: Pairs, key: str, words: Iterable[str]) -> Pairs:
    """Return pairs in which a descriptor has these words instead; the order is the vocabulary's."""
    kept = [pair for pair in pairs if pair[0] != key]
    return tuple(sorted((*kept, *((key, word) for word in dict.fromkeys(words))), key=_place))


def merged(pairs: Pairs, suggested: Pairs) -> Pairs:
    """Return pairs with suggestions for those descriptors that hold nothing yet."""
    held = {name for name, _ in pairs}
    return tuple(sorted((*pairs, *(pair for pair in suggested if pair[0] not in held)), key=_place))


def in_words(pairs: Pairs) -> tuple[tuple[str, str], ...]:
    """Return (title, words) in the reader's language, one a descriptor, as a report says them."""
    return tuple(
        (_title(key), ", ".join(_text(key, word) for word in chosen(pairs, key)))
        for key in dict.fromkeys(name for name, _ in pairs)
    )


_ALL = {one.key: one for one in (*MAMMOGRAPHY, *ULTRASOUND)}
_ORDER = {
    pair: number
    for number, pair in enumerate(
        dict.fromkeys((one.key, word.key) for one in (*ULTRASOUND, *MAMMOGRAPHY) for word in one.words)
    )
}
_TEXTS = {(one.key, word.key): word.text for one in (*MAMMOGRAPHY, *ULTRASOUND) for word in one.words}


def _place(pair: tuple[str, str]) -> tuple[int, str]:
    return _ORDER.get(pair, len(_ORDER)), pair[0]


def _title(key: str) -> str:
    return tr(_ALL[key].title) if key in _ALL else key


def _text(key: str, word: str) -> str:
    # A word of another program, or of a later version, is shown as it is.
    return inside(tr(_TEXTS[key, word])) if (key, word) in _TEXTS else word
