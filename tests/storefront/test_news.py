"""Facts kept in a web process: what another thread forgets meanwhile never breaks a page."""

from __future__ import annotations

import pytest

from entrepot.storefront import news


def test_what_is_forgotten_while_others_are_read_is_still_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "listen", lambda: None)
    monkeypatch.setattr(news.Kept, "everything", [])

    def read(ids: list[str]) -> dict[str, str]:
        kept.rows.clear()  # a fact came in, heard by another thread
        return {name: name.upper() for name in ids if name != "gone"}

    kept: news.Kept[str, str] = news.Kept(60, read)
    assert kept.of(["a"]) == {"a": "A"}
    assert kept.of(["a", "b", "gone"]) == {"a": "A", "b": "B"}
