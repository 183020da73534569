"""What may stay when a picture is de-identified, and what of its pixels is blanked."""

from __future__ import annotations

from dataclasses import dataclass

Rectangle = tuple[int, int, int, int]
"""Column, row, width and height in px."""


@dataclass(frozen=True)
class Options:
    """Options of the Basic Application Level Confidentiality Profile (PS3.15 annex E).

    Attributes
    ----------
    keep_dates : bool
        Dates stay; else all of a patient's are moved by one number of days.
    keep_uids : bool
        UIDs stay; else each is replaced, the same one always by the same.
    keep_characteristics : bool
        Age, sex, size and weight stay.
    keep_text : bool
        Descriptions and the words of reports stay, without the names, numbers and dates that are known.
    blank_outside : bool
        Pixels outside the file's ultrasound regions are blanked.
    blank_text : bool
        Lines of text found in the pixels are blanked.
    rectangles : tuple of (int, int, int, int)
        Column, row, width and height of what else is blanked, in px.
    accept_text : bool
        Pictures with text burned in pass all the same.
    """

    keep_dates: bool = False
    keep_uids: bool = False
    keep_characteristics: bool = False
    keep_text: bool = False
    blank_outside: bool = False
    blank_text: bool = False
    rectangles: tuple[Rectangle, ...] = ()
    accept_text: bool = False

    @property
    def blanks(self) -> bool:
        """Whether pixels are changed at all."""
        return self.blank_outside or self.blank_text or bool(self.rectangles)

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """Code and meaning of profile and options (PS3.16 CID 7050)."""
        chosen = [
            ("113100", "Basic Application Confidentiality Profile", True),
            ("113101", "Clean Pixel Data Option", self.blanks),
            ("113104", "Clean Structured Content Option", True),
            ("113105", "Clean Descriptors Option", self.keep_text),
            ("113106", "Retain Longitudinal Temporal Information Full Dates Option", self.keep_dates),
            ("113107", "Retain Longitudinal Temporal Information Modified Dates Option", not self.keep_dates),
            ("113108", "Retain Patient Characteristics Option", self.keep_characteristics),
            ("113110", "Retain UIDs Option", self.keep_uids),
        ]
        return tuple((code, meaning) for code, meaning, on in chosen if on)
