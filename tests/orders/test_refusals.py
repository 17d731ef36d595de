"""What a checkout may not do, and what the buyer is told; each refusal changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.intake.queries import left_of_offers
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import new_id
from entrepot.offers.commands import change_price, withdraw_offer
from entrepot.orders.commands import (
    add_to_cart,
    choose_delivery,
    claim_cart,
    place_purchase,
    place_rest,
    remove_from_cart,
    set_cart_quantity,
    set_checkout_address,
    start_checkout,
)
from entrepot.orders.errors import (
    CartEmpty,
    CartTooLong,
    CheckoutClosed,
    FieldsInvalid,
    NothingAccepted,
    NotReady,
    OfferNotSold,
    TotalChanged,
    WrongState,
)
from entrepot.orders.models import CartLine, Draft, Order
from entrepot.orders.queries import cart_view, checkout_view, purchase_by_token
from tests import make

pytestmark = pytest.mark.usefixtures("spain")


def codes(refusal: NotReady) -> dict[str, str]:
    return {gap.field.split(".")[0]: gap.code for gap in refusal.facts["missing"]}


def take_all(offer: Any) -> None:
    """Somebody else is faster."""
    left = left_of_offers([offer.number])[offer.number]
    make.placed(make.visitor(), {offer.id: left})


@pytest.mark.parametrize("quantity", [0, -1, 2**31, 1.5, "1e9", "１", "", None, True, "10000"])
def test_a_quantity_that_is_none(quantity: Any) -> None:
    offer = make.offer(make.seller())
    with pytest.raises(Invalid):
        add_to_cart(make.visitor(), market="ES", offer_id=offer.id, quantity=quantity)
    assert not CartLine.objects.exists()


def test_the_same_offer_twice_adds_up_within_the_limit() -> None:
    guest, offer = make.visitor(), make.offer(make.seller())
    token = add_to_cart(guest, market="ES", offer_id=offer.id, quantity="2").token
    assert add_to_cart(guest, market="ES", offer_id=offer.id, quantity=3, token=token).quantity == 5
    with pytest.raises(Invalid):
        add_to_cart(guest, market="ES", offer_id=offer.id, quantity=9_999, token=token)
    with pytest.raises(Invalid):
        set_cart_quantity(guest, offer_id=offer.id, quantity=0, token=token)
    assert set_cart_quantity(guest, offer_id=offer.id, quantity=4, token=token).quantity == 4
    with pytest.raises(NotFound):
        set_cart_quantity(guest, offer_id=new_id(), quantity=1, token=token)
    assert remove_from_cart(guest, offer_id=offer.id, token=token).quantity == 0
    with pytest.raises(CartEmpty):
        start_checkout(guest, token=token)


def test_a_cart_holds_64_offers() -> None:
    guest, seller, token = make.visitor(), make.seller(), ""
    skus = tuple(f"-{number}" for number in range(65))
    from entrepot.offers.queries import offers_for_products

    product = make.product(seller, skus=skus)
    offers = offers_for_products("ES", [product])[product]
    for offer in offers[:64]:
        token = add_to_cart(guest, market="ES", offer_id=offer.id, token=token).token
    with pytest.raises(CartTooLong):
        add_to_cart(guest, market="ES", offer_id=offers[64].id, token=token)


def test_what_is_not_sold_here_cannot_be_put_in() -> None:
    offer = make.offer(make.seller())
    with pytest.raises(OfferNotSold):
        add_to_cart(make.visitor(), market="FR", offer_id=offer.id)
    with pytest.raises(OfferNotSold):
        add_to_cart(make.visitor(), market="ES", offer_id=new_id())
    withdraw_offer(make.system(), offer_id=offer.id)
    with pytest.raises(OfferNotSold):
        add_to_cart(make.visitor(), market="ES", offer_id=offer.id)


def test_withdrawn_after_it_was_put_in() -> None:
    guest, offer = make.visitor(), make.offer(make.seller())
    ref = make.checkout(guest, {offer.id: 1})
    withdraw_offer(make.system(), offer_id=offer.id)
    make.relay()
    with pytest.raises(NotReady) as caught:
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert codes(caught.value) == {"lines": "offer_not_sold"}
    assert not Order.objects.exists()


def test_a_shown_total_that_moved_is_not_charged() -> None:
    guest, offer = make.visitor(), make.offer(make.seller(), price_minor=2_000)
    ref = make.checkout(guest, {offer.id: 1})
    shown = checkout_view(guest, token=ref.token).priced.total_minor
    change_price(make.system(), offer_id=offer.id, price_minor=2_100)
    make.relay()
    with pytest.raises(TotalChanged) as caught:
        place_purchase(guest, checkout_id=ref.id, token=ref.token, shown_total_minor=shown)
    assert caught.value.facts["total_minor"] == shown + 100
    with pytest.raises(TotalChanged):
        place_purchase(guest, checkout_id=ref.id, token=ref.token, shown_total_minor=1)
    assert not Draft.objects.exists()
    assert place_purchase(guest, checkout_id=ref.id, token=ref.token, shown_total_minor=shown + 100).orders


def test_the_price_moves_between_cart_and_look() -> None:
    guest, offer = make.visitor(), make.offer(make.seller(), price_minor=2_000)
    token = add_to_cart(guest, market="ES", offer_id=offer.id).token
    change_price(make.system(), offer_id=offer.id, price_minor=1_900)
    [line] = cart_view(guest, token=token).priced.lines
    assert line.problem is not None
    assert (line.problem.code, line.problem.blocks, line.noted_price_minor) == ("price_changed", False, 2_000)


def test_everything_missing_is_said_at_once() -> None:
    guest, offer = make.visitor(), make.offer(make.seller(), quantity=1)
    token = add_to_cart(guest, market="ES", offer_id=offer.id, quantity=3).token
    ref = start_checkout(guest, token=token)
    with pytest.raises(NotReady) as caught:
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert codes(caught.value) == {
        "email": "email_missing", "name": "name_missing", "phone": "phone_missing", "line1": "line1_missing",
        "postcode": "postcode_missing", "city": "city_missing", "region": "region_missing", "lines": "stock_short",
    }  # fmt: skip


def test_wrong_fields_are_all_named() -> None:
    guest = make.visitor()
    ref = make.checkout(guest, {make.offer(make.seller()).id: 1})
    with pytest.raises(FieldsInvalid) as caught:
        set_checkout_address(
            guest, checkout_id=ref.id, token=ref.token, email="ana", phone="no", postcode="ABC"
        )
    assert set(caught.value.facts["errors"]) == {"email", "phone", "postcode"}


def test_islands_outside_the_tax_area_are_said_before_paying() -> None:
    guest = make.visitor()
    ref = make.checkout(guest, {make.offer(make.seller()).id: 1}, postcode="35001")
    with pytest.raises(NotReady) as caught:
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert set(codes(caught.value)) == {"delivery"}


def test_a_checkout_opens_to_its_token_only() -> None:
    guest = make.visitor()
    ref = make.checkout(guest, {make.offer(make.seller()).id: 1})
    for stranger in (make.visitor(), make.buyer()):
        for token in ("", "guess"):
            with pytest.raises(NotFound):
                place_purchase(stranger, checkout_id=ref.id, token=token)
            with pytest.raises(NotFound):
                set_checkout_address(stranger, checkout_id=ref.id, token=token, email="a@b.es")
    place_purchase(guest, checkout_id=ref.id, token=ref.token)
    with pytest.raises(CheckoutClosed):
        set_checkout_address(guest, checkout_id=ref.id, token=ref.token, email="a@b.es")


def test_delivery_is_chosen_among_what_is_offered() -> None:
    guest, offer = make.visitor(), make.offer(make.seller())
    ref = make.checkout(guest, {offer.id: 1})
    [group] = checkout_view(guest, token=ref.token).groups
    for option in group.options:
        choose_delivery(
            guest, checkout_id=ref.id, token=ref.token, seller_id=offer.seller_id, service=option.service
        )
        [chosen] = checkout_view(guest, token=ref.token).groups
        assert chosen.shipping_minor == option.cost_minor
    with pytest.raises(Invalid):
        choose_delivery(
            guest, checkout_id=ref.id, token=ref.token, seller_id=offer.seller_id, service="drone"
        )
    with pytest.raises(NotFound):
        choose_delivery(guest, checkout_id=ref.id, token=ref.token, seller_id=new_id(), service="standard")


def sold_out_between(ctx: Context) -> tuple[Any, Any, Any, Any]:
    """A checkout over two sellers; one line of the second is bought away after the look and before the button."""
    kept, gone = make.offer(make.seller(), quantity=9), make.offer(make.seller(), quantity=2)
    beside = make.offer(gone.seller_id, quantity=9)
    ref = make.checkout(ctx, {kept.id: 1, gone.id: 2, beside.id: 3})
    return ref, kept, gone, beside


def test_sold_out_between_cart_and_button(monkeypatch: pytest.MonkeyPatch) -> None:
    """The readiness saw two left; the intake, which alone decides, has none. The other seller's order stands."""
    from entrepot.orders.commands import place as story

    guest = make.visitor()
    ref, kept, gone, beside = sold_out_between(guest)
    real = story.submit

    def late(commands: Any) -> Any:
        monkeypatch.setattr(story, "submit", real)
        take_all(gone)
        return real(commands)

    monkeypatch.setattr(story, "submit", late)
    placed = place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert [order.seller_id for order in placed.orders] == [kept.seller_id]
    [refused] = placed.refused
    assert (refused.code, refused.offer_id, refused.left) == ("sold_out", gone.id, 0)
    assert place_purchase(guest, checkout_id=ref.id, token=ref.token) == placed
    view = purchase_by_token(guest, ref.token)
    assert view.to_pay_minor == placed.total_minor == view.orders[0].total_minor  # nothing is charged for it
    assert [(offer_id, count) for offer_id, _, count in view.refused[0].others] == [(beside.id, 3)]

    # The buyer says so: the seller's other line joins the same purchase, under a new key.
    again = place_rest(guest, purchase_id=ref.id, seller_id=gone.seller_id, token=ref.token)
    assert {order.seller_id for order in again.orders} == {kept.seller_id, gone.seller_id}
    assert again.refused == ()
    assert again.total_minor == sum(order.total_minor for order in again.orders)
    assert left_of_offers([beside.number]) == {beside.number: 6}
    with pytest.raises(WrongState):
        place_rest(guest, purchase_id=ref.id, seller_id=gone.seller_id, token=ref.token)


def test_when_nothing_is_accepted_the_checkout_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.orders.commands import place as story

    guest, offer = make.visitor(), make.offer(make.seller(), quantity=1)
    ref = make.checkout(guest, {offer.id: 1})
    real = story.submit

    def late(commands: Any) -> Any:
        monkeypatch.setattr(story, "submit", real)
        take_all(offer)
        return real(commands)

    monkeypatch.setattr(story, "submit", late)
    with pytest.raises(NothingAccepted) as caught:
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert caught.value.facts["refused"][0].code == "sold_out"
    with pytest.raises(NotReady) as again:
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert codes(again.value) == {"lines": "sold_out"}
    assert checkout_view(guest, token=ref.token).state == "open"
    assert Order.objects.count() == 1  # the faster one's


def test_a_writer_that_is_down_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.kit.errors import Busy
    from entrepot.orders.commands import place as story

    guest, offer = make.visitor(), make.offer(make.seller(), quantity=5)
    ref = make.checkout(guest, {offer.id: 1})
    real = story.submit

    def lost(commands: Any) -> Any:
        """The journal has it; the answer never came."""
        real(commands)
        raise Busy(seconds=2)

    monkeypatch.setattr(story, "submit", lost)
    with pytest.raises(Busy):
        place_purchase(guest, checkout_id=ref.id, token=ref.token)
    monkeypatch.setattr(story, "submit", real)
    placed = place_purchase(guest, checkout_id=ref.id, token=ref.token)
    assert len(placed.orders) == Order.objects.count() == 1
    assert left_of_offers([offer.number]) == {offer.number: 4}


def test_a_limit_for_each_buyer_counts_over_purchases() -> None:
    from entrepot.offers.commands import OfferDraft, save_offers

    offer = make.offer(make.seller(), quantity=9)
    save_offers(
        make.system(),
        drafts=[OfferDraft(offer.seller_id, offer.variant_id, offer.product_id, "ES", limit_per_buyer=2)],
    )
    make.relay()
    buyer = make.buyer()
    make.placed(buyer, {offer.id: 2})
    ref = make.checkout(buyer, {offer.id: 1})
    with pytest.raises(NothingAccepted) as caught:
        place_purchase(buyer, checkout_id=ref.id)
    assert caught.value.facts["refused"][0].code == "limit_reached"


def test_a_limit_binds_guests_by_their_mailbox_and_by_the_account_it_belongs_to() -> None:
    from entrepot.offers.commands import OfferDraft, save_offers
    from entrepot.orders.commands import set_checkout_address
    from entrepot.orders.models import BuyerNumber
    from entrepot.parties.commands import create_account

    offer = make.offer(make.seller(), quantity=20)
    save_offers(
        make.system(),
        drafts=[OfferDraft(offer.seller_id, offer.variant_id, offer.product_id, "ES", limit_per_buyer=2)],
    )
    make.relay()

    def wants(ctx: Context, email: str, quantity: int) -> str:
        ref = make.checkout(ctx, {offer.id: quantity})
        set_checkout_address(
            ctx, checkout_id=ref.id, token=ref.token, email=email, name="Ana Prueba", phone="+34 612 345 678",
            line1="Calle Mayor 1", postcode="28013", city="Madrid",
        )  # fmt: skip
        try:
            place_purchase(ctx, checkout_id=ref.id, token=ref.token)
        except NothingAccepted as refusal:
            return str(refusal.facts["refused"][0].code)
        return "accepted"

    assert wants(make.visitor(), "ana@example.es", 2) == "accepted"
    assert wants(make.visitor(), " Ana+otra@Example.es ", 1) == "limit_reached"
    assert wants(make.visitor(), "berta@example.es", 2) == "accepted"
    account = create_account(
        make.system(), email="carla@example.es", password=make.PASSWORD, name="Carla", is_email_verified=True
    )
    carla = make.buyer(account.user_id)
    assert wants(carla, "carla.trabajo@example.es", 2) == "accepted"
    assert wants(make.visitor(), "CARLA@example.es", 1) == "limit_reached"
    assert not any("@" in str(number.party_id) for number in BuyerNumber.objects.all())


def test_a_guests_cart_comes_along_when_signing_in() -> None:
    offers = [make.offer(make.seller(), quantity=9) for _ in range(2)]
    guest, buyer = make.visitor(), make.buyer()
    add_to_cart(buyer, market="ES", offer_id=offers[0].id)
    token = add_to_cart(guest, market="ES", offer_id=offers[0].id, quantity=2).token
    add_to_cart(guest, market="ES", offer_id=offers[1].id, token=token)
    claim_cart(buyer, token=token)
    assert {line.offer_id: line.quantity for line in cart_view(buyer).priced.lines} == {
        offers[0].id: 3,
        offers[1].id: 1,
    }
    with pytest.raises(NotFound):
        claim_cart(make.buyer(), token=token)


def test_a_buyers_checkout_knows_the_buyer() -> None:
    buyer, offer = make.buyer(), make.offer(make.seller())
    add_to_cart(buyer, market="ES", offer_id=offer.id)
    ref = start_checkout(buyer)
    assert start_checkout(buyer) == ref  # the same one, not a second
    view = checkout_view(buyer, checkout_id=ref.id)
    assert view.contact.email.endswith("@example.es")
    with pytest.raises(NotFound):
        checkout_view(make.buyer(), checkout_id=ref.id)


def test_the_journal_holds_no_personal_data() -> None:
    from entrepot.intake.queries import borrowed_journal

    make.placed(make.buyer(), {make.offer(make.seller()).id: 1})
    with borrowed_journal() as journal:
        bodies = b"".join(bytes(body) for _, body in journal.read(0, 0))
    assert bodies
    for word in (b"Ana", b"example", b"Mayor", b"28013", b"612"):
        assert word not in bodies
