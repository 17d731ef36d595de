"""The console through its doors: what people see, what they change, and that it all stands in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from entrepot.kit.models import AuditEntry, Job, OutboxFact
from entrepot.markets.queries import market_by_code
from entrepot.orders.commands import claim_purchases
from entrepot.orders.models import Order, Purchase
from entrepot.parties import commands as parties
from entrepot.parties.models import User
from entrepot.parties.queries import sellers_by_id
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def spain() -> Iterator[Any]:
    with make.intake() as intake:
        make.open_market("ES")
        yield intake


def desk(role: str = "manager") -> Client:
    """A browser in which an operator of this role has signed in."""
    ctx = make.operator(role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=ctx.actor.user_id or 0))
    return client


def number_of(order: Order) -> str:
    from entrepot.kit.ids import show_number

    return show_number(order.pk)


def test_an_order_is_found_read_and_cancelled(spain: Any) -> None:
    offer = make.offer(make.seller("mina"))
    make.placed(make.visitor(), {offer.id: 2})
    order = Order.objects.of(make.system()).get()
    client, number = desk(), number_of(order)
    for address in (
        "?q=" + number,
        "?q=ana@example.es",
        "?state=placed&market=ES",
        f"?seller={offer.seller_id}",
    ):
        assert number in client.get("/console/orders/" + address).content.decode(), address
    for address in (
        "?q=nobody@example.es",
        "?state=delivered",
        "?market=FR&state=paid",
        "?exception=late_dispatch",
    ):
        assert number not in client.get("/console/orders/" + address).content.decode(), address
    page = client.get(f"/console/orders/{number}/").content.decode()
    assert "Ana Prueba" in page
    assert "Calle Mayor 1" in page
    answer = client.post(f"/console/orders/{number}/cancel", {"reason": "safety"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/console/orders/{number}/?done=order_cancelled",
    )
    assert "The order is cancelled." in client.get(answer["Location"]).content.decode()
    again = client.post(f"/console/orders/{number}/cancel", {"reason": "safety"})
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()
    assert client.get(f"/console/orders/{order.pk}/").status_code == 200, "a plain id leads there too"
    assert client.get("/console/orders/0000-00000-00000/").status_code == 404
    assert client.get("/console/orders/nonsense/").status_code == 404


@pytest.mark.parametrize("amount", ["", "0", "-1", "1e9", "NaN", "１", "1,234", "999999999999", "12.5.0"])
def test_a_silly_refund_is_refused_with_a_sentence(spain: Any, amount: str) -> None:
    offer = make.offer(make.seller("mina"))
    make.placed(make.visitor(), {offer.id: 1})
    order = Order.objects.of(make.system()).get()
    answer = desk("finance").post(
        f"/console/orders/{number_of(order)}/refund", {"amount": amount, "reason": "x"}
    )
    assert answer.status_code in (400, 409)
    assert 'role="alert"' in answer.content.decode()
    order.refresh_from_db()
    assert order.refund_minor == 0


def test_the_order_file_holds_no_person(spain: Any) -> None:
    offer = make.offer(make.seller("mina"))
    make.placed(make.visitor(), {offer.id: 1})
    answer = desk().get("/console/orders.csv")
    text = answer.content.decode()
    assert answer["Content-Disposition"].startswith('attachment; filename="orders-')
    assert number_of(Order.objects.of(make.system()).get()) in text
    for personal in ("Ana", "ana@example.es", "Calle", "612"):
        assert personal not in text


def test_a_guests_orders_become_theirs_with_the_verified_mailbox(spain: Any) -> None:
    offer = make.offer(make.seller("mina"))
    make.placed(make.visitor(), {offer.id: 1})
    other = make.buyer()
    make.placed(other, {offer.id: 1})
    ana = make.person("ana@example.es")
    make.relay()
    assert Purchase.objects.of(make.system()).filter(buyer_id=ana.party_id).count() == 0, "not verified yet"
    parties.note_verified_email(make.buyer(ana.user_id), email="Ana@Example.es")
    make.relay()
    mine = Purchase.objects.of(make.system()).filter(buyer_id=ana.party_id)
    assert [row.is_guest for row in mine] == [False]
    assert Order.objects.of(make.buyer(ana.user_id)).count() == 1
    assert Order.objects.of(other).count() == 1, "another account's order with the same e-mail stays there"
    assert claim_purchases(make.system(), party_id=ana.party_id, email="ana@example.es") == 0


def test_a_market_opens_and_closes_from_its_page() -> None:
    make.product(make.seller("mina"), **make.SOUND)
    client = desk()
    assert client.post("/console/markets/ES/launch", {"share": "10"}).status_code == 303
    assert (market_by_code("ES").state, market_by_code("ES").visitor_share_bp) == ("pilot", 1_000)
    assert client.post("/console/markets/ES/close").status_code == 303
    assert client.post("/console/markets/ES/close").status_code == 409
    assert market_by_code("ES").state == "closed"
    assert client.get("/console/markets/XX/").status_code == 404
    assert "21%" in client.get("/console/markets/ES/rules").content.decode()


def test_a_launch_looks_again_at_what_was_found_before() -> None:
    client = desk()
    empty = client.post("/console/markets/ES/launch", {"share": "100"})
    assert empty.status_code == 409
    assert "Nothing is for sale here yet." in empty.content.decode()
    assert market_by_code("ES").state == "draft"
    make.product(make.seller("mina"), **make.SOUND)
    assert client.post("/console/markets/ES/launch", {"share": "100", "_key": "a-launch"}).status_code == 303
    assert "1 products have an offer." in client.get("/console/markets/ES/").content.decode()


def test_what_is_offered_in_one_market_is_offered_in_another() -> None:
    make.open_market("ES")
    make.product(make.seller("mina"), **make.SOUND)
    client = desk()
    assert "Offer here what is offered in" in client.get("/console/markets/IE/").content.decode()
    assert client.post("/console/markets/IE/launch", {"share": "100"}).status_code == 409
    answer = client.post("/console/markets/IE/offers", {"source": "ES"})
    made = "/console/markets/IE/?offered=1&unpriced=0&held=0&done=offered"
    assert (answer.status_code, answer["Location"]) == (303, made)
    page = client.get("/console/markets/IE/").content.decode()
    assert "1 products have an offer." in page
    assert "Offer here what is offered in" not in page
    assert client.post("/console/markets/IE/launch", {"share": "100"}).status_code == 303
    assert client.post("/console/markets/IE/offers", {"source": "XX"}).status_code == 404


def test_a_seller_is_suspended_with_a_reason_and_approved_again() -> None:
    seller_id, client = make.seller("mina"), desk("compliance")
    page = f"/console/sellers/{seller_id}/"
    refused = client.post(page + "decide", {"do": "suspend", "reason": ""})
    assert refused.status_code == 400
    assert "reason" in refused.content.decode()
    assert client.post(page + "decide", {"do": "suspend", "reason": "Safety notice"}).status_code == 303
    assert sellers_by_id([seller_id])[seller_id].state == "suspended"
    text = client.get(page).content.decode()
    assert "Safety notice" in text
    assert "<del>approved</del>" in text
    assert client.post(page + "decide", {"do": "approve"}).status_code == 303
    assert client.post(page + "decide", {"do": "explode"}).status_code == 404


def test_a_form_sent_twice_acts_once() -> None:
    seller_id, client = make.seller("mina"), desk()
    sent = {"do": "suspend", "reason": "Safety notice", "_key": "0192f0c0-0000-7000-8000-00000000000a"}
    answers = [client.post(f"/console/sellers/{seller_id}/decide", sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert AuditEntry.objects.filter(command="parties.suspend_seller").count() == 1


def test_the_trail_filters_pages_and_leaves_as_a_file() -> None:
    client = desk()
    for number in range(60):
        make.person(f"p{number}@example.es")
    make.seller("=cmd()|' /C calc'!A0".replace("=cmd()|' /C calc'!A0", "mina"))
    first = client.get("/console/audit/").content.decode()
    assert "Next page" in first
    found = client.get("/console/audit/?command=parties.approve_seller").content.decode()
    assert "approve seller" in found
    assert found.count("<tr>") == 2
    assert client.get("/console/audit/?since=nonsense&before=x&until=2026-13-40").status_code == 200
    text = client.get("/console/audit.csv?command=parties.approve_seller").content.decode()
    assert text.splitlines()[0].startswith("at,who,email")
    assert len(text.splitlines()) == 2


def test_a_parked_fact_is_tried_again_and_a_job_stopped() -> None:
    fact = OutboxFact.objects.create(
        kind="x.Y", at=make.NOW, body={}, attempts=10, parked=True, last_error="<b>no</b>"
    )
    job = Job.objects.create(kind="x", title="Import", created_at=make.NOW)
    client = desk()
    page = client.get("/console/work/").content.decode()
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    assert client.post(f"/console/work/facts/{fact.pk}/retry").status_code == 303
    fact.refresh_from_db()
    assert (fact.parked, fact.attempts) == (False, 0)
    assert client.post(f"/console/work/jobs/{job.id}/cancel").status_code == 303
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert client.post(f"/console/work/jobs/{job.id}/cancel").status_code == 404
    commands = AuditEntry.objects.order_by("id").values_list("command", flat=True)
    assert list(commands)[-2:] == ["kit.retry_fact", "kit.cancel_job"]


def test_the_pilots_clock_moves_forward_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from entrepot.kit import clock

    monkeypatch.setenv("ENTREPOT_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setitem(clock._cache, "read_at", -1e9)
    client = desk()
    assert client.post("/console/clock", {"hours": "24"}).status_code == 303
    assert clock.offset_seconds() == 86_400
    for hours in ("0", "-24", "1e9", "", "99999"):
        assert client.post("/console/clock", {"hours": hours}).status_code == 400
    assert clock.offset_seconds() == 86_400
    assert AuditEntry.objects.latest("id").after == {"offset_s": 86_400}
    monkeypatch.delenv("ENTREPOT_CLOCK_FILE")
    assert client.post("/console/clock", {"hours": "24"}).status_code == 409
    clock._cache.update(read_at=-1e9, offset_s=0.0)


def test_letters_are_text_and_no_address_leads_outside_the_folder(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    (tmp_path / "secret.log").write_text("Subject: secret\n\nkeys")
    EmailMessage(
        "Su <b>pedido</b>", "Hola\n<script>alert(1)</script> http://127.0.0.1/x", None, ["a@b.es"]
    ).send()
    client = desk()
    page = client.get("/console/mail/").content.decode()
    assert "Su &lt;b&gt;pedido&lt;/b&gt;" in page
    name = next((tmp_path / "mail").iterdir()).name
    letter = client.get(f"/console/mail/{name}/0").content.decode()
    assert "<script>alert" not in letter
    assert '<a href="http://127.0.0.1/x"' in letter
    for outside in ("../secret.log", "..%2Fsecret.log", "secret.log", "%2Fetc%2Fpasswd"):
        assert client.get(f"/console/mail/{outside}/0").status_code == 404
    settings.IS_PILOT = False
    assert client.get("/console/mail/").status_code == 404
    assert client.get(f"/console/mail/{name}/0").status_code == 404


def test_operators_of_a_real_market_need_a_second_factor(settings: Any) -> None:
    client = desk()
    assert client.get("/console/").status_code == 200
    settings.OPERATORS_NEED_SECOND_FACTOR = True
    answer = client.get("/console/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    assert client.get("/console/reference/").status_code in (302, 404)


def test_the_reference_lists_show_no_secret_and_take_no_change() -> None:
    seller_id, client = make.seller("mina"), desk()
    page = client.get(f"/console/reference/parties/seller/{seller_id}/change/").content.decode()
    assert "Mina" in page
    assert "ES91" not in page
    assert 'type="submit"' not in page
    before = AuditEntry.objects.count()
    for method in (client.post, client.put, client.delete):
        assert method(f"/console/reference/parties/seller/{seller_id}/change/").status_code == 404
    for gone in ("add/", f"{seller_id}/delete/", f"{seller_id}/history/"):
        assert client.get(f"/console/reference/parties/seller/{gone}").status_code == 404
    assert client.get("/console/reference/parties/user/").status_code == 404
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("path", ["/console/", "/console/orders/", "/console/money/", "/console/sellers/"])
def test_pages_take_a_fixed_number_of_statements(
    spain: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    offer = make.offer(make.seller("mina"), quantity=9)
    for _ in range(3):
        make.placed(make.visitor(), {offer.id: 1})
    client = desk()
    with django_assert_max_num_queries(26):
        assert client.get(path).status_code == 200


def test_addresses_with_nonsense_are_no_error_pages() -> None:
    client = desk()
    for path in (
        "/console/?days=0", "/console/?days=١", "/console/?market=XX&days=1e9", "/console/orders/?seller=x",
        "/console/orders/?since=x&until=9999-99-99", "/console/mail/?skip=-1", "/console/audit/?before=9" + "9" * 30,
    ):  # fmt: skip
        assert client.get(path).status_code == 200, path
    for path in (
        "/console/orders/?state=nothing",
        "/console/orders/?cursor=x",
        "/console/orders/?exception=x",
    ):
        assert client.get(path).status_code == 400, path
    assert client.get("/console/money/account?kind=x&owner=y&currency=z").status_code == 404
