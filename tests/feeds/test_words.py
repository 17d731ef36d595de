"""What sellers read has Spanish words, with the same facts in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from entrepot.catalog import errors as catalog
from entrepot.feeds import errors as feeds
from entrepot.feeds.policy import RULES
from entrepot.inventory import errors as inventory
from entrepot.kit.errors import Refusal
from entrepot.offers import errors as offers

SENTENCES = sorted(
    {
        found.template
        for room in (catalog, offers, inventory, feeds)
        for found in vars(room).values()
        if isinstance(found, type) and issubclass(found, Refusal) and found is not Refusal
    }
    | {text for pair in RULES.values() for text in pair if text and text != "{sentence}"}
)


@pytest.fixture(scope="module")
def spanish() -> dict[str, str]:
    with Path("entrepot/locale/es/LC_MESSAGES/django.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file)}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_is_said_in_spanish(spanish: dict[str, str], sentence: str) -> None:
    said = spanish.get(sentence, "")
    assert said
    assert sorted(re.findall(r"{\w+}", said)) == sorted(re.findall(r"{\w+}", sentence))
