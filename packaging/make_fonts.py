"""Make the fonts of the reports: subsets of Noto that fit beside the program.

    uv run --with fonttools python packaging/make_fonts.py

reads the fonts of Debian's `fonts-noto-core` and `fonts-noto-cjk` (SIL Open Font License 1.1) and writes
`resources/fonts`. Families get names of their own, so that a different Noto on the user's machine is never
taken in their place and a report looks alike everywhere.
"""

from __future__ import annotations

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts")
TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"

LATIN_GREEK_CYRILLIC = [
    (0x20, 0x24F), (0x250, 0x2AF), (0x2B0, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1FFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218F),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD),
]  # fmt: skip
ARABIC = [(0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF),
          (0x200C, 0x200F)]  # fmt: skip
HEBREW = [(0x590, 0x5FF), (0xFB1D, 0xFB4F), (0x200C, 0x200F)]
THAI = [(0xE00, 0xE7F), (0x200C, 0x200D)]
DEVANAGARI = [(0x20, 0x7E), (0x900, 0x97F), (0xA8E0, 0xA8FF), (0x1CD0, 0x1CFF), (0x200C, 0x200D),
              (0x2010, 0x2026)]  # fmt: skip
"""With figures and punctuation: inside Devanagari text Qt takes them from no font that cannot shape it."""
EAST_ASIAN = [
    (0x20, 0x7E), (0x3000, 0x303F), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3100, 0x312F), (0x1100, 0x11FF),
    (0x3130, 0x318F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF00, 0xFFEF),
]  # fmt: skip
"""All 20,992 unified ideographs: names use characters far outside the common sets of GB 2312 and Big5."""

FONTS = (
    ("truetype/noto/NotoSans-Regular.ttf", 0, "", LATIN_GREEK_CYRILLIC),
    ("truetype/noto/NotoSans-Bold.ttf", 0, "", LATIN_GREEK_CYRILLIC),
    ("truetype/noto/NotoSansArabic-Regular.ttf", 0, "Arabic", ARABIC),
    ("truetype/noto/NotoSansArabic-Bold.ttf", 0, "Arabic", ARABIC),
    ("truetype/noto/NotoSansHebrew-Regular.ttf", 0, "Hebrew", HEBREW),
    ("truetype/noto/NotoSansHebrew-Bold.ttf", 0, "Hebrew", HEBREW),
    ("truetype/noto/NotoSansThai-Regular.ttf", 0, "Thai", THAI),
    ("truetype/noto/NotoSansThai-Bold.ttf", 0, "Thai", THAI),
    ("truetype/noto/NotoSansDevanagari-Regular.ttf", 0, "Devanagari", DEVANAGARI),
    ("truetype/noto/NotoSansDevanagari-Bold.ttf", 0, "Devanagari", DEVANAGARI),
    ("opentype/noto/NotoSansCJK-Regular.ttc", 2, "East Asian", EAST_ASIAN),
)
"""Source, number of the face inside it (2 is the simplified Chinese one), script, characters."""


def _rename(font: TTFont, script: str) -> None:
    """Give the font a family of its own; copyright and licence entries stay."""
    style = "Bold" if font["OS/2"].usWeightClass >= 700 else "Regular"
    family = f"BreastView Noto Sans {script}".strip()
    entries = {
        1: family,
        2: style,
        3: f"{family} {style}",
        4: f"{family} {style}",
        6: f"{family.replace(' ', '')}-{style}",
    }
    names = font["name"]
    names.names = [entry for entry in names.names if entry.nameID in {0, 5, 7, 8, 9, 11, 13, 14}]
    for number, text in entries.items():
        names.setName(text, number, 3, 1, 0x409)
        names.setName(text, number, 1, 0, 0)


def _tabulate(font: TTFont) -> None:
    """Give the tabulator a blank of its own.

    Where a font has none, Qt draws the space instead, and PDF files then say that every space is a tabulator;
    spaces always come from the first font, which has an em space to lend.
    """
    for table in font["cmap"].tables:
        blank = table.cmap.get(0x2003)
        if table.isUnicode() and blank:
            table.cmap[0x09] = blank


def _options() -> subset.Options:
    options = subset.Options()
    options.layout_features = ["*"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT"]
    return options


def _make(source: Path, face: int, script: str, ranges: list[tuple[int, int]]) -> Path:
    font = TTFont(source, fontNumber=face, lazy=True, recalcTimestamp=False)
    options = _options()
    if script == "East Asian":
        # Vertical, width and locale variants would double the size; names are set horizontally.
        options.layout_features = ["ccmp", "ljmo", "vjmo", "tjmo", "kern", "mark", "mkmk"]
        options.desubroutinize = False
    elif not script:
        # Ligatures of f would have to be typed to be found in the text of a PDF.
        options.layout_features = ["ccmp", "locl", "kern", "mark", "mkmk"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
    subsetter.subset(font)
    _tabulate(font)
    _rename(font, script)
    suffix = ".otf" if "CFF " in font else ".ttf"
    path = TARGET / (font["name"].getDebugName(6) + suffix)
    font.save(path)
    return path


def main() -> None:
    """Write every font and say how large it is."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, face, script, ranges in FONTS:
        path = _make(SOURCE / name, face, script, ranges)
        print(f"{path.stat().st_size:>10,}  {path.name}")


if __name__ == "__main__":
    main()
