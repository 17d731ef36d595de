"""Who asks to be erased is gone from every table but the documented few; what is open is in the way; it is done once."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from entrepot.care.commands import (
    ask_erasure,
    close_dispute,
    open_dispute,
    report_content,
    start_recall,
    write_recall_letters,
    write_review,
)
from entrepot.care.errors import NotYetErased
from entrepot.kit import clock as house_clock
from entrepot.kit.context import Context
from entrepot.kit.models import AuditEntry
from entrepot.orders.commands import (
    add_to_cart,
    complete_inspected,
    mark_delivered,
    mark_packed,
    mark_shipped,
    place_purchase,
    send_notices,
    set_checkout_address,
    start_checkout,
)
from entrepot.orders.models import Notice, Order, OrderLine
from entrepot.orders.queries import purchase_by_token
from entrepot.parties.commands import issue_api_key, note_verified_email, save_address
from entrepot.parties.errors import NotSignedIn, OnATeam
from entrepot.parties.models import Erasure, User
from entrepot.parties.queries import actor_for_user
from tests import make
from tests.care.test_recalls import SAID
from tests.orders.conftest import Clock, clock, spain  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("spain")]

# Words that stand nowhere else: whoever finds one has found the person.
NAME, MAIL, PHONE, STREET = (
    "Zoraida Quintanilla",
    "zoraida.q@buzon.example",
    "698765432",
    "Calle del Olvido 77",
)
WORDS = ("Zoraida", "Quintanilla", "zoraida", PHONE, "Olvido")
# What a law makes us keep, with whom it names (docs/decisions/0039): invoices; what banks and providers reported.
KEPT = {("invoicing_invoice", "content")}


def columns() -> list[tuple[str, str]]:
    """Every column of the database that can hold words."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND data_type IN
                 ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea', 'USER-DEFINED', 'tsvector')"""
        )
        return [(table, column) for table, column in cursor.fetchall()]


def places_of(words: tuple[str, ...]) -> set[tuple[str, str]]:
    """The columns in which one of the words stands, whatever its case; bytes are looked through as text."""
    found = set()
    with connection.cursor() as cursor:
        for table, column in columns():
            cursor.execute(
                f"""SELECT 1 FROM "{table}" WHERE CASE WHEN pg_typeof("{column}") = 'bytea'::regtype
                    THEN encode(convert_to("{column}"::text, 'UTF8'), 'escape') ELSE "{column}"::text END ILIKE ANY(%s)
                    OR (pg_typeof("{column}") = 'bytea'::regtype AND "{column}"::text ~* %s) LIMIT 1""",
                [[f"%{word}%" for word in words], "|".join(word.encode().hex() for word in words)],
            )
            if cursor.fetchone():
                found.add((table, column))
    return found


@pytest.fixture
def buyer() -> Context:
    return make.buyer(make.person(MAIL, name=NAME).user_id, at=house_clock.now())


def buy(ctx: Context, seller_id: UUID) -> tuple[int, str]:
    """An order placed and paid by the person; its id and the link to it."""
    offer = make.offer(seller_id)
    cart = add_to_cart(ctx, market="ES", offer_id=offer.id, language="es")
    ref = start_checkout(ctx, token=cart.token)
    set_checkout_address(
        ctx, checkout_id=ref.id, token=ref.token, email=MAIL, name=NAME, phone=PHONE, line1=STREET, postcode="28013", city="Madrid"
    )  # fmt: skip
    placed = place_purchase(ctx, checkout_id=ref.id, token=ref.token)
    make.relay()
    make.pay(ctx, placed)
    make.relay()
    return placed.orders[0].order_id, ref.token


def test_after_an_erasure_nobody_finds_the_person(buyer: Context, clock: Clock) -> None:  # noqa: F811
    system, seller_id = make.system(at=buyer.at), make.seller()
    wish = make.offer(seller_id)
    note_verified_email(buyer, email=MAIL)
    save_address(buyer, name=NAME, line1=STREET, city="Madrid", postcode="28013", country="ES", phone=PHONE)
    order_id, token = buy(buyer, seller_id)
    send_notices(system)
    with pytest.raises(NotYetErased):
        ask_erasure(buyer)
    staff = make.staff(seller_id, at=buyer.at)
    mark_packed(staff, order_id=order_id)
    mark_shipped(staff, order_id=order_id)
    mark_delivered(system, order_id=order_id, delivered_at=buyer.at)
    write_review(buyer, order_id=order_id, position=0, stars=4, text="Bien.", language="es", author=NAME)
    said = f"Soy {NAME}, {STREET}."
    dispute = open_dispute(buyer, order_id=order_id, reason="defective", text=said, asked_minor=100)
    close_dispute(buyer, dispute_id=dispute, verb="withdraw", text=said)
    report_content(
        buyer, product_id=wish.product_id, ground="prohibited", place="/es-es/p/x", text="No lleva etiqueta.", name=NAME, email=MAIL,
        is_good_faith=True, market="ES", language="es",
    )  # fmt: skip
    bought = OrderLine.objects.of(system).get(order_id=order_id).product_id
    recall_id = start_recall(make.operator("compliance", at=buyer.at), product_id=bought, **SAID)
    assert write_recall_letters(system, recall_id=recall_id) == 1
    later = clock.move(days=40)
    system, buyer = make.system(at=later), make.buyer(buyer.actor.user_id, at=later)
    complete_inspected(system)
    make.relay()
    send_notices(system)
    issue_api_key(buyer, name=f"Key of {NAME}", scopes=["orders:read"])
    add_to_cart(buyer, market="ES", offer_id=wish.id, language="es")
    before = places_of(WORDS)
    assert {("orders_purchase", "name"), ("orders_purchase", "address"), ("orders_notice", "body"), ("logistics_consignment", "destination"),
            ("parties_user", "email"), ("parties_address", "line1"), ("kit_auditentry", "actor_label"), ("kit_outboxfact", "body"),
            ("care_review", "author"), ("care_report", "email"), ("care_recallletter", "email"), ("care_disputenote", "text"), ("invoicing_invoice", "content")} <= before  # fmt: skip
    totals = list(Order.objects.of(system).values_list("id", "total_minor", "state", "buyer_id"))
    trail = AuditEntry.objects.filter(user_id=buyer.actor.user_id).count()

    ask_erasure(buyer)
    make.relay()

    assert places_of(WORDS) <= KEPT
    assert ("invoicing_invoice", "content") in places_of(WORDS), "tax law wants the invoice whole"
    assert list(Order.objects.of(system).values_list("id", "total_minor", "state", "buyer_id")) == totals
    assert AuditEntry.objects.filter(user_id=buyer.actor.user_id).count() > trail
    assert not Notice.objects.filter(sent_at=None).exists()
    stone = Erasure.objects.get(party_id=buyer.actor.party_id)
    assert stone.erased_at is not None
    with pytest.raises(NotSignedIn):
        actor_for_user(buyer.actor.user_id or 0)
    assert purchase_by_token(make.visitor(at=buyer.at), token).orders[0].id == order_id
    page = Client().get(f"/es-en/purchase/{token}")
    assert page.status_code == 200
    assert "Zoraida" not in page.content.decode()
    # The same mailbox may open an account again, and it is another person's to us.
    again = make.buyer(make.person(MAIL, name="Otra").user_id)
    assert again.actor.party_id != buyer.actor.party_id


def test_who_works_here_is_shown_the_way_out() -> None:
    seller = make.seller()
    staff = make.staff(seller)
    user = User.objects.get(pk=staff.actor.user_id or 0)
    with pytest.raises(OnATeam):
        ask_erasure(make.buyer(user.pk))
    assert User.objects.get(pk=user.pk).is_active


def test_the_page_asks_for_the_password_first_and_then_closes_the_account(buyer: Context) -> None:
    user = User.objects.get(pk=buyer.actor.user_id or 0)
    user.set_password("costa-brava-1976")
    user.save()
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    assert "What stays, and why" in client.get("/es-en/account/erase").content.decode()
    asked = client.post("/es-en/account/erase")
    assert asked.status_code == 302
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.get(pk=user.pk).is_active
    wrong = client.post(asked["Location"], {"password": "no-it-is-not"})
    assert wrong.status_code == 200
    assert client.post("/es-en/account/erase").status_code == 302
    back = client.post(asked["Location"], {"password": "costa-brava-1976"})
    assert back["Location"] == "/es-en/account/erase"
    done = client.post("/es-en/account/erase")
    assert "Your account is closed" in done.content.decode()
    make.relay()
    assert not User.objects.filter(pk=user.pk).exists()
    assert client.get("/es-en/account").status_code == 302
