"""Every language is offered and met where its readers are, and amounts, days and addresses are written as they write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils.translation import override

from entrepot.markets.queries import all_codes, conformity, guarantee_ends, pack, read_locale_path
from entrepot.storefront import places, show, words
from entrepot.storefront.assets import RANGES, compile_translations
from tests import make
from tests.words import SOURCE, languages

LANGUAGES = [code for code, _ in settings.LANGUAGES]
PROMISED = ["es", "ca", "en", "fr", "de", "it", "pt", "nl", "pl", "sv", "el", "bg", "ro", "cs", "zh-hans"]


def test_a_language_is_offered_when_it_has_a_catalogue() -> None:
    assert set(LANGUAGES) == {*languages(), SOURCE}
    assert set(LANGUAGES) <= set(PROMISED)


@pytest.mark.parametrize(
    ("language", "money", "span", "rate", "at"),
    [
        ("es", "1.234,50 €", "mié 25 – jue 26 nov", "5,5 %", "25 nov 2026, 14:05"),
        ("en", "€1,234.50", "Wed 25 – Thu 26 Nov", "5.5%", "25 Nov 2026, 14:05"),
        ("fr", "1 234,50 €", "mer. 25 – jeu. 26 nov.", "5,5 %", "25 nov. 2026, 14:05"),
        ("de", "1.234,50 €", "Mi. 25. – Do. 26. Nov.", "5,5 %", "25.11.2026, 14:05"),
        ("pt", "1 234,50 €", "quarta 25 – quinta 26/11", "5,5%", "25/11/2026, 14:05"),
        ("pl", "1 234,50 €", "śr. 25 – czw. 26 lis", "5,5%", "25 lis 2026, 14:05"),
        ("el", "1.234,50 €", "Τετ 25 – Πέμ 26 Νοε", "5,5%", "25 Νοε 2026, 2:05 μ.μ."),
        ("bg", "1 234,50 €", "ср 25 – чт 26.11", "5,5%", "25.11.2026 г., 14:05"),
        ("zh-hans", "€1,234.50", "11月25日周三至26日周四", "5.5%", "2026年11月25日 14:05"),
    ],
)
def test_amounts_and_days_are_written_as_people_write_them(
    language: str, money: str, span: str, rate: str, at: str
) -> None:
    def plain(text: str) -> str:
        return re.sub(r"[\u00a0\u202f\u2009]", " ", text)

    assert plain(show.money(123_450, "EUR", language)) == money
    assert plain(show.days(date(2026, 11, 25), date(2026, 11, 26), language)) == span
    assert plain(show.percent(550, language)) == rate
    assert plain(show.moment(datetime(2026, 11, 25, 13, 5, tzinfo=UTC), "Europe/Madrid", language)) == at


def test_the_style_names_the_ranges_the_fonts_are_cut_to() -> None:
    with open("entrepot/storefront/static/storefront/tokens.css") as file:
        faces = dict(re.findall(r"source-sans-3-([a-z-]+)\.woff2.*?unicode-range:([^}]+)}", file.read()))
    assert faces == RANGES


def test_markets_offer_the_languages_of_their_country() -> None:
    for language in LANGUAGES:
        assert any(language in pack(code).languages for code in ("ES", "FR", "DE", "IT", "PT", "NL", "PL", "SE", "RO",
                                                                 "CZ", "BG", "GR", "CN")), language  # fmt: skip
    assert pack("FR").default_language == "fr"
    assert read_locale_path("be-fr") == ("BE", "fr")


@pytest.mark.django_db
def test_a_browser_is_met_in_its_language(client: Client) -> None:
    make.open_market()
    make.open_market("FR")
    places._open.update(read_at=-1e9, markets=())

    def first(wish: str) -> str:
        place = places.place_for(RequestFactory().get("/", headers={"accept-language": wish}))
        assert place
        return place.segment

    assert first("fr-FR,fr;q=0.9,en;q=0.5") == "fr-fr"
    assert first("fr-CH, es;q=0.5") == "fr-fr"
    assert first("en-US") == "es-en"
    assert first("tlh, es-ES;q=0.5") == "es-es"
    assert first("\x00;;,,-") == "es-es"


@pytest.mark.django_db
def test_pages_say_which_language_they_are_in(client: Client) -> None:
    make.open_market()
    make.open_market("FR")
    places._open.update(read_at=-1e9, markets=())
    for path, language in (("/fr-fr/", "fr"), ("/fr-fr/legal/returns", "fr"), ("/fr-fr/cart", "fr")):
        answer = client.get(path, headers={"host": "127.0.0.1"})
        html = answer.content.decode()
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in html
        assert 'hreflang="fr-FR"' in html
    assert (
        "Se rétracter du contrat ici"
        in client.get("/fr-fr/legal/returns", headers={"host": "127.0.0.1"}).content.decode()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guarantee_of_every_country_is_said_with_its_own_years(language: str) -> None:
    compile_translations()
    on = date(2026, 3, 14)
    said: dict[str, set[str]] = {}
    with override(language):
        for code in all_codes():
            rule = conformity(code, on)
            sentence = words.answers_for(rule)
            said.setdefault(rule.ends if rule else "none", set()).add(re.sub(r"\d+.*", "", sentence))
            figures = {rule.years, rule.long_years, rule.region_years} - {0} if rule else set()
            assert {int(found) for found in re.findall(r"\d+", sentence)} == figures, sentence
            ends = guarantee_ends(code, ordered_on=on, delivered_on=on)
            assert (ends is None) == (rule is None)
            if ends:
                years = {int(found) for found in re.findall(r"20\d\d", words.answers_until(ends))}
                assert years == {2026 + figure for figure in figures}
    assert set(said) == {"fixed", "expected_life", "lasting", "claims", "none"}
    assert language == "en" or "The seller" not in str(said), "not translated"
