"""What people read, they read in their language."""

from __future__ import annotations

import pytest

from tests.words import faults, languages, missing

pytestmark = pytest.mark.xdist_group("words")  # the words are looked for once, by one worker


@pytest.mark.parametrize("language", languages())
def test_every_word_stands_in_every_language(language: str) -> None:
    gaps = [f"{where} {text!r}" for text, where in missing(language)]
    assert not gaps, "\n".join(gaps)
    assert not faults(language)
