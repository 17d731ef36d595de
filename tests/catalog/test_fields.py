"""Declared attributes: what fits is stored in one way of writing, what does not is refused and changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.catalog.errors import FieldWrong
from entrepot.catalog.fields import fields, read_fields
from entrepot.catalog.policy import merge_texts
from entrepot.markets.queries import consumer_rule

LINKS = sorted(each.name for each in fields().values() if each.form == "link")
WRONG: dict[str, tuple[Any, ...]] = {
    "link": (
        "http://maker.example/r", "javascript:alert(1)", "https://", "https://host", "https://a b.example/", "//maker.example", "https://u:p@maker.example/",
        "https://maker.example/\n<script>", 'https://maker.example/"onload=x', "https://maker.example/<b>", "https://[::1", "ｈttps://maker.example", "https://máker.example/" + "a" * 300, 7, ["x"],
    ),
    "letter": ("H", "AA", "a+", "1", "Ａ", True), "whole": ("-1", "1.5", "1e2", "９", "51", "NaN", "999999999999999999999", {"es": "1"}),
    "code": ("a\x00b", "x" * 81, "‮abc"), "text": ("\x07bell", "x" * 1001, {"es": "y" * 1001}),
}  # fmt: skip
RIGHT: dict[str, tuple[tuple[Any, Any], ...]] = {
    "link": ((" https://maker.example/repair?m=1&v=2#top ", "https://maker.example/repair?m=1&v=2#top"), ("", None)),
    "letter": (("d", "D"), (None, None)), "whole": (("07", "7"), (5, "5"), ("0", "0")),
    "code": ((" L 2026-11 ", "L 2026-11"),), "text": (({"es": " Con  aviso sonoro ", "en": ""}, {"es": "Con aviso sonoro", "en": None}), ("Large keys", "Large keys")),
}  # fmt: skip


def test_every_declared_field_has_a_rule_with_a_date() -> None:
    for each in fields().values():
        assert consumer_rule(each.rule_id).valid_from is not None
        assert each.form in WRONG


@pytest.mark.parametrize("name", list(fields()))
def test_forms(name: str) -> None:
    form = fields()[name].form
    for value in WRONG[form]:
        with pytest.raises(FieldWrong) as held:
            read_fields({name: value})
        assert held.value.facts["field"] == name
        assert len(held.value.sentence) < 300
    for value, kept in RIGHT[form]:
        assert read_fields({name: value}) == {name: kept}


@given(st.sampled_from(LINKS), st.text(max_size=60))
def test_no_text_becomes_a_link_that_runs_or_breaks_out(name: str, text: str) -> None:
    for tried in (text, f"https://{text}", f"https://maker.example/{text}"):
        try:
            kept = read_fields({name: tried})[name]
        except FieldWrong:
            continue
        assert kept is None or (kept.startswith("https://") and not set(kept) & set(" <>\"'`\\\r\n\t\0"))


@given(st.dictionaries(st.text(max_size=5), st.none() | st.text(max_size=5) | st.dictionaries(st.text(max_size=3), st.none() | st.text(max_size=3))))  # fmt: skip
def test_nothing_that_was_taken_away_stays_as_an_empty_place(draft: dict[str, Any]) -> None:
    merged = merge_texts({}, draft)
    assert None not in merged.values()
    assert not [
        each
        for value in merged.values()
        if isinstance(value, dict)
        for each in value.values()
        if each is None
    ]
    assert merge_texts(merged, draft) == merged
