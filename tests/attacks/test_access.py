"""Attacks on other people's things, on numbers, on text and on the transport, as security.md lists them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from entrepot.kit.context import Context
from entrepot.kit.ids import show_id, show_number
from entrepot.orders.models import Cart, Order, Purchase
from entrepot.parties import commands as parties
from entrepot.parties.models import Tries, User
from entrepot.parties.queries import actor_for_user
from tests import make

pytestmark = pytest.mark.django_db

NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}%s{% debug %}' OR 1=1 --"


@pytest.fixture
def spain() -> Iterator[Any]:
    with make.intake() as intake:
        make.open_market("ES")
        yield intake


def browser(user_id: int | None = None) -> Client:
    client = Client()
    if user_id:
        client.force_login(User.objects.get(pk=user_id))
    return client


def program(ctx: Context, *scopes: str) -> dict[str, str]:
    """Headers of a program with a key of this asker."""
    secret = parties.issue_api_key(ctx, name="test", scopes=list(scopes)).secret
    return {"Authorization": f"Bearer {secret}"}


def send(client: Client, method: str, path: str, body: object, **headers: str) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    headers = {"Idempotency-Key": str(uuid4())} | headers
    return client.generic(method, path, text, content_type="application/json", headers=headers)


def bought(ctx: Context, seller_id: Any, **values: Any) -> tuple[Order, str]:
    """A placed order and the secret of its purchase."""
    answer = make.placed(ctx, {make.offer(seller_id, **values).id: 1})
    return Order.objects.of(make.system()).get(purchase_id=answer.purchase_id), answer.token


# ---- access and tenants ---------------------------------------------------------------------------------


def test_anothers_order_is_the_same_answer_as_no_order(spain: Any) -> None:
    ana, eva = make.person(), make.person()
    seller_id = make.seller("mina")
    hers, _ = bought(make.buyer(eva.user_id), seller_id)
    _, token = bought(make.buyer(ana.user_id), seller_id)
    nothing = show_number(hers.pk ^ 0x3FF00)
    client = browser(ana.user_id)
    pages = [
        client.get(f"/v1/purchases/{token}/orders/{number}") for number in (show_number(hers.pk), nothing)
    ]
    assert {page.status_code for page in pages} == {404}
    bodies = [re.sub(r"[0-9a-f-]{36}", "", page.content.decode()) for page in pages]
    assert bodies[0] == bodies[1]
    for way in (
        f"/es-es/purchase/{token}/{show_number(hers.pk)}/withdraw",
        f"/es-es/purchase/{token}/{nothing}/withdraw",
    ):
        assert client.get(way).status_code == 404
    assert client.post(f"/es-es/purchase/{token}/{show_number(hers.pk)}/cancel").status_code == 404
    hers.refresh_from_db()
    assert hers.state == "placed"


def test_whoever_guesses_secret_links_is_stopped(spain: Any) -> None:
    _, token = bought(make.visitor(), make.seller("mina"))
    client = Client()
    answers = [client.get(f"/es-es/purchase/{'x' * 21}{number}").status_code for number in range(22)]
    assert answers == [404] * 20 + [429] * 2
    assert client.get(f"/es-es/purchase/{token}").status_code == 200, "who holds the link is not shut out"
    assert Client(REMOTE_ADDR="10.0.0.9").get("/es-es/purchase/nothing").status_code == 404


def test_finding_an_order_by_number_is_counted_however_the_form_is_sent(spain: Any) -> None:
    order, _ = bought(make.visitor(), make.seller("mina"))
    sent = {"number": show_number(order.pk), "email": "wrong@example.es", "_key": str(uuid4())}
    answers = [Client().post("/es-es/find-order", sent).status_code for _ in range(40)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert Tries.objects.get(what="find_order").count < 40


def test_an_address_of_somebody_else_is_not_taken(spain: Any) -> None:
    ana, eva = make.person(), make.person()
    place = {
        "name": "Eva",
        "line1": "Secret street 7",
        "city": "Madrid",
        "country": "ES",
        "postcode": "28013",
    }
    theirs = parties.save_address(make.buyer(eva.user_id), **place)
    client = browser(ana.user_id)
    for sent in (
        {"delete": str(theirs)},
        {"address": str(theirs), "line1": "Mine now", "name": "A", "city": "B"},
    ):
        client.post("/es-es/account/addresses", sent)
    page = client.get("/es-es/account/addresses").content.decode()
    assert "Secret street" not in page
    actor, scopes = actor_for_user(eva.user_id)
    ctx = Context(actor=actor, at=make.NOW, scopes=scopes)
    from entrepot.parties.queries import addresses_of

    assert [row.line1 for row in addresses_of(ctx)] == ["Secret street 7"]


def test_another_sellers_order_does_not_exist(spain: Any) -> None:
    mine, theirs = make.seller("mina"), make.seller("suya")
    order, _ = bought(make.visitor(), theirs)
    member = make.staff(mine)
    client, number = browser(member.actor.user_id), show_number(order.pk)
    for path in (f"/seller/orders/{number}", f"/seller/orders/{number}/slip.pdf"):
        assert client.get(path).status_code == 404
    for verb in ("pack", "ship", "cancel"):
        assert client.post(f"/seller/orders/{number}/{verb}", {"reason": "other"}).status_code == 404
    key = program(member, "orders:read", "orders:fulfil")
    assert Client().get(f"/v1/seller/orders/{number}", headers=key).status_code == 404
    assert send(Client(), "POST", f"/v1/seller/orders/{number}/ship", {}, **key).status_code in (400, 404)
    assert number not in Client().get("/v1/seller/orders", headers=key).content.decode()
    order.refresh_from_db()
    assert order.state == "placed"


def test_a_seller_does_not_read_what_the_parcel_does_not_need(spain: Any) -> None:
    seller_id = make.seller("mina")
    order, token = bought(make.visitor(), seller_id)
    Order.objects.of(make.system()).filter(pk=order.pk).update(state="paid", paid_at=make.NOW)
    member = make.staff(seller_id)
    page = browser(member.actor.user_id).get(f"/seller/orders/{show_number(order.pk)}").content.decode()
    answer = Client().get(
        f"/v1/seller/orders/{show_number(order.pk)}", headers=program(member, "orders:fulfil")
    )
    for text in (page, answer.content.decode()):
        assert "Ana Prueba" in text, "the label needs the name"
        assert "ana@example.es" not in text
        assert token not in text


@pytest.mark.parametrize(
    "name", ["price_minor", "price", "paid", "state", "seller_id", "role", "balance", "scopes"]
)
def test_fields_that_are_not_the_callers_to_set_are_refused(spain: Any, name: str) -> None:
    offer = make.offer(make.seller("mina"))
    body = {"offer_id": show_id("ofr", offer.id), "quantity": 1}
    refused = send(Client(), "POST", "/v1/carts", body | {name: 1})
    assert refused.status_code == 400
    assert name in refused.content.decode()
    member = program(make.staff(make.seller("suya")), "catalog:write", "stock:write")
    product = {"title": {"es": "x"}, "category": "kitchen", name: "x"}
    assert send(Client(), "PUT", "/v1/seller/products/mine", product, **member).status_code == 400
    assert not Cart.objects.of(make.system()).exists()
    assert send(Client(), "POST", "/v1/carts", body).status_code == 201, "without that field it is fine"
    assert make.offer_of(offer.product_id).price_minor == offer.price_minor


def test_a_removed_members_key_is_dead_within_the_second(spain: Any) -> None:
    seller_id = make.seller("mina")
    owner, member = make.staff(seller_id), make.staff(seller_id)
    key = program(member, "catalog:write")
    assert Client().get("/v1/seller/products", headers=key).status_code == 200
    parties.remove_staff(owner, seller_id=seller_id, user_id=member.actor.user_id or 0)
    assert Client().get("/v1/seller/products", headers=key).status_code == 401


# ---- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quantity",
    ["-1", "0", "2147483648", "9223372036854775808", "1.5", "1e9", "NaN", "１", "", "٣", "1 ", "0x1", "true"],
)
def test_silly_quantities_are_refused_at_the_shop(spain: Any, quantity: str) -> None:
    offer = make.offer(make.seller("mina"))
    sent = {"offer": str(offer.id), "offer_id": str(offer.id), "quantity": quantity}
    answer = Client().post("/es-es/cart/add", sent)
    assert answer.status_code in (303, 400)
    lines = [line.quantity for cart in Cart.objects.of(make.system()) for line in cart.lines.all()]
    assert lines in ([], [1]), "at most the one piece a form without a number asks for"
    if answer.status_code == 400:
        assert not lines


@pytest.mark.parametrize("quantity", [-1, 0, 2**31, 2**63, 1.5, "1e9", "１", None, True, [], "2"])
def test_silly_quantities_are_refused_by_the_api(spain: Any, quantity: object) -> None:
    offer = make.offer(make.seller("mina"))
    body = {"offer_id": show_id("ofr", offer.id), "quantity": quantity}
    assert send(Client(), "POST", "/v1/carts", body).status_code == 400
    assert not Cart.objects.of(make.system()).exists()


def test_one_guest_is_never_given_the_answer_to_another_guests_key(spain: Any) -> None:
    body = {"offer_id": show_id("ofr", make.offer(make.seller("mina")).id)}
    key = {"Idempotency-Key": "my-first-key"}
    mine = json.loads(send(Client(), "POST", "/v1/carts", body, **key).content)["token"]
    other = Client(REMOTE_ADDR="203.0.113.9")
    theirs = json.loads(send(other, "POST", "/v1/carts", body, **key).content)["token"]
    assert mine != theirs, "each network address has its own keys"
    for token in (mine, theirs):
        answer = send(other, "POST", f"/v1/carts/{token}/lines", body, **key)
        assert json.loads(answer.content)["token"] == token, "and so has each cart"
        assert json.loads(answer.content)["quantity"] == 2
    reused = send(other, "POST", "/v1/carts", body | {"quantity": 3}, **key)
    assert "my-first-key" in json.loads(reused.content)["detail"], "told as the asker wrote it"


@pytest.mark.parametrize("path", ["/v1/purchases/{}", "/v1/carts/{}", "/v1/checkouts/{}"])
def test_a_program_that_guesses_secrets_is_stopped_after_twenty(spain: Any, path: str) -> None:
    body = {"offer_id": show_id("ofr", make.offer(make.seller("mina")).id)}
    cart = json.loads(send(Client(), "POST", "/v1/carts", body).content)["token"]
    said = [Client().get(path.format(f"guess-number-{n:05d}-xxxx")).status_code for n in range(22)]
    assert said == [404] * 20 + [429] * 2
    assert Client().get(f"/v1/carts/{cart}").status_code == 200, "who knows a secret is not in the way of it"


def test_the_same_key_gives_the_same_cart_and_another_body_is_refused(spain: Any) -> None:
    offer = make.offer(make.seller("mina"))
    key, body = {"Idempotency-Key": str(uuid4())}, {"offer_id": show_id("ofr", offer.id)}
    first, again = (send(Client(), "POST", "/v1/carts", body, **key) for _ in range(2))
    assert json.loads(first.content)["token"] == json.loads(again.content)["token"]
    assert send(Client(), "POST", "/v1/carts", body | {"quantity": 2}, **key).status_code == 422
    assert Cart.objects.of(make.system()).count() == 1


# ---- text -----------------------------------------------------------------------------------------------


def test_text_is_shown_and_never_run(spain: Any) -> None:
    seller_id = make.seller("mina")
    product_id = make.product(seller_id, "nasty", title={"es": NASTY, "en": NASTY}, description={"es": NASTY})
    make.relay()
    offer = make.offer_of(product_id)
    from entrepot.catalog.queries import products_by_id

    view = products_by_id([product_id])[product_id]
    client = Client()
    parties.change_seller(
        make.system(), seller_id=seller_id, values={"display_name": NASTY[:120], "about": {"es": NASTY}}
    )
    make.placed(make.visitor(), {offer.id: 1})
    operator = make.operator()
    console = browser(operator.actor.user_id)
    number = show_number(Order.objects.of(make.system()).get().pk)
    pages = [
        client.get(f"/es-es/p/{view.slug}-{view.short_id}"),
        client.get("/es-es/s/mina"),
        client.get("/es-es/search", {"q": NASTY}),
        console.get(f"/console/orders/{number}/"),
        console.get(f"/console/sellers/{seller_id}/"),
        console.get("/console/orders/", {"q": NASTY[:100]}),
        console.get("/console/audit/", {"who": NASTY[:90], "subject": NASTY[:90]}),
    ]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200, page.request["PATH_INFO"]
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "{{49}}" not in text
        assert ">49<" not in text


def test_reports_carry_no_script_no_flood_and_no_letter_to_strangers(spain: Any) -> None:
    from entrepot.care.commands import start_recall
    from entrepot.care.models import Report
    from entrepot.orders.models import Notice

    product_id = make.product(make.seller("mina"))
    from entrepot.catalog.queries import products_by_id

    form = f"/es-es/p/{products_by_id([product_id])[product_id].address}/report"
    sent = {
        "ground": "other",
        "text": NASTY,
        "where": NASTY,
        "name": NASTY,
        "email": "a@example.es",
        "good_faith": "yes",
    }
    client, console = Client(), browser(make.operator().actor.user_id)
    answer = client.post(form, sent)
    assert answer.status_code == 303
    secret = answer["Location"]
    said = {"es": f"Se rompe y corta. {NASTY}"}
    recall_id = start_recall(
        make.system(), product_id=product_id, kind="recall", hazard="cut", details=said, remedies=["refund", "repair"],
        clause=NASTY, email="a@example.es", phone="900 000 000", batches=NASTY,
    )  # fmt: skip
    for page in (client.get(secret), console.get("/console/reports/"), console.get("/console/recalls/"), client.get(f"/es-es/recalls/{recall_id}")):  # fmt: skip
        text = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert ">49<" not in text
    assert not Notice.objects.filter(body__contains="alert(1)", to="a@example.es").exists(), (
        "no words of a stranger"
    )
    for wrong in ({"review": "x"}, {"review": "01890a5d-ac96-774b-bcce-b302099a8057"}):
        assert client.get(form, wrong).status_code == 404
    answers = [
        client.post(form, sent | {"email": f"b{number}@example.es"}).status_code for number in range(12)
    ]
    assert answers[0] == 303
    assert answers[-1] == 429, "ten an hour from one address of the network"
    assert Report.objects.of(make.system()).count() <= 10
    stranger = Client(REMOTE_ADDR="10.0.0.8")
    guesses = [stranger.get(f"/es-es/reports/{'x' * 20}{number}").status_code for number in range(22)]
    assert (guesses[0], guesses[-1]) == (404, 429)


@pytest.mark.parametrize(
    "text", ["' OR 1=1 --", "1; DROP TABLE parties_user", "%' AND '1'='1", "\\x27", "$$", "a" * 5_000]
)
def test_fragments_of_sql_have_no_effect(spain: Any, text: str) -> None:
    client, console = Client(), browser(make.operator().actor.user_id)
    for path in ("/es-es/search", "/es-es/search/_suggest", "/v1/products"):
        for name in ("q", "sort", "cursor", "after", "market", "brand"):
            answer = client.get(path, {name: text})
            assert answer.status_code in (200, 302, 400, 404, 422), (path, name)
    for path in ("/console/orders/", "/console/audit/", "/console/sellers/", "/console/money/account"):
        for name in ("q", "state", "cursor", "seller", "who", "subject", "before", "kind", "owner", "market"):
            assert console.get(path, {name: text}).status_code in (200, 400, 404), (path, name)
    for cookie in ("session", "cart", "place", "deliver", "theme", "cart_n", "csrf"):
        client.cookies[cookie] = text
        assert client.get("/es-es/cart").status_code == 200
    assert User.objects.exists()


# ---- transport ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 10_000, {400}),
        (b'{"market":' + b"[" * 10_000 + b"]" * 10_000 + b"}", {400}),
        (b'{"market":"ES","market":"FR"}', {400}),
        (b'{"market":"' + b"x" * 10_000_000 + b'"}', {413}),
        (b'{"market":NaN}', {400}),
        (b'{"market":' + b"9" * 5_000 + b"}", {400}),
        (b"\xff\xfe", {400}),
        (b"", {400, 415}),
        (b'{"market":"E\\u0000S"}', {422}),
        (b"!!python/object/apply:os.system [id]", {400}),
    ],
)
def test_strange_json_is_refused_quickly(body: bytes, status: set[int]) -> None:
    began = time.process_time()
    answer = send(Client(), "POST", "/v1/carts", body)
    assert answer.status_code in status
    assert time.process_time() - began < 0.5
    assert not Cart.objects.of(make.system()).exists()


def test_a_huge_form_is_refused() -> None:
    client = Client()
    assert client.post("/accounts/login/", {f"f{n}": "x" for n in range(1_100)}).status_code == 400
    big = b"login=" + b"x" * 3_000_000
    answer = client.generic("POST", "/accounts/login/", big, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 413)


def test_no_other_site_may_read_or_act(spain: Any) -> None:
    for origin in ("https://evil.example", "null"):
        for path in ("/v1/markets", "/es-es/", "/openapi.json", "/accounts/login/"):
            answer = Client().get(path, headers={"origin": origin})
            assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    strict = Client(enforce_csrf_checks=True)
    for path in (
        "/es-es/cart/add",
        "/es-es/deliver-to",
        "/es-es/find-order",
        "/console/clock",
        "/seller/team",
    ):
        answer = strict.post(path, {"quantity": "1"}, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403, path
    assert not Cart.objects.of(make.system()).exists()


@pytest.mark.parametrize(
    "value", ["/es-es/\r\nSet-Cookie: a=b", "/x\nLocation: //evil.example", "/\r\n\r\n<script>"]
)
def test_line_breaks_reach_no_header(spain: Any, value: str) -> None:
    client = Client()
    for answer in (
        client.post("/accounts/login/", {"login": "a@b.es", "password": "x" * 12, "next": value}),
        client.get("/accounts/login/", {"next": value}),
        client.get("/es-es/search", {"q": value}),
        client.post(
            "/theme", {"theme": value}, headers={"referer": value.replace("\r", "").replace("\n", "")}
        ),
    ):
        assert answer.status_code < 500
        for name, header in answer.headers.items():
            assert "\r" not in header
            assert "\n" not in header, name
        assert "a" not in answer.cookies


PAGES = ("/es-es/", "/es-es/search?q=x", "/es-es/cart", "/accounts/login/", "/accounts/signup/", "/console/", "/docs", "/es-es/nothing", "/seller/")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_protective_headers(spain: Any, path: str) -> None:
    client = browser(make.operator().actor.user_id) if path == "/console/" else Client()
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    for directive in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    text = answer.content.decode()
    assert not re.search(r"<[^>]+\son\w+=", text), "no inline handler"
    assert not re.search(r"<[^>]+\sstyle=", text), "no inline style"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/' in tag or "nonce=" in tag, tag
    assert not re.findall(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)[^"]*\.(?:js|css|woff2?)', text), (
        "no third party"
    )


@pytest.mark.parametrize(
    "path", ["/nothing", "/es-es/p/x-0", "/v1/nothing", "/v1/purchases/x", "/es-es/purchase/x", "/console/nothing", "/%00", "/es-es/%2e%2e/%2e%2e/etc/passwd"]
)  # fmt: skip
def test_errors_tell_nothing_about_the_machine(spain: Any, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code in (302, 404)
    assert not re.search(
        rb"Traceback|SELECT |site-packages|/home/|/root|\.py\b|psycopg|Django", answer.content
    )


def test_a_bug_tells_nothing_either(spain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.storefront.views import lists

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("password=hunter2 SELECT * FROM /srv/secret.py")

    monkeypatch.setattr(lists, "shop_page", broken)
    answer = Client(raise_request_exception=False).get("/es-es/shops")
    assert answer.status_code == 500
    assert not re.search(rb"hunter2|SELECT|secret|Traceback", answer.content)


def test_nobody_pays_without_an_order_or_ships_before_it_is_paid(spain: Any) -> None:
    seller_id = make.seller("mina")
    order, token = bought(make.visitor(), seller_id)
    client = browser(make.staff(seller_id).actor.user_id)
    for verb in ("pack", "ship"):
        answer = client.post(f"/seller/orders/{show_number(order.pk)}/{verb}", {"weight_g": "400"})
        assert answer.status_code in (400, 409, 422), verb
    assert Client().post("/es-es/purchase/nothing/pay").status_code == 404
    order.refresh_from_db()
    assert order.state == "placed"
    assert Purchase.objects.of(make.system()).get(token=token).state == "placed"
