"""What the gate looks for on mammograms and stained tissue, and what headers say of kinds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from breastview.inference import gate
from breastview.inference.gate import kinds
from breastview.readers.dicom.description import describe
from breastview.study.instance import Instance, SeriesInfo, StudyInfo
from breastview.study.kind import Kind, Said
from tests import phantoms

MAMMOGRAM = phantoms.MG
SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
COMPUTED = "1.2.840.10008.5.1.4.1.1.1"


def instance(modality="", sop_class="", **more):
    return Instance(
        Path("a"), "a", "dicom", 300, 400, StudyInfo("1"), SeriesInfo("1"),
        modality=modality, sop_class=sop_class, **more,
    )  # fmt: skip


def film(rows=300, columns=240):
    return (phantoms.breast(rows, columns, wall_left=True) >> 4).astype(np.uint8)


def stained(rows=100, columns=100, seed=0):
    """Pink and violet noise: no tissue, but its colours."""
    share = np.random.default_rng(seed).random((rows, columns, 1))
    return (np.array((110, 60, 140)) * share + np.array((235, 190, 220)) * (1 - share)).astype(np.uint8)


def codes(found):
    return [flag.code for flag in found]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (instance("US", phantoms.US), Kind.ULTRASOUND),
        (instance("MG", MAMMOGRAM), Kind.MAMMOGRAM),
        (instance("SM", SLIDE), Kind.HISTOLOGY),
        (instance("GM"), Kind.HISTOLOGY),
        (instance("", MAMMOGRAM), Kind.MAMMOGRAM),
        (instance("CR", COMPUTED, view="MLO"), Kind.MAMMOGRAM),
        (instance("MG", COMPUTED, view="CC"), Kind.MAMMOGRAM),
    ],
)
def test_the_header_tells_the_kind(given, kind):
    found = kinds.by_header(given)
    assert found is not None
    assert (found.kind, found.said) == (kind, Said.HEADER)


def test_a_slide_that_is_no_dicom_is_histology_by_its_format():
    found = kinds.by_header(replace(instance("SM"), reader="slide"))
    assert found is not None and (found.kind, found.said) == (Kind.HISTOLOGY, Said.FORMAT)
    assert found.sentence == "Read as histology, by the format of the file."


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (instance("CT"), "says CT; the models read"),
        (instance("", "1.2.840.10008.5.1.4.1.1.4"), "says MR"),
        (instance("CR", COMPUTED, view="PA"), "says CR, a radiograph, and names no mammographic view"),
        (instance("DX"), "names no mammographic view"),
        (instance("US", MAMMOGRAM), "contradicts itself: modality US, but an object of kind MG"),
        (instance("MG", SLIDE), "contradicts itself"),
    ],
)
def test_a_header_of_another_kind_or_at_odds_with_itself_is_of_none(given, reason):
    found = kinds.by_header(given)
    assert found is not None
    assert found.kind is None
    assert reason in found.reason


@pytest.mark.parametrize("modality", ["", "OT", "SC"])
def test_what_the_header_leaves_open_is_left_to_the_look(modality):
    assert kinds.by_header(instance(modality, phantoms.SC)) is None


def test_a_refusal_for_want_of_a_kind_says_why_and_holds_no_score():
    told = kinds.by_header(instance("CT"))
    refused = kinds.refusal(instance("CT"), told)
    assert refused.refused
    assert refused.kind is None
    assert refused.probabilities is None
    assert refused.mask.shape == (300, 400)
    assert told.reason in refused.sentence
    assert refused.bundle.name == "kind-gate"


def test_a_mammogram_passes_without_a_word():
    assert gate.inspect(instance("MG", MAMMOGRAM), film(), "MG") == ()


def test_a_coloured_picture_is_no_mammogram_a_tinted_one_is_read_as_grey():
    flower = np.zeros((300, 240, 3), np.uint8)
    flower[:150], flower[150:] = (200, 40, 40), (40, 160, 60)
    assert codes(gate.inspect(instance("MG"), flower, "MG")) == ["colour"]
    tinted = (film()[..., None] * np.array((0.6, 0.8, 1.0))).astype(np.uint8)
    assert codes(gate.inspect(instance("MG"), tinted, "MG")) in (["tint"], ["colour-marks"])


def test_views_of_a_part_of_the_breast_and_implants_are_flagged(tmp_path):
    modifier, view = Dataset(), Dataset()
    modifier.CodeValue, modifier.CodingSchemeDesignator, modifier.CodeMeaning = "399163009", "SCT", "M"
    view.CodeValue, view.CodingSchemeDesignator, view.CodeMeaning = "399162004", "SCT", "cranio-caudal"
    view.ViewModifierCodeSequence = [modifier]
    path = phantoms.mammogram(
        tmp_path / "a.dcm", ViewCodeSequence=[view], BreastImplantPresent="YES", PartialView="NO"
    )
    found = describe(path, "a")
    assert found.projection == ("implant", "magnification")
    flags = gate.inspect(found, film(), "MG")
    assert codes(flags) == ["magnification", "implant"]
    assert not any(flag.refuses for flag in flags)


def test_a_spot_view_is_known_by_its_magnification_factor(tmp_path):
    path = phantoms.mammogram(tmp_path / "a.dcm", EstimatedRadiographicMagnificationFactor=1.8)
    assert describe(path, "a").projection == ("magnification",)
    contact = phantoms.mammogram(tmp_path / "b.dcm", EstimatedRadiographicMagnificationFactor=1.07)
    assert describe(contact, "b").projection == ()


def test_stained_tissue_passes_without_a_word():
    assert gate.inspect(instance("SM", SLIDE), stained(), "SM") == ()


def test_grey_and_otherwise_stained_pictures_are_no_tissue_the_model_knows():
    grey = stained().mean(axis=2).astype(np.uint8)
    assert codes(gate.inspect(instance("SM"), grey, "SM")) == ["no-stain"]
    assert codes(gate.inspect(instance("SM"), np.repeat(grey[..., None], 3, axis=2), "SM")) == ["no-stain"]
    assert codes(gate.inspect(instance("SM"), stained()[..., [1, 0, 2]], "SM")) == ["stain"]


def test_bare_glass_is_refused():
    glass = np.full((200, 200, 3), 242, np.uint8)
    (flag,) = gate.inspect(instance("SM"), glass, "SM")
    assert (flag.code, flag.refuses) == ("blank", True)


def test_the_reader_is_believed_against_the_header():
    from breastview.session._kinds import read_as
    from breastview.study.kind import KindOf

    radiograph = instance("CR", COMPUTED)
    assert gate.inspect(read_as(radiograph, KindOf(Kind.MAMMOGRAM, Said.READER)), film(), "MG") == ()
    same = instance("US", phantoms.US)
    assert read_as(same, KindOf(Kind.ULTRASOUND, Said.HEADER)) is same
    assert read_as(same, KindOf(Kind.MAMMOGRAM, Said.READER)) == replace(same, modality="MG", sop_class="")
