"""Errors are sentences, also after they crossed a process border."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from breastview import errors


def test_a_sentence_names_the_file_what_is_wrong_and_what_to_do() -> None:
    error = errors.UnreadableFile("the pixel data ends too early.", Path("/scans/a.dcm"), "Ask for it again.")
    assert str(error) == "a.dcm: the pixel data ends too early. Ask for it again."
    assert error.where == "/scans/a.dcm"


def test_file_and_remedy_may_be_missing() -> None:
    assert str(errors.StoreError("the disk is full")) == "the disk is full."


KINDS = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_pickling(kind: type[Exception]) -> None:
    if kind is errors.Cancelled:
        assert isinstance(pickle.loads(pickle.dumps(kind())), kind)
        return
    error = kind("it is wrong", Path("/a/b"), "Do this.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.what, again.where, again.remedy) == ("it is wrong", "/a/b", "Do this.")
    assert str(again) == str(error)


def test_stopping_is_not_an_error() -> None:
    assert not issubclass(errors.Cancelled, errors.BreastViewError)
