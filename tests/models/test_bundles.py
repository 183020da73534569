"""The bundles that come with the application are sound and say what they were measured at."""

from __future__ import annotations

import pytest

from breastview import paths
from breastview.inference.bundle import list_bundles

good, refused = list_bundles(paths.models())


def test_there_is_a_bundle_and_none_is_refused() -> None:
    assert good and not refused


@pytest.mark.parametrize("bundle", good, ids=lambda bundle: bundle.name)
def test_it_is_named_as_its_folder_and_was_trained_on_everything_last(bundle) -> None:  # type: ignore[no-untyped-def]
    assert bundle.name == bundle.folder.name
    assert bundle.manifest["training"]["weights of"] == "final"


@pytest.mark.parametrize("bundle", good, ids=lambda bundle: bundle.name)
def test_its_figures_are_of_grouped_folds_with_intervals(bundle) -> None:  # type: ignore[no-untyped-def]
    assert "whole groups" in bundle.metrics["protocol"]
    for values in bundle.metrics["sets"].values():
        low, high = values["interval"]["accuracy"]
        assert low <= values["pooled"]["accuracy"] <= high
        assert 0.5 < values["pooled"]["accuracy"] < 0.95  # more on BUSI would be a leak until shown otherwise


@pytest.mark.parametrize("bundle", good, ids=lambda bundle: bundle.name)
def test_its_card_tells_use_data_failures_and_limits(bundle) -> None:  # type: ignore[no-untyped-def]
    for words in (
        "Research and education only",
        "What it was trained on",
        "## Failures on",
        "## Limits",
        "Licence",
    ):
        assert words in bundle.card


@pytest.mark.parametrize("bundle", good, ids=lambda bundle: bundle.name)
def test_the_documentation_states_the_figures_of_the_bundle(bundle) -> None:  # type: ignore[no-untyped-def]
    page = paths.models().parent / "docs" / "models.md"
    if not page.is_file():
        pytest.skip("the documentation is not part of this installation")
    text = page.read_text(encoding="utf-8")
    assert bundle.name in text
    for values in bundle.metrics["sets"].values():
        told_apart = "benign-malignant" if "malignant" in bundle.classes else bundle.suspicious
        shown = (
            "accuracy",
            "macro recall",
            f"auc {told_apart}",
            *(("dice mean",) if bundle.segments else ()),
        )
        for row in shown:
            assert f"| {row} |" in text
            assert f"{values['mean'][row]:.3f} ± {values['sd'][row]:.3f}" in text
