from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from breastview.gui import theme
from breastview.gui.panes import captions, content
from breastview.gui.panes.calipers import lengths
from breastview.gui.panes.content import Content, Note
from breastview.gui.panes.elided import ElidedButton
from breastview.gui.panes.look import SEGMENTER, Look
from breastview.study.analysis import NO_MASK, Flag
from breastview.study.calibration import everywhere

from .conftest import COLUMNS, ROWS, Case, make_case


def read(case: Case) -> Content:
    return content.opened(case.pixels, case.instance, 0).with_analysis(case.analysis)


def test_lengths_are_millimetres_only_where_they_are_true() -> None:
    true = make_case(calibration=everywhere("PixelSpacing", ROWS, COLUMNS, 0.5, 0.5)).analysis.findings[0]
    assert lengths(true) == f"{true.long_mm:.1f} × {true.short_mm:.1f} mm"
    raw = make_case().analysis.findings[0]
    assert lengths(raw) == f"{raw.long_px:.0f} × {raw.short_px:.0f} px, uncalibrated"


def test_the_mask_says_how_many_lesions_and_the_largest_one() -> None:
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[10:30, 10:50] = mask[60:65, 60:65] = True
    case = make_case(mask=mask)
    text = captions.of_mask(read(case), Look())[0].text
    assert text.startswith("2 lesions · largest ") and lengths(case.analysis.findings[0]) in text
    nothing = make_case(mask=np.zeros((ROWS, COLUMNS), bool))
    assert captions.of_mask(read(nothing), Look())[0].text == "No lesion outlined"


def test_a_model_that_draws_no_mask_says_so_wherever_one_would_be() -> None:
    flag = Flag(NO_MASK, "This model gives probabilities only: it draws no mask.")
    mute = make_case(mask=np.zeros((ROWS, COLUMNS), bool), flags=(flag,))
    seen = read(mute)
    assert captions.of_mask(seen, Look())[0].text == "This model draws no mask"
    assert captions.of_heat(seen, Look(heat_source=SEGMENTER))[0].text == "This model draws no mask"
    assert seen.overlays is not None and seen.overlays.sources == mute.analysis.classes
    drawing = read(make_case()).overlays
    assert drawing is not None and drawing.sources == (*mute.analysis.classes, SEGMENTER)


def test_truth_shows_its_dice_only_on_demand(case: Case) -> None:
    truth = np.roll(case.mask, 5, axis=1)
    seen = read(case).with_truth(truth)
    assert len(captions.of_mask(seen, Look())) == 1
    common = np.count_nonzero(truth & case.mask)
    wanted = 2 * common / (truth.sum() + case.mask.sum())
    caption = captions.of_mask(seen, Look(truth_visible=True))[-1]
    assert caption.text == f"Truth · Dice {wanted:.2f}"
    assert caption.colour == captions.TRUTH
    alone = content.opened(case.pixels, case.instance, 0).with_truth(truth)
    assert captions.of_mask(alone, Look(truth_visible=True))[0].text == "Truth"


@pytest.mark.parametrize(
    ("flags", "colour"), [((), theme.TEXT), ((Flag("heat-outside", "…"),), theme.WARNING)]
)
def test_heat_is_honest_about_where_it_lies(flags: tuple[Flag, ...], colour: str) -> None:
    seen = read(make_case(flags=flags))
    assert captions.of_heat(seen, Look()) == (
        captions.Caption("31% of the heat lies inside the mask", colour),
    )
    assert captions.of_heat(seen, Look(heat_source="benign"))[0].text.startswith("20%")
    assert captions.of_heat(seen, Look(heat_source=SEGMENTER))[0].text == "What drove the mask"
    assert captions.of_heat(seen, Look(heat_visible=False)) == ()


def test_the_title_says_whose_heat_it_is(case: Case) -> None:
    seen = read(case)
    assert captions.heat_title(seen, Look()) == "Grad-CAM · malignant"
    assert captions.heat_title(seen, Look(heat_source="normal")) == "Grad-CAM · normal"
    assert captions.heat_title(seen, Look(heat_source=SEGMENTER)) == "Grad-CAM · segmenter"
    assert captions.heat_title(Content(), Look()) == "Grad-CAM"


def test_a_refused_picture_shows_the_reason_instead_of_findings() -> None:
    refusal = Flag("not-ultrasound", "This is no ultrasound picture.", refuses=True)
    seen = read(make_case(flags=(refusal,), refused=True))
    assert captions.of_mask(seen, Look())[0].text == refusal.text
    assert captions.heat_title(seen, Look()) == "Grad-CAM"


def test_the_ai_says_that_it_reads_or_why_it_cannot(case: Case) -> None:
    waiting = replace(content.opened(case.pixels, case.instance, 0), note=Note("AI is reading…"))
    assert captions.of_ai(waiting) == (captions.Caption("AI is reading…", theme.MUTED),)
    assert captions.of_ai(waiting.with_analysis(case.analysis)) == ()
    failed = replace(waiting, note=Note("Out of memory.", failed=True))
    assert captions.of_ai(failed)[0].colour == theme.WARNING


def test_the_original_says_which_file_it_is(case: Case) -> None:
    assert captions.of_original(read(case))[0].text == "folder/picture.dcm"
    assert captions.of_original(Content()) == ()


def test_a_narrow_title_still_names_the_class(qtbot: QtBot, case: Case) -> None:
    button = ElidedButton()
    qtbot.addWidget(button)
    button.say(captions.heat_title(read(case), Look()), *captions.short_heat_titles(read(case), Look()))
    assert button.fitting(400) == "Grad-CAM · malignant"
    metrics = QFontMetricsF(theme.font(theme.BASE_PIXELS, bold=True))
    for short in ("CAM · malignant", "malignant"):
        assert button.fitting(metrics.horizontalAdvance(short) + 1) == short
    assert button.fitting(40).endswith("…")
