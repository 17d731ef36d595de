"""Texts by language: what a draft lays over what is there, and what is read in a language."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entrepot.catalog.policy import merge_texts, value_in, values_in

LANGUAGE = st.sampled_from(["es", "en", "fr", "zh-hans"])
TEXTS = st.dictionaries(LANGUAGE, st.text(min_size=1, max_size=9), min_size=1)
VALUE = st.one_of(st.text(max_size=9), TEXTS)
VALUES = st.dictionaries(st.sampled_from(["colour", "size", "plug"]), VALUE)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(VALUES, VALUES)
def test_laying_a_draft_over_twice_changes_nothing_more(
    before: dict[str, Any], draft: dict[str, Any]
) -> None:
    once = merge_texts(before, draft)
    assert merge_texts(once, draft) == once
    assert set(once) == {*before, *draft}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(VALUES, TEXTS)
def test_a_language_laid_over_leaves_the_other_languages(
    before: dict[str, Any], texts: dict[str, str]
) -> None:
    there = before.get("colour")
    after = merge_texts(before, {"colour": texts})["colour"]
    assert texts.items() <= after.items()
    if isinstance(there, dict):
        assert {k: v for k, v in there.items() if k not in texts}.items() <= after.items()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(VALUES, LANGUAGE)
def test_every_option_is_read_in_the_language_it_is_told_in(options: dict[str, Any], language: str) -> None:
    said = values_in(options, language)
    assert set(said) == set(options)
    for name, value in options.items():
        if isinstance(value, dict) and language in value:
            assert said[name] == value[language]
        elif isinstance(value, dict):
            assert said[name] in value.values()
        else:
            assert said[name] == value


def test_lists_and_numbers_are_read_too() -> None:
    assert value_in([{"es": "lino", "en": "linen"}, 3], "en") == "linen, 3"
