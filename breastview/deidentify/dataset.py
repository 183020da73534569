"""One DICOM data set without what tells whose it is."""

from __future__ import annotations

import re
from typing import Any

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from breastview import __version__
from breastview.deidentify.identity import Identity
from breastview.deidentify.options import Options
from breastview.deidentify.policy import Fate, fate
from breastview.deidentify.pseudonyms import Pseudonyms, text_of
from breastview.deidentify.report import Action, FileReport

DUMMY = "removed"
"""Stands where a text is removed that must not be empty."""
NOBODY = "Anonymous"

_DEEPEST = 50
_STANDARD_CODES = frozenset({
    "DCM", "SCT", "SRT", "SNM3", "99SDM", "UCUM", "LN", "RADLEX", "BI", "MDC", "UMLS",
})  # fmt: skip
_SUBJECT = frozenset({
    "121028", "121029", "121030", "121031", "121036",  # UID, name, ID, birth date; the mother of a fetus
    "121020", "121021", "121022", "121023",  # numbers of the order, accession number, procedure
    "121009", "121016", "121017",  # organization of the observer; serial number and place of the device
})  # fmt: skip
"""Content items that name the subject or where it was seen (PS3.16 TID 1003, 1004, 1005, 1007)."""
_SUBJECT_CHARACTERISTICS = frozenset({"121032", "121033"})
_LABELS = frozenset({"112039", "111001", "111003", "111002", "121013", "121014", "121015"})
"""Texts of machines: tracking identifier, algorithm name, version and parameters, observer device."""
_PIXELS = frozenset({"PixelData", "FloatPixelData", "DoubleFloatPixelData"})
_MOMENT = r"[0-9+\-.: ]*"
_SHAPES = {"DA": _MOMENT, "TM": _MOMENT, "DT": _MOMENT, "UI": "[0-9.]*", "AS": "[0-9]{0,3}[DWMY]?"}
"""What values of these kinds are made of; in others text may hide."""


class Cleaner:
    """Cleans one data set in place and notes what it did.

    Parameters
    ----------
    pseudonyms : Pseudonyms
    options : Options
    identity : Identity
        Strings that must not be left, beside those that the data set itself tells.
    report : FileReport
        Takes the changes.
    made_clean : bool
        Whether it was made from a clean record: its dates, UIDs and numbers are pseudonyms already, and a
        document in it stays.
    patient : str
        What tells its patient from others; by default what the data set says.
    """

    def __init__(
        self, pseudonyms: Pseudonyms, options: Options, identity: Identity, report: FileReport,
        made_clean: bool = False, patient: str = "",
    ) -> None:  # fmt: skip
        self._pseudonyms, self._options, self._identity = pseudonyms, options, identity
        self._report, self._made_clean = report, made_clean
        self._patient = patient

    def clean(self, dataset: Dataset) -> None:
        """Clean a whole data set with its file meta information."""
        self._patient = self._patient or self._pseudonyms.patient_of(dataset)
        known = {one: text_of(dataset, one) for one in ("PatientName", "PatientID")}
        self._items(dataset, "", 0)
        for keyword, value in known.items():
            setattr(dataset, keyword, value if self._made_clean else self._pseudonyms.name(self._patient))
        self._note("PatientIdentityRemoved", Action.ADDED)
        _say_how(dataset, self._options)
        dataset.SpecificCharacterSet = "ISO_IR 192"
        _renew_meta(dataset)

    def _items(self, dataset: Dataset, where: str, depth: int) -> None:
        if "SpecificCharacterSet" in dataset and depth:
            del dataset.SpecificCharacterSet
        coded = _is_standard(dataset)
        if "ContentSequence" in dataset:
            self._drop_subject(dataset)
        for tag in list(dataset.keys()):
            self._element(dataset, tag, where, depth, coded)

    def _element(self, dataset: Dataset, tag: Any, where: str, depth: int, coded: bool) -> None:
        try:
            element = dataset[tag]
        except Exception:  # pydicom raises many kinds for damaged elements; what cannot be read cannot stay
            del dataset[tag]
            self._report.add(f"{where}{tag}", Action.REMOVED)
            return
        name = f"{where}{tag} {element.keyword or '-'}".strip()
        action = self._apply(dataset, element, name, depth, fate(int(tag), element.VR, coded))
        if action is not None:
            self._report.add(name, action)

    def _apply(
        self, dataset: Dataset, element: DataElement, name: str, depth: int, what: Fate
    ) -> Action | None:
        if depth and element.keyword in _PIXELS:  # a picture of its own, as icons are
            return self._remove(dataset, element)
        if what is Fate.SEQUENCE:
            return self._sequence(dataset, element, name, depth)
        if what is Fate.KEEP or (what is not Fate.REMOVE and element.is_empty):
            return _sound(dataset, element)
        handlers = {
            Fate.EMPTY: self._empty, Fate.CLEAN: self._cut, Fate.FREE_TEXT: self._free_text,
            Fate.DESCRIPTOR: self._descriptor, Fate.NAME: self._name, Fate.IDENTIFIER: self._identifier,
            Fate.CHARACTERISTIC: self._characteristic, Fate.UID: self._uid, Fate.DATE: self._date,
        }  # fmt: skip
        handler = handlers.get(what)
        if handler is not None:
            return handler(dataset, element)
        if self._made_clean and element.keyword == "EncapsulatedDocument":
            return None
        return self._remove(dataset, element)

    def _sequence(self, dataset: Dataset, element: DataElement, name: str, depth: int) -> Action | None:
        if depth >= _DEEPEST:
            return self._remove(dataset, element)
        for number, item in enumerate(element.value or (), 1):
            self._items(item, f"{name}[{number}] > ", depth + 1)
        return None

    def _remove(self, dataset: Dataset, element: DataElement) -> Action:
        del dataset[element.tag]
        return Action.REMOVED

    def _empty(self, dataset: Dataset, element: DataElement) -> Action:  # noqa: ARG002
        element.value = None
        return Action.EMPTIED

    def _cut(self, dataset: Dataset, element: DataElement) -> Action | None:
        before = element.value
        texts = [str(one) for one in before] if isinstance(before, (MultiValue, list)) else [str(before)]
        after = [self._identity.cleaned(text) for text in texts]
        if after == texts:
            return None
        if element.VR == "CS":  # stars are no code string
            return self._remove(dataset, element)
        element.value = after if len(after) > 1 else after[0]
        return Action.CLEANED

    def _free_text(self, dataset: Dataset, element: DataElement) -> Action | None:
        if self._options.keep_text or _concept(dataset) in _LABELS:
            return self._cut(dataset, element)
        element.value = DUMMY
        return Action.REPLACED

    def _descriptor(self, dataset: Dataset, element: DataElement) -> Action | None:
        return self._cut(dataset, element) if self._options.keep_text else self._remove(dataset, element)

    def _name(self, dataset: Dataset, element: DataElement) -> Action:  # noqa: ARG002
        element.value = NOBODY
        return Action.REPLACED

    def _identifier(self, dataset: Dataset, element: DataElement) -> Action | None:
        if self._made_clean:
            return None
        return Action.REPLACED if self._pseudonyms.identifier(dataset, element) else Action.EMPTIED

    def _characteristic(self, dataset: Dataset, element: DataElement) -> Action | None:
        if self._options.keep_characteristics:
            return _sound(dataset, element)
        # Patient's sex may be empty but not missing.
        fate_of_it = self._empty if element.keyword == "PatientSex" else self._remove
        return fate_of_it(dataset, element)

    def _uid(self, dataset: Dataset, element: DataElement) -> Action | None:
        if self._options.keep_uids or self._made_clean:
            return _sound(dataset, element)
        return Action.REPLACED if self._pseudonyms.uid(dataset, element) else _sound(dataset, element)

    def _date(self, dataset: Dataset, element: DataElement) -> Action | None:
        if self._options.keep_dates or self._made_clean:
            return _sound(dataset, element)
        if self._pseudonyms.date(dataset, element, self._patient):
            return Action.SHIFTED
        element.value = None
        return Action.EMPTIED

    def _drop_subject(self, dataset: Dataset) -> None:
        """Remove the content items that say whose report it is."""
        unwanted = _SUBJECT if self._options.keep_characteristics else _SUBJECT | _SUBJECT_CHARACTERISTICS
        items = list(dataset.ContentSequence or ())
        kept = [item for item in items if _concept(item) not in unwanted]
        if len(kept) < len(items):
            dataset.ContentSequence = Sequence(kept)
            self._note("ContentSequence: subject context", Action.REMOVED)

    def _note(self, element: str, action: Action) -> None:
        self._report.add(element, action)


def _sound(dataset: Dataset, element: DataElement) -> Action | None:
    """Remove a number, date or UID that is none: text may hide in it."""
    if element.is_empty:
        return None
    values = element.value if isinstance(element.value, (MultiValue, list)) else [element.value]
    if all(_is_of(element.VR, value) for value in values):
        return None
    del dataset[element.tag]
    return Action.REMOVED


def _is_of(vr: str, value: Any) -> bool:
    if vr in _SHAPES:
        return re.fullmatch(_SHAPES[vr], str(value)) is not None
    if vr not in ("DS", "IS"):
        return True
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _concept(item: Dataset) -> str:
    """Return the code value of a content item's concept name."""
    names = list(item.get("ConceptNameCodeSequence") or [])
    return str(names[0].get("CodeValue", "") or "") if names else ""


def _is_standard(item: Dataset) -> bool:
    try:
        return str(item.get("CodingSchemeDesignator", "") or "") in _STANDARD_CODES
    except Exception:  # damaged
        return False


def _say_how(dataset: Dataset, options: Options) -> None:
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = [
        f"BreastView {__version__}", "PS3.15 Basic Application Confidentiality Profile",
    ]  # fmt: skip
    codes = []
    for value, meaning in options.codes:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
        codes.append(item)
    dataset.DeidentificationMethodCodeSequence = Sequence(codes)
    dataset.LongitudinalTemporalInformationModified = "UNMODIFIED" if options.keep_dates else "MODIFIED"


def _renew_meta(dataset: Dataset) -> None:
    """Give the file a fresh meta header and preamble: both can name the sender and carry other things."""
    before = getattr(dataset, "file_meta", None)
    meta = FileMetaDataset()
    syntax = before.get("TransferSyntaxUID") if before is not None else None
    meta.TransferSyntaxUID = UID(syntax or ExplicitVRLittleEndian)
    if "SOPClassUID" not in dataset and before is not None and "MediaStorageSOPClassUID" in before:
        dataset.SOPClassUID = before.MediaStorageSOPClassUID
    meta.MediaStorageSOPClassUID = UID(dataset.get("SOPClassUID", ""))
    meta.MediaStorageSOPInstanceUID = UID(dataset.get("SOPInstanceUID", ""))
    dataset.file_meta = meta
    dataset.preamble = b"\0" * 128
