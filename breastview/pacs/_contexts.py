"""Which kinds of objects are spoken of with an archive, and in which transfer syntaxes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from breastview.pacs._objects import Outgoing

MOST = 128
"""Presentation contexts of an association (DICOM PS3.8)."""

IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
UNCOMPRESSED = (EXPLICIT, IMPLICIT)
COMPRESSED = (
    "1.2.840.10008.1.2.4.50",  # JPEG Baseline
    "1.2.840.10008.1.2.4.51",  # JPEG Extended
    "1.2.840.10008.1.2.4.57",  # JPEG Lossless
    "1.2.840.10008.1.2.4.70",  # JPEG Lossless, First-Order Prediction
    "1.2.840.10008.1.2.4.80",  # JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81",  # JPEG-LS Near-Lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.5",  # RLE Lossless
)
"""Those that `readers.codestream` decodes; of video syntaxes none."""
_CONVERTIBLE = (*UNCOMPRESSED, "1.2.840.10008.1.2.1.99")  # the last one: deflated


_STORAGE = "1.2.840.10008.5.1.4.1.1."
PICTURES = tuple(
    _STORAGE + end
    for end in (
        "6.1",  # Ultrasound
        "3.1",  # Ultrasound multi-frame
        "6.2",  # Enhanced ultrasound volume
        "1.2",  # Mammography, for presentation
        "1.2.1",  # Mammography, for processing
        "13.1.3",  # Breast tomosynthesis
        "1.1",  # Digital X-ray, for presentation
        "1",  # Computed radiography
        "7",  # Secondary capture
        "7.4",  # Multi-frame true colour secondary capture
    )
)
MORE_PICTURES = tuple(
    _STORAGE + end
    for end in (
        "13.1.4", "13.1.5",  # Breast projection X-ray
        "1.1.1", "7.1", "7.2", "7.3", "2", "2.1", "4", "4.1", "20", "128",
    )
)  # fmt: skip
DOCUMENTS = tuple(
    _STORAGE + end
    for end in (
        "88.11", "88.22", "88.33", "88.34", "88.50", "88.59", "88.67",  # reports, key objects, dose
        "66.1", "66.4", "66.5", "30",  # registration, segmentation, surface, parametric map
        "11.1", "11.2", "11.3", "11.4", "11.8",  # presentation states
        "104.1", "104.2",  # encapsulated PDF, CDA
    )
)  # fmt: skip


KNOWN = frozenset((*PICTURES, *MORE_PICTURES, *DOCUMENTS))
"""Kinds that are proposed for C-GET in any case."""


def receivable(more: Collection[str] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Return (kind, transfer syntaxes) to propose for C-GET: `MOST` less the one of C-GET itself.

    `more` are further kinds that the study is known to hold; a few of the rarer ones make room for them.
    Each compressed syntax of the pictures of the breast gets a context of its own: the other side takes one
    syntax a context, and would have to decode, or to fail, were they proposed together.
    """
    found: list[tuple[str, tuple[str, ...]]] = [(k, s) for k in more for s in (UNCOMPRESSED, COMPRESSED)]
    found += [(kind, UNCOMPRESSED) for kind in (*PICTURES, *MORE_PICTURES, *DOCUMENTS)]
    rare = {"1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.81"}
    common = [syntax for syntax in COMPRESSED if syntax not in rare]
    found += [(kind, (syntax,)) for kind in PICTURES for syntax in common]
    found += [(kind, COMPRESSED) for kind in MORE_PICTURES]
    return found[: MOST - 1]


def associations(
    objects: Iterable[Outgoing],
) -> Iterator[tuple[list[tuple[str, tuple[str, ...]]], list[Outgoing]]]:
    """Yield what fits into one association each, in order: the contexts to propose, and the objects.

    What is not compressed may be sent as explicit or implicit little endian, whichever is taken; what is
    compressed goes as it is.
    """
    contexts: dict[tuple[str, tuple[str, ...]], None] = {}
    batch: list[Outgoing] = []
    for one in objects:
        context = one.kind, UNCOMPRESSED if one.syntax in _CONVERTIBLE else (one.syntax,)
        if context not in contexts and len(contexts) == MOST:
            yield list(contexts), batch
            contexts, batch = {}, []
        contexts[context] = None
        batch.append(one)
    if batch:
        yield list(contexts), batch
