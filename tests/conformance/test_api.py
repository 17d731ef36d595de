"""The running API keeps its own OpenAPI document: valid 3.1, and every answer to fuzzed requests is one it documents."""

from __future__ import annotations

import io
import json

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from PIL import Image
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_dict

import entrepot.api.routes  # noqa: F401 - fills OPERATIONS
from entrepot.api.openapi import document, refusals_of
from entrepot.api.operation import MALFORMED, OPERATIONS, UNFIT, Operation
from entrepot.kit.errors import Refusal
from entrepot.markets.errors import UnknownMarket
from entrepot.parties.errors import NotSignedIn
from tests.conformance.reach import refusals_reached
from tests.market import Market, seller_key

EXAMPLES = 10
# A schema cannot say which ids, rules and sums exist: a request that fits it may still be answered with 422, never with 400.
CHECKS = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "422", "429"]},
    "not_a_server_error": {"expected-statuses": ["2xx", "4xx"]},
}
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

pytestmark = pytest.mark.xdist_group("market")


def _photos() -> list[bytes]:
    made = []
    for kind in ("PNG", "JPEG", "WEBP"):
        file = io.BytesIO()
        Image.new("RGB", (8, 6), "teal").save(file, kind)
        made.append(file.getvalue())
    return made


# Real photos, photos cut short, and anything else.
PHOTOS = (
    st.sampled_from(_photos()) | st.sampled_from([each[:40] for each in _photos()]) | st.binary(max_size=200)
)
schemathesis.openapi.media_type("image/jpeg", PHOTOS, aliases=["image/png", "image/webp"])
SCHEMA = from_dict(document(), config=SchemathesisConfig.from_dict({"checks": CHECKS}))


@pytest.fixture(scope="session")
def key(market: Market) -> str:
    return seller_key(market)


def test_the_document_is_valid_openapi_3_1(market: Market) -> None:
    served = httpx.get(f"{market.url}/openapi.json", timeout=20).json()
    assert served["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(served).validate()
    assert len(served["paths"]) >= 20
    assert served == json.loads(json.dumps(document())), "what is fuzzed below is what is served"


@SCHEMA.parametrize()
@FUZZ
def test_every_answer_to_a_guest_is_documented(case: schemathesis.Case, market: Market) -> None:
    case.call_and_validate(base_url=market.url, timeout=20)


@SCHEMA.parametrize()
@FUZZ
def test_every_answer_to_a_seller_is_documented(case: schemathesis.Case, market: Market, key: str) -> None:
    case.call_and_validate(base_url=market.url, timeout=20, headers={"Authorization": f"Bearer {key}"})


# What reading the source finds but no request can meet, by operation; "" is all of them.
NOT_MET: dict[str, tuple[type[Refusal], ...]] = {
    "": (NotSignedIn,),  # asked only of buyers who have an account, and keys belong to accounts
    "list_markets": (UnknownMarket,),  # names no market: shows those that are open
    "list_own_orders": (UnknownMarket,),  # an order's market was known when it was placed
}


@pytest.mark.parametrize("found", OPERATIONS, ids=lambda found: found.name)
def test_every_refusal_that_can_be_met_is_documented(found: Operation) -> None:
    documented = set(refusals_of(found))
    reached = refusals_reached(found.function)
    for kind in NOT_MET.get("", ()) + NOT_MET.get(found.name, ()):
        reached.pop(kind, None)
    silent = {
        f"{kind.code} ({kind.status})": place
        for kind, place in reached.items()
        if (UNFIT if kind.status == MALFORMED else kind.status) not in documented
    }
    assert not silent
