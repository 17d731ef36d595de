"""What people read, they read in their language."""

from __future__ import annotations

from tests.words import missing


def test_every_word_has_its_spanish() -> None:
    gaps = missing("es")
    assert not gaps, "\n".join(f"{where} {text!r}" for text, where in gaps)
